"""Time that costs nothing: an event loop whose clock jumps to the next timer when nothing real is
going on, and the clock that the daemon is given."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
OURS = ("reading", "thread")
LOOK_AGAIN = 0.02  # real seconds; how long a wait for something real may be before looking again


class Activity:
    """What is really going on: names of open requests, of pages being read, of threads. The clock
    stands as long as there is any. What is `held` (a server that will not answer) does not count,
    and while `offline` no request does."""

    def __init__(self) -> None:
        self.open: dict[str, int] = {}
        self.held: set[str] = set()
        self.offline = False

    def begin(self, name: str) -> None:
        self.open[name] = self.open.get(name, 0) + 1

    def end(self, name: str) -> None:
        self.open[name] -= 1
        if not self.open[name]:
            del self.open[name]
            self.held.discard(name)

    @property
    def going_on(self) -> bool:
        waiting = (name for name in self.open if name not in self.held)
        return any(not self.offline or name in OURS for name in waiting)


ACTIVITY = Activity()  # of this process; the loop is made by Twisted, which hands nothing over


class JumpingSelector(selectors.DefaultSelector):
    """Waits really only while something real is going on; else the clock jumps."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; a wait of `timeout` seconds costs no real time when nothing is."""
        if ACTIVITY.going_on and (timeout is None or timeout > 0):
            ready = super().select(LOOK_AGAIN)
            if not ready and timeout is not None:
                self.now += min(timeout, LOOK_AGAIN)  # real things take real time
            return ready
        ready = super().select(0)
        if not ready and timeout is not None and timeout > 0:
            self.now += timeout
        elif not ready and timeout is None:
            return super().select(LOOK_AGAIN)
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """The event loop of a simulation."""

    def __init__(self) -> None:
        self.jumping = JumpingSelector()
        super().__init__(self.jumping)

    def time(self) -> float:
        """Seconds since the simulation began."""
        return self.jumping.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """A thread's work is real."""
        ACTIVITY.begin("thread")
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(lambda _: ACTIVITY.end("thread"))
        return future


class LoopClock:
    """The clock of a simulation that began at `start` (aware UTC)."""

    def __init__(self, start: datetime, loop: JumpingLoop) -> None:
        self.start = start
        self.loop = loop

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.loop.time())

    async def wait_until(self, moment: datetime) -> None:
        """Sleeps until then; it takes no real time."""
        await asyncio.sleep(max((moment - self.now()) / timedelta(seconds=1), 0.0))


def lend(clock: LoopClock) -> None:
    """Twisted and APScheduler ask the machine what time it is, and take no clock: in this process
    they are told the simulation's."""
    from twisted.internet import reactor  # noqa: PLC0415 (installed by now)

    reactor.seconds = clock.loop.time  # type: ignore[attr-defined]
    from apscheduler.schedulers import base  # noqa: PLC0415 (only where it is replaced)

    class Told(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock.now().astimezone(tz)

    base.datetime = Told
