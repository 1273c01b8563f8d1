"""Reads again, by today's rules, what is stored: first to say what would change, then to change it.

Both times the snapshots go through the same path as a fetched page. An article whose page is no
longer kept is judged again by its text.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sqlite_utils import Database

from crawler.casebook import CaseBook
from crawler.configuration import VERSION
from crawler.outlets import Outlet
from crawler.placing import place_missing
from crawler.pool import ReadingFailed, ReadingPool
from crawler.reading import ALL_PARTS, SAVED_PAGE, Occasion, PageReading
from crawler.rechecks import next_check
from crawler.snapshots import pages_of
from crawler.survey import Again, Item, Survey, dated
from crawler.terms import SHIPPED
from crawler.topics import ONLY_KPK, TopicFile
from store import rereading
from store.records import Article, PageOutcome
from store.rereading import OffTopicPage, Task, Version

WINDOW = 8  # read ahead, so that every reading child is busy
MARKED_AT_ONCE = 100
Step = Callable[[int, int], None]  # how many of how many are done


def rules_version(topics: Sequence[TopicFile] = ONLY_KPK) -> str:
    """A name for the rules as they are: the program's version, its vocabularies and cleaning
    rules, the topics that are on and the user's files. Anything that changes one of them changes
    the name."""
    digest = sha256(VERSION.encode())
    files = [(path.name, path) for path in sorted(SHIPPED.glob("*.toml"))]
    for topic in topics:
        files += [(topic.slug, path) for path in topic.files]
    for name, path in files:
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class Rescoring:
    """One rescore of a database by the rules of that name; now is aware UTC."""

    def __init__(
        self,
        db: Database,
        pool: ReadingPool,
        outlets: Mapping[str, Outlet],
        rules: str,
        now: datetime,
    ) -> None:
        self.db = db
        self.pool = pool
        self.outlets = outlets
        self.rules = rules
        self.now = now
        self.casebook = CaseBook(db)

    async def survey(self, items: Sequence[Item], step: Step, *, dry: bool) -> Survey:
        """Reads the items and counts what would change. Unless dry, what stays as it is is marked
        as read by these rules, so that it is not read again."""
        survey = Survey()
        unchanged: list[Item] = []
        async for again in self._read(items):
            if not survey.count(again):
                unchanged.append(again.item)
            if not dry and len(unchanged) >= MARKED_AT_ONCE:
                rereading.mark(self.db, unchanged, self.rules, self.now)
                unchanged.clear()
            step(survey.looked, len(items))
        if not dry:
            rereading.mark(self.db, unchanged, self.rules, self.now)
        return survey

    async def carry_out(self, items: Sequence[Item], step: Step) -> int:
        """Writes what changes, one transaction an item; returns how many. Killed in between, it
        goes on next time with what is left."""
        done = written = 0
        async for again in self._read(items):
            done += 1
            written += self._write(again)
            step(done, len(items))
        while place_missing(self.db):  # all of them: some hundreds a turn
            pass
        return written

    def _write(self, again: Again) -> bool:
        if again.page is not None and again.reading is not None:
            return self._take_in(again.page, again.reading)
        if again.task is None or again.article is None:
            return False
        return rereading.rewrite(
            self.db, again.task, again.article, again.versions, self.rules, self.now
        )

    def _take_in(self, page: OffTopicPage, reading: PageReading) -> bool:
        """A page that was off the topic becomes an article."""
        article = reading.article
        if article is None or rereading.off_topic_page(self.db, page.id) is None:
            return False
        since = min(page.discovered_at, article.published_at)
        outcome = PageOutcome(
            ending="article",
            state="done",
            article=article,
            canonical_url=reading.canonical,
            snapshot=page.body,
            next_check_at=next_check(since, self.now),
        )
        return self.casebook.finish(page.id, outcome, reading, self.now) is not None

    async def _read(self, items: Iterable[Item]) -> AsyncIterator[Again]:
        """The items read again, in order, some of them at once."""
        window: deque[asyncio.Task[Again]] = deque()
        try:
            for item in items:
                window.append(asyncio.create_task(self._one(item)))
                if len(window) >= WINDOW:
                    yield await window.popleft()
            while window:
                yield await window.popleft()
        finally:
            for waiting in window:
                waiting.cancel()

    async def _one(self, item: Item) -> Again:
        kind, number = item
        if kind == "page":
            return await self._page(item, rereading.off_topic_page(self.db, number))
        task = rereading.task(self.db, number)
        return Again(item) if task is None else await self._article(item, task)

    async def _page(self, item: Item, page: OffTopicPage | None) -> Again:
        if page is None:
            return Again(item)
        cases = self.casebook.now(page.taken_at)
        occasion = Occasion(self.outlets[page.outlet], page.hint, page.taken_at, cases)
        try:
            pages = pages_of(page.body, page.hint.fetch_url)
            reading = await self.pool.pages(pages, occasion, ALL_PARTS)
        except ReadingFailed as failure:
            return Again(item, problem=failure.ending)
        return Again(item, page=page, reading=reading)

    async def _article(self, item: Item, task: Task) -> Again:
        # An article that no page dates was dated by when it was first seen: it still is.
        seen, cases = task.stored.first_seen_at, self.casebook.now(task.as_read.published_at)
        occasion = Occasion(self.outlets[task.stored.outlet], task.hint, seen, cases)
        versions: dict[int, Article] = {}
        problem = None
        for version in task.versions:
            reading = await self._version(version, occasion)
            if reading.article is not None:
                versions[version.revision_id] = reading.article
            elif version.body is not None:
                problem = reading.ending
        latest = versions.get(task.versions[-1].revision_id)
        try:
            latest = latest or await self.pool.rejudge(task.as_read, occasion)
        except ReadingFailed as failure:
            return Again(item, problem=failure.ending)
        article = dated(latest, task, list(versions.values()))
        return Again(item, article, task, versions, problem=problem)

    async def _version(self, version: Version, occasion: Occasion) -> PageReading:
        if version.body is None:
            return PageReading("empty")
        try:
            pages = pages_of(version.body, occasion.hint.fetch_url)
            return await self.pool.pages(pages, occasion, SAVED_PAGE)
        except ReadingFailed as failure:
            return PageReading(failure.ending)
