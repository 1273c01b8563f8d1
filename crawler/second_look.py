"""Looks at an outlet's home page when its sources have been silent for longer than usual: a feed
that went stale is told from an outlet that has nothing to say, and is stood in for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.candidates import SourceReading, UnreadableSource
from crawler.fetching import fetch
from crawler.pauses import is_paused
from crawler.pool import ReadingFailed
from crawler.session import session_of
from store import frontier, looks, polls
from store.habits import is_long
from store.looks import Look

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

AGAIN = timedelta(hours=6)  # between two looks at the home of a silent outlet
COMPARED = timedelta(days=1)  # after the first look, whether home and sources list the same
USUALLY = timedelta(days=7)  # between two looks while all is well
CONFIRMED = timedelta(hours=2)  # a feed may be that much older than the home: caches
MANY = 2  # addresses only the home names, while all is well: it lists something else


class SecondLook:
    """One pass's look, if one is due: a request a day at most, and one a pass while the home
    stands in for a stale source."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = session_of(crawler)
        self.named: list[str] = []
        self.new = 0

    def note(self, reading: SourceReading, new: int) -> None:
        """What a source named in this pass."""
        self.named += [item.url for item in reading.candidates]
        self.new += new

    async def run(self) -> None:
        """Looks, when it is time to; says in the tally what that showed."""
        session = self.session
        if not self.may_look():
            return
        now = session.clock.now()
        look = self.caught_up(looks.look_of(session.db, session.outlet.slug))
        if look is not None and look.since is not None:
            session.tally.stale = now - look.since >= CONFIRMED
            session.tally.suspect = not session.tally.stale
            if session.tally.stale:
                await self.home(replace(look, at=now))
            return
        silent = not self.new and self.is_silent()
        if self.is_due(look, silent):
            await self.look(replace(look or Look(now, 0, True), at=now), silent)

    def may_look(self) -> bool:
        """Whether the home can be held against this outlet's sources at all: not where a desk is
        told by its articles, nor where the home is a source itself. Only the daemon does so."""
        session, outlet = self.session, self.session.outlet
        if session.replay is not None or session.since is not None:
            return False
        if outlet.only_dateline or outlet.only_category or not session.tally.sources_ok:
            return False
        if session.stopping.is_set() or is_paused(session, outlet.home):
            return False
        watched = polls.last_reading(session.db, outlet.slug) is not None
        return watched and not looks.is_source(session.db, outlet.slug, outlet.home)

    def is_silent(self) -> bool:
        """Whether the sources have named nothing new for longer than usual."""
        session = self.session
        now = session.clock.now()
        since = now - timedelta(days=polls.KEPT_DAYS)
        history = polls.polls(session.db, session.outlet.slug, since)
        return is_long(history, now, session.outlet.zone)

    def caught_up(self, look: Look | None) -> Look | None:
        """The look after what the sources named in this pass: if that is news, or what they were
        accused of leaving out, they are cleared."""
        if look is None or look.since is None:
            return look
        if not self.new and not looks.names_since(self.session.db, self.named, look.since):
            return look
        cleared = replace(look, accused=None, since=None)
        self.keep(cleared)
        return cleared

    def is_due(self, look: Look | None, silent: bool) -> bool:
        """Whether to ask for the home now. Home and sources are compared when these have news: else
        they may be stale already."""
        if look is None:
            return True
        gone = self.session.clock.now() - look.at
        if silent:
            return look.comparable and gone >= AGAIN
        return self.new > 0 and gone >= (COMPARED if look.looks < 2 else USUALLY)

    async def look(self, before: Look, silent: bool) -> None:
        """Asks for the home; what it alone names accuses the sources, if they were silent. The
        first look only learns what stands there."""
        look = replace(before, looks=before.looks + 1)
        alone = await self.home(look)
        if not alone or look.looks == 1:
            return
        if silent:
            self.session.tally.suspect = True
            self.keep(replace(look, accused=alone[0], since=look.at))
        else:
            self.keep(replace(look, comparable=len(alone) < MANY))

    def keep(self, look: Look) -> None:
        """Remembers the look."""
        outlet = self.session.outlet
        looks.keep_look(self.session.db, outlet.slug, outlet.home, look)

    async def home(self, look: Look) -> list[str]:
        """The addresses that only the home page names; they go to the frontier like all others."""
        session = self.session
        outlet = session.outlet
        self.keep(look)
        answer = await fetch(self.crawler, outlet.home)
        if answer.ending is not None:
            return []
        try:
            reading = await session.pool.source(
                "listing", answer.body, answer.content_type, answer.url, outlet
            )
        except (UnreadableSource, ReadingFailed) as error:
            session.say(f"home: {error}")
            return []
        alone = looks.unknown(session.db, [item.url for item in reading.candidates])
        now = session.clock.now()
        session.tally.unlisted += frontier.discover(
            session.db, outlet.slug, reading.candidates, now
        )
        session.say(f"home {outlet.home}: {len(alone)} items that no source named")
        return alone
