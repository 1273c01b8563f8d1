"""What the daemon counts of its own work since it started, for its metrics."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from crawler.session import Tally


@dataclass(slots=True)
class Meter:
    """Plain counters, written by the daemon's loop and read by the thread that serves them. Times
    are those of the monotonic clock: a clock that is set makes nothing older."""

    passes: Counter[str] = field(default_factory=lambda: Counter(answered=0, failed=0))
    endings: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=lambda: Counter(new=0, revised=0))
    requests: int = 0
    received: int = 0
    passed_at: float = field(default_factory=time.monotonic)
    beaten_at: float = field(default_factory=time.monotonic)

    def passed(self, tally: Tally) -> None:
        """A pass ended."""
        counts = tally.counts()
        self.passes["answered" if tally.sources_ok else "failed"] += 1
        self.endings.update(counts.endings)
        self.articles.update(new=counts.new, revised=counts.revised)
        self.requests += counts.requests
        self.received += counts.bytes
        self.passed_at = time.monotonic()

    def beat(self) -> None:
        """The daemon's heart beat."""
        self.beaten_at = time.monotonic()
