"""Finds every date the running text of an article speaks of, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from crawler.calendar_words import (
    FULL_WEEKDAY,
    MONTH,
    WEEKDAY_NAMES,
    fold,
    month_number,
    weekday_before,
)
from crawler.written_days import WrittenDay, calendar_day, settle, written_days

LONGEST = 20_000  # code points of a paragraph that are read
MOST = 100  # dates of a paragraph that are kept: more is a table, not news
HALF_YEAR = 183

_DIGIT = re.compile("[0-9]")
_ALONE = r"(?<![0-9/.,:\-])"
_YEARLESS = re.compile(
    rf"{_ALONE}([0-9]{{1,2}})\s?[/\-]\s?([0-9]{{1,2}})(?![0-9])(?!\s?[/.\-,:]\s?[0-9])(?!\s?%)"
)
_YEARLESS_NAMED = re.compile(rf"{_ALONE}([0-9]{{1,2}})\s({MONTH})(?![a-z])(?!,?\s?'?[0-9])")
_ODD_YEAR = re.compile(  # "14/72025" (tomei.id), "12/8/205", "12/8/20025"
    rf"{_ALONE}([0-9]{{1,2}})/([0-9]{{1,2}})(?:(20[0-9]{{2}})|/(?:[0-9]{{3}}|[0-9]{{5}}))(?![0-9/])"
)
_OPEN = re.compile(rf"\(\s?(?:{FULL_WEEKDAY}[\s,]{{0,2}})?(?:tanggal\s|tgl\.?\s)?$")
_CLOSED = re.compile(r"\s?[),;]")
_ON = re.compile(r"(?<![a-z])(?:pada|tanggal|tgl\.?)\s{1,2}$")


@dataclass(frozen=True, slots=True)
class TextDate:
    """A date in the running text. day is None when it cannot be told; problem says what is odd.

    paragraph counts from 0, start and end are code points within it, lead where its weekday or
    bracket begins. strong: bracketed or with a weekday, as reporters write the day of an event.
    dated: the year is printed. weekday counts from Monday 0.
    """

    day: date | None
    paragraph: int
    start: int
    end: int
    raw: str
    lead: int
    strong: bool
    dated: bool = True
    weekday: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Short:
    """A date whose year is missing or unreadable."""

    start: int
    end: int
    first: int
    second: int
    numeric: bool
    year: int | None = None
    odd: bool = False


def text_dates(
    paragraphs: Sequence[str], zone: tzinfo, now: datetime | None
) -> tuple[TextDate, ...]:
    """Every date in the paragraphs, in order; of a range ("12-14 Agustus 2025") the first day.

    now is the (aware) instant of publication: a date without a year is the one nearest to its
    local day that the weekday allows; without now such a date has no day. Digits are day first
    unless the weekday proves otherwise.
    """
    published = now.astimezone(zone).date() if now else None
    found: list[TextDate] = []
    for number, paragraph in enumerate(paragraphs):
        if not _DIGIT.search(paragraph):
            continue
        folded = fold(paragraph[:LONGEST])
        full = written_days(folded, running=True)[:MOST]
        taken = {place for day in full for place in range(day.start, day.end)}
        dates = [_full(number, paragraph, folded, day) for day in full]
        for short in _shorts(folded):
            if len(dates) < 2 * MOST and short.start not in taken:
                dates += _settled(number, paragraph, folded, short, published)
        found += sorted(dates, key=lambda text_date: text_date.start)
    return tuple(found)


def _full(number: int, paragraph: str, folded: str, day: WrittenDay) -> TextDate:
    raw = paragraph[day.start : day.end]
    bracket = _OPEN.search(folded[max(0, day.start - 30) : day.start]) is not None
    problem = None
    if day.day is None:
        problem = f"the text says {raw}, no such day"
    elif day.slip:
        problem = f"the text says {raw}, read as {day.day}"
    elif day.weekday is not None and not _fits(day):
        problem = _contradiction(WEEKDAY_NAMES[day.weekday], raw, day.day)
    strong = bracket or day.weekday is not None
    lead = min(day.lead, day.start - bracket)
    return TextDate(
        day.day, number, day.start, day.end, raw, lead, strong, True, day.weekday, problem
    )


def _fits(day: WrittenDay) -> bool:
    return day.weekday in {end.weekday() for end in (day.day, day.last) if end is not None}


def _contradiction(weekday: str, raw: str, day: date) -> str:
    return f"the text says {weekday} {raw}, but {day} is {WEEKDAY_NAMES[day.weekday()]}"


def _shorts(folded: str) -> Iterator[_Short]:
    for match in _ODD_YEAR.finditer(folded):
        year = int(match[3]) if match[3] else None
        yield _Short(match.start(), match.end(), int(match[1]), int(match[2]), True, year, True)
    for match in _YEARLESS.finditer(folded):
        yield _Short(match.start(), match.end(), int(match[1]), int(match[2]), True)
    for match in _YEARLESS_NAMED.finditer(folded):
        month = month_number(match[2]) or 0
        yield _Short(match.start(), match.end(), int(match[1]), month, False)


def _settled(
    number: int, paragraph: str, folded: str, short: _Short, published: date | None
) -> list[TextDate]:
    """The date, or nothing where the digits may as well be a fraction or a score."""
    before = weekday_before(folded, short.start, running=True)
    back = folded[max(0, short.start - 30) : short.start]
    bracket = bool(_OPEN.search(back) and _CLOSED.match(folded, short.end))
    on = not short.numeric and _ON.search(back) is not None
    if not (before or bracket or on or short.odd):
        return []
    weekday = before[0] if before else None
    raw = paragraph[short.start : short.end]
    day = _nearest(short, weekday, published)
    problem = f"the text says {raw}, read as {day}" if short.odd else None
    if day is None and (published or short.odd):
        problem = f"the text says {raw}, no such day near publication"
    elif day is not None and weekday is not None and day.weekday() != weekday:
        problem = _contradiction(WEEKDAY_NAMES[weekday], raw, day)
    lead = before[1] if before else short.start - bracket
    strong = bracket or before is not None
    if day is None and not strong:
        return []
    dated = short.year is not None
    return [
        TextDate(day, number, short.start, short.end, raw, lead, strong, dated, weekday, problem)
    ]


def _nearest(short: _Short, weekday: int | None, published: date | None) -> date | None:
    if short.year is not None:
        return settle(short.year, short.first, short.second, weekday)
    if published is None:
        return None
    years = (published.year - 1, published.year, published.year + 1)
    days = [calendar_day(year, short.second, short.first) for year in years]
    if short.numeric and weekday is not None:  # the weekday may prove month first
        swapped = [calendar_day(year, short.first, short.second) for year in years]
        days += [day for day in swapped if day and day.weekday() == weekday]
    near = [day for day in days if day and abs((day - published).days) <= HALF_YEAR]
    fitting = [day for day in near if weekday is None or day.weekday() == weekday]
    return min(fitting or near, key=lambda day: abs((day - published).days), default=None)
