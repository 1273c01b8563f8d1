"""The daemon: one scheduler job an outlet, due when the database says, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.outlets import Outlet
from crawler.passes import AT_ONCE, Run
from scheduler.terminal import say
from store.outlets import list_outlets, next_run_at

SHORTEST = 600.0  # seconds between passes over an outlet on the live web
STAGGER = timedelta(seconds=2)  # between the first passes of outlets that are due at once
HEARTBEAT = 5.0  # seconds; wakes the scheduler, which a jump of the clock would leave asleep


class Watch:
    """Every outlet at its interval. The next run of each is kept in the database, so that a
    restart neither forgets nor repeats one."""

    def __init__(self, run: Run, outlets: Mapping[str, Outlet]) -> None:
        self.run_ = run
        self.outlets = outlets
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.scheduler = AsyncIOScheduler(
            timezone=UTC,
            # One second of grace is the default: a late job would be dropped for good.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    async def run(self, stop_on_signals: Callable[[Callable[[], None]], None]) -> int:
        """Runs until SIGTERM or SIGINT; the page at hand is finished, the rest given back."""
        run = self.run_
        stop_on_signals(run.stopping.set)
        run.begin(self.outlets.values(), datetime.now(UTC))
        self.plan()
        self.scheduler.start()
        say(f"Watching {len(self.scheduler.get_jobs())} outlets; stop with Ctrl-C or SIGTERM.")
        heartbeat = asyncio.create_task(self.beat())
        await run.stopping.wait()
        # shutdown() first would cancel crawls at work; what is being fetched is finished instead.
        self.scheduler.pause()
        heartbeat.cancel()
        await run.runner.join()
        self.scheduler.shutdown(wait=False)
        run.end("stopped", datetime.now(UTC))
        say("Stopped; what was not fetched is kept for the next start.")
        return 0

    def plan(self) -> None:
        """One job an enabled outlet, first due when the database says."""
        now = datetime.now(UTC)
        enabled = {row.slug for row in list_outlets(self.run_.db) if row.enabled}
        for number, (slug, outlet) in enumerate(self.outlets.items()):
            if slug not in enabled:
                continue
            due = next_run_at(self.run_.db, slug)
            first = max(due or now, now + number * STAGGER * (not self.run_.mapping))
            self.scheduler.add_job(
                self.crawl,
                "interval",
                seconds=self.interval(outlet),
                args=[outlet],
                id=slug,
                next_run_time=first,
            )

    def interval(self, outlet: Outlet) -> float:
        """Seconds between passes: as the outlet's TOML says, but no rude polling of a live one."""
        return outlet.interval if self.run_.mapping else max(outlet.interval, SHORTEST)

    async def crawl(self, outlet: Outlet) -> None:
        """One pass, if the daemon is not being stopped."""
        async with self.turns:
            if self.run_.stopping.is_set():
                return
            tally = await self.run_.live(outlet)
            words = ", ".join(f"{n} {word}" for word, n in sorted(tally.endings.items()))
            say(f"{outlet.slug}: {tally.new} new, {tally.revised} revised ({words or 'no change'})")

    async def beat(self) -> None:
        """Wakes the scheduler now and then."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            self.scheduler.wakeup()
