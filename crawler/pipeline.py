"""The one path an outlet takes: sources, frontier, pages, reading, store. Live or replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.discovery import SourceVisit
from crawler.fetching import Answer, fetch, validators
from crawler.pool import ReadingFailed
from crawler.reading import ALL_PARTS, Occasion, PageInput, PageReading
from crawler.rechecks import next_check
from crawler.session import session_of
from crawler.urls import BadURL, canonicalise
from store import frontier
from store.frontier import Failure
from store.records import Candidate, Fetched, LeasedPage, PageOutcome, PageState, Saved

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

LEASED_AT_ONCE = 8
MAX_PARTS = 8  # parts of one split article; the longest seen had four
# The states in which a page rests after an ending that settles it; other endings are tried again.
RESTING: dict[str, PageState] = {
    "article": "done",
    "off_topic": "off_topic",
    "index_page": "off_topic",
    "gallery": "off_topic",
    "gone": "gone",
    "refused_robots": "refused",
    "refused_gate": "refused",
}


class OutletPass:
    """One polite pass over one outlet: what its sources name, then the pages that are due."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = session_of(crawler)

    async def run(self) -> AsyncIterator[int]:
        """Yields the id of every article stored or revised, as it happens. What it leased and did
        not get to is given back by whoever ends the run."""
        session = self.session
        await SourceVisit(self.crawler).run()
        if session.replay is not None:
            bodies = session.replay.bodies()
            frontier.changed(session.db, session.outlet.slug, bodies, session.clock.now())
        while pages := self.lease():
            for page in pages:
                if session.stopping.is_set():
                    return
                saved = await self.visit(page)
                if saved is not None and saved.kind != "same":
                    yield saved.article_id

    def lease(self) -> list[LeasedPage]:
        """The next pages of this outlet that are due; none when the pass is being stopped."""
        session = self.session
        if session.stopping.is_set():
            return []
        now = session.clock.now()
        return frontier.lease(session.db, session.outlet.slug, LEASED_AT_ONCE, session.run_id, now)

    async def visit(self, page: LeasedPage) -> Saved | None:
        """Fetches, reads and stores one page. Whatever happens to it, the pass goes on: the one
        place where an unexpected exception of a page is caught, and kept with the page."""
        replay = self.session.replay
        if replay is not None and page.visited and not replay.holds(page.fetch_url):
            return None  # what was due on another day than the recording's is no part of it
        try:
            if self.session.outlet.terms == "metadata-only":
                return await self.keep_summary(page)
            return await self.read(page)
        except Exception as error:  # noqa: BLE001 (the job boundary of a page)
            self.session.crash(page.url, error)
            message = f"{type(error).__name__}: {error}"
            self.try_again(page, Failure("failed", message))
            return None

    async def read(self, page: LeasedPage) -> Saved | None:
        """One page over the network and through the reading pool."""
        conditions = validators(page.etag, page.last_modified)
        first = await fetch(self.crawler, page.fetch_url, conditions)
        if first.ending == "not_modified":
            self.unchanged(page, first)
            return None
        if first.ending is not None:
            self.unread(page, first)
            return None
        pages = [as_input(first)]
        try:
            reading = await self.read_parts(pages, page.hint)
        except ReadingFailed as failure:
            message = f"{first.url}: {failure}"
            self.try_again(page, Failure(failure.ending, message, first.status))
            return None
        if isinstance(reading, Answer):
            self.unread(page, reading)
            return None
        return self.finished(page, first, reading)

    async def read_parts(self, pages: list[PageInput], hint: Candidate) -> PageReading | Answer:
        """Reads a page and, while it names a next part, that part too; then all of them at once.
        An Answer is returned instead when a part could not be fetched."""
        session = self.session
        occasion = Occasion(session.outlet, hint, session.clock.now())
        reading = await session.pool.pages(pages, occasion)
        asked = {pages[0].url}
        while reading.next_page and reading.next_page not in asked and len(pages) < MAX_PARTS:
            asked.add(reading.next_page)
            part = await fetch(self.crawler, reading.next_page)
            if part.ending == "gone":
                break  # the pager promised a part that is not there: what we have is all there is
            if part.ending is not None:
                return part
            pages[reading.kept :] = [as_input(part)]
            reading = await session.pool.pages(pages, occasion)
        if reading.next_page:
            reading = await session.pool.pages(pages, occasion, ALL_PARTS)
        return reading

    def finished(self, page: LeasedPage, first: Answer, reading: PageReading) -> Saved | None:
        """Stores what a page turned out to be, or leaves it to be tried again."""
        state = RESTING.get(reading.ending)
        if state is None:
            message = f"{first.url}: {reading.problem or reading.ending}"
            self.try_again(page, Failure(reading.ending, message, first.status))
            return None
        session = self.session
        now = session.clock.now()
        outcome = PageOutcome(
            ending=reading.ending,
            state=state,
            article=reading.article,
            canonical_url=reading.canonical or self.canonical(first.url),
            aliases=tuple({page.url, page.fetch_url, first.url}),
            fetched=first.fetched,
            error=reading.problem,
            snapshot=first.body,
            next_check_at=next_check(page.discovered_at, now) if reading.article else None,
        )
        saved = frontier.finish(session.db, page.id, outcome, now)
        session.note(reading.canonical or page.url, reading.ending, saved, reading.article)
        return saved

    async def keep_summary(self, page: LeasedPage) -> Saved | None:
        """For an outlet whose terms forbid crawling its articles: title, link, date and the
        feed's own summary, judged, and nothing fetched."""
        session = self.session
        now = session.clock.now()
        reading = await session.pool.summary(Occasion(session.outlet, page.hint, now))
        state = RESTING[reading.ending]
        outcome = PageOutcome(reading.ending, state, reading.article, canonical_url=page.url)
        saved = frontier.finish(session.db, page.id, outcome, now)
        session.note(page.url, reading.ending, saved, reading.article)
        return saved

    def unchanged(self, page: LeasedPage, answer: Answer) -> None:
        """A 304: the page rests as it was."""
        session = self.session
        now = session.clock.now()
        again = next_check(page.discovered_at, now)
        outcome = PageOutcome("not_modified", "done", fetched=answer.fetched, next_check_at=again)
        frontier.finish(session.db, page.id, outcome, now)
        session.tally.not_modified += 1
        session.note(page.url, "not_modified", None, None)

    def unread(self, page: LeasedPage, answer: Answer) -> None:
        """A fetch that gave nothing to read: settled, or to be tried again."""
        ending = answer.ending or "failed"
        problem = answer.problem or ending
        state = RESTING.get(ending)
        if state is None or answer.retry_at is not None:
            self.try_again(page, Failure(ending, problem, answer.status, answer.retry_at))
            return
            return
        session = self.session
        fetched = Fetched(status=answer.status)
        outcome = PageOutcome(ending, state, fetched=fetched, error=problem)
        frontier.finish(session.db, page.id, outcome, session.clock.now())
        session.say(f"{ending}: {problem}")
        session.note(page.url, ending, None, None)

    def try_again(self, page: LeasedPage, failure: Failure) -> None:
        """Leaves the page for later, with a row that says why; the fifth failure in a row sets
        it aside."""
        session = self.session
        frontier.fail(session.db, page.id, failure, session.clock.now())
        session.say(f"{failure.ending}: {failure.message}")
        session.note(page.url, failure.ending, None, None)

    def canonical(self, url: str) -> str:
        """The canonical form of a fetched address."""
        try:
            return canonicalise(url, self.session.outlet.family)
        except BadURL:
            return url


def as_input(answer: Answer) -> PageInput:
    """A fetched body as the reading stages take it."""
    return PageInput(answer.url, answer.body, answer.content_type)
