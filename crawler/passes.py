"""Runs passes over outlets: opens what they share, and records what each came to."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlite_utils import Database

from crawler.clock import Clock, LiveClock, StandingClock
from crawler.configuration import Configuration
from crawler.gate import CONNECTIONS, WEB_PORTS, Allowance, ConnectionPolicy
from crawler.outlets import Outlet
from crawler.pool import ReadingPool
from crawler.recordings import Recording
from crawler.replay import Replay
from crawler.session import Session, Tally
from crawler.spiders.outlet import spider_for
from store import frontier, runs
from store.outlets import set_next_run, sync_outlets
from store.records import OutletRow
from store.runs import Incident

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerRunner

Hosts = Mapping[str, tuple[str, int]]
AT_ONCE = 4  # outlets crawled side by side; each host still gets one request at a time


@dataclass(slots=True)
class Run:
    """One run: what its passes share. say shows progress; clock is the machine's unless it is
    a replay."""

    db: Database
    pool: ReadingPool
    runner: AsyncCrawlerRunner
    configuration: Configuration
    trigger: str
    version: str
    mapping: Hosts = field(default_factory=dict)
    say: Callable[[str, str], None] = lambda slug, line: None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    id: int = 0

    def begin(self, outlets: Iterable[Outlet], now: datetime) -> None:
        """Opens the run in the diary; takes back what dead processes had leased."""
        sync_outlets(self.db, [row_of(outlet) for outlet in outlets], now)
        self.id = runs.start_run(self.db, self.trigger, self.version, now, os.getpid())
        frontier.recover(self.db, now, is_alive)

    def end(self, status: str, now: datetime) -> None:
        """Gives back what was leased and not fetched, and closes the run."""
        frontier.give_back(self.db, self.id)
        runs.finish_run(self.db, self.id, status, now)

    async def live(self, outlet: Outlet) -> Tally:
        """One pass over the outlet on the web (or its mapped copy), and when it is due next."""
        clock = LiveClock()
        tally = await self._pass(outlet, clock, None)
        set_next_run(self.db, outlet.slug, clock.now() + timedelta(seconds=outlet.interval))
        return tally

    async def replay(self, recording: Recording) -> tuple[Tally, list[str]]:
        """One pass over a recording, and the requests it did not hold."""
        replay = Replay(recording)
        tally = await self._pass(recording.outlet, StandingClock(recording.recorded_at), replay)
        return tally, replay.missed

    async def _pass(self, outlet: Outlet, clock: Clock, replay: Replay | None) -> Tally:
        session = Session(
            outlet=outlet,
            db=self.db,
            clock=clock,
            pool=self.pool,
            allowance=allowance_of(outlet, self.mapping),
            run_id=self.id,
            user_agent=self.configuration.user_agent,
            replay=replay,
            stopping=self.stopping,
            say=lambda line: self.say(outlet.slug, line),
        )
        crawler = self.runner.create_crawler(spider_for(outlet))
        crawler.pantau = session  # type: ignore[attr-defined]
        try:
            await self.runner.crawl(crawler)
        except Exception as error:  # noqa: BLE001 (the job boundary of an outlet)
            session.crash(outlet.home, error)
            problem = f"{type(error).__name__}: {error}"
            incident = Incident("failed", problem, outlet.home)
            runs.record_error(self.db, self.id, outlet.slug, incident, clock.now())
            session.tally.sources_failed += 1
        runs.record_outlet(self.db, self.id, outlet.slug, session.tally.counts())
        return session.tally


def allowance_of(outlet: Outlet, mapping: Hosts) -> Allowance:
    """What this outlet may fetch; under --map every host it may ask must be mapped."""
    return Allowance(outlet.all_hosts, WEB_PORTS | frozenset(outlet.ports), mapping)


def guard_connections(outlets: Iterable[Outlet], mapping: Hosts, *, offline: bool = False) -> None:
    """From now on this process connects to public web addresses only; under --map to the mapped
    ports only; in a replay to nothing."""
    ports = WEB_PORTS.union(*(outlet.ports for outlet in outlets))
    CONNECTIONS.enforce(ConnectionPolicy(offline, frozenset(mapping.values()), ports))


def row_of(outlet: Outlet) -> OutletRow:
    """An outlet as the store keeps it."""
    return OutletRow(
        slug=outlet.slug,
        name=outlet.name,
        home=outlet.home,
        family=outlet.family,
        province=outlet.province,
        zone=outlet.timezone,
        enabled=outlet.enabled and outlet.terms != "off",
    )


def is_alive(pid: int) -> bool:
    """Whether a process of this machine with that id is there, and is not this one."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
