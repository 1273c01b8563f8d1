from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dates import DateClue
from crawler.publication import TRUST, Publication, choose_publication

JAKARTA = ZoneInfo("Asia/Jakarta")
SEEN = datetime(2025, 9, 1, 3, tzinfo=UTC)


def choose(*clues: tuple[str, str], seen: datetime = SEEN) -> Publication:
    return choose_publication([DateClue(s, raw) for s, raw in clues], JAKARTA, seen)  # type: ignore[arg-type]


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


def test_json_ld_is_trusted_before_everything() -> None:
    found = choose(
        ("page", "Selasa, 12 Agustus 2025 | 16:21 WIB"), ("jsonld", "2025-08-12T16:20:00+07:00")
    )
    assert (found.at, found.source, found.conflict) == (wib("2025-08-12T16:20"), "jsonld", None)
    assert found.at.tzinfo is UTC


def test_an_unreadable_clue_is_passed_over() -> None:
    found = choose(("jsonld", "0000-00-00"), ("meta", "soon"), ("page", "12 Agustus 2025"))
    assert (found.day, found.precision, found.source) == (date(2025, 8, 12), "day", "page")


def test_a_day_is_the_outlets_midnight_in_utc() -> None:
    found = choose(("page", "12 Agustus 2025"))
    assert found.at == datetime(2025, 8, 11, 17, tzinfo=UTC)


def test_without_a_clue_the_first_sight_stands_in() -> None:
    found = choose()
    assert found == Publication(SEEN, date(2025, 9, 1), "time", "first_seen", None)


def test_a_visible_time_makes_a_trusted_day_precise_and_is_named_as_its_source() -> None:
    found = choose(("jsonld", "2025-08-12"), ("page", "12/08/2025 16:20 WIB"))
    assert (found.at, found.precision, found.source) == (wib("2025-08-12T16:20"), "time", "page")


def test_a_bare_midnight_is_only_a_day() -> None:
    found = choose(
        ("jsonld", "2025-08-12T00:00:00+07:00"), ("url", "https://a.example/2025/08/12/b")
    )
    assert (found.day, found.precision, found.source) == (date(2025, 8, 12), "day", "jsonld")


def test_a_midnight_the_page_shows_as_well_is_a_time() -> None:
    found = choose(("jsonld", "2025-08-12T00:00:00+07:00"), ("page", "12 Agustus 2025 00:00 WIB"))
    assert (found.at, found.precision) == (wib("2025-08-12T00:00"), "time")


def test_a_time_of_another_day_does_not_refine() -> None:
    found = choose(("jsonld", "2025-08-12"), ("page", "13/08/2025 16:20 WIB"))
    assert (found.day, found.precision, found.conflict) == (date(2025, 8, 12), "day", None)


def test_a_utc_evening_is_the_next_day_in_wib() -> None:
    found = choose(("jsonld", "2025-07-23T20:15:00+00:00"), ("page", "24 Juli 2025"))
    assert (found.day, found.conflict) == (date(2025, 7, 24), None)


def test_a_visible_day_that_differs_from_a_utc_time_is_told() -> None:
    found = choose(("jsonld", "2025-07-23T20:15:00+00:00"), ("page", "23 Juli 2025"))
    assert found.conflict == "JSON-LD says 2025-07-24, the visible date says 2025-07-23."


def test_local_time_labelled_utc_is_put_right_by_the_visible_time() -> None:
    found = choose(("jsonld", "2025-08-12T16:20:05+00:00"), ("page", "12 Agustus 2025 16:20 WIB"))
    assert (found.at, found.source, found.conflict) == (wib("2025-08-12T16:20"), "page", None)


def test_local_time_labelled_utc_late_in_the_evening_keeps_its_day() -> None:
    found = choose(("meta", "2025-08-12T21:05:00Z"), ("page", "Selasa, 12 Agustus 2025 - 21:05"))
    assert (found.day, found.source, found.conflict) == (date(2025, 8, 12), "page", None)


def test_a_utc_time_after_the_first_sight_is_local_time() -> None:
    found = choose(("jsonld", "2025-09-01T09:30:00+00:00"))
    assert (found.at, found.source) == (wib("2025-09-01T09:30"), "jsonld")


def test_a_true_utc_time_beside_the_local_one_is_kept() -> None:
    found = choose(("jsonld", "2025-08-12T09:20:00+00:00"), ("page", "12 Agustus 2025 16:20 WIB"))
    assert (found.at, found.source, found.conflict) == (wib("2025-08-12T16:20"), "jsonld", None)


def test_a_blog_in_pacific_time_is_converted_and_its_printed_day_is_no_conflict() -> None:
    found = choose(("feed", "2025-08-12T18:30:00.000-07:00"), ("page", "Agustus 12, 2025 WIB"))
    assert (found.at, found.day, found.conflict) == (
        wib("2025-08-13T08:30"),
        date(2025, 8, 13),
        None,
    )


def test_sources_days_apart_are_both_named() -> None:
    found = choose(
        ("jsonld", "2025-08-12T09:00:00+07:00"), ("url", "https://a.example/2021/08/10/b")
    )
    assert found.conflict == "JSON-LD says 2025-08-12, the address says 2021-08-10."


def test_one_day_apart_is_no_conflict() -> None:
    found = choose(("meta", "2025-08-12T09:00:00+07:00"), ("url", "https://a.example/2025/08/11/b"))
    assert found.conflict is None


def test_a_press_release_may_be_some_days_older_than_its_printing() -> None:
    clues = ("meta", "2025-08-12T09:00:00+07:00"), ("dateline", "8 Agustus 2025")
    assert choose(*clues).conflict is None
    assert choose(clues[0], ("dateline", "8 Juli 2025")).conflict is not None


def test_a_date_still_to_come_is_refused_and_told() -> None:
    found = choose(("jsonld", "2027-01-01T00:00:00+07:00"), ("page", "12 Agustus 2025"))
    assert (found.day, found.source) == (date(2025, 8, 12), "page")
    assert found.conflict == "JSON-LD says 2027-01-01, which was still to come."


def test_an_address_of_a_day_still_to_come_is_refused_too() -> None:
    found = choose(("url", "https://a.example/2026/01/01/b"))
    assert found.source == "first_seen"
    assert found.conflict == "The address says 2026-01-01, which was still to come."


def test_a_rough_relative_day_is_no_conflict_with_a_utc_time() -> None:
    found = choose(("meta", "2025-08-30T01:00:00+00:00"), ("page", "3 hari lalu"))
    assert found.conflict is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.builds(
            DateClue,
            st.sampled_from(TRUST),
            st.one_of(
                st.text(max_size=40),
                st.datetimes(datetime(1990, 1, 1), datetime(2027, 1, 1)).map(str),
                st.dates(date(1990, 1, 1), date(2027, 1, 1)).map(lambda day: f"{day:%d/%m/%Y}"),
            ),
        )
    )
)
def test_whatever_the_clues_there_is_one_publication_not_in_the_future(
    clues: list[DateClue],
) -> None:
    found = choose_publication(clues, JAKARTA, SEEN)
    assert found.at.tzinfo is UTC
    assert found.at.astimezone(JAKARTA).date() == found.day
    assert found.day <= date(2025, 9, 3)
