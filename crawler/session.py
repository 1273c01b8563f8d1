"""What one crawl of one outlet works with: carried on the Scrapy crawler, never in settings."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from sqlite_utils import Database

from crawler.clock import Clock
from crawler.gate import Allowance
from crawler.outlets import Outlet
from crawler.pool import ReadingPool
from crawler.replay import Replay
from store.database import StoreError
from store.records import Article, Candidate, RunCounts, Saved

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

Queues = defaultdict[str, asyncio.Lock]  # by host, shared by the passes of one process


def session_of(crawler: Crawler) -> Session:
    """The session of a crawl. Raises IgnoreRequest when there is none: `scrapy shell` was given
    an address of no outlet in the catalogue."""
    session: Session | None = getattr(crawler, "pantau", None)
    if session is None:
        raise IgnoreRequest("no outlet of the catalogue has this host; the gate refuses it")
    return session


def is_of_the_store(error: Exception) -> bool:
    """Whether the database itself cannot be used: full disk, lock, damage. A row that does not fit
    is the fault of whoever wrote it."""
    unusable = isinstance(error, (StoreError, sqlite3.OperationalError))
    return unusable or type(error) is sqlite3.DatabaseError


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
    answered: int = 0
    sources_ok: int = 0
    sources_failed: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    pages: dict[str, str] = field(default_factory=dict)
    samples: Counter[str] = field(default_factory=Counter)  # see crawler/samples.py
    unlisted: int = 0  # found on the home page alone, see crawler/second_look.py
    blocked: bool = False  # a source answered with a block page
    suspect: bool = False  # its sources may be stale: to be looked at again soon
    stale: bool = False  # they are

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
            failures=dict(self.failures),
        )


@dataclass(slots=True)
class Session:
    """The live objects of one pass over one outlet. say() shows a line of progress; deadline
    (aware UTC) ends the pass; since (a local day of the outlet) pages its sources back that far;
    errand is the one page a person asked for, instead of a pass; queues let the passes of one
    process ask a host one by one; broken is what ended the pass if it did not end itself;
    pauses are those of a replay, by host."""

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
    deadline: datetime | None = None
    since: date | None = None
    errand: Candidate | None = None
    broken: Exception | None = None
    pauses: dict[str, datetime] = field(default_factory=dict)
    queues: Queues = field(default_factory=lambda: defaultdict(asyncio.Lock))
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
