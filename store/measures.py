"""What there is to measure in the database: numbers an operator draws over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.encoding import maybe_time, to_text
from store.filters import INBOX
from store.views import View, count

# Pages that may be fetched now (store/frontier.py), and since when; outlets that are off are not
# asked, so that theirs wait for nobody.
DUE = """
WITH awake AS (SELECT slug FROM outlets WHERE coalesce(switched, enabled)),
due AS (
  SELECT coalesce(not_before, discovered_at) AS since FROM pages WHERE outlet IN awake
    AND state = 'discovered' AND (not_before IS NULL OR not_before <= ?1)
  UNION ALL
  SELECT next_check_at FROM pages WHERE outlet IN awake
    AND state = 'done' AND next_check_at <= ?1)
SELECT count(*) AS n, min(since) AS since FROM due
"""
# The latest pass's word on each outlet; a person's switch stands over it.
OUTLETS = """
SELECT CASE WHEN NOT coalesce(o.switched, o.enabled) THEN 'disabled'
  ELSE coalesce(w.state, 'not asked yet') END AS name, count(*) AS n
FROM outlets o LEFT JOIN wellness w ON w.outlet = o.slug GROUP BY 1
"""
OUTLETS_DUE = """
SELECT count(*) AS n, min(next_run_at) AS since FROM outlets
WHERE coalesce(switched, enabled) AND next_run_at <= ?
"""
MESSAGES = """
SELECT CASE WHEN sent_at IS NOT NULL THEN 'sent' WHEN given_up_at IS NOT NULL THEN 'given up'
  WHEN attempts > 0 THEN 'failed' ELSE 'waiting' END AS name, count(*) AS n
FROM outbox GROUP BY 1
"""
UNSENT = "SELECT min(created_at) FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL"
PAGES = "SELECT state AS name, count(*) AS n FROM pages GROUP BY state"
PAUSED = "SELECT count(*) FROM hosts WHERE not_before > ?"
COUNTED = 10_000  # of what waits in the inbox; more is not counted


@dataclass(frozen=True, slots=True)
class Measures:
    """One look at the database. Counts by word; times are aware UTC, None: there is none. A
    message that failed is tried again; one given up is not."""

    outlets: Mapping[str, int]
    outlets_due: int
    outlet_due_since: datetime | None
    pages: Mapping[str, int]
    pages_due: int
    page_due_since: datetime | None
    waiting: int
    messages: Mapping[str, int]
    unsent_since: datetime | None
    paused_hosts: int


def measure(db: Database, now: datetime) -> Measures:
    """The measures at `now`. Reads indexes only, but for long ones on a large database: give it a
    limit (store.views.time_limit)."""
    conn, at = db.conn, to_text(now)
    pages, outlets = (
        conn.execute(DUE, (at,)).fetchone(),
        conn.execute(OUTLETS_DUE, (at,)).fetchone(),
    )
    return Measures(
        outlets=_by_name(db, OUTLETS),
        outlets_due=outlets["n"],
        outlet_due_since=maybe_time(outlets["since"]),
        pages=_by_name(db, PAGES),
        pages_due=pages["n"],
        page_due_since=maybe_time(pages["since"]),
        waiting=count(db, View(INBOX), most=COUNTED),
        messages=_by_name(db, MESSAGES),
        unsent_since=maybe_time(conn.execute(UNSENT).fetchone()[0]),
        paused_hosts=conn.execute(PAUSED, (at,)).fetchone()[0],
    )


def _by_name(db: Database, sql: str) -> dict[str, int]:
    return {row["name"]: row["n"] for row in db.conn.execute(sql)}
