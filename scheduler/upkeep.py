"""When the daemon does its chores, and whether the disk has room for what it fetches."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from store.database import open_store
from store.tidying import last_done, tidy

# Fetching stops while the store can still write what it has: verdicts, leases, messages.
ROOM = 200 * 1024 * 1024  # bytes
ROOM_AGAIN = 300 * 1024 * 1024  # so that it does not stop and go
NIGHT = 2  # o'clock, where the outlets are
ZONE = ZoneInfo("Asia/Jakarta")
OVERDUE = timedelta(hours=36)  # a machine that is off at night does it by day


def is_due(last: datetime | None, now: datetime) -> bool:
    """Whether the nightly chores are to be done: once a night from 2 to 5 o'clock, or when they
    were not done for a day and a half."""
    if last is None:
        return True
    if now - last >= OVERDUE:
        return True
    return NIGHT <= now.astimezone(ZONE).hour < NIGHT + 3 and now - last >= timedelta(hours=12)


def tidy_if_due(path: Path, now: datetime) -> dict[str, int] | None:
    """Does the chores over a connection of its own, for a thread; None when they are not due."""
    db = open_store(path)
    try:
        return tidy(db, now) if is_due(last_done(db, "tidy"), now) else None
    finally:
        db.close()


def chores_due(db: Database, now: datetime) -> bool:
    """Whether tidy_if_due has something to do."""
    return is_due(last_done(db, "tidy"), now)


@dataclass(slots=True)
class Disk:
    """The disk the database lies on. full stands from 200 MB free until there are 300 again."""

    folder: Path
    room: int = ROOM
    room_again: int = ROOM_AGAIN
    full: bool = False

    def look(self) -> bool:
        """Whether that changed since the last look."""
        free = shutil.disk_usage(self.folder).free
        before = self.full
        self.full = free < (self.room_again if before else self.room)
        return self.full != before

    def words(self) -> str:
        """What to say of it."""
        free = shutil.disk_usage(self.folder).free // (1024 * 1024)
        if self.full:
            return f"{self.folder}: {free} MB free: nothing is fetched until there is more room"
        return f"{self.folder}: {free} MB free: fetching goes on"
