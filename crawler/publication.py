"""Chooses when an article was published from all the clues a page, a feed and an address give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from crawler.dates import (
    FUTURE,
    DateClue,
    Moment,
    midnight,
    parse_feed_date,
    parse_printed,
    url_date,
)

TRUST = ("jsonld", "meta", "feed", "page", "url", "dateline")  # contract.md, published_source
NAMES = {
    "jsonld": "JSON-LD",
    "meta": "the meta tag",
    "feed": "the feed",
    "page": "the visible date",
    "url": "the address",
    "dateline": "the dateline",
}
APART = {"dateline": 7}  # days a press release may be older than its printing; others: one day


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published. at is aware UTC (with precision "day" the outlet's local
    midnight), day the outlet's local day; conflict: a sentence for a person, or None."""

    at: datetime
    day: date
    precision: Literal["time", "day"]
    source: str
    conflict: str | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    clue: DateClue
    moment: Moment
    day: date

    @property
    def is_utc(self) -> bool:
        return self.moment.precision == "time" and not self.moment.at.utcoffset()

    @property
    def is_exact(self) -> bool:
        """Whether it tells a time; systems that know only the day write midnight."""
        at = self.moment.at
        return self.moment.precision == "time" and at.time().replace(tzinfo=None) != time()


def choose_publication(
    clues: Iterable[DateClue], zone: tzinfo, first_seen: datetime
) -> Publication:
    """The publication by order of trust; without a usable clue it is first_seen (aware).

    - A day, or a bare midnight, takes the time of the next clue of the same local day, which then
      is the source.
    - A time labelled UTC that another clue prints as local time is local time: plugins mislabel.
      So is one that would lie after first_seen. Neither is a conflict.
    - conflict names both sources when another says a day more than one apart (the dateline: more
      than seven), when the visible day differs from a UTC time's local day, and dates refused
      because they lie more than two days after first_seen.
    """
    readings: list[_Reading] = []
    notes: list[str] = []
    known = [clue for clue in clues if clue.source in TRUST]
    for clue in sorted(known, key=lambda clue: TRUST.index(clue.source)):
        moment = _read(clue, zone, first_seen)
        if moment is not None:
            readings.append(_Reading(clue, moment, _local_day(moment, zone)))
        elif (future := _read(clue, zone, None)) is not None:
            day = _local_day(future, zone)
            notes.append(f"{NAMES[clue.source]} says {day}, which was still to come")
    if not readings:
        seen = first_seen.astimezone(UTC)
        day = first_seen.astimezone(zone).date()
        return Publication(seen, day, "time", "first_seen", _sentence(notes))
    best = _relabelled(readings, zone, first_seen)
    notes = _disagreements(best, readings, zone) + notes
    exact = _refined(best, readings)
    at = exact.moment.at if exact else midnight(best.day, zone)
    source = (exact or best).clue.source
    precision: Literal["time", "day"] = "time" if exact else "day"
    return Publication(at.astimezone(UTC), best.day, precision, source, _sentence(notes))


def _read(clue: DateClue, zone: tzinfo, now: datetime | None) -> Moment | None:
    if clue.source == "feed":
        return parse_feed_date(clue.raw, zone, now)
    if clue.source != "url":
        return parse_printed(clue.raw, zone, now)
    day = url_date(clue.raw)
    if day is None or (now and day > (now.astimezone(zone) + FUTURE).date()):
        return None
    return Moment(midnight(day, zone), "day")


def _local_day(moment: Moment, zone: tzinfo) -> date:
    return moment.at.astimezone(zone).date()


def _relabelled(readings: list[_Reading], zone: tzinfo, first_seen: datetime) -> _Reading:
    """The most trusted reading, its UTC label dropped where that is proved to be wrong."""
    best = readings[0]
    if not best.is_utc:
        return best
    printed = best.moment.at.replace(tzinfo=None, second=0)
    for other in readings[1:]:
        at = other.moment.at
        same = at.replace(tzinfo=None, second=0) == printed
        if same and other.is_exact and at.utcoffset():
            return other
    local = best.moment.at.replace(tzinfo=zone)
    if best.moment.at > first_seen + timedelta(minutes=10) and local <= first_seen:
        return _Reading(best.clue, Moment(local, "time"), local.date())
    return best


def _refined(best: _Reading, readings: list[_Reading]) -> _Reading | None:
    """The reading that gives the time, None when only the day is known."""
    if best.is_exact:
        return best
    same_day = [other for other in readings if other.day == best.day]
    exact = next((other for other in same_day if other.is_exact), None)
    if exact is not None or best.moment.precision == "day":
        return exact
    shown = (other for other in same_day if other.clue.source == "page")
    return best if any(other.moment.at == best.moment.at for other in shown) else None


def _disagreements(best: _Reading, readings: list[_Reading], zone: tzinfo) -> list[str]:
    notes = []
    for other in readings:
        apart = abs((other.day - best.day).days)
        limit = APART.get(other.clue.source, 1)
        if best.is_utc and other.clue.source == "page" and _read(other.clue, zone, None):
            limit = 0  # unless it is a rough "2 hari lalu", which cannot be read without a clock
        if apart > limit:
            name, second = NAMES[best.clue.source], NAMES[other.clue.source]
            notes.append(f"{name} says {best.day}, {second} says {other.day}")
    return notes


def _sentence(notes: list[str]) -> str | None:
    if not notes:
        return None
    text = "; ".join(dict.fromkeys(notes))
    return text[0].upper() + text[1:] + "."
