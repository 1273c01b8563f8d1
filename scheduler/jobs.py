"""Carries out what people asked on the review page: the daemon's part of the job rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from crawler.outlets import Outlet
from crawler.pauses import host_of
from crawler.session import Tally
from scheduler.journal import Journal
from store import frontier, hosts, jobs
from store.database import StoreError, transaction
from store.encoding import from_text, to_text
from store.jobs import Job, Result, Value
from store.outlets import list_outlets, pause_outlet, paused
from store.polls import polls
from store.sources import known_sources

PASSES = frozenset({"crawl", "probe"})  # what a pass over the outlet carries out


class Planner(Protocol):
    """What of the daemon these jobs need: its outlets, which of them it is at, and planning."""

    outlets: Mapping[str, Outlet]
    busy: set[str]

    def schedule(self, slug: str, due: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Errand:
    """The jobs a pass carries out, when it began (aware UTC), and how many sources its outlet had
    before."""

    jobs: Sequence[Job]
    begun: datetime
    sources: int


@dataclass(slots=True)
class Jobs:
    """Looks for jobs at every heartbeat. What is done by a row is one transaction with the word
    that it is done; a pass is planned, and its job done when it ends. Every job is carried out
    again after a crash in between, with no harm. planned: when the passes begin that were asked
    for, by job."""

    db: Database
    daemon: Planner
    journal: Journal
    planned: dict[int, datetime] = field(default_factory=dict)

    def see_to(self, now: datetime) -> None:
        """Carries out what was asked since; what is wrong with one job keeps no other waiting."""
        for job in jobs.open_jobs(self.db):
            try:
                self.carry_out(job, now)
            except (StoreError, ValueError, TypeError) as error:
                # Where the database itself is the trouble this raises too: tried again later.
                self.done(job, "failed", now, error=str(error))

    def carry_out(self, job: Job, now: datetime) -> None:
        """One job, as far as it can be done at the moment."""
        outlet = self.daemon.outlets.get(job.outlet)
        if outlet is None or outlet.terms == "off":
            self.done(job, "not_watched", now)
        elif job.kind in PASSES:
            self.plan(job, outlet, now)
        else:
            with transaction(self.db):
                result, numbers = self.write(job, now)
                self.done(job, result, now, **numbers)

    def write(self, job: Job, now: datetime) -> tuple[Result, dict[str, Value]]:
        """A job that is but rows: what it came to. Within the caller's transaction."""
        if job.kind == "retry":
            return "retried", {"pages": frontier.retry(self.db, job.outlet)}
        if job.kind == "resume":
            pause_outlet(self.db, job.outlet, None, job.asked_by)
            return "resumed", {}
        until = from_text(job.argument or "")
        if until <= now:
            return "past", {"until": to_text(until)}
        pause_outlet(self.db, job.outlet, until, job.asked_by)
        return "paused", {"until": to_text(until)}

    def plan(self, job: Job, outlet: Outlet, now: datetime) -> None:
        """A pass at once, or when the host may be asked again; none over what a person switched
        off or paused. One that is going on is waited for: it may have asked the sources before."""
        resting = paused(self.db, now).get(job.outlet)
        if job.outlet not in {row.slug for row in list_outlets(self.db) if row.enabled}:
            self.done(job, "disabled", now)
        elif resting is not None:
            self.done(job, "outlet_paused", now, until=to_text(resting.at))
        elif job.kind == "probe" and outlet.sources:
            self.done(job, "named", now)
        elif job.outlet not in self.daemon.busy:
            self.call(job, outlet, now)

    def call(self, job: Job, outlet: Outlet, now: datetime) -> None:
        """Plans the pass, once; a pause of the host that became longer moves it."""
        host = host_of(outlet.home)
        until = hosts.paused_until(self.db, host, now)
        if until is not None:
            reason = hosts.host(self.db, host).not_before_reason or ""
            numbers: dict[str, Value] = {"until": to_text(until), "reason": reason[:300]}
            jobs.wait(self.db, job, "host_paused", now, **numbers)
        due = self.planned.get(job.id)
        if due is None or (until is not None and due < until):
            self.planned[job.id] = until or now
            self.daemon.schedule(job.outlet, until or now)

    def due(self, now: datetime) -> AbstractSet[str]:
        """The outlets that are to be passed over now because somebody asked for it."""
        begun = {id_ for id_, due in self.planned.items() if due <= now}
        return {job.outlet for job in jobs.open_jobs(self.db) if job.id in begun}

    def begin(self, slug: str, now: datetime) -> Errand:
        """A pass over the outlet begins: it carries out what was asked of it so far."""
        asked = [job for job in jobs.open_jobs(self.db, slug) if job.kind in PASSES]
        for job in asked:
            jobs.take(self.db, job, now)
        return Errand(asked, now, len(known_sources(self.db, slug)) if asked else 0)

    def end(self, errand: Errand, tally: Tally, now: datetime) -> None:
        """The pass is over, and so are its jobs: this came of them."""
        for job in errand.jobs:
            if not tally.sources_ok:
                # No row of the pass: it was forgiven, because no site at all could be reached.
                rows = polls(self.db, job.outlet, errand.begun)
                failure = (rows[-1].failure if rows else None) or "offline"
                self.done(job, "no_answer", now, failure=failure)
            elif job.kind == "probe":
                found = len(known_sources(self.db, job.outlet)) - errand.sources
                self.done(job, "probed", now, sources=max(found, 0))
            else:
                self.done(job, "crawled", now, new=tally.new, revised=tally.revised)

    def done(self, job: Job, result: Result, now: datetime, **numbers: Value) -> None:
        """Writes that the job is done, in the database and in the log."""
        jobs.finish(self.db, job, result, now, **numbers)
        self.planned.pop(job.id, None)
        figures = ", ".join(f"{name} {value}" for name, value in numbers.items())
        words = f"{result.replace('_', ' ')}{f' ({figures})' if figures else ''}"
        self.journal.note("job", f"{job.kind}, asked by {job.asked_by}: {words}", job.outlet)
