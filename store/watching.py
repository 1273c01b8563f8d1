"""Whether a daemon watches a database, and when anything last crawled it: for every process to
read."""

from __future__ import annotations

import fcntl
import os
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from store.encoding import maybe_time, to_text


def lock_file(db: Path) -> Path:
    """The file beside the database that the daemon holds locked while it lives."""
    return db.with_name(f"{db.name}.watch")


def watching_pid(db: Path) -> int | None:
    """The process id of the daemon that watches this database, or None when none lives; 0 when it
    lives and its id cannot be read."""
    path = lock_file(db)
    try:
        with path.open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_pid(path) or 0
    except OSError:
        return None
    return None


def read_pid(path: Path) -> int | None:
    """The process id in the file, None when it cannot be read."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return int(text) if text.isdigit() else None


def last_crawled_at(db: Database) -> datetime | None:
    """When the web was last asked for anything, or a recording replayed (aware UTC); None: never.
    A daemon's run is open for months, its passes are what counts."""
    row = db.conn.execute(
        "SELECT (SELECT at FROM polls ORDER BY id DESC LIMIT 1) AS poll,"
        " (SELECT coalesce(finished_at, started_at) FROM runs ORDER BY id DESC LIMIT 1) AS run"
    ).fetchone()
    return max(filter(None, (maybe_time(row["poll"]), maybe_time(row["run"]))), default=None)


def is_crawling(db: Database) -> bool:
    """Whether the latest run goes on: it is not closed, and its process lives on this machine."""
    row = db.conn.execute("SELECT finished_at, pid FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    if row is None or row["finished_at"] is not None or not row["pid"]:
        return False
    try:
        os.kill(row["pid"], 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and another person's
        return True
    return True


def overdue_since(db: Database, now: datetime) -> datetime | None:
    """Since when the outlet waits that waits longest (aware UTC); None when none is due. What is
    switched off or paused does not wait."""
    row = db.conn.execute(
        "SELECT min(next_run_at) FROM outlets WHERE coalesce(switched, enabled) = 1"
        " AND next_run_at <= ?1 AND (paused_until IS NULL OR paused_until <= ?1)",
        (to_text(now),),
    ).fetchone()
    return maybe_time(row[0])


def only_replayed(db: Database) -> bool:
    """Whether nothing but recordings ever came into this database."""
    row = db.conn.execute("SELECT EXISTS (SELECT 1 FROM runs WHERE started_by <> 'replay')")
    return not row.fetchone()[0]
