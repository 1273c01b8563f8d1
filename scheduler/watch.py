"""The daemon: one scheduler job an outlet, due when the database says, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_SUBMITTED
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.outlets import Outlet
from crawler.passes import AT_ONCE, Run
from scheduler.clock_jumps import Jumps
from scheduler.errands import Errands
from scheduler.jobs import Jobs
from scheduler.journal import Journal, counted
from scheduler.meter import Meter
from scheduler.pacing import Pacing, site_of
from scheduler.systemd import notify
from scheduler.vitals import Vitals
from store.database import StoreError
from store.outlets import active, next_run_at
from store.planned import move_back

STAGGER = timedelta(seconds=2)  # between the first passes of outlets that are due at once
HEARTBEAT = 5.0  # seconds; wakes the scheduler, which a jump of the clock would leave asleep
JUMP = timedelta(seconds=60)  # a clock that differs that much from the time gone by was set
FARTHEST = timedelta(days=8)  # what lies further ahead was planned by a wrong clock
AGAIN = timedelta(minutes=1)  # after the database could not be written
PATIENCE = 5.0  # seconds; what a page at hand has to be finished when the daemon is stopped
FAREWELL = 2.0  # seconds; what a crawl has to end after that


class Watch:
    """Every outlet as often as it deserves. The next run of each is kept in the database, so that
    a restart neither forgets nor repeats one."""

    def __init__(
        self,
        run: Run,
        outlets: Mapping[str, Outlet],
        journal: Journal,
        pacing: Pacing,
        errands: Errands | None = None,
    ) -> None:
        self.run_ = run
        self.outlets = outlets
        self.journal = journal
        self.pacing = pacing
        self.errands = errands
        self.jobs = Jobs(run.db, self, journal)
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.busy: set[str] = set()
        self.jumps = Jumps(self.now)
        self.set_back = timedelta(0)  # how much what is planned has still to be moved
        self.heartbeat = HEARTBEAT
        self.vitals = Vitals(journal)
        self.meter = Meter()
        self.scheduler = AsyncIOScheduler(
            timezone=UTC,
            # One second of grace is the default: a late job would be dropped for good.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        # A job that was taken up and has not begun yet must not be planned a second time.
        self.scheduler.add_listener(lambda job: self.busy.add(job.job_id), EVENT_JOB_SUBMITTED)

    def now(self) -> datetime:
        """The time by the run's clock (aware UTC)."""
        return self.run_.clock.now()

    async def run(self, stop_on_signals: Callable[[Callable[[], None]], None]) -> int:
        """Runs until SIGTERM or SIGINT; the page at hand is finished, the rest given back."""
        stop_on_signals(self.run_.stopping.set)
        await self.begin()
        self.plan(self.now())
        self.scheduler.start()
        jobs = len(self.scheduler.get_jobs())
        self.journal.note("begin", f"Watching {jobs} outlets; stop with Ctrl-C or SIGTERM.")
        notify("READY=1")
        heartbeat = asyncio.create_task(self.beat())
        await self.run_.stopping.wait()
        notify("STOPPING=1")
        # shutdown() first would cancel crawls at work; what is being fetched is finished instead.
        self.scheduler.pause()
        heartbeat.cancel()
        await self.leave("stopped")
        if self.errands is not None:
            await self.errands.end()
        self.scheduler.shutdown(wait=False)
        self.journal.note("end", "Stopped; what was not fetched is kept for the next start.")
        return 0

    async def once(self, stop_on_signals: Callable[[Callable[[], None]], None]) -> int:
        """One pass over every outlet that is due, then what is to be seen to, and the end."""
        stop_on_signals(self.run_.stopping.set)
        await self.begin()
        now = self.now()
        self.jobs.see_to(now)
        asked, db = self.jobs.due(now), self.run_.db
        due = [s for s in self.enabled() if s in asked or (next_run_at(db, s) or now) <= now]
        passes = asyncio.gather(*(self.crawl(self.outlets[slug]) for slug in due))
        stopped = asyncio.create_task(self.run_.stopping.wait())
        both: list[asyncio.Future[Any]] = [passes, stopped]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        await self.leave("finished" if passes.done() else "stopped")
        passes.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await passes
        if self.errands is not None:
            await self.errands.see_to(self.now())
            await self.errands.end(finish=not self.run_.stopping.is_set())
        self.journal.note("end", f"{len(due)} outlets were due.")
        return 0

    async def begin(self) -> None:
        """Opens the run; a database that another process holds is waited for."""
        while True:
            try:
                self.run_.begin(self.outlets.values(), self.now())
                break
            except (StoreError, sqlite3.OperationalError) as error:
                self.journal.note("trouble", str(error))
            if self.run_.stopping.is_set():
                break
            await asyncio.sleep(HEARTBEAT)
        self.pacing.watched = len({site_of(self.outlets[slug].host) for slug in self.enabled()})

    async def leave(self, status: str) -> None:
        """Waits a little for the pages at hand, then ends their crawls, and gives back the rest."""
        runner = self.run_.runner
        for patience, last in ((PATIENCE, False), (FAREWELL, True)):
            crawls = asyncio.create_task(runner.stop() if last else runner.join())
            done, _ = await asyncio.wait({crawls}, timeout=patience)
            if done:
                break
            crawls.cancel()
        try:
            self.run_.end(status, self.now())
        except (StoreError, sqlite3.OperationalError) as error:
            # The next start takes back what a dead process had leased.
            self.journal.note("trouble", str(error))

    def enabled(self) -> list[str]:
        """The outlets that are switched on, not paused, and may be fetched at all."""
        on = active(self.run_.db, self.now())
        return [slug for slug in self.outlets if slug in on and self.outlets[slug].terms != "off"]

    def plan(self, now: datetime) -> None:
        """One job an outlet that is switched on, first due when the database says; none for one
        that a person switched off since."""
        enabled = self.enabled()
        planned = {job.id for job in self.scheduler.get_jobs()}
        for slug in planned.difference(enabled):
            self.scheduler.remove_job(slug)
        waiting = [slug for slug in enabled if slug not in planned and slug not in self.busy]
        for number, slug in enumerate(waiting):
            due = next_run_at(self.run_.db, slug)
            if due is not None and due - now > FARTHEST:
                due = now
            stagger = number * STAGGER * (not self.run_.mapping)
            self.schedule(slug, max(due or now, now + stagger))

    def schedule(self, slug: str, due: datetime) -> None:
        """Plans the next pass over an outlet."""
        self.scheduler.add_job(
            self.crawl,
            "date",
            run_date=due,
            args=[self.outlets[slug]],
            id=slug,
            replace_existing=True,
        )

    async def crawl(self, outlet: Outlet) -> None:
        """One pass, if the daemon is not being stopped and there is room on the disk; whatever
        comes of it, the next one is planned."""
        slug, due = outlet.slug, self.now() + AGAIN
        self.busy.add(slug)
        try:
            async with self.turns:
                if self.run_.stopping.is_set():
                    return
                if self.errands is None or self.errands.may_fetch():
                    due = await self.pass_over(outlet)
        except (StoreError, sqlite3.Error) as error:
            # What it had leased is given back when the next one begins.
            self.journal.note("trouble", f"{error}; it is tried again in a minute", slug)
        finally:
            self.busy.discard(slug)
            if not self.run_.stopping.is_set() and self.scheduler.running:
                self.schedule(slug, due)

    async def pass_over(self, outlet: Outlet) -> datetime:
        """One pass and what it came to; returns when the outlet is due next."""
        begun = self.now()
        errand = self.jobs.begin(outlet.slug, begun)
        tally = await self.run_.live(outlet)
        now = self.now()
        self.meter.passed(tally)
        words = ", ".join(f"{n} {word}" for word, n in sorted(tally.endings.items()))
        self.journal.note(
            "pass",
            f"{tally.new} new, {tally.revised} revised ({words or 'no change'})",
            outlet.slug,
            **counted(tally),
        )
        if self.run_.stopping.is_set() and not tally.sources_ok:
            return now  # it was cut short: no fault of the outlet
        due = self.pacing.after(outlet, tally, begun, now)
        self.jobs.end(errand, tally, now)
        return due

    async def beat(self) -> None:
        """Wakes the scheduler now and then, notices a clock that was set and outlets that were
        switched, and sees to the rest."""
        while True:
            await asyncio.sleep(self.heartbeat)
            notify("WATCHDOG=1")
            self.meter.beat()
            now = self.now()
            self.vitals.look(now)
            try:
                self.mend(self.jumps.jump(now))
                self.jobs.see_to(now)
                self.plan(now)
                if self.errands is not None:
                    await self.errands.see_to(now)
            except (StoreError, sqlite3.Error) as error:
                self.journal.note("trouble", str(error))
            self.scheduler.wakeup()

    def mend(self, jump: timedelta) -> None:
        """A clock that was set back would let everything wait so much longer: what is planned
        moves with it, at once or when the database can be written. One set forward, or a machine
        that slept, makes things due, as they are."""
        if abs(jump) >= JUMP:
            self.journal.note("clock", f"the clock was set by {jump / timedelta(seconds=1):+.0f} s")
            self.set_back = max(self.set_back - jump, timedelta(0))
        if self.set_back:
            move_back(self.run_.db, self.set_back, self.now())
            for job in self.scheduler.get_jobs():
                self.schedule(job.id, job.next_run_time - self.set_back)
            self.set_back = timedelta(0)
