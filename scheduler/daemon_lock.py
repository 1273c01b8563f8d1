"""One daemon a database: a locked file beside it, with the daemon's process id in it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from store.database import StoreError
from store.watching import lock_file, read_pid, watching_pid

__all__ = ["only_daemon", "watching_pid"]

# Who looks whether a daemon lives holds the lock for an instant: that is no other daemon.
PATIENCE = 1.0  # seconds


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
        if not locked(file):
            raise StoreError(
                f"{db} is watched already, by process {read_pid(path) or 'unknown'};"
                " stop that one first"
            )
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        # The file stays when it is over: taking it away could take another's away.
        yield


def locked(file: TextIO) -> bool:
    """Whether the lock could be had within PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        else:
            return True
