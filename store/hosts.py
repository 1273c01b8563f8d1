"""What every process shares about a host: free slots, pauses, failures in a row, robots.txt."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.database import transaction
from store.encoding import maybe_text, maybe_time, storable, to_exact_text
from store.records import HostRow


def host(db: Database, name: str) -> HostRow:
    """What is known of the host; an unknown one comes back with nothing against it."""
    row = db.conn.execute("SELECT * FROM hosts WHERE host = ?", (name,)).fetchone()
    return HostRow(name) if row is None else _host(row)


def reserve(db: Database, name: str, now: datetime, delay_s: float) -> datetime:
    """Take the host's next free slot and return it (aware UTC): the request may start then.

    No two callers get slots closer than delay_s seconds, in whatever process they run; a pause
    moves the slot to its end.
    """
    with transaction(db) as conn:
        known = host(db, name)
        slot = max(t for t in (now, known.not_before, known.next_free_at) if t is not None)
        conn.execute(
            "INSERT INTO hosts(host, next_free_at) VALUES (?, ?)"
            " ON CONFLICT(host) DO UPDATE SET next_free_at = excluded.next_free_at",
            (name, to_exact_text(slot + timedelta(seconds=delay_s))),
        )
    return slot


def pause(db: Database, name: str, until: datetime, reason: str) -> None:
    """Let nobody ask the host before until. A longer pause that stands is not shortened."""
    with transaction(db) as conn:
        standing = host(db, name).not_before
        if standing is not None and standing >= until:
            return
        conn.execute(
            "INSERT INTO hosts(host, not_before, not_before_reason) VALUES (?, ?, ?)"
            " ON CONFLICT(host) DO UPDATE SET not_before = excluded.not_before,"
            " not_before_reason = excluded.not_before_reason",
            (name, to_exact_text(until), storable(reason)),
        )


def failed(db: Database, name: str) -> int:
    """Count a failure of the host; returns how many there are now in a row."""
    with transaction(db) as conn:
        row = conn.execute(
            "INSERT INTO hosts(host, failures) VALUES (?, 1)"
            " ON CONFLICT(host) DO UPDATE SET failures = failures + 1 RETURNING failures",
            (name,),
        ).fetchone()
    return int(row["failures"])


def succeeded(db: Database, name: str) -> None:
    """Forget the host's failures in a row; writes nothing if there are none."""
    if host(db, name).failures:
        with transaction(db) as conn:
            conn.execute("UPDATE hosts SET failures = 0 WHERE host = ?", (name,))


def save_robots(db: Database, answer: HostRow) -> None:
    """Keep a robots.txt for every run: what answer says of robots (None:
    there is none), when it came, and crawl_delay (seconds) is taken, the rest of it is not."""
    with transaction(db) as conn:
        conn.execute(
            "INSERT INTO hosts(host, robots, robots_status, robots_good_at, robots_fetched_at,"
            " crawl_delay) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT(host) DO UPDATE SET robots = excluded.robots,"
            " robots_status = excluded.robots_status, robots_good_at = excluded.robots_good_at,"
            " crawl_delay = excluded.crawl_delay,"
            " robots_fetched_at = excluded.robots_fetched_at",
            (
                answer.host,
                None if answer.robots is None else storable(answer.robots),
                answer.robots_status,
                maybe_text(answer.robots_good_at),
                maybe_text(answer.robots_fetched_at),
                answer.crawl_delay,
            ),
        )


def _host(row: sqlite3.Row) -> HostRow:
    return HostRow(
        host=row["host"],
        next_free_at=maybe_time(row["next_free_at"]),
        not_before=maybe_time(row["not_before"]),
        not_before_reason=row["not_before_reason"],
        crawl_delay=row["crawl_delay"],
        failures=row["failures"],
        robots=row["robots"],
        robots_status=row["robots_status"],
        robots_good_at=maybe_time(row["robots_good_at"]),
        robots_fetched_at=maybe_time(row["robots_fetched_at"]),
    )
