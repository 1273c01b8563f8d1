from __future__ import annotations

from datetime import date, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.calendar_words import MONTHS, WEEKDAY_NAMES
from crawler.event_dates import dateline_date, event_date
from crawler.text_dates import text_dates

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 1, 12, tzinfo=JAKARTA)
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


def test_a_text_date_knows_its_place() -> None:
    paragraphs = ["Pembuka.", "Rapat İtu digelar Jum’at (15/8/2025) di aula."]
    (found,) = text_dates(paragraphs, JAKARTA, NOW)
    assert found.raw == paragraphs[1][found.start : found.end] == "15/8/2025"
    assert (found.paragraph, found.strong, found.weekday) == (1, True, 4)


def test_a_slip_in_a_text_date_is_flagged() -> None:
    (found,) = text_dates(["Senin (14/72025)"], JAKARTA, NOW)
    assert found.problem == "the text says 14/72025, read as 2025-07-14"


def test_a_weekday_that_does_not_fit_is_flagged() -> None:
    (found,) = text_dates(["Rabu (12/8/2025)"], JAKARTA, NOW)
    assert found.day == date(2025, 8, 12)
    assert found.problem == "the text says Rabu 12/8/2025, but 2025-08-12 is Selasa"


def test_without_publication_a_date_without_year_has_no_day() -> None:
    (found,) = text_dates(["Rabu (19/11)"], JAKARTA, None)
    assert found.day is None


EVENTS = [
    ("Rakor digelar pada Rabu (30/4/2025).", "2025-05-01", "2025-04-30"),
    ("Rapat koordinasi ini diikuti seluruh pemerintah daerah.", "2025-05-01", ""),
    ("dihadiri pejabat terkait. (Selasa, 21/3/2023).", "2023-03-22", "2023-03-21"),
    ("Warta Contoh | Daerah | 12 Agustus 2025 – Gubernur hadir.", "2025-08-12", ""),
    (
        "Warta Contoh | Daerah | 12 Agustus 2025 – Hadir, Selasa (12/8/2025).",
        "2025-08-12",
        "2025-08-12",
    ),
    ("Rabu dan Kamis kami ke sana, Senin (12/8/2024).", "2024-08-13", "2024-08-12"),
    (
        "Sejak Senin (3/2/2025) kasus bergulir; kemarin, Rabu (30/4/2025).",
        "2025-05-01",
        "2025-04-30",
    ),
    ("Data per 1 April 2025 naik.", "2025-05-01", ""),
    ("Kegiatan itu berlangsung 30 April 2025 di aula.", "2025-05-01", "2025-04-30"),
    ("KPK akan menggelar rakor pada Senin (25/8/2025).", "2025-08-12", "2025-08-25"),
    ("Tersangka ditahan Senin (25/8/2025).", "2025-08-12", ""),
    ("Kata dia di Bandarlampung, Selasa.", "2025-08-12", "2025-08-12"),
    ("Kata dia di Bandarlampung, Selasa.", "2025-08-18", ""),
    ("Rapat Minggu (5/1/2024) malam.", "2025-01-06", "2025-01-05"),
    ("Rapat (3/9/23) di Muna.", "2021-09-05", ""),
    ("Rapat Senin (12/8/2024) tahun lalu.", "2025-08-14", ""),
]


@pytest.mark.parametrize(("text", "published", "expected"), EVENTS)
def test_the_event_is_the_day_reporters_bracket(text: str, published: str, expected: str) -> None:
    found = event_date([text], date.fromisoformat(published), JAKARTA)
    assert (found.day.isoformat() if found.day else "") == expected


def test_a_year_that_cannot_be_meant_is_told_and_not_believed() -> None:
    found = event_date(["Rapat (3/9/23) di Muna."], date(2021, 9, 5), JAKARTA)
    assert found.day is None
    assert found.problem == "the text says 3/9/23 in an article of 2021-09-05"


def test_a_weekday_can_prove_the_year_of_publication() -> None:
    found = event_date(["Rapat Jumat (3/9/23) di Muna."], date(2021, 9, 5), JAKARTA)
    assert found.day == date(2021, 9, 3)
    assert found.problem is not None
    assert "weekday proves 2021-09-03" in found.problem


def test_without_a_publication_day_the_first_bracketed_date_is_the_event() -> None:
    text = ["Sejak 1 Mei 2020 dibahas.", "Rapat Rabu (30/4/2025)."]
    assert event_date(text, None, JAKARTA).day == date(2025, 4, 30)


@pytest.mark.parametrize(
    ("paragraph", "raw"),
    [
        ("Warta Contoh | Pemerintahan | 12 Agustus 2025 – Gubernur", "12 Agustus 2025"),
        ("JAKARTA, 12 Agustus 2025 - Gubernur", "12 Agustus 2025"),
        ("Jakarta, Selasa (12/8/2025) — Gubernur", "12/8/2025"),
        ("SERANG, contoh.example, 12/8/2025 10:22 WIB | Gubernur", "12/8/2025"),
        ("Jakarta, 12 Agustus 2025. Gubernur hadir", "12 Agustus 2025"),
        ("Selasa (12/8/2025), Gubernur hadir", None),
        ("Gubernur hadir di aula, Selasa (12/8/2025) – kata dia", None),
        ("Pada 12 Agustus 2025 - hari itu", None),
        ("Gubernur hadir Selasa (12/8/2025).", None),
    ],
)
def test_a_dateline_is_only_a_date_that_opens_the_text(paragraph: str, raw: str | None) -> None:
    assert dateline_date(paragraph, JAKARTA) == raw


@settings(max_examples=200, deadline=None)
@given(st.lists(DATELIKE, max_size=4))
def test_no_text_makes_the_text_stages_raise(paragraphs: list[str]) -> None:
    for found in text_dates(paragraphs, JAKARTA, NOW):
        assert found.raw == paragraphs[found.paragraph][found.start : found.end]
    event_date(paragraphs, date(2025, 5, 1), JAKARTA)
    dateline_date("".join(paragraphs), JAKARTA)


@pytest.mark.parametrize(
    "piece", ["1/", "(", "12 agustus ", "1 jam ", "Senin (", "12/8/2025 ", "0", " ", "di Aa "]
)
def test_long_hostile_text_is_read_in_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = perf_counter()
    event_date([text], date(2025, 8, 13), JAKARTA)
    dateline_date(text, JAKARTA)
    assert perf_counter() - started < 2
