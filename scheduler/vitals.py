"""What the daemon itself takes, told once an hour: what grows from day to day is a leak."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from scheduler.journal import Journal

EVERY = timedelta(hours=1)
PROCESS = Path("/proc/self")  # Linux; elsewhere what stands there is left out


@dataclass(slots=True)
class Vitals:
    """Tells the journal when an hour has gone by, and once at the start."""

    journal: Journal
    told_at: datetime | None = None

    def look(self, now: datetime) -> None:
        """One line, if it is time; to be called within the daemon's loop."""
        if self.told_at is not None and timedelta(0) <= now - self.told_at < EVERY:
            return
        self.told_at = now
        taken: dict[str, Any] = taken_now()
        words = ", ".join(f"{number} {name}" for name, number in taken.items())
        self.journal.note("vitals", f"the daemon takes {words}", **taken)


def taken_now() -> dict[str, int]:
    """Memory (rss, kB), threads, open files and tasks of this process, within a running loop."""
    taken = {"threads": threading.active_count(), "tasks": len(asyncio.all_tasks())}
    try:
        taken["files"] = sum(1 for _ in (PROCESS / "fd").iterdir()) - 1  # not the one that looks
        status = (PROCESS / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return taken
    fields = dict(line.partition(":")[::2] for line in status.splitlines())
    resident = fields.get("VmRSS", "").split()
    return {"kB": int(resident[0]), **taken} if resident else taken
