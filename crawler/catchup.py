"""Pages back through a source when entries may have been missed, until known ground is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crawler.candidates import SourceReading, UnreadableSource
from crawler.families import load_families
from crawler.fetching import SITEMAP_BYTES, Answer, fetch
from crawler.paging import all_before, day_of, first_older, following, index_page, reaches_known
from crawler.pool import ReadingFailed
from crawler.session import session_of
from crawler.settings import DOWNLOAD_MAXSIZE
from store import frontier, gaps
from store.database import transaction
from store.gap_records import OlderPage
from store.gaps import Gap, Standing
from store.records import Candidate, SourceRow

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PAGES_A_PASS = 10  # older pages of one source in one pass; the next pass goes on from there
PAGES_SINCE = 50  # the same for `crawl --since`; where pages bear no dates it ends with them
PAGES_IN_ALL = {"gap": 100, "since": 1000}  # then known ground, or the day, is given up for lost
STALE_PAGES = 3  # in a row without anything new to the walk: the server ignores the page number
FAILURES = 5  # passes in a row in which an older page could not be had
SLACK = timedelta(days=1)  # entries appear in another order than their dates, within a day
REFUSED = ("refused_robots", "refused_gate")


class CatchUp:
    """Looks for what may have been missed between polls, page by page; how far it came is a row,
    so that the next pass goes on from there."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = session_of(crawler)
        self.family = load_families()[self.session.outlet.family]
        self.seen: set[str] = set()
        self.stale = 0
        self.dated = False

    def notice(self, row: SourceRow, reading: SourceReading, standings: Sequence[Standing]) -> None:
        """Opens a gap when a source polled before names nothing that was known (a first visit is
        none), or a walk back when a person asked for one. Runs in the caller's transaction."""
        session = self.session
        zone, now = session.outlet.zone, session.clock.now()
        unknown = not reaches_known([mark != "unknown" for mark in standings])
        if row.newest_known is not None and standings and unknown:
            # By the source's own dates, not by our clock: its clock may be wrong.
            said = gaps.said_date(session.db, row.newest_known)
            newest = day_of(Candidate(row.newest_known, "", published=said), zone, now)
            until = newest and newest - SLACK
            session.say(f"gap: {row.url}: none of its {len(standings)} entries was known")
            self.open(row, reading, "gap", until)
        days = [day_of(item, zone, now) for item in reading.candidates]
        if session.since is not None and not all_before(days, session.since):
            self.open(row, reading, "since", session.since)

    def open(
        self, row: SourceRow, reading: SourceReading, reason: gaps.Reason, until: date | None
    ) -> None:
        """Records a gap with the first page to ask, or that there is none."""
        session = self.session
        pending = first_older(row.kind, row.url, reading, self.family)
        if not pending and row.kind in ("feed", "wp_rest"):
            pending = [index_page(session.outlet, self.family)]
        now = session.clock.now()
        gap = Gap(0, row.outlet, row.id, reason, now, until, tuple(pending))
        gap = gaps.open_gap(session.db, gap)
        if not pending:
            self.close(gap, "no_paging")

    async def run(self) -> None:
        """Goes on with every gap of the outlet that is open."""
        for gap in gaps.open_gaps(self.session.db, self.session.outlet.slug):
            await self.walk(gap)

    async def walk(self, gap: Gap) -> None:
        """Asks older pages of one gap until it is closed, or this pass has asked enough."""
        self.seen, self.stale, self.dated = set(), 0, False
        for _ in range(PAGES_SINCE if gap.reason == "since" else PAGES_A_PASS):
            if self.session.stopping.is_set():
                return
            after = await self.step(gap)
            if after is None or after.ended is not None:
                return
            gap = after
        if gap.reason == "since" and not self.dated:
            self.close(gap, "budget")
        else:
            self.session.say(f"{gap.reason}: {gap.pages} pages so far; the next pass goes on")

    async def step(self, gap: Gap) -> Gap | None:
        """Asks one older page and says what the gap is like after it; None: not in this pass."""
        page, session = gap.pending[0], self.session
        if session.replay is not None and not session.replay.holds(page.url):
            return self.past_the_end(gap, "end")  # older than what was recorded
        most = SITEMAP_BYTES if page.kind == "sitemap" else DOWNLOAD_MAXSIZE
        answer = await fetch(self.crawler, page.url, most=most)
        gap = replace(gap, pages=gap.pages + 1)
        if answer.ending == "gone" or answer.status == 400:
            return self.past_the_end(gap, "end")
        if answer.ending in REFUSED and answer.retry_at is None:
            return self.past_the_end(gap, "refused")
        if answer.ending is not None:
            self.failed(gap, answer.problem or answer.ending, answer.retry_at is None)
            return None
        try:
            reading = await session.pool.source(
                page.kind, answer.body, answer.content_type, answer.url, session.outlet
            )
        except UnreadableSource:
            return self.past_the_end(gap, "end")
        except ReadingFailed as error:
            self.failed(gap, str(error))
            return None
        if not (reading.candidates or reading.sitemaps):
            return self.past_the_end(gap, "end")
        return self.take(gap, page, answer, reading)

    def take(self, gap: Gap, page: OlderPage, answer: Answer, reading: SourceReading) -> Gap:
        """Puts what an older page names into the frontier, in one transaction with how far the
        walk has come."""
        session = self.session
        db, zone, now = session.db, session.outlet.zone, session.clock.now()
        changed = reading.changed
        days = [day_of(item, zone, now, changed.get(item.url)) for item in reading.candidates]
        with transaction(db):
            standings = gaps.standings(db, reading.candidates, gap.opened_at)
            fresh = [
                item.url
                for item, standing in zip(reading.candidates, standings, strict=True)
                if standing != "since" and item.url not in self.seen
            ]
            wanted = [
                item
                for item, day in zip(reading.candidates, days, strict=True)
                if gap.reason == "gap" or day is None or gap.until is None or day >= gap.until
            ]
            new = frontier.discover(db, session.outlet.slug, wanted, now)
            gap = replace(gap, items=gap.items + len(fresh), new=gap.new + new, failures=0)
            self.stale = 0 if fresh or page.kind == "sitemap" else self.stale + 1
            self.dated = any(days)
            self.seen.update(item.url for item in reading.candidates)
            session.say(f"{gap.reason}: {answer.url}: {len(reading.candidates)} items, {new} new")
            return self.onward(gap, page, reading, standings, days)

    def onward(
        self,
        gap: Gap,
        page: OlderPage,
        reading: SourceReading,
        standings: Sequence[Standing],
        days: Sequence[date | None],
    ) -> Gap:
        """The gap after a page was taken: closed, or with the next page to ask."""
        if gap.reason == "gap" and reaches_known([mark == "before" for mark in standings]):
            return self.close(gap, "known_ground")
        if all_before(days, gap.until):
            return self.close(gap, "date")
        if self.stale >= STALE_PAGES:
            return self.past_the_end(gap, "repeats")
        if gap.pages >= PAGES_IN_ALL[gap.reason]:
            return self.close(gap, "given_up")
        onward = (*following(page, reading, self.family), *gap.pending[1:])
        if not onward:
            return self.past_the_end(gap, "end")
        return self.save(replace(gap, pending=onward))

    def past_the_end(self, gap: Gap, word: str) -> Gap:
        """A page that leads no further. When a feed's pages brought nothing at all, the outlet's
        listing is tried instead."""
        page, rest = gap.pending[0], gap.pending[1:]
        if not rest and gap.items == 0 and page.kind in ("feed", "wp_rest"):
            rest = (index_page(self.session.outlet, self.family),)
            self.stale = 0
        if rest:
            return self.save(replace(gap, pending=rest))
        return self.close(gap, word)

    def failed(self, gap: Gap, problem: str, counts: bool = True) -> None:
        """A page that could not be had in this pass: the next one asks for it again, five times;
        a host that is paused counts for nothing."""
        self.session.say(f"{gap.reason}: {problem}")
        gap = replace(gap, failures=gap.failures + counts)
        if gap.failures >= FAILURES:
            self.close(gap, "failed")
        else:
            self.save(gap)

    def close(self, gap: Gap, word: str) -> Gap:
        """Ends a walk with the word that says how."""
        gap = replace(gap, ended=word, closed_at=self.session.clock.now(), pending=())
        reached = "nothing is missing" if gap.reached else f"known ground was not reached ({word})"
        self.session.say(f"{gap.reason}: {gap.pages} pages back, {gap.new} new; {reached}")
        return self.save(gap)

    def save(self, gap: Gap) -> Gap:
        """Keeps how far a walk has come."""
        gaps.save_gap(self.session.db, gap)
        return gap
