"""Collecting gives way to people: to the review page first of all, which runs beside it."""

from __future__ import annotations

import os

# Beside a crawl at full speed on two cores a page took six times as long with equal priority, 1.4
# times with this one (benchmarks/review.py). A machine with a core to spare crawls as fast.
NICENESS = 10


def give_way() -> None:
    """Lower this process's priority, and with it that of the processes it starts later; one that
    is that low already keeps it. Does nothing where the system has no such thing."""
    if hasattr(os, "nice"):
        os.nice(max(0, NICENESS - os.nice(0)))
