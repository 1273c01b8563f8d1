"""The real daemon on the simulated town: its scheduler, passes, store and outbox, by a clock that
jumps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from scrapy.utils.reactor import install_reactor

from benchmarks.fortnight_clock import ACTIVITY, JumpingLoop, LoopClock, lend
from benchmarks.fortnight_faults import OUTAGES, Fault, plant
from benchmarks.fortnight_site import Site
from benchmarks.fortnight_town import DAY, START, Room, town
from crawler import reactor
from crawler.configuration import Configuration
from crawler.handlers import PantauHandler
from crawler.outlets import Outlet, Source
from crawler.passes import Run, guard_connections
from crawler.pool import ReadingPool
from crawler.settings import scrapy_settings
from scheduler.alerts import Errands
from scheduler.clock_jumps import Jumps
from scheduler.journal import Journal
from scheduler.pacing import Pacing
from scheduler.upkeep import Disk
from scheduler.watch import Watch
from store.database import open_store
from store.outbox import Message

HEARTBEAT = 60.0  # simulated seconds, instead of five: a fortnight has 242,000 of those
DELAY = 1.0  # seconds between requests to a host, the least that is allowed on the web
HANDLER = "benchmarks.fortnight_run.CountedHandler"


class CountedHandler(PantauHandler):
    """The real handler; while it waits for an answer, the clock stands."""

    async def download_request(self, request: Request) -> Response:
        name = urlsplit(request.url).hostname or ""
        ACTIVITY.begin(name)
        try:
            return await super().download_request(request)
        finally:
            ACTIVITY.end(name)


class CountedPool(ReadingPool):
    """The real pool; while a page is read, the clock stands."""

    async def _call(self, function: Any, *args: Any) -> Any:
        ACTIVITY.begin("reading")
        try:
            return await super()._call(function, *args)
        finally:
            ACTIVITY.end("reading")


class SilentJournal(Journal):
    """The daemon's log, kept instead of shown."""

    def note(self, event: str, text: str, outlet: str | None = None, **more: object) -> None:
        if event == "trouble":
            TROUBLES.append(f"{outlet or ''} {text}")


TROUBLES: list[str] = []  # of this process


@dataclass(slots=True)
class Fortnight:
    """What a simulation was, and what came of it: requests by host, messages with the time at
    which they were delivered, real seconds."""

    rooms: Sequence[Room]
    faults: Sequence[Fault]
    end: datetime
    asked: dict[str, int] = field(default_factory=dict)
    told: list[tuple[datetime, Message]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0


def simulate(
    count: int, days: float, seed: int, db: Path, say: Callable[[str], None] = lambda _: None
) -> Fortnight:
    """Runs the daemon over so many outlets for so many simulated days, into that database. Once
    a process: Twisted's reactor runs only once."""
    install_reactor(reactor.ASYNCIO_REACTOR, "benchmarks.fortnight_clock.JumpingLoop")
    rooms = town(count, days, seed)
    fortnight = Fortnight(rooms, plant(rooms, days), START + days * DAY)
    begun = time.monotonic()
    with CountedPool(1) as pool:
        reactor.run(lambda: watch(fortnight, pool, db, say))
    fortnight.seconds = time.monotonic() - begun
    fortnight.troubles = list(TROUBLES)
    return fortnight


async def watch(fortnight: Fortnight, pool: ReadingPool, path: Path, say: Any) -> None:
    """The daemon from its start to SIGTERM."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, JumpingLoop)
    clock = LoopClock(START, loop)
    lend(clock)
    site = Site(fortnight.rooms, fortnight.faults, clock)
    await site.open()
    outlets = {room.slug: outlet_of(room) for room in fortnight.rooms}
    mapping = {room.host: ("127.0.0.1", site.port) for room in fortnight.rooms}
    guard_connections(outlets.values(), mapping)
    settings = scrapy_settings(DOWNLOAD_HANDLERS={"http": HANDLER, "https": HANDLER})
    db = open_store(path)
    runner = AsyncCrawlerRunner(settings)
    run = Run(db, pool, runner, Configuration(), "watch", "0", mapping, clock=clock)

    async def deliver(message: Message) -> str | None:
        fortnight.told.append((clock.now(), message))
        return None

    journal = SilentJournal()
    pacing = Pacing(db, True, channel="operations")
    errands = Errands(db, path, journal, "operations", Disk(path.parent))
    errands.delivery, errands.clock = deliver, clock
    daemon = Watch(run, outlets, journal, pacing, errands)
    daemon.jumps, daemon.heartbeat = Jumps(clock.now, loop.time), HEARTBEAT
    tasks = [asyncio.create_task(lose_network(site, *outage)) for outage in outages(fortnight)]
    tasks.append(asyncio.create_task(report_days(fortnight, clock, site, say)))

    def end_in_time(stop: Callable[[], None]) -> None:
        loop.call_later((fortnight.end - START).total_seconds(), stop)

    await daemon.run(end_in_time)
    for task in tasks:
        task.cancel()
    await site.close()
    fortnight.asked = dict(site.asked)
    db.close()


def outages(fortnight: Fortnight) -> list[tuple[float, float]]:
    """When the whole network is gone, and for how long: seconds of the simulation."""
    scale = (fortnight.end - START).total_seconds() / 14
    return [(day * scale, length * scale) for day, length in OUTAGES]


async def lose_network(site: Site, begin: float, length: float) -> None:
    """Nobody can be reached for that long."""
    await asyncio.sleep(begin)
    await site.close()
    await asyncio.sleep(length)
    await site.open()


async def report_days(fortnight: Fortnight, clock: LoopClock, site: Site, say: Any) -> None:
    """A line a simulated day."""
    begun = time.monotonic()
    while True:
        await asyncio.sleep(DAY.total_seconds())
        gone = time.monotonic() - begun
        say(f"day {(clock.now() - START) / DAY:.0f}: {site.asked.total()} requests, {gone:.0f} s")


def outlet_of(room: Room) -> Outlet:
    """The outlet as its TOML would declare it."""
    home = f"https://{room.host}/"
    sources: tuple[Source, ...] = ()
    if room.habit.named:
        sources = (Source("feed", f"{home}feed/"),)
    elif room.habit.kind == "listing":
        sources = (Source("listing", home),)
    name = f"Kabar {room.number:03}"
    return Outlet(room.slug, name, home, "wordpress", "18", (name,), delay=DELAY, sources=sources)
