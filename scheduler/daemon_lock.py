"""One daemon a database: a locked file beside it, with the daemon's process id in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.database import StoreError


def lock_file(db: Path) -> Path:
    """The file that says which process watches."""
    return db.with_name(f"{db.name}.watch")


@contextmanager
def only_daemon(db: Path) -> Iterator[None]:
    """Holds the lock; the system takes it back from a process that dies, however it does. Raises
    StoreError with the pid of the daemon that holds it already."""
    path = lock_file(db)
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"{db} is watched already, by process {read_pid(path) or 'unknown'};"
                " stop that one first"
            ) from error
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        # The file stays when it is over: taking it away could take another's away.
        yield


def watching_pid(db: Path) -> int | None:
    """The process id of the daemon that watches this database, or None when none lives."""
    path = lock_file(db)
    try:
        with path.open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_pid(path)
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
