"""How each outlet is doing: what the status table shows."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.encoding import maybe_time, to_text
from store.outlets import list_outlets, paused

NEW_DAYS = 7
RUNS = (
    "SELECT ro.outlet, max(r.started_at) AS at FROM run_outlets ro"
    " JOIN runs r ON r.id = ro.run_id GROUP BY ro.outlet"
)
SOURCES = (
    "SELECT outlet, max(last_ok_at) AS ok_at, count(*) AS n, sum(failures > 0) AS failing"
    " FROM sources GROUP BY outlet"
)
ERRORS = (
    "SELECT outlet, at, message FROM errors"
    " WHERE id IN (SELECT max(id) FROM errors GROUP BY outlet)"
)
DUE = "SELECT slug AS outlet, next_run_at AS at FROM outlets"
NEW = "SELECT outlet, count(*) AS n FROM articles WHERE first_seen_at >= ? GROUP BY outlet"


@dataclass(frozen=True, slots=True)
class OutletStatus:
    """One outlet's health. Times are aware UTC, None: never. new_7d counts articles first seen in
    the last seven days; states counts its pages; sources_failing those of its sources whose last
    answer was bad."""

    slug: str
    name: str
    enabled: bool
    last_run_at: datetime | None = None
    last_success_at: datetime | None = None
    new_7d: int = 0
    states: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0
    sources: int = 0
    sources_failing: int = 0
    last_error: str | None = None
    last_error_at: datetime | None = None
    next_run_at: datetime | None = None
    paused_until: datetime | None = None  # a person's word
    tls: str = "verified"  # "unverified": its TOML says not to check its certificates


def outlet_status(db: Database, now: datetime) -> list[OutletStatus]:
    """Every outlet's health at `now`, by slug. A success is a source that answered."""
    conn = db.conn
    runs, sources, errors, due = (_by_outlet(conn, sql) for sql in (RUNS, SOURCES, ERRORS, DUE))
    new = _by_outlet(conn, NEW, to_text(now - timedelta(days=NEW_DAYS)))
    states, resting = _states(conn), paused(db, now)
    statuses = []
    for outlet in list_outlets(db):
        slug, pages = outlet.slug, states[outlet.slug]
        status = OutletStatus(
            slug=slug,
            name=outlet.name,
            enabled=outlet.enabled,
            last_run_at=_time(runs, slug, "at"),
            last_success_at=_time(sources, slug, "ok_at"),
            new_7d=_number(new, slug, "n"),
            states=pages,
            quarantined=pages.get("quarantined", 0),
            sources=_number(sources, slug, "n"),
            sources_failing=_number(sources, slug, "failing"),
            last_error=errors[slug]["message"] if slug in errors else None,
            last_error_at=_time(errors, slug, "at"),
            next_run_at=_time(due, slug, "at"),
            paused_until=resting[slug].at if slug in resting else None,
            tls=outlet.tls,
        )
        statuses.append(status)
    return statuses


def _by_outlet(conn: sqlite3.Connection, sql: str, *values: str) -> dict[str, sqlite3.Row]:
    return {row["outlet"]: row for row in conn.execute(sql, values)}


def _states(conn: sqlite3.Connection) -> defaultdict[str, dict[str, int]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in conn.execute("SELECT outlet, state, count(*) AS n FROM pages GROUP BY 1, 2"):
        found[row["outlet"]][row["state"]] = row["n"]
    return found


def _time(rows: dict[str, sqlite3.Row], slug: str, column: str) -> datetime | None:
    return maybe_time(rows[slug][column]) if slug in rows else None


def _number(rows: dict[str, sqlite3.Row], slug: str, column: str) -> int:
    return int(rows[slug][column]) if slug in rows else 0
