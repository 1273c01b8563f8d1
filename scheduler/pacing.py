"""What a pass of the daemon comes to: its row among the polls, when the outlet is due next, and how
it is doing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from crawler.dates import parse_feed_date
from crawler.outlets import Outlet
from crawler.pauses import host_of, origin_of
from crawler.robots import is_answer
from crawler.second_look import CONFIRMED
from crawler.session import Tally
from scheduler import cadence
from scheduler.cadence import Habit, Visit
from store import alarms, hosts, polls
from store.outbox import Message
from store.outlets import set_next_run
from store.polls import Named, Poll
from store.wellness import judge

HISTORY = timedelta(days=polls.KEPT_DAYS)
SECOND_LEVEL = frozenset("co or go ac sch web my biz desa".split())  # as in .co.id


@dataclass(slots=True)
class Pacing:
    """Judges passes one after the other. mapped: a local web, where no interval is too short;
    watched: how many sites there are; channel: where alarms go, None: nowhere; tell shows them.
    unreached: the sites that could not be reached since one was, with their passes' rows."""

    db: Database
    mapped: bool = False
    watched: int = 1
    channel: str | None = None
    tell: Callable[[str, str], None] = lambda slug, line: None
    unreached: dict[str, set[int]] = field(default_factory=dict)
    offline: bool = False

    def after(self, outlet: Outlet, tally: Tally, begun: datetime, now: datetime) -> datetime:
        """Records the pass over an outlet; returns when it is due next, as the database says now
        (aware UTC, like begun and now)."""
        named = polls.named_since(self.db, outlet.slug, begun, tally.unlisted)
        poll = self.poll_of(outlet, tally, named, begun, now)
        if self.is_offline(outlet, poll, tally):
            due = now + self.offline_interval(outlet, now)
        else:
            due = self.next_due(outlet, poll, named, now)
            if tally.suspect:
                due = min(due, now + CONFIRMED)
            self.judge(outlet, now)
        paused = hosts.paused_until(self.db, host_of(outlet.home), now)
        due = max(due, paused or due)
        set_next_run(self.db, outlet.slug, due)
        return due

    def poll_of(
        self, outlet: Outlet, tally: Tally, named: Named, begun: datetime, now: datetime
    ) -> Poll:
        """The pass as a row. A page that came to nothing counts when it first does, not at every
        attempt."""
        failure = "stale" if tally.stale else None
        if not tally.sources_ok:
            failure = self.failure(outlet, tally, named, now)
        samples = tally.samples
        read = tally.endings["article"] + samples["read"]
        empty = polls.first_empty(self.db, outlet.slug, begun) + samples["empty"]
        return Poll(
            outlet=outlet.slug,
            at=now,
            failure=failure,
            weight=0.0 if failure is None else cadence.weight_of(failure),
            items=named.items,
            new=named.new,
            read=read,
            empty=empty + tally.endings["index_page"],
            blocked=tally.endings["blocked"],
            kept=read,
            undated=min(tally.missing_dates + samples["undated"], read),
        )

    def failure(self, outlet: Outlet, tally: Tally, named: Named, now: datetime) -> str:
        """The class of what went wrong in a pass in which no source answered."""
        if tally.blocked:
            return "blocked"
        if named.status is not None:
            return f"http_{named.status}" if named.status >= 400 else "unreadable"
        if tally.failures:
            return cadence.failure_of(tally.failures)
        paused = hosts.host(self.db, host_of(outlet.home))
        if hosts.paused_until(self.db, paused.host, now) is not None:
            reason = paused.not_before_reason or ""
            return "http_403" if "403" in reason else "paused"
        robots = hosts.host(self.db, origin_of(outlet.home))
        if robots.robots_fetched_at is not None and robots.robots_status is None:
            return "connection"
        if robots.robots_status is not None and not is_answer(robots.robots_status):
            return f"http_{robots.robots_status}"
        return "unreadable"

    def is_offline(self, outlet: Outlet, poll: Poll, tally: Tally) -> bool:
        """Records the pass, unless no site can be reached: then it is nobody's failure, and those
        before it that turned out to be part of it are forgiven."""
        site = site_of(outlet.host)
        if poll.failure not in cadence.UNREACHABLE or tally.answered:
            polls.record_poll(self.db, poll)
            self.unreached.clear()
            if self.offline:
                self.offline = False
                self.tell("", "the network is back")
            return False
        self.unreached.setdefault(site, set()).add(polls.record_poll(self.db, poll))
        if not cadence.is_offline(self.unreached, self.watched):
            return False
        polls.forgive(self.db, {one for rows in self.unreached.values() for one in rows})
        for rows in self.unreached.values():
            rows.clear()
        if not self.offline:
            self.offline = True
            self.tell("", "no site can be reached: this machine seems to be offline")
        return True

    def next_due(self, outlet: Outlet, poll: Poll, named: Named, now: datetime) -> datetime:
        """When to ask again: as its TOML says, else as often as it deserves."""
        failures = polls.failures_in_a_row(self.db, outlet.slug)
        fixed = self.fixed(outlet)
        if fixed is not None:
            return now + cadence.backed_off(fixed, failures)
        visit = Visit(poll.items, poll.new, failures, named.fresh)
        interval = cadence.next_interval(self.habit(outlet, now), visit)
        if 0 < polls.failed_in_a_row(self.db, outlet.slug) <= cadence.DOUBTFUL:
            interval = min(interval, max(cadence.DOUBT, named.fresh))
        return cadence.due_after(now, interval, outlet.zone)

    def offline_interval(self, outlet: Outlet, now: datetime) -> timedelta:
        """How soon to ask again while the network is gone: as often as usual, but every hour at
        least; of many outlets some are always due, and notice first that it is back."""
        usual = cadence.usual_interval(self.habit(outlet, now))
        return min(self.fixed(outlet) or usual, cadence.OFFLINE_LONGEST)

    def fixed(self, outlet: Outlet) -> timedelta | None:
        """The interval the outlet's TOML names, no rude one on the live web; None: no such."""
        if not outlet.fixed_interval:
            return None
        named = timedelta(seconds=outlet.interval)
        return named if self.mapped else max(named, cadence.FLOOR)

    def habit(self, outlet: Outlet, now: datetime) -> Habit:
        """What the outlet published in the last week; what it had published before we knew it
        counts by the dates its source gave."""
        first, found = polls.entries_since(self.db, outlet.slug, now - cadence.WINDOW)
        if first is None:
            return Habit()
        published = []
        for at, raw in found:
            moment = parse_feed_date(raw, outlet.zone, now) if raw else None
            if moment is not None and moment.precision == "time":
                published.append(moment.at)
            elif at > first + timedelta(hours=1):
                published.append(at)
        return cadence.habit_of(published, now, now - first)

    def judge(self, outlet: Outlet, now: datetime) -> Message | None:
        """Writes how the outlet is doing, and tells whoever wants to know of a change."""
        slug = outlet.slug
        history = polls.polls(self.db, slug, now - HISTORY)
        worked = polls.has_worked(self.db, slug)
        found = judge(history, now, ZoneInfo(outlet.timezone), worked=worked)
        if found is None:
            return None
        message = alarms.settle(self.db, slug, found, now, self.channel)
        if message is not None:
            self.tell(slug, f"{message.subject}: {found.words or 'it gives news'}")
        return message


def site_of(host: str) -> str:
    """The registered name of a host, roughly: its last two labels, or three below .co.id and the
    like. Desks of one network fall silent together without our being offline."""
    labels = host.lower().split(".")
    size = 3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL else 2
    return ".".join(labels[-size:])
