"""The frontier: every page we know of, what state it is in, and who may fetch it next.

A table, not a queue in memory: a crawl that is killed loses nothing, because a lease runs out and
a page's result, its validators and its state are one transaction (outcomes.py).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.addresses import find_page
from store.database import transaction
from store.encoding import from_text, maybe_storable, storable, to_json, to_text
from store.outcomes import MAX_ATTEMPTS, Failure, fail, finish, put_off
from store.records import Candidate, LeasedPage

__all__ = [
    "Failure",
    "changed",
    "discover",
    "fail",
    "finish",
    "give_back",
    "lease",
    "put_off",
    "quarantined",
    "recover",
    "retry",
    "states",
]

IsAlive = Callable[[int], bool]  # of a process id
# Servers lie with 304: after eight days a page is asked for in full again (findings, Fetching).
VALIDATOR_DAYS = 8
# Which pages are due at a time, in the order they are taken. A page that could not be had stands
# behind all that were never asked for: it must not keep them waiting.
_DUE = (
    "state = 'discovered' AND not_before IS NULL AND ? IS NOT NULL ORDER BY id",
    "state = 'discovered' AND not_before <= ? ORDER BY not_before, id",
    "state = 'done' AND next_check_at <= ? ORDER BY next_check_at, id",
)
# Where a page rests when a visit came to nothing: one visited before keeps its next check.
_RESTING = "CASE WHEN next_check_at IS NULL THEN 'discovered' ELSE 'done' END"


def discover(db: Database, outlet: str, candidates: Iterable[Candidate], now: datetime) -> int:
    """Add the candidates that are not known yet, under any address; returns how many are new.

    What a source says of a page that waits to be fetched fills the gaps in its hint.
    """
    with transaction(db) as conn:
        return sum(_discover_one(conn, outlet, candidate, now) for candidate in candidates)


def lease(
    db: Database, outlet: str, n: int, run_id: int, now: datetime, ttl_s: float = 900
) -> list[LeasedPage]:
    """Take up to n pages that are due, for ttl_s seconds: new ones first, in the order they were
    found, then those that were tried before, then those whose re-check is due. Nobody else gets
    them until finish, fail, put_off, give_back or the end of the lease."""
    at = to_text(now)
    until = to_text(now + timedelta(seconds=ttl_s))
    ids: list[int] = []
    with transaction(db) as conn:
        for due in _DUE:
            query = f"SELECT id FROM pages WHERE outlet = ? AND {due} LIMIT ?"
            ids += [row["id"] for row in conn.execute(query, (outlet, at, n - len(ids)))]
        conn.executemany(
            "UPDATE pages SET state = 'leased', lease_until = ?, lease_run = ? WHERE id = ?",
            [(until, run_id, page_id) for page_id in ids],
        )
        rows = [
            conn.execute("SELECT * FROM pages WHERE id = ?", (page_id,)).fetchone()
            for page_id in ids
        ]
    fresh = to_text(now - timedelta(days=VALIDATOR_DAYS))
    return [
        leased_page(row, row["validators_at"] is not None and row["validators_at"] > fresh)
        for row in rows
    ]


def give_back(db: Database, run_id: int, outlet: str | None = None) -> int:
    """Return what the run leased of an outlet, or of all, and did not get to; returns how many
    pages. Attempts are not counted: nobody asked for these pages."""
    with transaction(db) as conn:
        cursor = conn.execute(
            f"UPDATE pages SET state = {_RESTING}, lease_until = NULL, lease_run = NULL"
            " WHERE state = 'leased' AND lease_run = ?1 AND (?2 IS NULL OR outlet = ?2)",
            (run_id, outlet),
        )
    return cursor.rowcount


def recover(db: Database, now: datetime, is_alive: IsAlive | None = None) -> int:
    """Take back the leases of crawls that ended without giving them back; returns how many pages.

    A lease is taken back when its run is closed, when is_alive says no to its run's process id, or
    when it has run out and nobody says yes: a clock set forward takes nothing from one at work.
    Pages are visited in the order they were leased; the first one left of an outlet was being
    visited: for it alone this is an attempt, and it goes behind the others. A page that kills its
    process ends in quarantine, one that happened to be there not.
    """
    with transaction(db) as conn:
        dead, alive = _judged(conn, is_alive)
        rows = conn.execute(
            "SELECT id, row_number() OVER (PARTITION BY lease_run, outlet"
            " ORDER BY next_check_at IS NOT NULL, next_check_at, not_before IS NOT NULL,"
            " not_before, id) AS place FROM pages"
            " WHERE state = 'leased' AND (lease_run IN (SELECT value FROM json_each(?)) OR"
            " lease_until <= ? AND ifnull(lease_run, 0) NOT IN (SELECT value FROM json_each(?)))",
            (to_json(dead), to_text(now), to_json(alive)),
        ).fetchall()
        conn.executemany(
            f"UPDATE pages SET state = {_RESTING}, lease_until = NULL, lease_run = NULL"
            " WHERE id = ?",
            [(row["id"],) for row in rows],
        )
        conn.executemany(
            "UPDATE pages SET attempts = attempts + 1, last_error = 'its process ended',"
            # A time long past by any clock: a replay's stands at the day of its recording.
            " not_before = discovered_at,"
            f" state = iif(attempts + 1 >= {MAX_ATTEMPTS}, 'quarantined', state),"
            f" ending = iif(attempts + 1 >= {MAX_ATTEMPTS}, 'quarantined', ending) WHERE id = ?1",
            [(row["id"],) for row in rows if row["place"] == 1],
        )
    return len(rows)


def changed(db: Database, outlet: str, bodies: Mapping[str, str], now: datetime) -> int:
    """Make those pages due whose body is known to be another one than was read; returns how many.

    bodies gives the SHA-256 of a body by the address it is fetched from: a recording says so of
    its own day. What a server said to skip an unchanged body is forgotten for them.
    """
    with transaction(db) as conn:
        cursor = conn.executemany(
            "UPDATE pages SET next_check_at = ?, etag = NULL, last_modified = NULL,"
            " state = CASE state WHEN 'off_topic' THEN 'discovered' ELSE state END"
            " WHERE outlet = ? AND fetch_url = ? AND body_sha256 <> ?"
            " AND state IN ('done', 'off_topic')",
            [(to_text(now), outlet, url, digest) for url, digest in bodies.items()],
        )
    return cursor.rowcount


def retry(db: Database, target: str | None = None) -> int:
    """Let pages be fetched again as if new; returns how many.

    target is an outlet's slug or None (all): its quarantined and failed pages; or an address: that
    page, unless it is done or being fetched, because a person asked for exactly this one.
    """
    again = (
        "UPDATE pages SET state = 'discovered', attempts = 0, not_before = NULL,"
        " next_check_at = NULL, etag = NULL, last_modified = NULL, body_sha256 = NULL WHERE "
    )
    with transaction(db) as conn:
        page_id = None if target is None else find_page(conn, target)
        if page_id is not None:
            cursor = conn.execute(again + "id = ? AND state NOT IN ('done', 'leased')", (page_id,))
        else:
            cursor = conn.execute(
                again + "state IN ('quarantined', 'failed') AND (?1 IS NULL OR outlet = ?1)",
                (target,),
            )
    return cursor.rowcount


def states(db: Database, outlet: str) -> dict[str, int]:
    """How many of the outlet's pages are in each state; states without any are left out."""
    rows = db.conn.execute(
        "SELECT state, count(*) AS n FROM pages WHERE outlet = ? GROUP BY state", (outlet,)
    )
    return {row["state"]: row["n"] for row in rows}


