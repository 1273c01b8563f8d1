"""Safe copies of the database, and bringing one back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from store.database import StoreError
from store.filecopy import (
    PAGES,
    Progress,
    beside,
    copy_database,
    copy_open,
    read_only,
    reporter,
)
from store.migrations import APPLICATION_ID, SCHEMA_VERSION

HELD = "another process has it open; stop `pantau watch`, `review` and `crawl` first"

HEADER = b"SQLite format 3\x00"


def back_up(db: Path, target: Path, progress: Progress | None = None) -> int:
    """Write a copy of the database to target while others may write, and return its size in
    bytes. The copy is one file, its pages checked; an older backup there is replaced.

    Raises StoreError when db is no database of Pantau, when target is something else than a
    backup of one, or when it cannot be written.
    """
    examine(db)
    check_target(db, target)
    try:
        copy_database(db, target, progress)
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(f"{target}: not written ({error}); the database is as it was") from error
    return target.stat().st_size


def restore(file: Path, db: Path, progress: Progress | None = None) -> Path | None:
    """Put a backup in the database's place; returns where the database that stood there is kept,
    None if there was none.

    Raises StoreError when file is no database of Pantau, is damaged or from a newer one, and when
    another process has the present database open. Whatever happens, the one or the other stands
    whole in its place.
    """
    examine(file)
    if db.exists() and db.samefile(file):
        raise StoreError(f"{file} is the database itself; name a backup of it")
    if not db.parent.is_dir():
        raise StoreError(f"{db.parent}: no such folder; create it or name another with --db")
    kept = free_name(db, "before-restore")
    try:
        check_pages(file)
        present = db.exists()
        if not present or not exchange(file, db, kept, progress):
            replace(file, db, kept, progress)
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreError(f"{file}: cannot be restored ({error})") from error
    return kept if present else None


def examine(file: Path) -> None:
    """Raises StoreError unless the file is a database of this Pantau or of an older one."""
    try:
        with file.open("rb") as stream:
            start = stream.read(len(HEADER))
    except OSError as error:
        raise StoreError(f"{file}: cannot be read ({error.strerror})") from error
    if start != HEADER:
        raise StoreError(f"{file} is no SQLite database; name a file `pantau backup` wrote")
    try:
        with closing(read_only(file)) as conn:
            owner = conn.execute("PRAGMA application_id").fetchone()[0]
            version = conn.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{file} is damaged ({error}); name another backup") from error
    if owner != APPLICATION_ID:
        raise StoreError(f"{file} is another program's database; name one of Pantau")
    if version > SCHEMA_VERSION:
        raise StoreError(f"{file} is from a newer Pantau; update Pantau first")


def check_pages(file: Path) -> None:
    """Raises sqlite3.DatabaseError when the pages of a database are damaged."""
    with closing(read_only(file)) as conn:
        found = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {found}")


def check_target(db: Path, target: Path) -> None:
    """Raises StoreError for a place where no backup may be written."""
    if target.is_dir():
        raise StoreError(f"{target} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise StoreError(f"{target.parent}: no such folder; create it first")
    if not target.exists():
        return
    if target.samefile(db):
        raise StoreError(f"{target} is the database itself; name another file")
    try:
        examine(target)
    except StoreError as error:
        raise StoreError(f"{target} is there and no backup of Pantau; name another") from error


def exchange(file: Path, db: Path, kept: Path, progress: Progress | None) -> bool:
    """Keep the present database and write the backup over it, held by a lock from first to last
    and undone by SQLite's own journal if this process dies. False: it is too damaged for that."""
    conn = sqlite3.connect(db, timeout=0.5, isolation_level=None)
    with closing(conn), closing(read_only(file)) as reading:
        try:
            conn.execute("PRAGMA locking_mode = EXCLUSIVE")
            # Succeeds only when nobody else has the database open, not even idle.
            mode = conn.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            conn.execute("BEGIN EXCLUSIVE")
            conn.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise StoreError(f"{db}: {HELD}") from error
        except sqlite3.DatabaseError:
            return False
        if mode != "delete":
            raise StoreError(f"{db}: {HELD}")
        try:
            copy_open(conn, kept)
        except sqlite3.OperationalError:
            raise  # the disk is full, say: the present database is well and stays
        except sqlite3.DatabaseError:
            return False
        reading.backup(conn, pages=PAGES, progress=reporter(progress))
    return True


def free_name(db: Path, word: str) -> Path:
    """A name beside the database that is not taken: a database kept earlier stays as well."""
    kept, number = db.with_name(f"{db.name}.{word}"), 2
    while kept.exists():
        kept, number = db.with_name(f"{db.name}.{word}-{number}"), number + 1
    return kept


def replace(file: Path, db: Path, kept: Path, progress: Progress | None) -> None:
    """Put a copy of the backup where a damaged database stands, or none; that one is renamed with
    its logs: a log left alone would be written into the next database."""
    incoming = db.with_name(f"{db.name}.incoming")
    copy_database(file, incoming, progress)
    for old, new in zip((db, *beside(db)), (kept, *beside(kept)), strict=True):
        if old.exists():
            old.replace(new)
    incoming.replace(db)
