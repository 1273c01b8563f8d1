"""Finds the time of day printed next to a date, with the zone it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, tzinfo

from crawler.calendar_words import LABELS, WEEKDAY, ZONE_NAMES, fixed_zone

_TIME = (
    r"(?P<hour>[0-9]{1,2})(?:(?P<dot>\.)|\s?:\s?)(?P<minute>[0-5][0-9])"
    r"(?:[:.](?P<second>[0-5][0-9])(?:[.,][0-9]{1,9})?)?(?![0-9])"
    r"(?!\s?(?:k|rb|ribu|jt|juta|kali|views|%)(?![a-z]))"
)
_HALF = r"(?:\s?(?P<half>[ap])\.?m\.?(?![a-z]))?"
_LABEL = r"wib|wita(?![a-z])|wit(?![a-z])|wita|wit(?!h)"  # also glued: "WIBOleh"
_OFFSET = (
    r"(?:utc|gmt)?\s?(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})(?![0-9:/.])"
    r"(?!\s?wi[bt])|(?:utc|gmt|(?<=[0-9])(?=[+-]))\s?(?P<sign2>[+-])(?P<hours2>[0-9]{1,2})"
    r"(?![0-9:/.\-])"
)
_UNTIL = r"(?:\s?-\s?[0-9]{1,2}[:.][0-9]{2})?"  # "08:30-10:00 WIB"
_ZONE = (
    rf"(?:{_UNTIL}[\s(,.]{{0,2}}(?P<label>{_LABEL})|\s?(?:{_OFFSET})"
    r"|\s?(?P<name>[a-z]{1,3})(?![a-z]))?"
)
_CLOCK = _TIME + _HALF + _ZONE
_WORD = r"(?:(?:pukul|pkl?|jam|waktu|pada|at|on|time)(?![a-z])[\s.:]{0,3})?"
_CLOCK_AFTER = re.compile(rf"(?:t(?=[0-9])|[\s,|()\[\]/@.;:-]{{0,8}}{_WORD}){_CLOCK}")
_CLOCK_ANYWHERE = re.compile(rf"(?<![0-9.:]){_CLOCK}")
_REST_BEFORE = re.compile(rf"[\s,|/.)-]{{0,6}}(?:{WEEKDAY}[\s,|.-]{{0,3}})?")


@dataclass(frozen=True, slots=True)
class PrintedTime:
    """A time of day; zone is None when none is printed."""

    time: time
    zone: tzinfo | None


def time_near(text: str, start: int, end: int, limit: int) -> PrintedTime | None:
    """The time that belongs to the date at start-end of a folded text: right after it, or
    labelled WIB, WITA or WIT before `limit` (where the next date begins), or right before it."""
    after = _CLOCK_AFTER.match(text, end, limit)
    if after and _is_surely_a_time(after, text) and (clock := _clock(after)):
        return clock
    for found in _CLOCK_ANYWHERE.finditer(text, end, min(limit, end + 80)):
        if found["label"] and (clock := _clock(found)):
            return clock
    for found in _CLOCK_ANYWHERE.finditer(text, max(0, start - 40), start):
        clock = _clock(found)
        if clock and _REST_BEFORE.fullmatch(text, found.end(), start):
            return clock
    return None


def _is_surely_a_time(found: re.Match[str], text: str) -> bool:
    """A dot may also part a number: "1.25" needs two digits, a word or a zone to be a time."""
    if found["dot"] is None or len(found["hour"]) == 2 or found["label"]:
        return True
    return re.search("[a-z]", text[found.start() : found.start("hour")]) is not None


def _clock(found: re.Match[str]) -> PrintedTime | None:
    hour = int(found["hour"])
    if found["half"] == "p" and hour < 12:
        hour += 12
    elif found["half"] == "a" and hour == 12:
        hour = 0
    if hour > 23:
        return None
    return PrintedTime(time(hour, int(found["minute"]), int(found["second"] or 0)), _zone(found))


def _zone(found: re.Match[str]) -> tzinfo | None:
    if found["label"]:
        return fixed_zone(LABELS[found["label"]])
    sign = found["sign"] or found["sign2"]
    if sign:
        hours = int(found["hours"] or found["hours2"]) * (-1 if sign == "-" else 1)
        return fixed_zone(hours, int(found["minutes"] or 0))
    hours_east = ZONE_NAMES.get(found["name"] or "")
    return None if hours_east is None else fixed_zone(hours_east)
