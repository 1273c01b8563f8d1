"""What people ask the daemon to do: one row a job, carried out at its next heartbeat, at least
once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.encoding import from_text, maybe_time, storable, to_json, to_text

Kind = Literal["crawl", "pause", "resume", "retry", "probe"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# What a job came to, or what it waits for; the words people read are the page's.
Result = Literal[
    "crawled",  # new, revised: what a pass brought
    "no_answer",  # failure: the class of what went wrong in the pass
    "probed",  # sources: how many were found that were not known
    "named",  # the outlet's TOML names its sources: nothing to look for
    "paused",  # until
    "past",  # the pause was over before the daemon saw it
    "resumed",
    "retried",  # pages: how many are tried again
    "host_paused",  # until, reason: the host wants quiet; the job waits
    "outlet_paused",  # until: by a person
    "disabled",
    "not_watched",  # the daemon's catalogue has no such outlet, or leaves it alone
    "failed",  # error
]
# Of these, the latest word counts: a pause after a resume is a new job.
OPPOSITES = frozenset({"pause", "resume"})
KEPT = timedelta(days=90)
Value = str | int


@dataclass(frozen=True, slots=True)
class Job:
    """One job; times are aware UTC. taken_at None: no daemon has seen it; finished_at None: it is
    not done, and result, if there is one, says what it waits for. argument is until when to
    pause; numbers are the figures that go with the result."""

    id: int
    kind: Kind
    outlet: str
    asked_by: str
    asked_at: datetime
    argument: str | None = None
    taken_at: datetime | None = None
    finished_at: datetime | None = None
    result: Result | None = None
    numbers: Mapping[str, Value] = field(default_factory=dict)


def ask(
    db: Database, kind: str, outlet: str, by: str, now: datetime, argument: str | None = None
) -> int:
    """Leave a job for the daemon; returns its id. What is asked already and not done is not asked
    twice; a pause takes the later wish. ValueError for an unknown kind, StoreError for an unknown
    outlet."""
    if kind not in KINDS:
        raise ValueError(f"a job is one of {', '.join(KINDS)}, not {kind[:40]!r}")
    with transaction(db) as conn:
        if conn.execute("SELECT 1 FROM outlets WHERE slug = ?", (storable(outlet),)).fetchone():
            return _ask(conn, Job(0, kind, outlet, by, now, argument))
    raise StoreError(f"no outlet {outlet[:80]!r} in the database; `pantau outlets list` names them")


def open_jobs(db: Database, outlet: str | None = None) -> list[Job]:
    """The jobs that are not done, of one outlet or of all, in the order they were asked."""
    rows = db.conn.execute(
        "SELECT * FROM jobs WHERE finished_at IS NULL AND (?1 IS NULL OR target = ?1) ORDER BY id",
        (outlet,),
    )
    return [_job(row) for row in rows if row["kind"] in KINDS]


def latest_jobs(db: Database) -> dict[str, Job]:
    """The latest job of each outlet that ever had one, by slug."""
    rows = db.conn.execute(
        "SELECT * FROM jobs WHERE id IN (SELECT max(id) FROM jobs GROUP BY target)"
    )
    return {row["target"]: _job(row) for row in rows if row["kind"] in KINDS}


def is_wanted(db: Database, kind: Kind, outlet: str) -> bool:
    """Whether the daemon is at such a job for the outlet."""
    return any(job.kind == kind and job.taken_at for job in open_jobs(db, outlet))


def take(db: Database, job: Job, now: datetime) -> None:
    """The daemon begins with it; one that was begun before keeps its time."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE jobs SET taken_at = coalesce(taken_at, ?), result = NULL, numbers = '{}'"
            " WHERE id = ?",
            (to_text(now), job.id),
        )


def wait(db: Database, job: Job, result: Result, now: datetime, **numbers: Value) -> None:
    """Say what the job waits for; writes nothing if that is said already."""
    if (job.result, dict(job.numbers)) == (result, numbers):
        return
    with transaction(db) as conn:
        conn.execute(
            "UPDATE jobs SET taken_at = coalesce(taken_at, ?), result = ?, numbers = ?"
            " WHERE id = ? AND finished_at IS NULL",
            (to_text(now), result, to_json(numbers), job.id),
        )


def finish(db: Database, job: Job, result: Result, now: datetime, **numbers: Value) -> None:
    """The job is done, and this came of it. In a failure, the number `error` is why, in words."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE jobs SET taken_at = coalesce(taken_at, ?1), finished_at = ?1, result = ?2,"
            " numbers = ?3, error = ?4 WHERE id = ?5 AND finished_at IS NULL",
            (to_text(now), result, to_json(numbers), numbers.get("error"), job.id),
        )


def _ask(conn: sqlite3.Connection, job: Job) -> int:
    kinds = sorted(OPPOSITES) if job.kind in OPPOSITES else [job.kind]
    known = conn.execute(
        "SELECT id, kind FROM jobs WHERE finished_at IS NULL AND target = ?"
        " AND kind IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1",
        (job.outlet, to_json(kinds)),
    ).fetchone()
    at, by = to_text(job.asked_at), storable(job.asked_by)
    if known is not None and known["kind"] == job.kind:
        conn.execute("UPDATE jobs SET argument = ? WHERE id = ?", (job.argument, known["id"]))
        return int(known["id"])
    old = to_text(job.asked_at - KEPT)
    conn.execute("DELETE FROM jobs WHERE target = ? AND finished_at < ?", (job.outlet, old))
    cursor = conn.execute(
        "INSERT INTO jobs(kind, target, argument, asked_by, asked_at) VALUES (?, ?, ?, ?, ?)",
        (job.kind, job.outlet, job.argument, by, at),
    )
    return int(cursor.lastrowid or 0)


def _job(row: sqlite3.Row) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        outlet=row["target"],
        asked_by=row["asked_by"],
        asked_at=from_text(row["asked_at"]),
        argument=row["argument"],
        taken_at=maybe_time(row["taken_at"]),
        finished_at=maybe_time(row["finished_at"]),
        result=row["result"],
        numbers=json.loads(row["numbers"]),
    )
