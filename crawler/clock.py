"""What time it is, and waiting: the real clock, or one that stands still for a replay."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time as a crawl sees it; now() is aware UTC."""

    def now(self) -> datetime: ...

    async def wait_until(self, moment: datetime) -> None: ...


class LiveClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def wait_until(self, moment: datetime) -> None:
        """Sleeps until moment by the monotonic clock, so that a clock set back cannot stretch
        the wait."""
        seconds = (moment - self.now()) / timedelta(seconds=1)
        if seconds > 0:
            await asyncio.sleep(seconds)


class StandingClock:
    """A clock that stands at the instant a recording was made; waiting costs nothing."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    async def wait_until(self, moment: datetime) -> None:
        return None
