"""Tells a clock that was set, or a machine that slept, from time that went by."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Jumps:
    """Holds the clock against the monotonic one, from one look to the next."""

    def __init__(self) -> None:
        self.last = datetime.now(UTC), time.monotonic()

    def jump(self, now: datetime) -> timedelta:
        """How much more than the time gone by the clock shows since the last look; negative when
        it was set back."""
        (wall, gone), moment = self.last, time.monotonic()
        self.last = now, moment
        return now - wall - timedelta(seconds=moment - gone)