def quarantined(db: Database, outlet: str) -> list[tuple[str, str | None]]:
    """Address and last error of the outlet's pages that were given up after five attempts."""
    rows = db.conn.execute(
        "SELECT url, last_error FROM pages WHERE outlet = ? AND state = 'quarantined' ORDER BY id",
        (outlet,),
    )
    return [(row["url"], row["last_error"]) for row in rows]


def _discover_one(
    conn: sqlite3.Connection, outlet: str, candidate: Candidate, now: datetime
) -> int:
    said = (candidate.title, candidate.published, candidate.summary, candidate.content)
    hint = tuple(map(maybe_storable, said))
    known = find_page(conn, candidate.url)
    if known is None and candidate.fetch_url != candidate.url:
        known = find_page(conn, candidate.fetch_url)
    if known is not None:
        conn.execute(
            "UPDATE pages SET hint_title = coalesce(hint_title, ?),"
            " hint_published = coalesce(hint_published, ?),"
            " hint_summary = coalesce(hint_summary, ?), hint_content = coalesce(?, hint_content)"
            " WHERE id = ? AND state = 'discovered'",
            (*hint, known),
        )
        return 0
    conn.execute(
        "INSERT INTO pages(outlet, url, fetch_url, discovered_at, hint_title, hint_published,"
        " hint_summary, hint_content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (outlet, storable(candidate.url), storable(candidate.fetch_url), to_text(now), *hint),
    )
    return 1


def _judged(conn: sqlite3.Connection, is_alive: IsAlive | None) -> tuple[list[int], list[int]]:
    """The runs with leases that are over, and those whose process lives; else nobody knows."""
    dead, alive = list[int](), list[int]()
    for row in conn.execute(
        "SELECT id, finished_at, pid FROM runs WHERE id IN"
        " (SELECT lease_run FROM pages WHERE state = 'leased')"
    ).fetchall():
        if row["finished_at"] is not None or (is_alive and row["pid"]):
            lives = row["finished_at"] is None and is_alive is not None and is_alive(row["pid"])
            (alive if lives else dead).append(row["id"])
    return dead, alive


def leased_page(row: sqlite3.Row, fresh: bool) -> LeasedPage:
    """A row of the frontier as who fetches it gets it; its validators only while they hold."""
    hint = Candidate(
        url=row["url"],
        fetch_url=row["fetch_url"],
        title=row["hint_title"],
        published=row["hint_published"],
        summary=row["hint_summary"],
        content=row["hint_content"],
    )
    return LeasedPage(
        id=row["id"],
        outlet=row["outlet"],
        url=row["url"],
        fetch_url=row["fetch_url"],
        attempts=row["attempts"],
        hint=hint,
        discovered_at=from_text(row["discovered_at"]),
        visited=row["next_check_at"] is not None,
        etag=row["etag"] if fresh else None,
        last_modified=row["last_modified"] if fresh else None,
        body_sha256=row["body_sha256"] if fresh else None,
    )
