"""Finds an outlet's sources, keeps those that prove themselves, and asks them what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.families import load_families
from crawler.fetching import VALIDATORS_HOLD, Answer, fetch, validators
from crawler.outlets import Source
from crawler.pool import ReadingFailed
from crawler.session import session_of
from crawler.sources import SourceReading, UnreadableSource
from store import frontier, runs, sources
from store.records import Fetched, SourceRow
from store.runs import Incident

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_SITEMAPS = 3  # sitemaps of an index that are read in one pass, the newest first


class SourceVisit:
    """One visit to all sources of an outlet; what they name goes to the frontier."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = session_of(crawler)

    async def run(self) -> None:
        """Asks the known sources; without any, or when all fail, looks for them again."""
        session = self.session
        outlet = session.outlet
        named = [
            sources.save_source(session.db, outlet.slug, s.kind, s.url, session.clock.now())
            for s in outlet.sources
        ]
        known = named or sources.known_sources(session.db, outlet.slug)
        answered = [await self.ask(row) for row in known]
        if not named and not any(answered) and not session.stopping.is_set():
            await self.probe()

    async def ask(self, row: SourceRow) -> bool:
        """Asks one source what is new, conditionally; False when it failed, with a row why."""
        session = self.session
        now = session.clock.now()
        held = row.validators_at is not None and now - row.validators_at < VALIDATORS_HOLD
        conditions = validators(row.etag, row.last_modified) if held else {}
        answer = await fetch(self.crawler, row.url, conditions)
        if answer.ending == "not_modified" or (held and self.same_body(row, answer)):
            fetched = Fetched(status=304)
            sources.source_answered(session.db, row.id, fetched, row.items, None, now)
            session.tally.not_modified += 1
            session.tally.sources_ok += 1
            return True
        try:
            reading = await self.read(row.kind, answer)
        except (UnreadableSource, ReadingFailed) as error:
            self.failed(row, answer, str(error))
            return False
        self.keep(row, answer, reading)
        return True

    def same_body(self, row: SourceRow, answer: Answer) -> bool:
        """Whether a server without validators gave the very bytes of last time."""
        digest = answer.fetched.body_sha256
        return answer.ending is None and digest is not None and digest == row.body_sha256

    async def read(self, kind: str, answer: Answer) -> SourceReading:
        """What the source's body names; a sitemap index is followed to its newest sitemaps."""
        if answer.ending is not None:
            raise UnreadableSource(answer.problem or answer.ending)
        session = self.session
        reading = await session.pool.source(
            kind, answer.body, answer.content_type, answer.url, session.outlet
        )
        candidates = list(reading.candidates)
        for url in reading.sitemaps[:MAX_SITEMAPS]:
            inner = await fetch(self.crawler, url)
            candidates += (await self.read_inner(inner)).candidates
        return SourceReading(tuple(candidates))

    async def read_inner(self, answer: Answer) -> SourceReading:
        """One sitemap of an index; an unreadable one is reported and names nothing."""
        session = self.session
        try:
            if answer.ending is not None:
                raise UnreadableSource(answer.problem or answer.ending)
            return await session.pool.source(
                "sitemap", answer.body, answer.content_type, answer.url, session.outlet
            )
        except (UnreadableSource, ReadingFailed) as error:
            session.say(f"source: {error}")
            return SourceReading()

    def keep(self, row: SourceRow, answer: Answer, reading: SourceReading) -> None:
        """Puts what a source names into the frontier, and remembers how it answered."""
        session = self.session
        now = session.clock.now()
        found = reading.candidates
        new = frontier.discover(session.db, session.outlet.slug, found, now)
        newest = found[0].url if found else None
        sources.source_answered(session.db, row.id, answer.fetched, len(found), newest, now)
        session.tally.sources_ok += 1
        session.say(f"{row.kind} {row.url}: {len(found)} items, {new} new")

    def failed(self, row: SourceRow, answer: Answer, problem: str) -> None:
        """Leaves the failure on the source's row and in the diary."""
        session = self.session
        now = session.clock.now()
        sources.source_failed(session.db, row.id, answer.status, problem, now)
        incident = Incident("source", problem, row.url, answer.status)
        runs.record_error(session.db, session.run_id, session.outlet.slug, incident, now)
        session.tally.sources_failed += 1
        session.say(f"source: {problem}")

    async def probe(self) -> None:
        """Looks for a source in this order: feeds the home page declares, the family's feeds, its
        sitemaps, and the home page itself as a listing. The first that names articles is kept."""
        session = self.session
        home = await fetch(self.crawler, session.outlet.home)
        for source in await self.proposals(home):
            if session.stopping.is_set():
                return
            known = source.url == session.outlet.home
            answer = home if known else await fetch(self.crawler, source.url)
            try:
                reading = await self.read(source.kind, answer)
            except (UnreadableSource, ReadingFailed) as error:
                session.say(f"probe: {error}")
                continue
            if reading.candidates:
                row = sources.save_source(
                    session.db, session.outlet.slug, source.kind, source.url, session.clock.now()
                )
                self.keep(row, answer, reading)
                return
        self.nothing_found(home)

    async def proposals(self, home: Answer) -> list[Source]:
        """Where this outlet's articles may be listed, most trusted first, each once."""
        session = self.session
        outlet = session.outlet
        family = load_families()[outlet.family]
        declared: tuple[str, ...] = ()
        if home.ending is None:
            declared = await session.pool.feeds(home.body, home.content_type, home.url, outlet)
        proposals = [Source("feed", url) for url in declared]
        proposals += [Source("feed", urljoin(outlet.home, path)) for path in family.feeds]
        proposals += [Source("sitemap", urljoin(outlet.home, path)) for path in family.sitemaps]
        listing = Source("listing", outlet.home)
        # A family without a feed of its own is listed on its home page: no need to guess further.
        at = len(proposals) if family.sitemaps else len(declared) + len(family.feeds)
        proposals.insert(at, listing)
        return list(dict.fromkeys(proposals))

    def nothing_found(self, home: Answer) -> None:
        """Says that this outlet has no readable source."""
        session = self.session
        slug = session.outlet.slug
        problem = home.problem or "no feed, sitemap or listing found that names articles"
        problem += f"; name one as [[source]] in {slug}.toml"
        incident = Incident("source", problem, session.outlet.home, home.status)
        runs.record_error(session.db, session.run_id, slug, incident, session.clock.now())
        session.tally.sources_failed += 1
        session.say(f"source: {slug}: {problem}")
