"""The diary: every run, each outlet's part in it, and what went wrong."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.database import transaction
from store.encoding import from_text, maybe_storable, maybe_time, storable, to_json, to_text
from store.records import RunCounts

MESSAGE_CHARS = 2000
CLASS = "class:"  # the column `endings` holds words, and after this mark classes of failures
COUNTS = ("requests", "bytes", "not_modified", "new", "revised", "unrecorded", "missing_dates")


@dataclass(frozen=True, slots=True)
class Run:
    """One run and the sum over its outlets. Times are aware UTC; finished_at None: still at it,
    or its process died."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    started_by: str
    version: str
    status: str
    outlets: int
    counts: RunCounts


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong. kind is the contract's word or the exception's name."""

    kind: str
    message: str
    url: str | None = None
    status: int | None = None


def start_run(
    db: Database, trigger: str, version: str, now: datetime, pid: int | None = None
) -> int:
    """Open a run; trigger says what started it (crawl, watch, replay), pid which process it is,
    so that its leases can be taken back when that is dead. Returns its id."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "INSERT INTO runs(started_at, started_by, version, pid) VALUES (?, ?, ?, ?)",
            (to_text(now), trigger, version, pid),
        )
    return int(cursor.lastrowid or 0)


def record_outlet(db: Database, run_id: int, outlet: str, counts: RunCounts) -> None:
    """Add an outlet's counts to the run; a second pass in the same run adds to the first."""
    with transaction(db) as conn:
        row = conn.execute(
            "SELECT * FROM run_outlets WHERE run_id = ? AND outlet = ?", (run_id, outlet)
        ).fetchone()
        total = counts if row is None else _sum([_counts(row), counts])
        numbers = [getattr(total, name) for name in COUNTS]
        conn.execute(
            f"INSERT OR REPLACE INTO run_outlets(run_id, outlet, {', '.join(COUNTS)}, endings)"
            f" VALUES (?, ?, {', '.join('?' * len(COUNTS))}, ?)",
            (run_id, outlet, *numbers, to_json({**total.endings, **_classed(total.failures)})),
        )


def finish_run(db: Database, run_id: int, status: str, now: datetime) -> None:
    """Close a run; status says how it ended (finished, stopped, failed)."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE runs SET finished_at = ?, status = ? WHERE id = ?",
            (to_text(now), status, run_id),
        )


def record_error(
    db: Database, run_id: int | None, outlet: str | None, incident: Incident, now: datetime
) -> None:
    """Keep what went wrong, for the status table."""
    with transaction(db) as conn:
        conn.execute(
            "INSERT INTO errors(at, run_id, outlet, kind, url, status, message)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                to_text(now),
                run_id,
                outlet,
                incident.kind,
                maybe_storable(incident.url),
                incident.status,
                storable(incident.message)[:MESSAGE_CHARS],
            ),
        )


def latest_runs(db: Database, limit: int = 10) -> list[Run]:
    """The latest runs, newest first."""
    rows = db.conn.execute("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
    return [_run(row, outlet_counts(db, row["id"])) for row in rows]


def outlet_counts(db: Database, run_id: int) -> dict[str, RunCounts]:
    """Each outlet's counts in the run, by slug."""
    rows = db.conn.execute("SELECT * FROM run_outlets WHERE run_id = ? ORDER BY outlet", (run_id,))
    return {row["outlet"]: _counts(row) for row in rows}


def _run(row: sqlite3.Row, parts: dict[str, RunCounts]) -> Run:
    return Run(
        id=row["id"],
        started_at=from_text(row["started_at"]),
        finished_at=maybe_time(row["finished_at"]),
        started_by=row["started_by"],
        version=row["version"],
        status=row["status"],
        outlets=len(parts),
        counts=_sum(parts.values()),
    )


def _classed(failures: dict[str, int]) -> dict[str, int]:
    return {CLASS + name: number for name, number in failures.items()}


def _counts(row: sqlite3.Row) -> RunCounts:
    words: dict[str, int] = json.loads(row["endings"])
    return RunCounts(
        **{name: row[name] for name in COUNTS},
        endings={word: n for word, n in words.items() if not word.startswith(CLASS)},
        failures={w.removeprefix(CLASS): n for w, n in words.items() if w.startswith(CLASS)},
    )


def _sum(parts: Iterable[RunCounts]) -> RunCounts:
    numbers: Counter[str] = Counter()
    endings: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for part in parts:
        numbers.update({name: getattr(part, name) for name in COUNTS})
        endings.update(part.endings)
        failures.update(part.failures)
    return RunCounts(**numbers, endings=dict(endings), failures=dict(failures))
