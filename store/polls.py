"""The daemon's passes over outlets, one row each: what cadence and health are judged by."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.database import transaction
from store.encoding import from_text, maybe_time, to_json, to_text

KEPT_DAYS = 28  # long enough for four weekends
COLUMNS = "outlet at failure weight items new read empty blocked kept undated".split()


@dataclass(frozen=True, slots=True)
class Poll:
    """One pass. at is aware UTC; failure the class of what went wrong, None when a source
    answered, and weight how much that counts; items were named by its sources, new of them not
    known before; read pages gave a text, empty ones none; undated of the articles kept have no
    date of their own."""

    outlet: str
    at: datetime
    failure: str | None = None
    weight: float = 0.0
    items: int = 0
    new: int = 0
    read: int = 0
    empty: int = 0
    blocked: int = 0
    kept: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """What an outlet's sources named since a moment: how many items, how many of them new; the
    status of one that failed; and for how long they say that they will not change."""

    items: int
    new: int
    status: int | None
    fresh: timedelta


def record_poll(db: Database, poll: Poll) -> int:
    """Keep a pass; returns its id, by which it can be forgiven."""
    values = [getattr(poll, name) for name in COLUMNS]
    values[1] = to_text(poll.at)
    with transaction(db) as conn:
        cursor = conn.execute(
            f"INSERT INTO polls({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})",
            values,
        )
    return int(cursor.lastrowid or 0)


def forgive(db: Database, poll_ids: Collection[int]) -> None:
    """Forget these passes and the failures they left at the sources: we were offline."""
    ids = to_json(sorted(poll_ids))
    with transaction(db) as conn:
        conn.execute(
            "UPDATE sources SET failures = max(failures - 1, 0) WHERE outlet IN"
            " (SELECT outlet FROM polls WHERE id IN (SELECT value FROM json_each(?)))",
            (ids,),
        )
        conn.execute("DELETE FROM polls WHERE id IN (SELECT value FROM json_each(?))", (ids,))


def polls(db: Database, outlet: str, since: datetime) -> list[Poll]:
    """The outlet's passes since then (aware), oldest first."""
    rows = db.conn.execute(
        "SELECT * FROM polls WHERE outlet = ? AND at >= ? ORDER BY at, id", (outlet, to_text(since))
    )
    return [_poll(row) for row in rows]


def failures_in_a_row(db: Database, outlet: str) -> float:
    """The weights of the outlet's failed passes since its last good one."""
    row = db.conn.execute(
        "SELECT coalesce(sum(weight), 0) FROM polls WHERE outlet = ?1 AND failure IS NOT NULL"
        " AND id > coalesce((SELECT max(id) FROM polls WHERE outlet = ?1 AND failure IS NULL), 0)",
        (outlet,),
    ).fetchone()
    return float(row[0])


def failed_in_a_row(db: Database, outlet: str) -> int:
    """How many of the outlet's passes have failed since its last good one."""
    row = db.conn.execute(
        "SELECT count(*) FROM polls WHERE outlet = ?1 AND failure IS NOT NULL AND weight > 0"
        " AND id > coalesce((SELECT max(id) FROM polls WHERE outlet = ?1 AND failure IS NULL), 0)",
        (outlet,),
    ).fetchone()
    return int(row[0])


def named_since(db: Database, outlet: str, begun: datetime, unlisted: int = 0) -> Named:
    """What the outlet's sources named in the pass that began then; so many of the pages found in
    it stand on the home page alone."""
    at = to_text(begun)
    row = db.conn.execute(
        "SELECT coalesce(sum(iif(failures = 0, items, 0)), 0) AS items,"
        " max(iif(failures > 0, last_status, NULL)) AS status,"
        " coalesce(min(fresh_s), 0) AS fresh_s"
        " FROM sources WHERE outlet = ? AND checked_at >= ?",
        (outlet, at),
    ).fetchone()
    new = db.conn.execute(
        "SELECT count(*) FROM pages WHERE outlet = ? AND discovered_at >= ?", (outlet, at)
    ).fetchone()[0]
    fresh = timedelta(seconds=row["fresh_s"])
    named = min(max(new - unlisted, 0), row["items"])
    return Named(row["items"], named, row["status"], fresh)


def entries_since(
    db: Database, outlet: str, since: datetime
) -> tuple[datetime | None, list[tuple[datetime, str | None]]]:
    """When the outlet's first page was found (aware UTC), and of each page found since then, when
    that was and the raw date its source gave it."""
    first = db.conn.execute(
        "SELECT min(discovered_at) FROM pages WHERE outlet = ?", (outlet,)
    ).fetchone()[0]
    rows = db.conn.execute(
        "SELECT discovered_at, hint_published FROM pages WHERE outlet = ? AND discovered_at >= ?",
        (outlet, to_text(since)),
    )
    found = [(from_text(row["discovered_at"]), row["hint_published"]) for row in rows]
    return maybe_time(first), found


def first_empty(db: Database, outlet: str, begun: datetime) -> int:
    """How many of the outlet's pages gave no text for the first time in the pass that began then;
    later attempts at the same page do not count again."""
    row = db.conn.execute(
        "SELECT count(*) FROM pages WHERE outlet = ? AND state IN ('discovered', 'done')"
        " AND attempts = 1 AND ending IN ('empty', 'unreadable') AND visited_at >= ?",
        (outlet, to_text(begun)),
    ).fetchone()
    return int(row[0])


def has_worked(db: Database, outlet: str) -> bool:
    """Whether the outlet ever gave an article, or a page that was none."""
    row = db.conn.execute(
        "SELECT EXISTS (SELECT 1 FROM pages WHERE outlet = ?"
        " AND state IN ('done', 'off_topic', 'gone'))",
        (outlet,),
    ).fetchone()
    return bool(row[0])


@dataclass(frozen=True, slots=True)
class LastReading:
    """When (aware UTC) the text of a page was last looked for, and whether none was found."""

    at: datetime
    bad: bool


def last_reading(db: Database, outlet: str) -> LastReading | None:
    """The latest pass over the outlet in which a page was read; the first pass of all when none
    was; None before that."""
    row = db.conn.execute(
        "SELECT at, empty > 0 AS bad FROM polls WHERE outlet = ? AND read + empty > 0"
        " ORDER BY at DESC LIMIT 1",
        (outlet,),
    ).fetchone()
    if row is None:
        row = db.conn.execute(
            "SELECT at, 0 AS bad FROM polls WHERE outlet = ? ORDER BY at LIMIT 1", (outlet,)
        ).fetchone()
    return None if row is None else LastReading(from_text(row["at"]), bool(row["bad"]))


def prune_polls(db: Database, now: datetime, days: float = KEPT_DAYS) -> int:
    """Drop passes older than that; returns how many."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "DELETE FROM polls WHERE at < ?", (to_text(now - timedelta(days=days)),)
        )
    return cursor.rowcount


def _poll(row: sqlite3.Row) -> Poll:
    values = {name: row[name] for name in COLUMNS}
    return Poll(**values | {"at": from_text(row["at"])})
