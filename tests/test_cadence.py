"""How often an outlet deserves to be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.freshness import max_age, ttl
from scheduler.cadence import (
    CEILING,
    FLOOR,
    UNKNOWN,
    WINDOW,
    Habit,
    Visit,
    backed_off,
    due_after,
    failure_of,
    habit_of,
    is_offline,
    next_interval,
    usual_interval,
    weight_of,
)
from scheduler.pacing import site_of

NOON = datetime(2025, 4, 30, 5, tzinfo=UTC)  # noon in Jakarta
JAKARTA = ZoneInfo("Asia/Jakarta")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def weekly(entries: int) -> Habit:
    return Habit(entries, WINDOW)


def test_an_outlet_is_asked_as_often_as_it_publishes() -> None:
    assert usual_interval(weekly(168)) == HOUR
    assert usual_interval(weekly(14)) == 12 * HOUR


def test_never_more_often_than_every_ten_minutes_nor_less_than_daily() -> None:
    assert usual_interval(weekly(100_000)) == FLOOR
    assert usual_interval(weekly(1)) == CEILING
    assert usual_interval(weekly(0)) == CEILING


def test_an_outlet_nobody_knows_yet_is_asked_every_half_hour() -> None:
    assert usual_interval(Habit()) == UNKNOWN


def test_a_first_pass_already_shows_the_habit() -> None:
    feed = [NOON - number * HOUR for number in range(10)]
    habit = habit_of(feed, NOON, timedelta(0))
    assert MINUTE * 40 <= usual_interval(habit) <= HOUR


def test_one_old_entry_does_not_make_a_feed_look_sleepy() -> None:
    feed = [NOON - number * 20 * MINUTE for number in range(10)] + [NOON - 6 * DAY]
    assert usual_interval(habit_of(feed, NOON, timedelta(0))) <= 30 * MINUTE


def test_entries_older_than_a_week_do_not_count() -> None:
    feed = [NOON - number * DAY for number in range(30)]
    assert habit_of(feed, NOON, 30 * DAY) == Habit(8, WINDOW)


def test_dates_in_the_future_do_not_count() -> None:
    assert habit_of([NOON + DAY], NOON, timedelta(0)) == Habit()


def test_mostly_new_items_make_the_next_pass_come_sooner() -> None:
    assert next_interval(weekly(168), Visit(items=10, new=8)) == HOUR / 2


def test_mostly_known_items_make_it_come_later() -> None:
    assert next_interval(weekly(168), Visit(items=10, new=1)) == HOUR * 1.25


def test_half_known_items_change_nothing() -> None:
    assert next_interval(weekly(168), Visit(items=10, new=5)) == HOUR


def test_a_source_is_not_asked_before_its_ttl_is_over() -> None:
    visit = Visit(items=10, new=8, asked=3 * HOUR)
    assert next_interval(weekly(168), visit) == 3 * HOUR


def test_a_year_long_ttl_does_not_switch_an_outlet_off() -> None:
    assert next_interval(weekly(168), Visit(asked=365 * DAY)) == CEILING


def test_failures_multiply_the_interval_up_to_a_day() -> None:
    assert next_interval(weekly(168), Visit(failures=3)) == 3 * HOUR
    assert next_interval(weekly(168), Visit(failures=1000)) == CEILING


def test_a_first_soft_failure_costs_nothing() -> None:
    assert next_interval(weekly(168), Visit(failures=0.5)) == HOUR


def test_a_fixed_interval_longer_than_a_day_stays_as_it_is() -> None:
    assert backed_off(2 * DAY, 5) == 2 * DAY


def test_hard_failures_count_more_than_soft_ones_and_those_more_than_passing_ones() -> None:
    assert weight_of("unreadable") == weight_of("http_401") == 1
    soft = ("http_404", "http_429", "http_503", "no_such_host", "tls", "timed_out")
    assert {weight_of(name) for name in soft} == {0.5}
    assert weight_of("connection_refused") == weight_of("paused") == 0.25


def test_a_stale_source_slows_nothing_down() -> None:
    assert weight_of("stale") == 0


def test_the_most_frequent_class_stands_for_a_pass() -> None:
    assert failure_of({"timed_out": 3, "http_404": 1}) == "timed_out"
    assert failure_of({}) == "unreadable"


def test_by_day_the_interval_is_kept() -> None:
    assert due_after(NOON, HOUR, JAKARTA) == NOON + HOUR


def test_at_night_an_outlet_is_asked_half_as_often() -> None:
    midnight = NOON + 12 * HOUR
    assert due_after(midnight, HOUR, JAKARTA) == midnight + 2 * HOUR


def test_a_night_does_not_reach_into_the_morning() -> None:
    four = NOON + 16 * HOUR
    assert due_after(four, HOUR, JAKARTA) == four + HOUR
    assert due_after(four, 40 * MINUTE, JAKARTA) == NOON + 17 * HOUR


def test_night_is_the_outlets_own() -> None:
    eleven = NOON + 11 * HOUR - 90 * MINUTE  # 21:30 in Jakarta, 23:30 in Jayapura
    assert due_after(eleven, HOUR, JAKARTA) == eleven + HOUR
    assert due_after(eleven, HOUR, ZoneInfo("Asia/Jayapura")) == eleven + 2 * HOUR


def test_being_offline_takes_three_sites_or_all_of_fewer() -> None:
    assert is_offline({"a", "b", "c"}, 200)
    assert not is_offline({"a", "b"}, 200)
    assert is_offline({"a", "b"}, 2)
    assert not is_offline({"a"}, 1)


def test_desks_of_one_network_are_one_site() -> None:
    assert site_of("bengkulu.jaringan.example") == site_of("jaringan.example")
    assert site_of("warta.go.id") != site_of("kabar.go.id")
    assert site_of("www.warta.go.id") == "warta.go.id"


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.floats(0, 1e6),
    st.timedeltas(timedelta(0), timedelta(days=10**4)),
)
def test_no_history_leads_out_of_the_bounds(
    entries: int, items: int, new: int, failures: float, asked: timedelta
) -> None:
    visit = Visit(items, min(new, items), failures, asked)
    assert FLOOR <= next_interval(weekly(entries), visit) <= CEILING


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.timedeltas(FLOOR, CEILING),
    st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
)
def test_a_night_at_most_doubles_the_wait(now: datetime, interval: timedelta, zone: str) -> None:
    now = now.replace(tzinfo=UTC)
    assert interval <= due_after(now, interval, ZoneInfo(zone)) - now <= 2 * interval


def test_a_max_age_is_read_from_its_header() -> None:
    assert max_age("public, max-age=3600, must-revalidate") == 3600
    assert max_age("s-maxage=60") == max_age(None) == max_age("no-cache, max-age=60") == 0
    assert max_age("max-age=31536000") == 86400


def test_a_ttl_is_in_minutes() -> None:
    assert (ttl("60"), ttl(" 5 "), ttl("99999"), ttl("satu"), ttl(None)) == (3600, 300, 86400, 0, 0)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100))
def test_any_header_and_any_ttl_can_be_read(text: str) -> None:
    assert 0 <= max_age(text) <= 86400
    assert 0 <= ttl(text) <= 86400
