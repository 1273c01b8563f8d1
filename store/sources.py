"""The feeds, sitemaps and listings of an outlet: a source's failure is data on its own row."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlite_utils import Database

from store.database import transaction
from store.encoding import maybe_time, storable, to_text
from store.records import Fetched, SourceRow

MESSAGE_CHARS = 500


def known_sources(db: Database, outlet: str) -> list[SourceRow]:
    """The outlet's sources in the order they were found (its home, see looks.py, is none)."""
    rows = db.conn.execute(
        "SELECT * FROM sources WHERE outlet = ? AND kind <> 'home' ORDER BY id", (outlet,)
    )
    return [_source(row) for row in rows]


def save_source(db: Database, outlet: str, kind: str, url: str, now: datetime) -> SourceRow:
    """Remember a source that proved itself; one already known keeps its history."""
    with transaction(db) as conn:
        conn.execute(
            "INSERT INTO sources(outlet, kind, url, found_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT(outlet, url) DO UPDATE SET kind = excluded.kind",
            (outlet, kind, storable(url), to_text(now)),
        )
        row = conn.execute(
            "SELECT * FROM sources WHERE outlet = ? AND url = ?", (outlet, storable(url))
        ).fetchone()
    return _source(row)


def source_answered(
    db: Database, source_id: int, fetched: Fetched, items: int, newest: str | None, now: datetime
) -> None:
    """Record a good answer. After a 304 items, newest and the validators stay as they were: the
    validators' age counts from the last full answer, because servers lie with 304 (findings)."""
    at = to_text(now)
    with transaction(db) as conn:
        conn.execute(
            "UPDATE sources SET checked_at = ?1, last_ok_at = ?1, last_status = ?2,"
            " last_error = NULL, failures = 0,"
            " fresh_s = iif(?2 = 304 AND ?3 = 0, fresh_s, ?3) WHERE id = ?4",
            (at, fetched.status, fetched.fresh_s, source_id),
        )
        if fetched.status == 304:
            return
        validators = (fetched.etag, fetched.last_modified, fetched.body_sha256, at)
        conn.execute(
            "UPDATE sources SET etag = ?, last_modified = ?, body_sha256 = ?, validators_at = ?,"
            " items = ?, newest_known = coalesce(?, newest_known) WHERE id = ?",
            (*validators, items, newest, source_id),
        )


def source_failed(
    db: Database, source_id: int, status: int | None, error: str, now: datetime
) -> None:
    """Record a bad answer or none; failures counts those in a row."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE sources SET checked_at = ?, last_status = ?, last_error = ?,"
            " failures = failures + 1 WHERE id = ?",
            (to_text(now), status, storable(error)[:MESSAGE_CHARS], source_id),
        )


def _source(row: sqlite3.Row) -> SourceRow:
    return SourceRow(
        id=row["id"],
        outlet=row["outlet"],
        kind=row["kind"],
        url=row["url"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        body_sha256=row["body_sha256"],
        validators_at=maybe_time(row["validators_at"]),
        last_ok_at=maybe_time(row["last_ok_at"]),
        last_status=row["last_status"],
        last_error=row["last_error"],
        items=row["items"],
        newest_known=row["newest_known"],
        failures=row["failures"],
    )
