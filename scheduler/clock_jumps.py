"""Tells a clock that was set, or a machine that slept, from time that went by."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def machine_time() -> datetime:
    """The machine's clock (aware UTC)."""
    return datetime.now(UTC)


class Jumps:
    """Holds the clock against a monotonic one (seconds), from one look to the next."""

    def __init__(
        self,
        now: Callable[[], datetime] = machine_time,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ticks = ticks
        self.last = now(), ticks()

    def jump(self, now: datetime) -> timedelta:
        """How much more than the time gone by the clock shows since the last look; negative when
        it was set back."""
        (wall, gone), moment = self.last, self.ticks()
        self.last = now, moment
        return now - wall - timedelta(seconds=moment - gone)
