from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.calendar_words import MONTHS, WEEKDAY_NAMES, fold
from crawler.dates import LONGEST, Moment, parse_feed_date, parse_printed, url_date
from crawler.text_dates import text_dates

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 1, 12, tzinfo=JAKARTA)
TABLE = Path(__file__).parent / "data" / "dates.tsv"
PIECES = st.sampled_from(
    [
        *MONTHS,
        *WEEKDAY_NAMES,
        *"0123456789/-.:,|() T+Z'’",
        "2025",
        "WIB",
        "WITA",
        "lalu",
        "jam",
        "(1",
    ]
)
DATELIKE = st.one_of(st.text(), st.lists(PIECES, max_size=80).map("".join))


def rows() -> list[list[str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def shown(moment: Moment | None) -> tuple[str, str]:
    if moment is None:
        return "", ""
    if moment.precision == "day":
        return moment.at.date().isoformat(), "day"
    return moment.at.isoformat(), "time"


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[5]}-{row[0]}")
def test_every_form_in_the_table_gives_what_it_means(row: list[str]) -> None:
    text, zone_name, now_text, expected, precision, kind = row
    zone, now = ZoneInfo(zone_name), datetime.fromisoformat(now_text)
    if kind == "text":
        found = text_dates([text], zone, now)
        day = found[0].day if found else None
        assert (day.isoformat() if day else "") == expected
        return
    read = parse_feed_date if kind == "feed" else parse_printed
    assert shown(read(text, zone, now)) == (expected, precision)


def test_a_day_is_the_outlets_local_midnight() -> None:
    zone = ZoneInfo("Asia/Jayapura")
    moment = parse_printed("7 Agustus 2025", zone, None)
    assert moment == Moment(datetime(2025, 8, 7, tzinfo=zone), "day")


def test_a_weekday_settles_an_ambiguous_day() -> None:
    read = [parse_printed(text, JAKARTA, NOW) for text in ("Senin 12/8/2024", "Kamis 12/8/2022")]
    assert [moment and moment.at.date() for moment in read] == [
        date(2024, 8, 12),
        date(2022, 12, 8),
    ]


def test_two_days_ahead_is_believed_and_three_are_not() -> None:
    assert parse_printed("3 November 2026", JAKARTA, NOW) is not None
    assert parse_printed("4 November 2026", JAKARTA, NOW) is None


def test_without_a_clock_words_relative_to_now_mean_nothing() -> None:
    assert parse_printed("5 menit lalu", JAKARTA, None) is None


def test_a_relative_day_is_counted_in_the_outlets_zone() -> None:
    late = datetime(2026, 10, 31, 18, tzinfo=UTC)
    assert shown(parse_printed("kemarin", JAKARTA, late)) == ("2026-10-31", "day")


def test_a_date_beyond_the_first_300_code_points_is_not_read() -> None:
    assert parse_printed(" " * LONGEST + "7 Agustus 2025", JAKARTA, NOW) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://kabar.example/2025/08/05/rakor-kpk/", date(2025, 8, 5)),
        ("https://kabar.example/read/2025/08/05/164530/rakor?page=2", date(2025, 8, 5)),
        ("https://kabar.example/2025/08/05", date(2025, 8, 5)),
        ("https://kabar.example/05/08/2025/rakor/", None),
        ("https://kabar.example/2025/13/05/rakor/", None),
        ("https://kabar.example/2025/08/rakor.html", None),
        ("https://kabar.example/?d=/2025/08/05/", None),
        ("https://[", None),
    ],
)
def test_an_address_gives_a_day_only_year_first(url: str, day: date | None) -> None:
    assert url_date(url) == day


@settings(max_examples=200, deadline=None)
@given(DATELIKE)
def test_no_string_makes_a_parser_raise_or_claim_an_impossible_moment(text: str) -> None:
    for moment in (parse_printed(text, JAKARTA, NOW), parse_feed_date(text, JAKARTA, NOW)):
        if moment is not None:
            assert moment.at.tzinfo is not None
            assert moment.at.year >= 1995
            assert moment.at <= NOW + timedelta(days=3)
    url_date(text)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(1995, 1, 2), datetime(2026, 10, 30)),
    st.sampled_from(["WIB", "WITA", "WIT"]),
)
def test_every_instant_printed_in_indonesian_is_read_back(at: datetime, label: str) -> None:
    months = (
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    )
    text = f"{WEEKDAY_NAMES[at.weekday()]}, {at.day} {months.split()[at.month - 1]} {at.year} | "
    moment = parse_printed(f"{text}{at:%H:%M} {label}", JAKARTA, NOW)
    offset = {"WIB": 7, "WITA": 8, "WIT": 9}[label]
    assert moment is not None
    assert moment.at.replace(tzinfo=None) == at.replace(second=0, microsecond=0)
    assert moment.at.utcoffset() == timedelta(hours=offset)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("piece", ["1/", "12 agustus ", "1 jam ", "Senin (", "12/8/2025 ", " "])
def test_a_long_hostile_string_costs_no_more_than_a_short_one(piece: str) -> None:
    started = perf_counter()
    parse_printed(piece * 200_000, JAKARTA, NOW)
    assert perf_counter() - started < 0.5
