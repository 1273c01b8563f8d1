"""Nightly upkeep of the database: what is old goes, statistics are renewed, the log is emptied."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from store.copies import forget_fingerprints
from store.database import transaction
from store.encoding import maybe_time, to_text
from store.outbox import prune_outbox
from store.polls import prune_polls
from store.snapshots import prune_snapshots

ERROR_DAYS = 90
# Off-topic addresses: by then no source names them any more, so that none is fetched again.
OFF_TOPIC_DAYS = 365
ANALYSED_ROWS = 1000  # an index; enough for the planner, and quick on a million articles


def tidy(db: Database, now: datetime) -> dict[str, int]:
    """Does all of it; returns how many rows went, by kind. Each step is a short transaction of its
    own, and what fails half-way is done the next night."""
    gone = {
        "snapshots": prune_snapshots(db, now),
        "polls": prune_polls(db, now),
        "messages": prune_outbox(db, now),
        "errors": prune_errors(db, now),
        "off_topic": prune_off_topic(db, now),
        "fingerprints": forget_fingerprints(db, now),
    }
    db.conn.execute(f"PRAGMA analysis_limit = {ANALYSED_ROWS}")
    db.conn.execute("ANALYZE")
    chore_done(db, "tidy", now)
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return gone


def prune_errors(db: Database, now: datetime) -> int:
    """Drop what went wrong more than three months ago; returns how many rows."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "DELETE FROM errors WHERE at < ?", (to_text(now - timedelta(days=ERROR_DAYS)),)
        )
    return cursor.rowcount


def prune_off_topic(db: Database, now: datetime) -> int:
    """Forget addresses that were off topic a year ago and were not asked for since; returns how
    many."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "DELETE FROM pages WHERE state = 'off_topic' AND article_id IS NULL AND visited_at < ?",
            (to_text(now - timedelta(days=OFF_TOPIC_DAYS)),),
        )
    return cursor.rowcount


def chore_done(db: Database, name: str, now: datetime) -> None:
    """Remember when a chore was done."""
    with transaction(db) as conn:
        conn.execute(
            "INSERT INTO chores(name, done_at) VALUES (?, ?)"
            " ON CONFLICT(name) DO UPDATE SET done_at = excluded.done_at",
            (name, to_text(now)),
        )


def last_done(db: Database, name: str) -> datetime | None:
    """When a chore was last done (aware UTC), None: never."""
    row = db.conn.execute("SELECT done_at FROM chores WHERE name = ?", (name,)).fetchone()
    return None if row is None else maybe_time(row[0])
