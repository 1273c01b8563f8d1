"""How an outlet is doing: judged by its passes, told once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store.alarms import REMINDER, settle, standings
from store.frontier import discover
from store.habits import is_long
from store.looks import Look, is_source, keep_look, look_of, names_since, unknown
from store.outbox import due
from store.polls import (
    LastReading,
    Poll,
    failures_in_a_row,
    forgive,
    last_reading,
    polls,
    prune_polls,
    record_poll,
)
from store.records import Candidate
from store.sources import known_sources, save_source
from store.wellness import WELL, Wellness, judge, spell
from tests.test_store_samples import sample_store

START = datetime(2025, 4, 1, 1, tzinfo=UTC)  # a Tuesday morning in Jakarta
JAKARTA = ZoneInfo("Asia/Jakarta")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILING = Wellness("failing", "it does not answer in time", "wait")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def working_hours(days: int, **more: int) -> list[Poll]:
    """Hourly passes over an outlet that brings two items an hour from 8 to 18 o'clock, on weekdays
    only."""
    found = []
    for number in range(days * 24):
        at = START + number * HOUR
        local = at.astimezone(JAKARTA)
        new = 2 * (8 <= local.hour < 18 and local.weekday() < 5)
        found.append(Poll("kabar", at, items=10, new=new, read=new, kept=new, **more))
    return found


def after(history: list[Poll], hours: int, **values: object) -> list[Poll]:
    """The history and passes like this for so many hours."""
    last = history[-1].at
    more = {"items": 10, **values}
    return history + [Poll("kabar", last + n * HOUR, **more) for n in range(1, hours + 1)]  # type: ignore[arg-type]


def state(history: list[Poll], worked: bool = True) -> str:
    found = judge(history, history[-1].at, JAKARTA, worked=worked)
    return found.state if found else "unknown"


def test_an_outlet_nobody_asked_yet_has_no_state() -> None:
    assert judge([], START, JAKARTA, worked=False) is None


def test_nights_and_weekends_are_no_silence() -> None:
    history = working_hours(21)
    assert {state(history[:end]) for end in range(1, len(history), 7)} == {"well"}


def test_a_feed_that_falls_silent_is_quiet_within_a_working_day() -> None:
    history = working_hours(21)  # ends on a Tuesday at 7 o'clock
    silent = after(history, 24)
    assert state(after(history, 2)) == "well"
    assert state(silent) == "quiet"


def test_what_is_quiet_is_said_in_words_with_a_remedy() -> None:
    history = after(working_hours(21), 30)
    found = judge(history, history[-1].at, JAKARTA, worked=True)
    assert found is not None
    assert found.words.startswith("nothing new for ")
    assert "usually one within" in found.words
    assert found.remedy


def test_a_feed_that_speaks_again_is_well_again() -> None:
    history = after(after(working_hours(21), 30), 1, new=2)
    assert state(history) == "well"


def test_much_less_than_usual_is_quiet_too() -> None:
    busy = [Poll("kabar", START + n * HOUR, items=50, new=20) for n in range(14 * 24)]
    assert state(busy) == "well"
    assert state(after(busy, 24, new=4)) == "quiet"


def test_one_failure_is_no_state() -> None:
    assert state(after(working_hours(5), 1, failure="timed_out")) == "well"


def test_six_failures_in_a_row_are_failing() -> None:
    assert state(after(working_hours(5), 5, failure="timed_out")) == "well"
    assert state(after(working_hours(5), 6, failure="timed_out")) == "failing"


def test_an_outlet_asked_once_a_day_is_failing_after_two() -> None:
    history = [Poll("kabar", START + n * DAY, items=10, new=1) for n in range(20)]
    history += [Poll("kabar", START + n * DAY, failure="http_500") for n in (20, 21)]
    assert state(history) == "failing"


def test_refusals_that_last_are_blocked() -> None:
    assert state(after(working_hours(5), 3, failure="http_403")) == "blocked"


def test_block_pages_are_blocked() -> None:
    assert state(after(working_hours(5), 2, blocked=3)) == "blocked"


def test_answers_that_name_nothing_any_more_are_a_changed_layout() -> None:
    assert state(after(working_hours(5), 3, failure="unreadable")) == "changed layout"


def test_pages_that_lose_their_text_are_a_changed_layout() -> None:
    history = working_hours(15)
    assert state(after(history, 1, new=2, empty=2)) == "well"
    assert state(after(history, 2, new=2, empty=2)) == "changed layout"


def test_a_changed_layout_that_lasts_does_not_become_usual() -> None:
    history = working_hours(10)
    assert {state(after(history, n, new=2, empty=2)) for n in range(2, 72)} == {"changed layout"}


def test_articles_that_lose_their_dates_are_a_changed_layout() -> None:
    history = working_hours(15)
    assert state(after(history, 3, new=2, read=2, kept=2, undated=2)) == "changed layout"


def test_what_is_usual_for_an_outlet_is_no_change_of_its_layout() -> None:
    history = working_hours(15, empty=1)
    assert state(after(history, 6, new=2, read=2, empty=1)) == "well"


def test_a_mended_layout_is_well_again() -> None:
    broken = after(working_hours(15), 3, new=2, empty=2)
    assert state(after(broken, 5, new=2, read=2, kept=2)) == "well"


def test_a_stale_source_is_quiet_at_once_and_named_so() -> None:
    found = judge(
        after(working_hours(5), 1, failure="stale"), START + 7 * DAY, JAKARTA, worked=True
    )
    assert found is not None
    assert found.state == "quiet"
    assert "home page" in found.words


def test_a_stale_source_that_catches_up_is_well_again() -> None:
    assert state(after(after(working_hours(5), 3, failure="stale"), 1, new=2)) == "well"


def test_a_host_that_refuses_after_its_source_went_stale_is_blocked() -> None:
    stale = after(working_hours(5), 2, failure="stale")
    assert state(after(stale, 6, failure="http_403")) == "blocked"


def test_a_silence_is_worth_a_look_long_before_it_is_an_alarm() -> None:
    history = working_hours(15)  # ends on a Wednesday at 7 o'clock
    hours = range(1, 30)
    looked = next(n for n in hours if is_long(h := after(history, n), h[-1].at, JAKARTA))
    told = next(n for n in hours if state(after(history, n)) == "quiet")
    assert looked < told


def test_a_night_is_worth_no_look() -> None:
    history = working_hours(15)
    assert not is_long(history, history[-1].at, JAKARTA)


def test_an_outlet_hardly_known_is_looked_at_after_a_day() -> None:
    history = [Poll("kabar", START, new=10)]
    assert not is_long(history, START + 23 * HOUR, JAKARTA)
    assert is_long(history, START + 25 * HOUR, JAKARTA)


def test_an_outlet_that_never_gave_anything_never_worked() -> None:
    history = [Poll("kabar", START + n * HOUR, failure="http_404") for n in range(3)]
    assert state(history[:2], worked=False) == "well"
    assert state(history, worked=False) == "never worked"


def test_an_outlet_that_names_nothing_for_a_day_never_worked() -> None:
    history = [Poll("kabar", START + n * HOUR) for n in range(26)]
    assert state(history, worked=False) == "never worked"


def test_a_length_of_time_is_said_in_its_larger_unit() -> None:
    assert [spell(timedelta(hours=h)) for h in (1, 30, 100)] == ["60 minutes", "30 hours", "4 days"]


POLLS = st.builds(
    lambda hours, failure, new, read, empty: (hours, failure, new, read, empty),
    st.floats(0.1, 60),
    st.sampled_from([None, None, None, "timed_out", "http_403", "unreadable"]),
    st.integers(0, 50),
    st.integers(0, 20),
    st.integers(0, 20),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(POLLS, max_size=40), st.booleans())
def test_any_history_can_be_judged(
    steps: list[tuple[float, str | None, int, int, int]], worked: bool
) -> None:
    at, history = START, []
    for hours, failure, new, read, empty in steps:
        at += timedelta(hours=hours)
        history.append(
            Poll("x", at, failure, new=new, items=new, read=read, empty=empty, kept=read)
        )
    found = judge(history, at + HOUR, JAKARTA, worked=worked)
    assert (found is None) == (not history)
    assert found is None or found.state == "well" or (found.words and found.remedy)


def test_a_change_is_told_once(db: Database) -> None:
    told = [settle(db, "kabar", FAILING, START + n * HOUR, "operations") for n in range(5)]
    assert [message.subject for message in told if message] == ["kabar is failing"]
    assert len(due(db, START + DAY)) == 1


def test_what_is_well_from_the_start_is_not_told(db: Database) -> None:
    assert settle(db, "kabar", WELL, START, "operations") is None
    assert due(db, START) == []


def test_what_lasts_is_told_again_after_three_days(db: Database) -> None:
    settle(db, "kabar", FAILING, START, "operations")
    assert settle(db, "kabar", FAILING, START + REMINDER - HOUR, "operations") is None
    again = settle(db, "kabar", FAILING, START + REMINDER, "operations")
    assert again is not None
    assert again.subject == "kabar is still failing"


def test_a_recovery_is_told(db: Database) -> None:
    settle(db, "kabar", FAILING, START, "operations")
    over = settle(db, "kabar", WELL, START + HOUR, "operations")
    assert over is not None
    assert over.subject == "kabar is well again"
    assert standings(db)["kabar"].since == START + HOUR


def test_without_a_channel_the_state_stands_and_nothing_is_sent(db: Database) -> None:
    settle(db, "kabar", FAILING, START, None)
    assert standings(db)["kabar"].state == "failing"
    assert due(db, START) == []


def test_passes_come_back_as_they_went_in(db: Database) -> None:
    poll = Poll("kabar", START, "tls", 0.5, 10, 2, 3, 4, 5, 6, 1)
    record_poll(db, poll)
    assert polls(db, "kabar", START) == [poll]
    assert polls(db, "warta", START) == []


def test_failures_count_since_the_last_success(db: Database) -> None:
    for failure in ("tls", None, "tls", "timed_out"):
        record_poll(db, Poll("kabar", START, failure, 0.5 if failure else 0))
    assert failures_in_a_row(db, "kabar") == 1.0


def test_a_forgiven_pass_never_was(db: Database) -> None:
    kept = record_poll(db, Poll("kabar", START))
    gone = record_poll(db, Poll("kabar", START, "timed_out", 0.5))
    forgive(db, {gone})
    assert kept != gone
    assert failures_in_a_row(db, "kabar") == 0


def test_the_last_pass_in_which_a_page_was_read_is_known(db: Database) -> None:
    assert last_reading(db, "kabar") is None
    record_poll(db, Poll("kabar", START))
    assert last_reading(db, "kabar") == LastReading(START, False)
    record_poll(db, Poll("kabar", START + HOUR, empty=1))
    record_poll(db, Poll("kabar", START + 2 * HOUR))
    assert last_reading(db, "kabar") == LastReading(START + HOUR, True)


def test_a_look_at_a_home_page_comes_back_and_is_no_source(db: Database) -> None:
    home = "https://kabar.example/"
    assert look_of(db, "kabar") is None
    for look in (Look(START, 1, True), Look(START + HOUR, 2, False, f"{home}a", START)):
        keep_look(db, "kabar", home, look)
        assert look_of(db, "kabar") == look
    assert home not in [row.url for row in known_sources(db, "kabar")]
    assert not is_source(db, "kabar", home)


def test_a_home_page_that_is_a_source_is_never_held_against_itself(db: Database) -> None:
    save_source(db, "kabar", "listing", "https://kabar.example/", START)
    keep_look(db, "kabar", "https://kabar.example/", Look(START, 1, True))
    assert look_of(db, "kabar") is None
    assert is_source(db, "kabar", "https://kabar.example/")


def test_a_source_has_caught_up_when_it_names_what_was_found_since(db: Database) -> None:
    old, new = "https://kabar.example/lama", "https://kabar.example/baru"
    discover(db, "kabar", [Candidate(old, old)], START)
    discover(db, "kabar", [Candidate(new, new)], START + HOUR)
    assert not names_since(db, [old], START + HOUR)
    assert names_since(db, [old, new], START + HOUR)
    assert unknown(db, [new, "https://kabar.example/lain"]) == ["https://kabar.example/lain"]


def test_passes_of_last_month_are_dropped(db: Database) -> None:
    record_poll(db, Poll("kabar", START))
    record_poll(db, Poll("kabar", START + 28 * DAY))
    assert prune_polls(db, START + 29 * DAY) == 1
