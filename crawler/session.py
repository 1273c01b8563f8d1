"""What one crawl of one outlet works with: carried on the Scrapy crawler, never in settings."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from sqlite_utils import Database

from crawler.clock import Clock
from crawler.gate import Allowance
from crawler.outlets import Outlet
from crawler.pool import ReadingPool
from crawler.replay import Replay
from store.records import Article, RunCounts, Saved

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


def session_of(crawler: Crawler) -> Session:
    """The session of a crawl. Raises IgnoreRequest when there is none: `scrapy shell` was given
    an address of no outlet in the catalogue."""
    session: Session | None = getattr(crawler, "pantau", None)
    if session is None:
        raise IgnoreRequest("no outlet of the catalogue has this host; the gate refuses it")
    return session


@dataclass(slots=True)
class Tally:
    """What happened in this pass, counted. A run is judged by it."""

    requests: int = 0
    bytes: int = 0
    not_modified: int = 0
    new: int = 0
    revised: int = 0
    missing_dates: int = 0
    unrecorded: int = 0
    sources_ok: int = 0
    sources_failed: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    pages: dict[str, str] = field(default_factory=dict)

    def ended(self, url: str, ending: str) -> None:
        """Counts a page's ending under the word of the contract."""
        self.endings[ending] += 1
        self.pages[url] = ending

    def counts(self) -> RunCounts:
        """The tally as the store keeps it."""
        return RunCounts(
            requests=self.requests,
            bytes=self.bytes,
            not_modified=self.not_modified,
            new=self.new,
            revised=self.revised,
            unrecorded=self.unrecorded,
            missing_dates=self.missing_dates,
            endings=dict(self.endings),
        )


@dataclass(slots=True)
class Session:
    """The live objects of one pass over one outlet. say() shows a line of progress."""

    outlet: Outlet
    db: Database
    clock: Clock
    pool: ReadingPool
    allowance: Allowance
    run_id: int
    user_agent: str
    replay: Replay | None = None
    tally: Tally = field(default_factory=Tally)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    say: Callable[[str], None] = lambda line: None

    def note(self, url: str, ending: str, saved: Saved | None, article: Article | None) -> None:
        """Counts how a page ended and what became of its article, and shows it."""
        self.tally.ended(url, ending)
        if saved is None or article is None:
            return
        self.tally.new += saved.kind == "new"
        self.tally.revised += saved.kind == "revised"
        self.tally.missing_dates += article.published_source == "first_seen"
        if saved.kind != "same":
            self.say(f"{saved.kind}: {article.title}")

    def crash(self, url: str, error: Exception) -> None:
        """A defect of ours met at a page: the traceback goes to the log, the crawl goes on."""
        logger.error("reading %s failed", url, exc_info=error)
