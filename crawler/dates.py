"""Reads the dates outlets print on pages and in feeds: an instant or a day, never a guess.

Every form of facts/cms_families.md section 15. feedparser and email.utils are not asked: they
read "WIB" as UTC, seven hours off (findings.md, Dates).
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from crawler.calendar_words import MONTH, fold
from crawler.printed_times import time_near
from crawler.written_days import WrittenDay, calendar_day, written_days

ClueSource = Literal["jsonld", "meta", "feed", "page", "url", "dateline"]

LONGEST = 300  # code points of a printed date that are read
EARLIEST_YEAR, LATEST_YEAR = 1995, 2100  # no Indonesian outlet was online before
FUTURE = timedelta(days=2)  # findings.md, Dates: later than this is an error

_UPDATED = re.compile(r"(?:updated?|diperbarui|diperbaharui|pembaruan|modified|diubah)[\s:,|a-z]*$")
_GLUED = re.compile(r"(WIB|WITA|WIT)(?=[A-Z][a-z])")
_UNIX_ORDER = re.compile(  # "Wed Aug 12 12:17:40 WIB 2026"
    rf"(?<![a-z])({MONTH})\s{{1,2}}([0-9]{{1,2}})\s([0-9:]{{5,8}})\s([a-z]{{1,5}}\s|[+-][0-9]{{4}}\s)?"
    r"([0-9]{4})(?![0-9])"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:t?([0-9]{2})([0-9]{2})([0-9]{2})?(z)?)?")
_EPOCH = re.compile(r"([0-9]{10})(?:[0-9]{3}|\.[0-9]{1,9})?")
_UNITS = {"detik": 0, "second": 0, "sec": 0, "menit": 1, "minute": 1, "min": 1, "mins": 1}
_UNITS |= {"jam": 2, "hour": 2, "hr": 2, "hari": 3, "day": 3}
_SECONDS = (1, 60, 3600, 86400)
_COUNT = rf"([0-9]{{1,4}}|se|an?|one|satu)\s?({'|'.join(sorted(_UNITS, key=len, reverse=True))})s?"
_COUNTED = re.compile(rf"(?<![a-z0-9]){_COUNT}(?![a-z])")
_AGO = re.compile(
    rf"(?<![a-z0-9.,])(?:{_COUNT}(?![a-z])[\s,]{{0,2}}(?:dan\s|and\s)?){{1,3}}"
    r"(?:(?:yang|yg)\s)?(?:lalu|ago|silam)(?![a-z])"
)
_NAMED_DAY = re.compile(
    r"(?<![a-z])(?:(kemarin|kemaren|yesterday)|(hari ini|today)|(baru saja|barusan|just now))"
    r"(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, or a day. at is aware, in the zone it was printed in; with precision "day" it
    is that day's midnight in the outlet's zone."""

    at: datetime
    precision: Literal["time", "day"]


@dataclass(frozen=True, slots=True)
class DateClue:
    """One string that may tell when an article was published, and where it stood. For source
    "url" raw is the address itself."""

    source: ClueSource
    raw: str


def parse_printed(text: str, zone: tzinfo, now: datetime | None) -> Moment | None:
    """The moment a short visible, meta or JSON-LD string means, None if it means none for sure.

    A zone in the string wins, otherwise times are the outlet's (`zone`). With several dates the
    first counts that is not marked as an update. "5 menit lalu" is an instant, "22 jam lalu" and
    "2 hari lalu" a day, weeks and more nothing; these need `now` (aware). Dates before 1995 or
    more than two days after `now` are refused. Only the first 300 code points are read.
    """
    folded = _folded(text)
    moment, dated = _absolute(folded, zone)
    if moment is None and not dated and now is not None:
        moment = _relative(folded, now.astimezone(zone))
    return moment if moment and _is_plausible(moment, zone, now) else None


def parse_feed_date(raw: str, zone: tzinfo, now: datetime | None) -> Moment | None:
    """The moment of a feed's or sitemap's date: RFC 822 (Indonesian names and WIB, WITA, WIT
    included), ISO 8601, or what outlets put there instead; no zone means the outlet's. Refuses
    what parse_printed refuses, and words relative to now."""
    moment, _ = _absolute(_folded(raw), zone)
    return moment if moment and _is_plausible(moment, zone, now) else None


