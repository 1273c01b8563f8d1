"""Tells the day an article's event took place, and the date that opens its text.

A date in the text is an event date, never the publication's; only one that opens the text is a
dateline (contract.md, Article JSON).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from crawler.calendar_words import FULL_WEEKDAY, WEEKDAY_NAMES, WEEKDAYS, fold
from crawler.text_dates import LONGEST, TextDate, text_dates
from crawler.written_days import calendar_day, written_days

BEFORE, AFTER = 45, 2  # days around publication in which a reported event lies
AHEAD = 90  # days an announced event may lie ahead
OPENING = 160  # code points within which a dateline ends
AGENCY = 2  # days a bare weekday of an agency report looks back

_BACKGROUND = re.compile(
    r"(?<![a-z])(?:sejak|per|hingga|sampai|dengan|s/d|sebelum|setelah|nomor|no\.|tertanggal"
    r"|lambat|lambatnya|batas|tenggat|lahir|berlaku|terhitung|periode|ditetapkan)"
    r"[\s(,:]{1,3}(?:(?:pada|hari|tanggal|tgl)[\s,]{1,2}){0,3}$"
)
_ANNOUNCED = re.compile(
    r"(?<![a-z])(?:akan|rencananya|direncanakan|dijadwalkan|diagendakan|mendatang|bakal|nanti"
    r"|besok|hendak)(?![a-z])"
)
_AGENCY_DAY = re.compile(  # ANTARA: "kata dia di Bandarlampung, Selasa."
    rf"(?<!\w)di\s[A-Z][\w.]{{1,30}}(?:\s[A-Z][\w.]{{1,30}}){{0,3}},\s((?i:{FULL_WEEKDAY}))"
    r"(?:\s(?:pagi|siang|sore|malam))?(?=[.,;]|\s?$)"
)
_HEAD_WORD = re.compile(r"[^a-z\w]*(?:[A-Z0-9].*|[a-z][\w\-]*\.[\w.\-]+\W*|dan|di)?")
_NOT_A_PLACE = frozenset({"pada", "hari", "tanggal", "per", "sejak", "mulai", "hingga", "di"})
_HEAD_END = re.compile(
    r"(?:[\s|,]{0,3}(?:pukul\s)?[0-9]{1,2}[.:][0-9]{2}(?:\s?wi(?:b|ta|t))?)?[\s)]{0,2}"
    r"(?:[-|:]|\.\s|[\s,(|]{1,3}[a-z0-9\-]{2,30}(?:\.[a-z]{2,8}){0,2}\)?(?:\s{1,2}-|-\s|\s?[|:]))"
)


@dataclass(frozen=True, slots=True)
class EventDate:
    """The day the reported event took place, None if the text does not tell; problem: a short
    sentence for a person when a date in the text contradicts itself or the publication."""

    day: date | None
    problem: str | None = None


def event_date(paragraphs: Sequence[str], published_day: date | None, zone: tzinfo) -> EventDate:
    """The day of the event an article reports: its first bracketed date or date with a weekday
    between 45 days before and 2 days after publication, else a plain date there, else an
    announced day ahead, else an agency's bare weekday ("di Ambon, Senin.").

    A dateline alone is no event date. A year that cannot be meant ("3/9/23" in an article of
    2021) is told in `problem` and believed only as far as the weekday proves the year of
    publication. Pass None as published_day when publication is not known (first_seen).
    """
    now = datetime.combine(published_day, time(12), zone) if published_day else None
    opening = _opening_dates(paragraphs)
    dates = [
        text_date
        for text_date in text_dates(paragraphs, zone, now)
        if (text_date.paragraph, text_date.start) not in opening
    ]
    best: tuple[int, EventDate] | None = None
    doubt: str | None = None
    for text_date in dates:
        rank, day, problem = _judge(text_date, paragraphs[text_date.paragraph], published_day)
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, EventDate(day, problem))
        elif rank is None and best is None and text_date.strong:
            doubt = doubt or problem
    if best is not None:
        return EventDate(best[1].day, best[1].problem or doubt)
    return EventDate(_agency_day(paragraphs, published_day), doubt)


def dateline_date(first_paragraph: str, zone: tzinfo) -> str | None:
    """The date that opens a text as part of its dateline, as it stands there, or None.

    "Wartain Banten | Pemerintahan | 12 Agustus 2025 – ..." gives "12 Agustus 2025"; a date
    within the first sentence is none. `zone` does not matter to a day.
    """
    place = _dateline_place(first_paragraph)
    return first_paragraph[place[0] : place[1]] if place else None


def _dateline_place(paragraph: str) -> tuple[int, int] | None:
    folded = fold(paragraph[:OPENING])
    first = next(iter(written_days(folded, running=True)), None)
    if first is None or first.day is None or not _HEAD_END.match(folded, first.end):
        return None
    head = paragraph[: first.lead].split()
    if any(not _HEAD_WORD.fullmatch(word) for word in head) or len(head) > 12:
        return None
    if head and head[0].strip(",").lower() in _NOT_A_PLACE:
        return None
    return first.start, first.end


def _opening_dates(paragraphs: Sequence[str]) -> set[tuple[int, int]]:
    """Places of dateline dates; title and caption lines may stand before the dateline."""
    places = ((i, _dateline_place(text)) for i, text in enumerate(paragraphs[:3]))
    return {(i, place[0]) for i, place in places if place}


def _judge(
    text_date: TextDate, paragraph: str, published: date | None
) -> tuple[int | None, date | None, str | None]:
    """Rank (0 best, None unusable), day and problem of one date."""
    day, problem = text_date.day, text_date.problem
    if day is None:
        return None, None, problem
    start = max(0, text_date.lead - 90)
    before = fold(paragraph[start : text_date.start])
    background = _BACKGROUND.search(before[: text_date.lead - start]) is not None
    if background and not text_date.strong:
        return None, None, None
    rank = 0 if text_date.strong and not background else 1
    if published is None or -BEFORE <= (day - published).days <= AFTER:
        return rank, day, problem
    if AFTER < (day - published).days <= AHEAD and _ANNOUNCED.search(before):
        return rank + 2, day, problem
    return _other_year(text_date, day, published, rank)


def _other_year(
    text_date: TextDate, day: date, published: date, rank: int
) -> tuple[int | None, date | None, str | None]:
    """A date that would be near publication in another year: a typing error when the weekday, or
    the calendar, says so."""
    says = f"the text says {text_date.raw} in an article of {published}"
    if text_date.weekday is not None and day.weekday() == text_date.weekday:
        return None, None, None  # a true date of another time
    for year in (published.year, published.year - 1, published.year + 1):
        meant = calendar_day(year, day.month, day.day)
        if year == day.year or meant is None or not -BEFORE <= (meant - published).days <= AFTER:
            continue
        if text_date.weekday is not None and meant.weekday() == text_date.weekday:
            return rank, meant, f"{says}; the weekday proves {meant}"
        return None, None, says
    doubtful = text_date.problem or (says if (day - published).days > AHEAD else None)
    return None, None, doubtful


def _agency_day(paragraphs: Sequence[str], published: date | None) -> date | None:
    if published is None:
        return None
    for paragraph in paragraphs:
        for found in _AGENCY_DAY.finditer(paragraph[:LONGEST]):
            weekday = WEEKDAYS[re.sub("[^a-z]", "", fold(found[1]))]
            back = (published.weekday() - weekday) % len(WEEKDAY_NAMES)
            if back <= AGENCY:
                return published - timedelta(days=back)
    return None
