"""A process whose clock is set, or runs fast, by libfaketime: Debian's package `faketime`.

What was found to hold with libfaketime 0.9.10 and Python 3.11:
- A clock that is set (FAKETIME_TIMESTAMP_FILE, read again every second) must leave the monotonic
  clock alone, as a real one does. But then libfaketime computes nonsense for clock_nanosleep until
  an absolute monotonic time, which is time.sleep: EINVAL. SLEEP below sleeps by select instead.
- A clock that runs fast takes the monotonic one along. epoll_wait, poll, select, nanosleep and
  sem_timedwait are divided by the speed; sem_clockwait is not, so that a lock of `threading` with a
  time-out waits for ever. Nothing the daemon runs on has one.
- Children share the start of time only with FAKETIME_DONT_RESET.
- The times of files stay what they are (NO_FAKE_STAT), or Python compiles every module again.
- Time-outs count fast time, work does not: at 60-fold a page has a third of a second to be read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")
INSTALL = "libfaketime is missing: apt-get install -y faketime"
SHARED = Path("/dev/shm")
SLEEP = "import select, time\ntime.sleep = lambda s: select.select([], [], [], s) and None\n"
READ_AGAIN = 1  # seconds


def library() -> str:
    """The path of libfaketime; the test fails without it."""
    found = [str(path) for pattern in LIBRARIES for path in Path("/").glob(pattern[1:])]
    if not found:
        pytest.fail(INSTALL)
    return found[0]


@dataclass
class SetClock:
    """A clock that processes started with its environment follow; it keeps time until it is set."""

    folder: Path

    def __post_init__(self) -> None:
        self.set(timedelta(0))
        (self.folder / "sitecustomize.py").write_text(SLEEP)

    def set(self, ahead: timedelta) -> None:
        """Sets it so far ahead of the machine's own; seen within two seconds."""
        fresh = self.folder / "clock.new"
        fresh.write_text(f"{ahead.total_seconds():+.0f}\n")
        fresh.replace(self.folder / "clock")

    @property
    def environment(self) -> dict[str, str]:
        """What tells a process of this clock."""
        return {
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"),
            "FAKETIME_CACHE_DURATION": str(READ_AGAIN),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": os.pathsep.join(
                part for part in (str(self.folder), os.environ.get("PYTHONPATH")) if part
            ),
        }


def fast(speed: int) -> dict[str, str]:
    """The environment of a process for which all clocks run so many times as fast."""
    return {
        "LD_PRELOAD": library(),
        "FAKETIME": f"+0 x{speed}",
        "FAKETIME_DONT_RESET": "1",
        "NO_FAKE_STAT": "1",
    }


def sweep(pid: int) -> None:
    """Takes away what libfaketime shares between a process and its children; a killed process
    leaves it, and one that gets its number later stumbles over it."""
    for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
        (SHARED / name).unlink(missing_ok=True)
