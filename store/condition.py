"""How each outlet is doing and what was asked of it: what the pages about health and outlets
show."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlite_utils import Database

from store.alarms import Standing, standings
from store.encoding import from_text, maybe_time, to_text
from store.habits import WINDOWS
from store.health import NEW_DAYS
from store.hosts import troubled
from store.jobs import Job, latest_jobs
from store.outlets import Said, paused, switched
from store.records import HostRow

DAY = timedelta(days=1)
ERRORS_SHOWN = 3
OUTLETS = "SELECT *, coalesce(switched, enabled) AS is_on FROM outlets"
# As in store/health.py, but nothing here reads every page or every error there ever was: a page
# that a person waits for.
SOURCES = (
    "SELECT outlet, max(last_ok_at) AS ok_at, count(*) AS n, sum(failures > 0) AS failing"
    " FROM sources GROUP BY outlet"
)
# The plus keeps SQLite from reading every article there is, in the order of outlets.
NEW = "SELECT outlet, count(*) AS n FROM articles WHERE first_seen_at >= ? GROUP BY +outlet"
PAGES = (
    "SELECT outlet, state, count(*) AS n FROM pages WHERE outlet IN (SELECT slug FROM outlets)"
    " AND state IN ('discovered', 'failed', 'quarantined') GROUP BY outlet, state"
)
ERRORS = (
    "SELECT e.outlet, e.at, e.message, e.url FROM outlets o JOIN errors e ON e.id IN"
    f" (SELECT id FROM errors WHERE outlet = o.slug ORDER BY id DESC LIMIT {ERRORS_SHOWN})"
    " ORDER BY e.id DESC"
)
# The first pass over an outlet brings what had piled up: no day's work.
YIELDS = (
    "WITH p AS MATERIALIZED (SELECT slug AS outlet,"
    " (SELECT min(at) FROM polls WHERE outlet = slug) AS first FROM outlets)"
    " SELECT p.outlet, p.first,"
    " (SELECT sum(new) FROM polls WHERE outlet = p.outlet AND at > p.first AND at >= ?1) AS latest,"
    " (SELECT sum(new) FROM polls WHERE outlet = p.outlet AND at > p.first AND at >= ?2"
    " AND at < ?1) AS before FROM p WHERE p.first IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something that went wrong, when (aware UTC) and at which address."""

    at: datetime
    message: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Yield:
    """How many items its sources named for the first time in the last 24 hours, and how many in 24
    hours of the (up to ten) days before; None while it is known for less than a day more."""

    latest: int
    usual: float | None


@dataclass(frozen=True, slots=True)
class Condition:
    """One outlet. Times are aware UTC, None: never. new_7d counts articles first seen in the last
    seven days; waiting pages were not fetched yet, given_up ones are not tried any more; host is
    set while nothing is fetched from it; standing is None until the daemon has judged it."""

    slug: str
    name: str
    enabled: bool
    home: str = ""
    family: str = ""
    province: str = ""
    tls: str = "verified"
    last_success_at: datetime | None = None
    next_run_at: datetime | None = None
    sources: int = 0
    sources_failing: int = 0
    new_7d: int = 0
    day: Yield | None = None
    waiting: int = 0
    given_up: int = 0
    mishaps: tuple[Mishap, ...] = ()
    host: HostRow | None = None
    standing: Standing | None = None
    paused: Said | None = None
    switched: Said | None = None
    job: Job | None = None


def conditions(db: Database, now: datetime) -> list[Condition]:
    """Every outlet at `now`, by slug."""
    conn = db.conn
    sources, new = _by_outlet(conn, SOURCES), _by_outlet(conn, NEW, now - NEW_DAYS * DAY)
    pages, mishaps, days = _pages(conn), _mishaps(conn), yields(db, now)
    standing, jobs, resting, said = standings(db), latest_jobs(db), paused(db, now), switched(db)
    ill = {row.host: row for row in troubled(db, now)}
    found = []
    for row in conn.execute(f"{OUTLETS} ORDER BY slug"):
        slug, source = row["slug"], sources.get(row["slug"])
        found.append(
            Condition(
                slug=slug,
                name=row["name"],
                enabled=bool(row["is_on"]),
                home=row["home"],
                family=row["family"],
                province=row["province"],
                tls=row["tls"],
                last_success_at=maybe_time(source["ok_at"]) if source else None,
                next_run_at=maybe_time(row["next_run_at"]),
                sources=source["n"] if source else 0,
                sources_failing=source["failing"] if source else 0,
                new_7d=new[slug]["n"] if slug in new else 0,
                day=days.get(slug),
                waiting=pages[slug, "discovered"],
                given_up=pages[slug, "quarantined"] + pages[slug, "failed"],
                mishaps=tuple(mishaps[slug]),
                host=_host(ill, row["home"]),
                standing=standing.get(slug),
                paused=resting.get(slug),
                switched=said.get(slug),
                job=jobs.get(slug),
            )
        )
    return found


def yields(db: Database, now: datetime) -> dict[str, Yield]:
    """What the last day brought and what a day usually brings, of each outlet the daemon passed
    over, by slug."""
    day, start = now - DAY, now - (WINDOWS + 1) * DAY
    found = {}
    for row in db.conn.execute(YIELDS, (to_text(day), to_text(start))):
        days = (day - max(start, from_text(row["first"]))) / DAY
        usual = (row["before"] or 0) / days if days >= 1 else None
        found[row["outlet"]] = Yield(row["latest"] or 0, usual)
    return found


def _host(ill: dict[str, HostRow], home: str) -> HostRow | None:
    """The trouble with an outlet's host: its name as turns and pauses are kept under it (www, m and
    amp are one server), or the origin whose robots.txt cannot be had."""
    parts = urlsplit(home)
    name = parts.hostname or ""
    for form in ("www.", "m.", "amp."):
        if name.startswith(form) and name.count(".") > 1:
            name = name.removeprefix(form)
            break
    return ill.get(f"{parts.scheme}://{parts.netloc.lower()}") or ill.get(name)


def _by_outlet(conn: sqlite3.Connection, sql: str, *moments: datetime) -> dict[str, sqlite3.Row]:
    return {row["outlet"]: row for row in conn.execute(sql, [to_text(at) for at in moments])}


def _pages(conn: sqlite3.Connection) -> defaultdict[tuple[str, str], int]:
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in conn.execute(PAGES):
        found[row["outlet"], row["state"]] = row["n"]
    return found


def _mishaps(conn: sqlite3.Connection) -> defaultdict[str, list[Mishap]]:
    found: defaultdict[str, list[Mishap]] = defaultdict(list)
    for row in conn.execute(ERRORS):
        found[row["outlet"]].append(Mishap(from_text(row["at"]), row["message"], row["url"]))
    return found
