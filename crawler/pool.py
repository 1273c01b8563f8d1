"""Reads pages and sources in child processes that are killed when they take too long or too much.

Extraction never runs in the event loop: one hostile page may cost minutes of C code that no signal
interrupts. A crash of a child ends one page, not the pool.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as PoolTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import Any

from pebble import ProcessExpired, ProcessPool

from crawler.document import TooLarge, Unreadable
from crawler.families import load_families
from crawler.gate import CONNECTIONS, ConnectionPolicy
from crawler.outlets import Outlet
from crawler.reading import (
    UNDECIDED,
    Occasion,
    PageInput,
    PageReading,
    Tools,
    Wish,
    load_tools,
    read_pages,
    read_summary,
    read_text,
)
from crawler.rejudging import rejudged
from crawler.sources import SourceReading, UnreadableSource, declared_feeds, read_source
from crawler.topics import ONLY_KPK, TopicFile
from store.records import Article

logger = logging.getLogger(__name__)

TIMEOUT = 20.0  # seconds a page; trafilatura takes 14-20 ms for a usual one
MEMORY = 1 << 30  # bytes of heap a child may take
TASKS = 500  # a child is replaced after this many pages, so that nothing it leaks lasts


class ReadingFailed(Exception):
    """A child could not read what it was given; ending is the contract's word for it."""

    def __init__(self, ending: str, message: str) -> None:
        super().__init__(message)
        self.ending = ending


class ReadingPool:
    """A pool of reading children that look for these topics. close() ends them; use it as a
    context manager."""

    def __init__(
        self,
        workers: int = 2,
        timeout: float = TIMEOUT,
        topics: Sequence[TopicFile] = ONLY_KPK,
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.pool"])
        self.timeout = timeout
        self.topics = tuple(topics)

        def fresh() -> ProcessPool:
            return ProcessPool(workers, TASKS, equip, (self.topics,), context)

        self._fresh = fresh
        self._pool = fresh()

    async def source(
        self, kind: str, body: bytes, content_type: str, url: str, outlet: Outlet
    ) -> SourceReading:
        """What a feed, sitemap or listing names. Raises UnreadableSource or ReadingFailed."""
        with named(url):
            reading: SourceReading = await self._call(
                child_source, kind, body, content_type, url, outlet
            )
        return reading

    async def feeds(
        self, body: bytes, content_type: str, url: str, outlet: Outlet
    ) -> tuple[str, ...]:
        """The feeds a home page declares. Raises UnreadableSource or ReadingFailed."""
        with named(url):
            found: tuple[str, ...] = await self._call(child_feeds, body, content_type, url, outlet)
        return found

    async def pages(
        self, pages: Sequence[PageInput], occasion: Occasion, wish: Wish = UNDECIDED
    ) -> PageReading:
        """What the parts of one article say (see read_pages). Raises ReadingFailed."""
        reading: PageReading = await self._call(child_pages, tuple(pages), occasion, wish)
        return reading

    async def summary(self, occasion: Occasion) -> PageReading:
        """What a source's own words on an article come to. Raises ReadingFailed."""
        reading: PageReading = await self._call(child_summary, occasion)
        return reading

    async def text(self, title: str, text: str, occasion: Occasion) -> PageReading:
        """What text that somebody else extracted comes to. Raises ReadingFailed."""
        reading: PageReading = await self._call(child_text, title, text, occasion)
        return reading

    async def rejudge(self, article: Article, occasion: Occasion) -> Article:
        """What the text of a stored article comes to by today's rules. Raises ReadingFailed."""
        fresh: Article = await self._call(child_rejudge, article, occasion)
        return fresh

    async def _call(self, function: Any, *args: Any) -> Any:
        try:
            try:
                return await self._once(function, *args)
            except BrokenProcessPool:  # an idle child was killed: no fault of this page
                return await self._once(function, *args)
        except PoolTimeout as error:
            message = f"not read within {self.timeout:g} s"
            raise ReadingFailed("timed_out", message) from error
        except ProcessExpired as error:
            message = f"the reading process died (exit code {error.exitcode})"
            raise ReadingFailed("unreadable", message) from error
        except (MemoryError, RecursionError) as error:
            message = f"reading it takes more than {MEMORY:,} bytes ({type(error).__name__})"
            raise ReadingFailed("unreadable", message) from error
        except UnreadableSource:
            raise
        except Exception as error:  # the job boundary of a child: a defect of ours ends one page
            logger.error("a reading process failed", exc_info=error)
            raise ReadingFailed("failed", f"{type(error).__name__}: {error}") from error

    async def _once(self, function: Any, *args: Any) -> Any:
        """One attempt. Pebble gives a pool up for good when a child dies that had nothing to do
        (the system's memory was short): then another one takes its place."""
        if not self._pool.active:
            logger.warning("the reading processes died and are started again")
            self.close()
            self._pool = self._fresh()
        future = self._pool.schedule(function, args=args, timeout=self.timeout)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Ends the children; what they were reading is not finished."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


@contextmanager
def named(url: str) -> Iterator[None]:
    """Puts the address of a source before what is said of a failure to read it."""
    try:
        yield
    except ReadingFailed as failure:
        raise ReadingFailed(failure.ending, f"{url}: {failure}") from failure


_tools: list[Tools] = []  # of this child process, filled once by equip()


def equip(topics: tuple[TopicFile, ...]) -> None:
    """Prepares a child: no network, bounded memory, rules and vocabulary loaded once."""
    CONNECTIONS.enforce(ConnectionPolicy(offline=True))
    with suppress(ValueError, OSError):  # a lower limit of the machine's own stays
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    _tools[:] = [load_tools(topics)]


def child_pages(pages: tuple[PageInput, ...], occasion: Occasion, wish: Wish) -> PageReading:
    """read_pages with this child's tools."""
    return read_pages(pages, occasion, _tools[0], wish)


def child_summary(occasion: Occasion) -> PageReading:
    """read_summary with this child's tools."""
    return read_summary(occasion, _tools[0])


def child_text(title: str, text: str, occasion: Occasion) -> PageReading:
    """read_text with this child's tools."""
    return read_text(title, text, occasion, _tools[0])


def child_rejudge(article: Article, occasion: Occasion) -> Article:
    """rejudged with this child's tools."""
    return rejudged(article, occasion, _tools[0])


def child_source(
    kind: str, body: bytes, content_type: str, url: str, outlet: Outlet
) -> SourceReading:
    """read_source with the listing selectors of the outlet's family."""
    families = load_families()
    selectors = families[outlet.family].listing
    try:
        return read_source(kind, body, content_type, url, outlet, selectors)
    except (Unreadable, TooLarge) as error:
        raise UnreadableSource(f"{url}: {error}") from error


def child_feeds(body: bytes, content_type: str, url: str, outlet: Outlet) -> tuple[str, ...]:
    """declared_feeds, for a home page that may be none."""
    try:
        return declared_feeds(body, content_type, url, outlet)
    except (Unreadable, TooLarge) as error:
        raise UnreadableSource(f"{url}: {error}") from error
