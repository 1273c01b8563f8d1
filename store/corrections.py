"""What a person corrected of an article, and what was read where the correction stands.

The articles table holds what counts: the person's value. What the machine reads meanwhile is kept
aside, so that taking a correction back shows the latest reading.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from store.article_rows import Columns
from store.encoding import from_text, to_text

Field = Literal["date", "place", "byline", "region", "title"]

# The columns of articles each field stands for. A person's date also ends the machine's doubts
# about it; published_source stays: it says what was read, and the contract has no word for us.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "date": ("published_at", "published_day", "published_precision", "date_conflict"),
    "place": ("place",),
    "byline": ("byline",),
    "region": ("region",),
    "title": ("title",),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A standing correction. value None says there is none (no place, no byline, no region); a
    date is `YYYY-MM-DD` or ISO 8601 with an offset; machine is what was read instead, a date in
    the same two forms, in UTC. at is aware UTC."""

    field: str
    value: str | None
    by: str
    at: datetime
    machine: str | None


def corrections(db: Database, article_id: int) -> list[Correction]:
    """The corrections that stand, in the order of FIELDS."""
    aside = _set_aside(db.conn, article_id)
    found = _standing(db.conn, article_id)
    return [
        Correction(
            field=field,
            value=value,
            by=row["reviewer"],
            at=from_text(row["at"]),
            machine=_machine(field, aside),
        )
        for field, (value, row) in sorted(
            found.items(), key=lambda item: list(FIELDS).index(item[0])
        )
    ]


def keep_aside(conn: sqlite3.Connection, article_id: int, columns: Columns) -> Columns:
    """The columns to write of a new reading: those a person corrected are kept aside instead."""
    corrected = columns.keys() & _set_aside(conn, article_id).keys()
    conn.executemany(
        "UPDATE machine_values SET value = ? WHERE article_id = ? AND name = ?",
        [(columns[name], article_id, name) for name in corrected],
    )
    return {name: value for name, value in columns.items() if name not in corrected}


def machine_columns(conn: sqlite3.Connection, article_id: int) -> Columns:
    """What was last read of the columns that a person corrected."""
    return _set_aside(conn, article_id)


def refresh(conn: sqlite3.Connection, article_id: int) -> None:
    """Make the article say what the log of corrections says, after an entry came or was undone,
    in the caller's transaction."""
    _write(conn, article_id, _set_aside(conn, article_id))
    conn.execute("DELETE FROM machine_values WHERE article_id = ?", (article_id,))
    for field, (value, _) in _standing(conn, article_id).items():
        names = FIELDS[field]
        read = conn.execute(
            f"SELECT {', '.join(names)} FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        conn.executemany(
            "INSERT INTO machine_values(article_id, name, value) VALUES (?, ?, ?)",
            [(article_id, name, read[name]) for name in names],
        )
        _write(conn, article_id, _corrected(conn, article_id, field, value))


def _write(conn: sqlite3.Connection, article_id: int, columns: Columns) -> None:
    if columns:
        sets = ", ".join(f"{name} = ?" for name in columns)
        values = (*columns.values(), article_id)
        conn.execute(f"UPDATE articles SET {sets} WHERE id = ?", values)


def _corrected(conn: sqlite3.Connection, article_id: int, field: str, value: str | None) -> Columns:
    if field != "date" or value is None:
        return {field: value}
    if len(value) > len("2025-05-01"):
        moment = datetime.fromisoformat(value)
        precision, at, day = "time", moment, moment.astimezone(_zone(conn, article_id)).date()
    else:
        precision, day = "day", date.fromisoformat(value)
        at = datetime.combine(day, time(), _zone(conn, article_id))
    return {
        "published_at": to_text(at.astimezone(UTC)),
        "published_day": day.isoformat(),
        "published_precision": precision,
        "date_conflict": None,
    }


def _zone(conn: sqlite3.Connection, article_id: int) -> ZoneInfo:
    row = conn.execute(
        "SELECT o.zone FROM articles a JOIN outlets o ON o.slug = a.outlet WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return ZoneInfo(row["zone"])


def _set_aside(conn: sqlite3.Connection, article_id: int) -> Columns:
    rows = conn.execute(
        "SELECT name, value FROM machine_values WHERE article_id = ?", (article_id,)
    )
    return {row["name"]: row["value"] for row in rows}


def _standing(
    conn: sqlite3.Connection, article_id: int
) -> dict[str, tuple[str | None, sqlite3.Row]]:
    """The latest standing correction of each field: its value and its entry."""
    found: dict[str, tuple[str | None, sqlite3.Row]] = {}
    for row in conn.execute(
        "SELECT id, reviewer, at, value FROM standing_reviews"
        " WHERE article_id = ? AND action = 'correct' AND value <> '[redacted]' ORDER BY id",
        (article_id,),
    ):
        said = json.loads(row["value"])
        found[said["field"]] = said["value"], row
    return found


def _machine(field: str, aside: Columns) -> str | None:
    if field != "date":
        value = aside.get(field)
    elif aside.get("published_precision") == "day":
        value = aside.get("published_day")
    else:
        value = aside.get("published_at")
    return None if value is None else str(value)