def url_date(url: str) -> date | None:
    """The day in an address's path, only where it stands as /YYYY/MM/DD/: a path like /05/08/2025/
    does not say which number is the day."""
    path = re.split("[?#]", url, maxsplit=1)[0]
    for found in re.finditer(r"/((?:19|20)[0-9]{2})/([0-9]{1,2})/([0-9]{1,2})(?=/|$)", path):
        day = calendar_day(int(found[1]), int(found[2]), int(found[3]))
        if day is not None and day.year >= EARLIEST_YEAR:
            return day
    return None


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in a zone."""
    return datetime.combine(day, time(), tzinfo=zone)


def _folded(text: str) -> str:
    short = text[:LONGEST]
    if "&" in short:
        short = html.unescape(short)
    if not short.isascii():
        short = unicodedata.normalize("NFKC", short)[:LONGEST]
    return fold(_GLUED.sub(r"\1 ", short)).strip()


def _absolute(text: str, zone: tzinfo) -> tuple[Moment | None, bool]:
    """The moment of the date in a folded text, and whether a date stands in it at all."""
    if text[:1].isdigit() and (moment := _digits_only(text, zone)):
        return moment, True
    text = _UNIX_ORDER.sub(r"\1 \2 \5 \3 \4", text, count=1)
    days = written_days(text, running=False)
    real = [day for day in days if day.day is not None]
    if not real:
        return None, bool(days)
    chosen = next((day for day in real if not _is_update(text, day)), real[0])
    if chosen.day is None:
        return None, True
    following = [day.start for day in days if day.start >= chosen.end]
    clock = time_near(text, chosen.start, chosen.end, min(following, default=len(text)))
    if clock is None:
        return Moment(midnight(chosen.day, zone), "day"), True
    return Moment(datetime.combine(chosen.day, clock.time, clock.zone or zone), "time"), True


def _is_update(text: str, day: WrittenDay) -> bool:
    return _UPDATED.search(text[max(0, day.lead - 40) : day.lead]) is not None


def _digits_only(text: str, zone: tzinfo) -> Moment | None:
    """ "1754559999", "1754559999000", "20250807", "20250807T094644Z"."""
    if compact := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second, utc = compact.groups()
        calendar = calendar_day(int(year), int(month), int(day))
        if calendar and EARLIEST_YEAR <= calendar.year <= LATEST_YEAR:
            if hour is None:
                return Moment(midnight(calendar, zone), "day")
            if int(hour) < 24 and int(minute) < 60 and int(second or 0) < 60:
                clock = time(int(hour), int(minute), int(second or 0))
                return Moment(datetime.combine(calendar, clock, UTC if utc else zone), "time")
    if epoch := _EPOCH.fullmatch(text):
        return Moment(datetime.fromtimestamp(int(epoch[1]), UTC), "time")
    return None


def _relative(text: str, now: datetime) -> Moment | None:
    zone = now.tzinfo or UTC
    if ago := _AGO.search(text):
        parts = [(m[1], _UNITS[m[2]]) for m in _COUNTED.finditer(ago[0])]
        seconds = sum((int(n) if n.isdigit() else 1) * _SECONDS[unit] for n, unit in parts)
        largest = max(unit for _, unit in parts)
        if seconds > 400 * 86400:
            return None
        then = now - timedelta(seconds=seconds)
        if largest < 2:
            return Moment(then.replace(second=0, microsecond=0), "time")
        return Moment(midnight(then.date(), zone), "day")
    named = _NAMED_DAY.search(text)
    if named is None:
        return None
    if named[3]:
        return Moment(now.replace(second=0, microsecond=0), "time")
    day = (now - timedelta(days=1 if named[1] else 0)).date()
    clock = time_near(text, named.start(), named.end(), len(text))
    if clock is None:
        return Moment(midnight(day, zone), "day")
    return Moment(datetime.combine(day, clock.time, clock.zone or zone), "time")


def _is_plausible(moment: Moment, zone: tzinfo, now: datetime | None) -> bool:
    if not EARLIEST_YEAR <= moment.at.year <= LATEST_YEAR:
        return False
    if now is None:
        return True
    if moment.precision == "day":
        return moment.at.date() <= (now.astimezone(zone) + FUTURE).date()
    return moment.at <= now + FUTURE
