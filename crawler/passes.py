"""Runs passes over outlets: opens what they share, and records what each came to."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from crawler.clock import Clock, LiveClock, StandingClock
from crawler.configuration import Configuration
from crawler.gate import CONNECTIONS, WEB_PORTS, Allowance, ConnectionPolicy
from crawler.outlets import Outlet
from crawler.pauses import host_of
from crawler.placing import place_missing
from crawler.pool import ReadingPool
from crawler.processes import has_open
from crawler.recordings import Recording
from crawler.replay import Replay
from crawler.session import Queues, Session, Tally, is_of_the_store
from crawler.spiders.outlet import spider_for
from store import frontier, hosts, runs
from store.database import StoreError
from store.outlets import set_next_run, sync_outlets
from store.records import Candidate, OutletRow
from store.runs import Incident

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerRunner

Hosts = Mapping[str, tuple[str, int]]
# A pass ends after its outlet's interval, so that a host with a long Crawl-delay is not asked by
# two passes at once, but has at least a minute.
PASS_SHORTEST, PASS_LONGEST = 60.0, 25 * 60.0  # seconds
AT_ONCE = 4  # outlets crawled side by side; each host still gets one request at a time


@dataclass(slots=True)
class Run:
    """One run: what its passes share. say shows progress; since pages sources back to that day;
    clock is the machine's unless it is a replay."""

    db: Database
    pool: ReadingPool
    runner: AsyncCrawlerRunner
    configuration: Configuration
    trigger: str
    version: str
    mapping: Hosts = field(default_factory=dict)
    say: Callable[[str, str], None] = lambda slug, line: None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    since: date | None = None
    id: int = 0
    queues: Queues = field(default_factory=lambda: defaultdict(asyncio.Lock))
    well: dict[str, bool] = field(default_factory=dict)
    clock: Clock = field(default_factory=LiveClock)

    def begin(self, outlets: Iterable[Outlet], now: datetime) -> None:
        """Opens the run in the diary; takes back what dead processes had leased, and places among
        its copies what they had stored."""
        sync_outlets(self.db, [row_of(outlet) for outlet in outlets], now)
        self.id = runs.start_run(self.db, self.trigger, self.version, now, os.getpid())
        frontier.recover(self.db, now, others_at_work(self.db))
        place_missing(self.db)

    def end(self, status: str, now: datetime) -> None:
        """Gives back what was leased and not fetched, and closes the run. One in which every
        outlet failed has failed, however regularly it ended."""
        frontier.give_back(self.db, self.id)
        hopeless = bool(self.well) and not any(self.well.values())
        runs.finish_run(self.db, self.id, "failed" if hopeless else status, now)

    async def live(self, outlet: Outlet) -> Tally:
        """One pass over the outlet on the web (or its mapped copy), and when it is due next: not
        before its host may be asked again. Takes over what dead processes had leased, and what an
        earlier pass of this run could not give back."""
        clock = self.clock
        begun = clock.now()
        frontier.give_back(self.db, self.id, outlet.slug)
        others = others_at_work(self.db)
        frontier.recover(self.db, begun, lambda pid: pid == os.getpid() or others(pid))
        longest = min(max(outlet.interval, PASS_SHORTEST), PASS_LONGEST)
        tally = await self._pass(outlet, clock, None, begun + timedelta(seconds=longest))
        due = clock.now() + timedelta(seconds=outlet.interval)
        paused = hosts.paused_until(self.db, host_of(outlet.home), clock.now())
        set_next_run(self.db, outlet.slug, max(due, paused or due))
        return tally

    async def fetch(self, outlet: Outlet, wanted: Candidate) -> Tally:
        """One page a person asked for, by the same path as in a pass; no source is asked."""
        return await self._pass(outlet, self.clock, None, errand=wanted)

    async def replay(self, recording: Recording) -> tuple[Tally, list[str]]:
        """One pass over a recording, and the requests it did not hold."""
        replay = Replay(recording)
        tally = await self._pass(recording.outlet, StandingClock(recording.recorded_at), replay)
        return tally, replay.missed

    async def _pass(
        self,
        outlet: Outlet,
        clock: Clock,
        replay: Replay | None,
        deadline: datetime | None = None,
        errand: Candidate | None = None,
    ) -> Tally:
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
            deadline=deadline,
            since=self.since,
            errand=errand,
            queues=self.queues,
            say=lambda line: self.say(outlet.slug, line),
        )
        crawler = self.runner.create_crawler(spider_for(outlet))
        crawler.pantau = session  # type: ignore[attr-defined]
        try:
            await self.runner.crawl(crawler)
            if session.broken is not None:
                raise session.broken
        except Exception as error:  # the job boundary
            if is_of_the_store(error):
                raise unwritable(self.db, error) from error
            session.crash(outlet.home, error)
            problem = f"{type(error).__name__}: {error}"
            incident = Incident("failed", problem, outlet.home)
            runs.record_error(self.db, self.id, outlet.slug, incident, clock.now())
            session.tally.sources_failed += 1
        self.closed(session)
        return session.tally

    def closed(self, session: Session) -> None:
        """The pass is over: its leases are given back, its counts kept."""
        slug = session.outlet.slug
        frontier.give_back(self.db, self.id, slug)
        runs.record_outlet(self.db, self.id, slug, session.tally.counts())
        well = session.tally.sources_ok > 0 or (session.errand is not None and session.tally.pages)
        self.well[slug] = self.well.get(slug, False) or bool(well)


def unwritable(db: Database, error: Exception) -> StoreError:
    """What to say when the database cannot be written: mostly, that the disk is full."""
    if isinstance(error, StoreError):
        return error
    file = db.conn.execute("PRAGMA database_list").fetchone()[2]
    full = "full" in str(error) or "disk" in str(error)
    remedy = "free some space and run it again" if full else "see `pantau doctor`"
    return StoreError(f"{file}: cannot be written ({error}); nothing is lost: {remedy}")


def allowance_of(outlet: Outlet, mapping: Hosts) -> Allowance:
    """What this outlet may fetch; under --map every host it may ask must be mapped. Nothing when
    it asked to be left alone, whatever command is given."""
    allowed = frozenset[str]() if outlet.terms == "off" else outlet.all_hosts
    return Allowance(allowed, WEB_PORTS | frozenset(outlet.ports), mapping)


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
        tls=outlet.tls,
    )


def others_at_work(db: Database) -> Callable[[int], bool]:
    """Tells of a process id whether that is another process, which works on this database."""
    file = Path(db.conn.execute("PRAGMA database_list").fetchone()[2])
    return lambda pid: pid != os.getpid() and has_open(pid, file)
