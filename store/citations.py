"""Articles as references for a bibliography program, in RIS (Research Information Systems)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TextIO
from zoneinfo import ZoneInfo

from store.records import StoredArticle

# Ends of lines would begin a new field; other control characters have no place in a reference.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
ABSTRACT_CHARS = 600


def write_ris(rows: Iterable[StoredArticle], stream: TextIO) -> None:
    """Write one reference of type NEWS an article: title, byline, outlet, day of publication in
    the outlet's zone, address, the day it was found, tags, and its first lines as the abstract.

    stream must not translate line ends (newline=""); lines end in CR LF, as the format has it.
    """
    for stored in rows:
        for name, value in _fields(stored):
            stream.write(f"{name}  - {CONTROLS.sub(' ', value).strip()}\r\n")
        stream.write("ER  - \r\n\r\n")


def _fields(stored: StoredArticle) -> Iterable[tuple[str, str]]:
    article = stored.article
    zone = ZoneInfo(stored.zone)
    found = stored.first_seen_at.astimezone(zone).date()
    yield "TY", "NEWS"
    yield "ID", f"pantau-{stored.id}"
    yield "TI", article.title
    if article.byline:
        yield "AU", article.byline
    yield "T2", stored.outlet_name
    yield "PY", str(article.published_day.year)
    yield "DA", _day(article.published_day)
    if article.place:
        yield "CY", article.place
    yield "UR", stored.url
    yield "Y2", _day(found)
    yield "LA", "id"
    for tag in article.tags:
        yield "KW", tag.label
    yield "AB", _opening(article.text)


def _day(day: date) -> str:
    return f"{day:%Y/%m/%d}/"


def _opening(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= ABSTRACT_CHARS else flat[:ABSTRACT_CHARS].rsplit(" ", 1)[0] + " …"
