"""Sends what stands in the outbox, each message by a process of its own, and sees to the rest of
what the daemon does besides passes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler.clock import Clock, LiveClock
from scheduler.channels import only, variable
from scheduler.journal import Journal
from scheduler.upkeep import Disk, chores_due, tidy_if_due
from store import alerts, outbox
from store.database import StoreError
from store.encoding import to_text
from store.outbox import Message, Posted

EVERY = timedelta(seconds=30)  # between two looks at rules and outbox
PATIENCE = 60.0  # seconds a delivery may take
GRACE = 1.0  # more seconds, to end by itself
AGAIN = 5.0  # seconds, until the database can be written
LIVE = LiveClock()
Delivery = Callable[[Message], Awaitable[str | None]]  # None: it arrived, else why not
OPERATIONS = "operations"  # the channel of what goes wrong with Pantau itself


def operations_channel(environment: Mapping[str, str]) -> str | None:
    """The channel of alarms about outlets and the daemon itself; None when it is not set."""
    return OPERATIONS if environment.get(variable(OPERATIONS)) else None


async def deliver(message: Message) -> str | None:
    """Sends one message; None when it arrived, else why not. The process that does it is the only
    one that opens the address, and is ended when it takes too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "scheduler.delivery",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=only(message.channel, os.environ),
    )
    try:
        given = json.dumps(asdict(message)).encode()
        said, _ = await asyncio.wait_for(process.communicate(given), PATIENCE)
    except TimeoutError:
        # A machine that slept finds the time gone, and perhaps the message delivered.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE)
        return None if process.returncode == 0 else f"not delivered within {PATIENCE:g} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return None
    return said.decode("utf-8", "replace").strip() or "the delivery died"


async def send_due(
    db: Database, journal: Journal, post: Delivery = deliver, clock: Clock = LIVE
) -> int:
    """Sends what is due by the clock; returns how many messages arrived."""
    arrived = 0
    for posted in outbox.due(db, clock.now()):
        problem = await post(posted.message)
        arrived += problem is None
        while True:
            try:
                settle(db, posted, problem, journal, clock.now())
                break
            except (StoreError, sqlite3.OperationalError) as error:
                # Forgotten, a message that arrived would be sent again.
                journal.note("trouble", str(error))
                await asyncio.sleep(AGAIN)
    return arrived


def settle(
    db: Database, posted: Posted, problem: str | None, journal: Journal, now: datetime
) -> None:
    """Writes what became of a message."""
    channel = posted.message.channel
    if problem is None:
        outbox.sent(db, posted.id, now)
        journal.note("sent", f"{channel}: {posted.message.subject}")
    else:
        outbox.not_sent(db, posted, problem, now)
        journal.note("not sent", f"{channel}: {problem}; it is tried again")


@dataclass(slots=True)
class Errands:
    """What the daemon sees to at its heartbeat: alerts, the outbox, chores, room on the disk.
    Nothing of it holds up the heartbeat; a second sending never begins beside a first. delivery
    sends a message, by the clock's time."""

    db: Database
    path: Path
    journal: Journal
    channel: str | None = None
    disk: Disk = field(default_factory=lambda: Disk(Path()))
    looked_at: datetime | None = None
    sending: asyncio.Task[None] | None = None
    tidying: asyncio.Task[None] | None = None
    untold: list[Message] = field(default_factory=list)
    delivery: Delivery = deliver
    clock: Clock = LIVE

    def may_fetch(self) -> bool:
        """False while the disk is nearly full."""
        return not self.disk.full

    async def see_to(self, now: datetime) -> None:
        """Looks at everything, when half a minute has gone by since the last look."""
        if self.looked_at is not None and timedelta(0) <= now - self.looked_at < EVERY:
            return
        self.looked_at = now
        if self.disk.look():
            self.report(self.disk.words(), now)
        self.tell(now)
        alerts.gather(self.db, now)
        if self.sending is None or self.sending.done():
            sending = self.guarded(send_due, self.db, self.journal, self.delivery, self.clock)
            self.sending = asyncio.create_task(sending)
        if chores_due(self.db, now) and (self.tidying is None or self.tidying.done()):
            self.tidying = asyncio.create_task(self.guarded(self.tidy, now))

    async def tidy(self, now: datetime) -> None:
        """The chores, in a thread."""
        gone = await asyncio.to_thread(tidy_if_due, self.path, now)
        if gone is not None:
            words = ", ".join(f"{number} {kind}" for kind, number in gone.items() if number)
            self.journal.note("upkeep", f"tidied: {words or 'nothing was old'}")

    async def guarded(self, work: Callable[..., Awaitable[object]], *given: Any) -> None:
        """The boundary of a job: what the database refuses is tried again at the next look."""
        try:
            await work(*given)
        except (StoreError, sqlite3.Error, OSError) as error:
            self.journal.note("trouble", str(error))

    def report(self, words: str, now: datetime) -> None:
        """Tells whoever runs this Pantau."""
        self.journal.note("trouble", words)
        if self.channel is not None:
            message = Message(f"operations/{to_text(now)}", self.channel, words, words)
            self.untold.append(message)
        self.tell(now)

    def tell(self, now: datetime) -> None:
        """Puts reports into the outbox; what a full disk does not take is kept for later."""
        while self.untold:
            outbox.post(self.db, self.untold[0], now)
            del self.untold[0]

    async def end(self, *, finish: bool = False) -> None:
        """Ends what is being done, or waits for it: what was not sent is sent at the next start,
        with the same key."""
        tasks = [task for task in (self.sending, self.tidying) if task is not None]
        for task in tasks:
            if not finish:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
