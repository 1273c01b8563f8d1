"""The words of the page in the reader's language, and times as that reader writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from store.records import StoredArticle

LANGUAGES = ("id", "en")
# The three zones of the country, as its people call them.
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language; called with a key it gives the words for it, `{name}` filled.
    KeyError for a key that no language has: a misspelt template is no page. clock is the zone
    (of ZONES) in which the reader wants times, None: each in the zone it belongs to."""

    code: str
    words: Mapping[str, Any]
    clock: str | None = None

    def __call__(self, key: str, **values: object) -> str:
        text: str = self.words[key]
        return text.format(**values) if values else text

    def day(self, day: date) -> str:
        """A date: 30 Apr 2025."""
        return f"{day.day} {self.words['months'][day.month - 1]} {day.year}"

    def moment(self, at: datetime, zone: str) -> str:
        """A time in the reader's zone, else in that one, with the zone's name: 30 Apr 2025 14.12
        WIB."""
        local = at.astimezone(ZoneInfo(ZONES.get(self.clock or "", zone)))
        clock = f"{local:%H}{self.words['clock']}{local:%M}"
        return f"{self.day(local.date())} {clock} {local.tzname() or zone}"

    def published(self, stored: StoredArticle) -> str:
        """When an article was published, in the reader's zone, else its outlet's; the day if only
        that is known."""
        article = stored.article
        if article.published_precision == "day":
            return f"{self.day(article.published_day)} ({self('day_only')})"
        return self.moment(article.published_at, stored.zone)


@cache
def texts(code: str) -> Texts:
    """The words of a language of LANGUAGES."""
    with (FOLDER / "texts" / f"{code}.toml").open("rb") as stream:
        return Texts(code, tomllib.load(stream))


@cache
def provinces() -> Mapping[str, str]:
    """The provinces' names by Kemendagri code."""
    with (FOLDER / "provinces.toml").open("rb") as stream:
        return tomllib.load(stream)


def language(chosen: str | None, accepted: str) -> str:
    """The language to speak: the one chosen with the switch, else the first of the browser's
    (Accept-Language) that we have, else Indonesian."""
    if chosen in LANGUAGES:
        return chosen
    wanted = []
    for place, part in enumerate(accepted.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, tag.lower().partition("-")[0]))
        except ValueError:
            continue
    return next((code for _, _, code in sorted(wanted) if code in LANGUAGES), LANGUAGES[0])
