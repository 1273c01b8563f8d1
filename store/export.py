"""Articles on their way out: the contract's JSON, lines of it, and a table for a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from store.records import Article, Note, StoredArticle, Tag

# Order and names are the contract's (Article JSON).
KEYS = (
    "id",
    "url",
    "outlet",
    "title",
    "text",
    "published_at",
    "published_precision",
    "published_source",
    "event_date",
    "date_conflict",
    "first_seen_at",
    "byline",
    "place",
    "province",
    "region",
    "advertorial",
    "topic",
    "relevance",
    "score",
    "reasons",
    "tags",
    "verdict",
    "starred",
    "notes",
    "copies",
    "siblings",
    "revision",
    "removed",
)
# A cell that begins so is run as a formula by spreadsheets (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def article_json(stored: StoredArticle) -> dict[str, Any]:
    """The article as the contract's JSON object, keys in its order.

    Times carry the outlet's offset; a publication known to the day is `YYYY-MM-DD`.
    """
    article = stored.article
    zone = ZoneInfo(stored.zone)
    values: dict[str, Any] = {
        name: getattr(article, name) for name in KEYS if name in Article.__dataclass_fields__
    }
    values |= {
        "id": stored.id,
        "url": stored.url,
        "outlet": stored.outlet,
        "published_at": _published(article, zone),
        "event_date": _day(article.event_date),
        "first_seen_at": _local(stored.first_seen_at, zone),
        "reasons": [asdict(reason) for reason in article.reasons],
        "tags": [asdict(tag) for tag in article.tags],
        "verdict": stored.verdict,
        "starred": stored.starred,
        "notes": [_note(note, zone) for note in stored.notes],
        "copies": list(stored.copies),
        "siblings": list(stored.siblings),
        "revision": stored.revision,
        "removed": [asdict(removal) for removal in article.removed],
    }
    return {key: values[key] for key in KEYS}


def write_jsonl(rows: Iterable[StoredArticle], stream: TextIO) -> None:
    """Write one JSON object a line."""
    for stored in rows:
        stream.write(json.dumps(article_json(stored), ensure_ascii=False) + "\n")


def write_csv(rows: Iterable[StoredArticle], stream: TextIO) -> None:
    """Write a header and one line an article, columns as in the JSON.

    stream must not translate line ends (newline=""). No cell can run as a formula. copies and
    siblings are addresses and tags are `kind:label`, parted by `; `; reasons, notes and removed
    are JSON; yes is `true`, unknown is empty.
    """
    # Only what occurs in the line's end is quoted: with "\n" alone a bare CR would begin a new row.
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(KEYS)
    for stored in rows:
        writer.writerow([_cell(value) for value in article_values(stored)])


def article_values(stored: StoredArticle) -> list[str | int | float | bool | None]:
    """The article's values in the order of KEYS, each one that a table's cell can hold: lists of
    text are joined by `; `, tags are `kind:label`, other lists are JSON. Nothing is made safe for
    a program that runs formulas."""
    values = article_json(stored)
    values["tags"] = [_tag(tag) for tag in stored.article.tags]
    return [_plain(values[key]) for key in KEYS]


def _published(article: Article, zone: ZoneInfo) -> str:
    if article.published_precision == "day":
        return article.published_day.isoformat()
    return _local(article.published_at, zone)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _note(note: Note, zone: ZoneInfo) -> dict[str, str]:
    return {"at": _local(note.at, zone), "by": note.by, "text": note.text}


def _tag(tag: Tag) -> str:
    return f"{tag.kind}:{tag.label}"


def _plain(value: Any) -> str | int | float | bool | None:
    if isinstance(value, list):
        if all(isinstance(part, str) for part in value):
            return "; ".join(value)
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str | int | float | None):
        return value
    raise TypeError(f"no cell holds {value!r}")


def _cell(value: str | int | float | bool | None) -> str:
    if value is None:
        return ""
    return _safe(value) if isinstance(value, str) else json.dumps(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
