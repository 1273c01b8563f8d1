"""Finds an outlet's sources, keeps those that prove themselves, and asks them what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.candidates import SourceReading, UnreadableSource, distinct
from crawler.catchup import CatchUp
from crawler.families import load_families
from crawler.fetching import SITEMAP_BYTES, VALIDATORS_HOLD, Answer, fetch, validators
from crawler.outlets import Source
from crawler.pauses import is_paused
from crawler.politeness import HostPaused, robots_rules
from crawler.pool import ReadingFailed
from crawler.replay import UnrecordedRequest
from crawler.samples import is_block_page
from crawler.second_look import SecondLook
from crawler.session import session_of
from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.sitemaps import remoteness
from crawler.urls import same_site
from store import frontier, gaps, jobs, runs, sources
from store.database import transaction
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
        self.catchup = CatchUp(crawler)
        self.second = SecondLook(crawler)

    async def run(self) -> None:
        """Asks the known sources; without any, when all fail, or when a person asked for it, looks
        for others. Then goes on with what may have been missed between polls."""
        session = self.session
        outlet = session.outlet
        named = [
            sources.save_source(session.db, outlet.slug, s.kind, s.url, session.clock.now())
            for s in outlet.sources
        ]
        known = named or sources.known_sources(session.db, outlet.slug)
        answered = [await self.ask(row) for row in known]
        silent = session.stopping.is_set() or is_paused(session, outlet.home)
        asked_for = jobs.is_wanted(session.db, "probe", outlet.slug)
        if not named and not silent and (asked_for or not any(answered)):
            await self.probe([row.url for row in known if asked_for])
        await self.catchup.run()
        await self.second.run()

    async def ask(self, row: SourceRow) -> bool:
        """Asks one source what is new, conditionally; False when it failed, with a row why."""
        session = self.session
        now = session.clock.now()
        held = row.validators_at is not None and now - row.validators_at < VALIDATORS_HOLD
        held = held and session.since is None  # to page back, its newest page is needed
        conditions = validators(row.etag, row.last_modified) if held else {}
        answer = await fetch(self.crawler, row.url, conditions, limit_of(row.kind))
        if answer.ending == "failed" and answer.retry_at is not None:
            session.say(f"source: {answer.problem}")  # nobody was asked: no fault of the source
            return False
        if answer.ending == "not_modified" or (held and self.same_body(row, answer)):
            fetched = Fetched(status=304)
            sources.source_answered(session.db, row.id, fetched, row.items, None, now)
            session.tally.not_modified += 1
            session.tally.sources_ok += 1
            return True
        try:
            reading = await self.read(row.kind, answer)
        except (UnreadableSource, ReadingFailed) as error:
            session.tally.blocked |= await is_block_page(session, answer)
            self.failed(row, answer, str(error))
            return False
        self.keep(row, answer, reading)
        return True

    def same_body(self, row: SourceRow, answer: Answer) -> bool:
        """Whether a server without validators gave the very bytes of last time."""
        digest = answer.fetched.body_sha256
        return answer.ending is None and digest is not None and digest == row.body_sha256

    async def read(self, kind: str, answer: Answer) -> SourceReading:
        """What the source's body names; a sitemap index is followed to its newest sitemaps, and
        the reading names those that were not read."""
        if answer.ending is not None:
            raise UnreadableSource(answer.problem or answer.ending)
        session = self.session
        reading = await session.pool.source(
            kind, answer.body, answer.content_type, answer.url, session.outlet
        )
        candidates, waiting = list(reading.candidates), list(reading.sitemaps)
        for _ in range(MAX_SITEMAPS):
            if not waiting:
                break
            inner = await self.read_inner(waiting.pop(0))
            candidates += inner.candidates
            waiting = [*inner.sitemaps, *waiting]
        return replace(reading, candidates=distinct(candidates), sitemaps=tuple(waiting))

    async def read_inner(self, url: str) -> SourceReading:
        """One sitemap of an index; an unreadable one is reported and names nothing."""
        session = self.session
        answer = await fetch(self.crawler, url, most=SITEMAP_BYTES)
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
        """Puts what a source names into the frontier, remembers how it answered, and notices when
        entries may have been missed since the last poll: all of it in one transaction, so that no
        crash in between can make a gap look like known ground."""
        session = self.session
        now = session.clock.now()
        found = reading.candidates
        newest = found[0].url if found else None
        fresh_s = max(answer.fetched.fresh_s, reading.fresh_s)
        fetched = replace(answer.fetched, fresh_s=fresh_s)
        with transaction(session.db):
            standings = gaps.standings(session.db, found, now)
            new = frontier.discover(session.db, session.outlet.slug, found, now)
            sources.source_answered(session.db, row.id, fetched, len(found), newest, now)
            self.catchup.notice(row, reading, standings)
        self.second.note(reading, new)
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

    async def probe(self, known: Sequence[str] = ()) -> None:
        """Looks for a source in this order: feeds the home page declares, sitemaps robots.txt
        names, what the family usually has, the home page itself as a listing. The first that
        names articles is kept. What is known already is not looked at again."""
        session = self.session
        home = await fetch(self.crawler, session.outlet.home)
        for source in await self.proposals(home):
            if session.stopping.is_set():
                return
            if source.url in known:
                continue
            at_home = source.url == session.outlet.home
            answer = (
                home
                if at_home
                else await fetch(self.crawler, source.url, most=limit_of(source.kind))
            )
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
            session.say(f"probe: {source.url}: names no article")
        if not session.tally.sources_ok:
            self.nothing_found(home)

    async def proposals(self, home: Answer) -> list[Source]:
        """Where this outlet's articles may be listed, most trusted first, each once."""
        session = self.session
        outlet = session.outlet
        family = load_families()[outlet.family]
        declared: tuple[str, ...] = ()
        if home.ending is None:
            declared = await self.declared(home)
        proposals = [Source("feed", url) for url in declared]
        proposals += [Source("sitemap", url) for url in await self.named_sitemaps()]
        proposals += [Source("feed", urljoin(outlet.home, path)) for path in family.feeds]
        at = len(proposals)
        proposals += [Source("sitemap", urljoin(outlet.home, path)) for path in family.sitemaps]
        # A family without a sitemap of its own is listed on its home page: no need to guess on.
        listing = Source("listing", outlet.home)
        proposals.insert(len(proposals) if family.sitemaps else at, listing)
        return list(dict.fromkeys(proposals))

    async def declared(self, home: Answer) -> tuple[str, ...]:
        """The feeds the home page declares; none when it cannot be read."""
        session = self.session
        try:
            return await session.pool.feeds(home.body, home.content_type, home.url, session.outlet)
        except ReadingFailed as error:
            session.say(f"probe: {home.url}: {error}")
            return ()

    async def named_sitemaps(self) -> list[str]:
        """The sitemaps robots.txt names on the outlet's hosts, those of news first."""
        outlet = self.session.outlet
        try:
            rules = await robots_rules(self.crawler, outlet.home)
        except (HostPaused, UnrecordedRequest):
            return []
        inside = [url for url in rules.sitemaps if same_site(url, outlet.all_hosts)]
        return sorted(dict.fromkeys(inside), key=remoteness)[:MAX_SITEMAPS]

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


def limit_of(kind: str) -> int:
    """How many bytes a source of this kind may have."""
    return SITEMAP_BYTES if kind == "sitemap" else DOWNLOAD_MAXSIZE
