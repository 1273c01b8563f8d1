"""Months, weekdays and zone labels as Indonesian outlets write them, also shortened or misspelt.

Words and misspellings: facts/outlets.md section 6; English ones come from untranslated themes.
"""

from __future__ import annotations

import re
from datetime import timedelta, timezone

_MONTHS = (
    "januari january jan",
    "februari pebruari febuari february febr feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agust agst agu agt ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
MONTHS = {word: number for number, row in enumerate(_MONTHS, 1) for word in row.split()}
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"

WEEKDAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_FULL = (
    "senin monday",
    "selasa salasa tuesday",
    "rabu rebo wednesday",
    "kamis kemis thursday",
    "jumat jumaat friday",
    "sabtu saptu saturday",
    "minggu ahad sunday",
)
_SHORT = (
    "sen mon",
    "sel tue tues",
    "rab wed",
    "kam thu thur thurs",
    "jum fri",
    "sab sat",
    "min sun",
)
FULL_WEEKDAYS = {word: day for day, row in enumerate(_FULL) for word in row.split()}
WEEKDAYS = FULL_WEEKDAYS | {word: day for day, row in enumerate(_SHORT) for word in row.split()}
_JUMAT = r"jum[', ]?a?at|juma'a?t"  # Jum'at, Jum at, Jum,at, Juma't
FULL_WEEKDAY = rf"(?:{_JUMAT}|{'|'.join(FULL_WEEKDAYS)})"
_SHORT_WORDS = sorted(set(WEEKDAYS) - set(FULL_WEEKDAYS), key=len, reverse=True)
WEEKDAY = rf"(?:{_JUMAT}|{'|'.join(FULL_WEEKDAYS)}|{'|'.join(_SHORT_WORDS)})"

# What may stand between a weekday and its date: "Senin lalu (8/5)", "Jumat Kliwon, 3 Mei 2024".
_FILLERS = (
    "lalu|kemarin|kemaren|ini|tadi|pagi|siang|sore|petang|malam|dini hari|subuh|besok|lusa"
    "|mendatang|depan|nanti|tanggal|tgl|pahing|pon|wage|kliwon|legi"
)
_GAP = rf"((?:[\s,(]{{1,3}}(?:{_FILLERS})(?![a-z])){{0,3}})[\s,.:;(|/\-]{{0,4}}"
_BEFORE_FULL = re.compile(rf"(?<![a-z])({FULL_WEEKDAY}){_GAP}$")
_BEFORE = re.compile(rf"(?<![a-z])(?<![0-9]\s)({WEEKDAY}){_GAP}$")
_AFTER = re.compile(rf"\s?[(,]\s?({FULL_WEEKDAY})(?![a-z])")
_LOOK_BACK = 48

# Hours east of UTC. Indonesia's three zones have no summer time; the rest are RFC 822's.
LABELS = {"wib": 7, "wita": 8, "wit": 9}
ZONE_NAMES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5}
ZONE_NAMES |= {"mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

_ONE_TO_ONE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u0060\u00b4\u02bc\u2032\uff07", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d", "-"),
        **dict.fromkeys("\u2044\u2215\uff0f", "/"),
        **dict.fromkeys("\u00b7\u2022\u2219\u25cf\uff5c\u2502", "|"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\u200b\u200c\u200d\u2060\ufeff", " "),
    }
)
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def fold(text: str) -> str:
    """The text in lower case with one kind of quote, dash, bar and space, code point for code
    point, so that places in it are places in the original."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered
        lowered = text.translate(_ASCII_LOWER)
    return lowered if lowered.isascii() else lowered.translate(_ONE_TO_ONE)


def month_number(word: str) -> int | None:
    """1-12 for a folded month name, also one with a slip of the keyboard; None if no month, or
    two months, are that near."""
    if word in MONTHS:
        return MONTHS[word]
    if len(word) < 4 or len(word) > 12:
        return None
    allowed = 2 if len(word) >= 7 else 1
    near = {MONTHS[name] for name in MONTHS if len(name) > 3 and _within(word, name, allowed)}
    return near.pop() if len(near) == 1 else None


def weekday_before(text: str, at: int, running: bool) -> tuple[int, int] | None:
    """The weekday (Monday 0) that belongs to the date at `at` of a folded text, and where its name
    begins. In running text only full names count ("sen" is also a coin)."""
    begin = max(0, at - _LOOK_BACK)
    found = (_BEFORE_FULL if running else _BEFORE).search(text[begin:at])
    if found is None:
        return None
    word = re.sub("[^a-z]", "", found[1])
    if word == "minggu" and re.search("lalu|ini|depan", found[2]):  # last week, not last Sunday
        return None
    return WEEKDAYS[word], begin + found.start()


def weekday_after(text: str, at: int) -> int | None:
    """The weekday in "30/04/2025 (Rabu)", `at` being where the date ends."""
    found = _AFTER.match(text, at)
    return WEEKDAYS[re.sub("[^a-z]", "", found[1])] if found else None


def fixed_zone(hours: int, minutes: int = 0) -> timezone | None:
    """A fixed offset from UTC, None when no place on earth has it."""
    if abs(hours) > 14 or minutes > 59:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))


def _within(word: str, name: str, allowed: int) -> bool:
    if abs(len(word) - len(name)) > allowed:
        return False
    row = list(range(len(name) + 1))
    for i, letter in enumerate(word, 1):
        corner, row[0] = row[0], i
        for j, other in enumerate(name, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (letter != other))
    return row[-1] <= allowed
