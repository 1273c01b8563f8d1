"""What the daemon sees to besides passes, as the daemon knows it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Errands(Protocol):
    """Called at every heartbeat."""

    async def see_to(self, now: datetime) -> None: ...

    def may_fetch(self) -> bool: ...

    async def end(self, *, finish: bool = False) -> None: ...
