"""What every process shares about a host: whose turn it is, pauses, failures in a row, robots.txt.

Turns, pauses and failures are kept under the name of the host; its robots.txt under the origin
(scheme, host and port) it was asked of, because each has one of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.database import transaction
from store.encoding import maybe_text, maybe_time, storable, to_exact_text
from store.records import HostRow

# Longer than any delay or pause we keep; what lies further ahead was written by a wrong clock.
LONGEST_WAIT = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a host says to whoever wants to ask it. mine: yes, and until then nobody else does;
    otherwise it is not free before until (aware UTC), or sooner if a turn is given back."""

    mine: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks for a turn: a process id, how many seconds an answer may take at most, and how many
    have to lie between two requests."""

    pid: int
    hold_s: float
    delay_s: float


def host(db: Database, name: str) -> HostRow:
    """What is known of the host; an unknown one comes back with nothing against it."""
    row = db.conn.execute("SELECT * FROM hosts WHERE host = ?", (name,)).fetchone()
    return HostRow(name) if row is None else _host(row)


def take_turn(
    db: Database, name: str, now: datetime, holder: Holder, is_alive: Callable[[int], bool]
) -> Turn:
    """Take the host for one request, so that no other process asks it meanwhile: until the turn
    is given back. One that died may have asked just now: the delay counts from here on."""
    with transaction(db) as conn:
        row = conn.execute("SELECT * FROM hosts WHERE host = ?", (name,)).fetchone()
        if row is not None:
            known = _host(row)
            if row["held_by"] is not None and not is_alive(row["held_by"]):
                return Turn(False, _inherit(conn, name, now + timedelta(seconds=holder.delay_s)))
            for until in (known.not_before, known.next_free_at):
                if until is not None and now < until < now + LONGEST_WAIT:
                    return Turn(False, until)
        until = now + timedelta(seconds=holder.hold_s)
        conn.execute(
            "INSERT INTO hosts(host, next_free_at, held_by) VALUES (?, ?, ?)"
            " ON CONFLICT(host) DO UPDATE SET next_free_at = excluded.next_free_at,"
            " held_by = excluded.held_by",
            (name, to_exact_text(until), holder.pid),
        )
    return Turn(True, until)


def give_turn_back(db: Database, name: str, turn: Turn, free_at: datetime) -> None:
    """The answer came, or failed to: the host may be asked again at free_at (aware UTC). Does
    nothing when the turn had run out and is somebody else's now."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE hosts SET next_free_at = ?, held_by = NULL WHERE host = ? AND next_free_at = ?",
            (to_exact_text(free_at), name, to_exact_text(turn.until)),
        )


def postpone(db: Database, name: str, free_at: datetime) -> None:
    """Let the next turn not come before free_at: the host just said how far apart it wants
    them."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE hosts SET next_free_at = ?1 WHERE host = ?2 AND next_free_at < ?1",
            (to_exact_text(free_at), name),
        )


def paused_until(db: Database, name: str, now: datetime) -> datetime | None:
    """When the pause of the host ends, or None when it is not paused. A pause longer than any we
    make comes from a clock that was wrong, and counts for nothing."""
    until = host(db, name).not_before
    return until if until is not None and now < until < now + LONGEST_WAIT else None


def troubled(db: Database, now: datetime) -> list[HostRow]:
    """The hosts that are paused at the moment and the origins that gave no robots.txt last."""
    rows = db.conn.execute(
        "SELECT * FROM hosts WHERE not_before > ? OR robots_fetched_at IS NOT NULL"
        " AND (robots_status IS NULL OR robots_status = 429"
        " OR robots_status NOT BETWEEN 200 AND 299 AND robots_status NOT BETWEEN 400 AND 499)"
        " ORDER BY host",
        (to_exact_text(now),),
    )
    return [_host(row) for row in rows]


def pause(db: Database, name: str, until: datetime, reason: str) -> None:
    """Let nobody ask the host before until. A longer pause that stands is not shortened."""
    with transaction(db) as conn:
        standing = host(db, name).not_before
        if standing is not None and until <= standing < until + LONGEST_WAIT:
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
    """Keep a robots.txt for every run: what answer says of robots (None: there is none), when it
    came, and crawl_delay (seconds) is taken, the rest of it is not. Its host is an origin."""
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


def _inherit(conn: sqlite3.Connection, name: str, free_at: datetime) -> datetime:
    conn.execute(
        "UPDATE hosts SET held_by = NULL, next_free_at = ? WHERE host = ?",
        (to_exact_text(free_at), name),
    )
    return free_at


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
