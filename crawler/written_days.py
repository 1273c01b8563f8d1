"""Finds calendar days written in digits or with month names, in a label or in running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from crawler.calendar_words import MONTH, month_number, weekday_after, weekday_before

_SEP = r"\s?[/.\-]{1,2}\s?"
_RANGE = r"(?:([0-9]{1,2})\s?(?:-|&|dan|s/d|s\.d\.?|sd|hingga|sampai(?:\sdengan)?)\s?)?"
_NOT_INSIDE = r"(?<![0-9:])(?<![0-9][/.\-])"
_ENDS = r"(?![0-9])(?![/.\-]{1,2}[0-9])"
_YEAR = r"(?:19|20)[0-9]{2}"
_LOOSE = r"[\s\-./,]{0,3}"
_YEAR_FIRST = re.compile(rf"(?<![0-9/])({_YEAR})([/.\-])([0-9]{{1,2}})\2([0-9]{{1,2}})(?![0-9])")
_NUMERIC = re.compile(
    rf"{_NOT_INSIDE}{_RANGE}([0-9]{{1,2}})({_SEP})([0-9]{{1,2}})({_SEP})({_YEAR}|[0-9]{{2}}){_ENDS}"
)
_NAMED = re.compile(
    rf"(?<![0-9:]){_RANGE}([0-9]{{1,2}})(?:st|nd|rd|th)?{_LOOSE}({MONTH})(?![a-z]){_LOOSE}"
    rf"('?{_YEAR}|'?[0-9]{{2}}(?!,?\s?{_YEAR})(?![:.]\s?[0-9])(?!\s:))(?![0-9])"
)
_MISSPELT = re.compile(
    rf"(?<![0-9:])([0-9]{{1,2}})[\s\-]{{1,2}}([a-z]{{4,12}})[\s\-,.]{{1,2}}({_YEAR})(?![0-9])"
)
_MONTH_FIRST = re.compile(
    rf"(?<![a-z])({MONTH})\.?\s?([0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]),?\s{{0,2}}({_YEAR})(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """One day as it stands in a folded text. day is None when the calendar has no such day.

    lead is where its weekday's name begins (or start); weekday counts from Monday 0; last is the
    other end of a range ("12-14 Agustus 2025"), of which day is the first.
    """

    start: int
    end: int
    day: date | None
    lead: int
    weekday: int | None = None
    last: date | None = None
    slip: bool = False


def written_days(text: str, running: bool) -> list[WrittenDay]:
    """Every full date (day, month, year) of a folded text, in order, none overlapping.

    Digits are read day first unless the weekday proves, or the calendar leaves, only month first.
    In running text a range counts from its first day and a two-digit year needs slashes.
    """
    found = [_year_first(text, match) for match in _YEAR_FIRST.finditer(text)]
    found += [day for m in _NUMERIC.finditer(text) if (day := _numeric(text, m, running))]
    found += [day for m in _NAMED.finditer(text) if (day := _named(text, m, running))]
    found += [_month_first(text, match, running) for match in _MONTH_FIRST.finditer(text)]
    if running or not found:
        found += [day for m in _MISSPELT.finditer(text) if (day := _misspelt(text, m, running))]
    kept: list[WrittenDay] = []
    for day in sorted(found, key=lambda day: (day.start, -day.end)):
        if not kept or day.start >= kept[-1].end:
            kept.append(day)
    return kept


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The date, or None if the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def settle(year: int, first: int, second: int, weekday: int | None) -> date | None:
    """The day meant by two numbers: day first, unless the weekday proves month first or day first
    is impossible (and the weekday does not object)."""
    usual, swapped = calendar_day(year, second, first), calendar_day(year, first, second)
    if weekday is None:
        return usual or swapped
    for reading in (usual, swapped):
        if reading is not None and reading.weekday() == weekday:
            return reading
    return usual


def full_year(digits: str) -> int:
    """2025 for "2025", "25" or "'25"; two digits from 70 on belong to the last century."""
    year = int(digits.lstrip("'"))
    if year >= 100:
        return year
    return year + (2000 if year < 70 else 1900)


def _year_first(text: str, match: re.Match[str]) -> WrittenDay:
    day = calendar_day(int(match[1]), int(match[3]), int(match[4]))
    return _placed(text, match.start(), match.end(), day, running=False)


def _numeric(text: str, match: re.Match[str], running: bool) -> WrittenDay | None:
    before, first, one, second, two, digits = match.groups()
    marks = one.strip(), two.strip()
    year = full_year(digits)
    if len(digits) == 2 and ("." in marks or (running and marks != ("/", "/"))):
        return None  # 10.22.30 is a time, 10-11-12 may be anything
    opening = calendar_day(year, int(second), int(before)) if before and running else None
    start = match.start(2) if opening is None else match.start()
    weekday, lead = _weekday(text, start, match.end(), running)
    day, last = settle(year, int(first), int(second), weekday), None
    if opening is not None and day is not None and opening < day:
        day, last = opening, day
    return WrittenDay(start, match.end(), day, lead, weekday, last, marks[0] != marks[1])


def _named(text: str, match: re.Match[str], running: bool) -> WrittenDay | None:
    before, number, word, digits = match.groups()
    if running and len(digits) == 2:  # "12 Agustus 25 orang"
        return None
    month, year = month_number(word) or 0, full_year(digits)
    day = calendar_day(year, month, int(number))
    first = calendar_day(year, month, int(before)) if before and running else None
    if first is None or day is None or first >= day:
        return _placed(text, match.start(2), match.end(), day, running)
    weekday, lead = _weekday(text, match.start(), match.end(), running)
    return WrittenDay(match.start(), match.end(), first, lead, weekday, day)


def _misspelt(text: str, match: re.Match[str], running: bool) -> WrittenDay | None:
    month = month_number(match[2])
    if month is None:
        return None
    day = calendar_day(int(match[3]), month, int(match[1]))
    return _placed(text, match.start(), match.end(), day, running)


def _month_first(text: str, match: re.Match[str], running: bool) -> WrittenDay:
    day = calendar_day(int(match[3]), month_number(match[1]) or 0, int(match[2]))
    return _placed(text, match.start(), match.end(), day, running)


def _placed(text: str, start: int, end: int, day: date | None, running: bool) -> WrittenDay:
    weekday, lead = _weekday(text, start, end, running)
    return WrittenDay(start, end, day, lead, weekday)


def _weekday(text: str, start: int, end: int, running: bool) -> tuple[int | None, int]:
    before = weekday_before(text, start, running)
    if before is not None:
        return before
    return weekday_after(text, end), start
