"""The one path an outlet takes: sources, frontier, pages, reading, store. Live or replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.casebook import CaseBook
from crawler.discovery import SourceVisit
from crawler.fetching import Answer, fetch, validators
from crawler.patience import Patience
from crawler.placing import place
from crawler.pool import ReadingFailed
from crawler.reading import Occasion, PageInput, PageReading, Wish
from crawler.rechecks import is_same_body, next_check, young_since
from crawler.samples import first_reading
from crawler.session import is_of_the_store, session_of
from crawler.snapshots import pack
from store import frontier
from store.articles import find_by_url
from store.frontier import Failure
from store.records import Fetched, LeasedPage, PageOutcome, PageState, Saved

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

LEASED_AT_ONCE = 8
LEASE_S = 3600.0  # of a dead process whose number another has taken: the others are noticed at once
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
        self.patience = Patience(crawler)
        self.casebook = CaseBook(self.session.db)

    async def run(self) -> AsyncIterator[int]:
        """Yields the id of every article stored or revised, as it happens. What it leased and did
        not get to is given back by whoever runs the pass, who finds in the session's `broken`
        what ended it, if not itself: Scrapy would only log that."""
        try:
            async for article_id in self.walk():
                yield article_id
        except Exception as error:  # noqa: BLE001 (handed over, see above)
            self.session.broken = error

    async def walk(self) -> AsyncIterator[int]:
        """The sources, then the pages that are due, as long as the host has patience with us."""
        session = self.session
        if not await self.patience.at_first():
            return
        await SourceVisit(self.crawler).run()
        self.patience.after_sources()
        if session.replay is not None:
            bodies = session.replay.bodies()
            frontier.changed(session.db, session.outlet.slug, bodies, session.clock.now())
        while pages := self.lease():
            for page in pages:
                if self.patience.is_over():
                    return
                saved = await self.visit(page)
                if saved is not None and saved.kind != "same":
                    place(session.db, saved.article_id)
                    yield saved.article_id
        self.patience.at_last()

    def lease(self) -> list[LeasedPage]:
        """The next pages of this outlet that are due; none when the pass is over."""
        session = self.session
        if self.patience.is_over():
            return []
        slug, now = session.outlet.slug, session.clock.now()
        return frontier.lease(session.db, slug, LEASED_AT_ONCE, session.run_id, now, LEASE_S)

    async def visit(self, page: LeasedPage) -> Saved | None:
        """Fetches, reads and stores one page. Whatever happens to it, the pass goes on: the one
        place where an unexpected exception of a page is caught, and kept with the page. What is
        wrong with the database itself is no page's fault and ends the pass."""
        replay = self.session.replay
        if replay is not None and page.visited and not replay.holds(page.fetch_url):
            return None  # what was due on another day than the recording's is no part of it
        try:
            if self.session.outlet.terms == "metadata-only":
                return await self.keep_summary(page)
            return await self.read(page)
        except Exception as error:
            if is_of_the_store(error):
                raise
            self.session.crash(page.url, error)
            message = f"{type(error).__name__}: {error}"
            self.try_again(page, Failure("failed", message))
            return None

    async def read(self, page: LeasedPage) -> Saved | None:
        """One page over the network and through the reading pool."""
        conditions = validators(page.etag, page.last_modified)
        first = await fetch(self.crawler, page.fetch_url, conditions)
        if first.ending == "not_modified" or (
            first.ending is None and is_same_body(page, first.fetched)
        ):
            self.unchanged(page, first)
            return None
        if first.ending is not None:
            self.unread(page, first)
            return None
        pages = [as_input(first)]
        try:
            reading = await self.read_parts(pages, page)
        except ReadingFailed as failure:
            message = f"{first.url}: {failure}"
            self.try_again(page, Failure(failure.ending, message, first.status))
            return None
        if isinstance(reading, Answer):
            self.unread(page, reading)
            return None
        if page.visited and reading.ending == "index_page" and first.url != page.fetch_url:
            # How many outlets delete: the article's address leads to the front page.
            problem = f"{page.fetch_url} now leads to {first.url}, which is no article"
            self.unread(page, Answer(first.url, first.status, ending="gone", problem=problem))
            return None
        return self.finished(page, first, reading, pack(pages))

    async def read_parts(self, pages: list[PageInput], page: LeasedPage) -> PageReading | Answer:
        """Reads a page and, while it names a next part, that part too; then all of them at once.
        An Answer is returned instead when a part could not be fetched. An article we have is read
        whatever it is about now: a correction may take it off the topic."""
        session = self.session
        known = page.visited and find_by_url(session.db, page.url) is not None
        now = session.clock.now()
        occasion = Occasion(session.outlet, page.hint, now, self.casebook.now(now))
        reading = await first_reading(session, pages, occasion, known)
        asked = {pages[0].url}
        while reading.next_page and reading.next_page not in asked and len(pages) < MAX_PARTS:
            asked.add(reading.next_page)
            part = await fetch(self.crawler, reading.next_page)
            if part.ending == "gone":
                break  # the pager promised a part that is not there: what we have is all there is
            if part.ending is not None:
                return part
            pages[reading.kept :] = [as_input(part)]
            reading = await session.pool.pages(pages, occasion, Wish(whatever_topic=known))
        if reading.next_page:
            reading = await session.pool.pages(pages, occasion, Wish(True, known))
        return reading

    def finished(
        self, page: LeasedPage, first: Answer, reading: PageReading, snapshot: bytes
    ) -> Saved | None:
        """Stores what a page turned out to be, or leaves it to be tried again."""
        state = RESTING.get(reading.ending)
        if state is None:
            message = f"{first.url}: {reading.problem or reading.ending}"
            self.try_again(page, Failure(reading.ending, message, first.status))
            return None
        session, article = self.session, reading.article
        now = session.clock.now()
        # Dead links lead to one front page: that is an address of none of them.
        of_itself = reading.ending in ("article", "off_topic")
        canonical = reading.canonical or page.url
        again = next_check(young_since(page, article.published_at), now) if article else None
        outcome = PageOutcome(
            ending=reading.ending,
            state="done" if article else state,
            article=article,
            canonical_url=canonical if of_itself else None,
            aliases=tuple({page.url, page.fetch_url, first.url}) if of_itself else (),
            fetched=first.fetched,
            error=reading.problem,
            snapshot=snapshot,
            next_check_at=again,
        )
        saved = self.casebook.finish(page.id, outcome, reading, now)
        session.note(canonical if of_itself else page.url, reading.ending, saved, article)
        self.patience.page_served()
        return saved

    async def keep_summary(self, page: LeasedPage) -> Saved | None:
        """For an outlet whose terms forbid crawling its articles: title, link, date and the
        feed's own summary, judged, and nothing fetched."""
        session = self.session
        now = session.clock.now()
        occasion = Occasion(session.outlet, page.hint, now, self.casebook.now(now))
        reading = await session.pool.summary(occasion)
        state = RESTING[reading.ending]
        outcome = PageOutcome(reading.ending, state, reading.article, canonical_url=page.url)
        saved = self.casebook.finish(page.id, outcome, reading, now)
        session.note(page.url, reading.ending, saved, reading.article)
        return saved

    def unchanged(self, page: LeasedPage, answer: Answer) -> None:
        """A 304, or the very bytes of last time: the page rests as it was."""
        session = self.session
        now = session.clock.now()
        stored = find_by_url(session.db, page.url)
        published_at = stored.article.published_at if stored else page.discovered_at
        again = next_check(young_since(page, published_at), now)
        outcome = PageOutcome("not_modified", "done", fetched=answer.fetched, next_check_at=again)
        frontier.finish(session.db, page.id, outcome, now)
        session.tally.not_modified += 1
        session.note(page.url, "not_modified", None, None)
        self.patience.page_served()

    def unread(self, page: LeasedPage, answer: Answer) -> None:
        """A fetch that gave nothing to read: settled, or to be tried again."""
        ending = answer.ending or "failed"
        problem = answer.problem or ending
        if self.patience.tried(page, answer):
            return
        state = RESTING.get(ending)
        if state is None or answer.retry_at is not None:
            self.try_again(page, Failure(ending, problem, answer.status, answer.retry_at))
            return
        session = self.session
        fetched = Fetched(status=answer.status)
        outcome = PageOutcome(ending, state, fetched=fetched, error=problem)
        frontier.finish(session.db, page.id, outcome, session.clock.now())
        session.say(f"{ending}: {problem}")
        session.note(page.url, ending, None, None)
        self.patience.page_served()

    def try_again(self, page: LeasedPage, failure: Failure) -> None:
        """Leaves the page for later, with a row that says why; the fifth failure in a row sets
        it aside."""
        session = self.session
        frontier.fail(session.db, page.id, failure, session.clock.now())
        session.say(f"{failure.ending}: {failure.message}")
        session.note(page.url, failure.ending, None, None)
        self.patience.page_failed(failure)


def as_input(answer: Answer) -> PageInput:
    """A fetched body as the reading stages take it."""
    return PageInput(answer.url, answer.body, answer.content_type)
