"""Copies a database file as one moment of it, though others are writing: whole and proved, or not
at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

PAGES = 1024  # copied between two reports of progress
Progress = Callable[[int, int], None]  # pages done, pages in all


def copy_database(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Copy the database at source to target, see copy_open. Nothing is written to source."""
    with closing(read_only(source)) as reading:
        # A transaction of our own: every page is of the moment it began, whoever writes meanwhile.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        copy_open(reading, target, progress)
    target.chmod(source.stat().st_mode & 0o777)


def copy_open(reading: sqlite3.Connection, target: Path, progress: Progress | None = None) -> None:
    """Copy an open database to target: one file without a log beside it, on the disk, its pages
    checked. It stands there only when all of that is done; a file of that name is replaced.

    Raises sqlite3.DatabaseError when the copy is not whole, OSError when it cannot be written.
    """
    part = target.with_name(f"{target.name}.part")
    remove(part)
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as writing:
            reading.backup(writing, pages=PAGES, progress=reporter(progress))
            writing.execute("PRAGMA journal_mode = DELETE")
            found = writing.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(f"database disk image is malformed: {found}")
        settle(part)
        part.replace(target)
        settle(target.parent)
    except BaseException:
        remove(part)
        raise


def read_only(file: Path) -> sqlite3.Connection:
    """A connection that writes nothing to the file."""
    uri = file.absolute().as_uri() + "?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=10, isolation_level=None)


def reporter(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    """SQLite's way of telling progress (status, remaining, all) turned into ours."""
    if progress is None:
        return None
    return lambda _, remaining, pages: progress(pages - remaining, pages)


def beside(file: Path) -> list[Path]:
    """The names under which SQLite keeps a database's logs."""
    return [file.with_name(f"{file.name}{end}") for end in ("-wal", "-shm", "-journal")]


def remove(file: Path) -> None:
    """Take away a database and its logs, if there are any."""
    for each in (file, *beside(file)):
        each.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
