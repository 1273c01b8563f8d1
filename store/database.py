"""Opening the database file safely, and the one way of writing to it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from store.filecopy import copy_database
from store.later_migrations import migrations
from store.migrations import APPLICATION_ID, SCHEMA_VERSION

BUSY_S = 10.0


class StoreError(Exception):
    """The database cannot be used; the message names the file and the remedy."""


def open_store(path: str | Path, *, readonly: bool = False, busy_s: float = BUSY_S) -> Database:
    """Open the database, creating or updating it first unless readonly. One of an older Pantau is
    copied to `<name>.before-m<version>` before it is updated to that version of the schema.

    The caller owns the connection and closes it; a process keeps one that writes. busy_s is how
    many seconds to wait for another process's write. Raises StoreError for a missing folder, a
    file that is no SQLite database or not Pantau's, one from a newer Pantau, or a locked one.
    """
    file = Path(path)
    _check_file(file, readonly)
    db: Database | None = None
    try:
        db = _connect(file, readonly, busy_s)
        _check_owner(db, file)
        if not readonly:
            _enable_wal(db, busy_s)
            _migrate(db, file)
        elif _pragma(db, "user_version") < SCHEMA_VERSION:
            raise StoreError(
                f"{file} is from an older Pantau; `pantau doctor` brings it up to date"
            )
    except sqlite3.DatabaseError as error:
        _close(db)
        raise _explain(file, error) from error
    except StoreError:
        _close(db)
        raise
    return db


@contextmanager
def transaction(db: Database) -> Iterator[sqlite3.Connection]:
    """Write all or nothing: BEGIN IMMEDIATE, so that two writers wait for each other instead of
    failing half-way (sqlite-utils' atomic() alone is deferred). Inside another one it joins it.

    Raises StoreError when another process holds the lock longer than the busy time-out.
    """
    conn = db.conn
    if conn.in_transaction:
        with db.atomic():
            yield conn
        return
    try:
        conn.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise _explain(Path(_file_of(db)), error) from error
    try:
        yield conn
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _check_file(file: Path, readonly: bool) -> None:
    # The file itself is never opened here: closing it again would take away every lock this
    # process holds on it (POSIX), also those of its other connections. The next process that
    # closes the database would then take the log away from under them.
    if not file.parent.is_dir():
        raise StoreError(f"{file.parent}: no such folder; create it or name another with --db")
    if file.is_dir():
        raise StoreError(f"{file} is a folder; name a file with --db")
    try:
        if not file.exists() and readonly:
            raise StoreError(f"{file}: no database there yet; `pantau crawl` creates it")
    except PermissionError as error:
        raise StoreError(f"{file} may not be read; change its permissions") from error


def _connect(file: Path, readonly: bool, busy_s: float) -> Database:
    # isolation_level None: no transaction that we did not begin ourselves.
    if readonly:
        uri = file.absolute().as_uri() + "?mode=ro"
        conn = sqlite3.connect(uri, uri=True, timeout=busy_s, isolation_level=None)
    else:
        conn = sqlite3.connect(file, timeout=busy_s, isolation_level=None)
    try:
        conn.row_factory = sqlite3.Row
        # Articles overflow small pages: 16 KB ones save 20 % of the file (findings, SQLite). Only
        # a file without tables takes the new size.
        conn.execute("PRAGMA page_size = 16384")
        conn.execute("PRAGMA foreign_keys = ON")
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("PRAGMA temp_store = MEMORY")
        return Database(conn)
    except BaseException:
        conn.close()
        raise


def _check_owner(db: Database, file: Path) -> None:
    ours = _pragma(db, "application_id") == APPLICATION_ID
    if ours and _pragma(db, "user_version") > SCHEMA_VERSION:
        raise StoreError(f"{file} is from a newer Pantau; update Pantau or name another file")
    tables = db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    # Looked at again: another process may have finished migrating a fresh file in between.
    if tables and not ours and _pragma(db, "application_id") != APPLICATION_ID:
        raise StoreError(f"{file} is another program's database; name another file with --db")


def _enable_wal(db: Database, busy_s: float) -> None:
    # Changing the journal mode ignores the busy time-out, and two processes that open a fresh
    # file at once both try it.
    deadline = time.monotonic() + busy_s
    while True:
        try:
            db.conn.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _migrate(db: Database, file: Path) -> None:
    if _pragma(db, "user_version") == SCHEMA_VERSION:
        return
    # One process migrates, the others wait here and then find nothing left to do.
    db.conn.execute("BEGIN EXCLUSIVE")
    try:
        _check_owner(db, file)
        _keep_older(db, file)
        migrations.apply(db)
        db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def _keep_older(db: Database, file: Path) -> None:
    """Copy a database that is about to be migrated; one that cannot be copied is not migrated."""
    if not 0 < _pragma(db, "user_version") < SCHEMA_VERSION:
        return
    kept = file.with_name(f"{file.name}.before-m{SCHEMA_VERSION}")
    try:
        # Over another connection, which still sees what was there before our transaction.
        copy_database(file, kept)
    except OSError as error:
        raise StoreError(
            f"{kept}: no backup could be written ({error.strerror}), so {file} was not brought up"
            " to date; free some space there"
        ) from error


def _pragma(db: Database, name: str) -> int:
    return int(db.conn.execute(f"PRAGMA {name}").fetchone()[0])


def _file_of(db: Database) -> str:
    return str(db.conn.execute("PRAGMA database_list").fetchone()[2]) or ":memory:"


def _close(db: Database | None) -> None:
    if db is not None:
        db.close()


def _explain(file: Path, error: sqlite3.DatabaseError) -> StoreError:
    said = str(error)
    if "locked" in said or "busy" in said:
        return StoreError(f"{file} is locked by another process; wait for it or stop it")
    if "not a database" in said:
        return StoreError(
            f"{file} is not a SQLite database, or its head is damaged; name another file with"
            " --db, or restore a backup with `pantau restore`"
        )
    if "malformed" in said:
        return StoreError(f"{file} is damaged ({said}); restore a backup with `pantau restore`")
    if "unable to open" in said or "readonly" in said:
        return StoreError(f"{file} cannot be opened ({said}); check permissions of file and folder")
    return StoreError(f"{file}: {said}")
