"""When a pass over an outlet has to end early: its host has enough, does not answer, or time is up.

None of that is a page's fault: pages keep their attempts, and what was leased is given back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.gate import Refused, check_url
from crawler.pauses import HostPaused, forbidden, host_of, origin_of, pause_of
from crawler.politeness import BUSY, robots_rules
from crawler.replay import UnrecordedRequest
from crawler.robots import is_answer
from crawler.session import Session, session_of
from store import frontier, hosts, runs, sources
from store.frontier import Failure
from store.runs import Incident

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.fetching import Answer
    from store.records import LeasedPage

TROUBLES = 3  # pages in a row that came to nothing: it is not the pages


class Patience:
    """How long the host of one pass bears with us."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = session_of(crawler)
        self.host = host_of(self.session.outlet.home)
        self.over = False
        self.served = 0
        self.troubles = 0

    async def at_first(self) -> bool:
        """Whether the pass may begin: the host is not paused, and its robots.txt is known."""
        session = self.session
        known = sources.known_sources(session.db, session.outlet.slug)
        first = known[0].url if known else session.outlet.home
        try:
            check_url(first, session.allowance)
            await robots_rules(self.crawler, first)
        except (Refused, UnrecordedRequest):
            return True  # whoever asks for it will tell
        except HostPaused as pause:
            incident = Incident("paused", str(pause), first)
            now = session.clock.now()
            runs.record_error(session.db, session.run_id, session.outlet.slug, incident, now)
            self.end(str(pause))
            return False
        return True

    def after_sources(self) -> None:
        """Asks for no page when the host paused us at its sources, or never answered."""
        session = self.session
        until = pause_of(session, self.host)
        if until is not None:
            self.end(f"{self.host} is paused until {until:%Y-%m-%d %H:%M:%SZ}")
        elif session.tally.failures and not session.tally.answered:
            self.end(f"{self.host} does not answer")

    def at_last(self) -> None:
        """A whole pass went well: the host's failures are forgotten."""
        live = self.session.replay is None
        if live and not self.is_over() and self.session.tally.answered:
            hosts.succeeded(self.session.db, self.host)

    def is_over(self) -> bool:
        """Whether no further page may be asked for in this pass."""
        session = self.session
        late = session.deadline is not None and session.clock.now() >= session.deadline
        if late and not self.over:
            self.end("the time of this pass is up")
        return self.over or session.stopping.is_set()

    def end(self, reason: str) -> None:
        """Ends the pass, and says why."""
        self.over = True
        self.session.say(f"{reason}; what is due waits for a later pass")

    def page_served(self) -> None:
        """The host gave a page, or said that there is none."""
        self.served += 1
        self.troubles = 0

    def page_failed(self, failure: Failure) -> None:
        """A page came to nothing: no answer, a server's error, a block page."""
        self.troubles += failure.ending in ("failed", "blocked")
        if self.troubles >= TROUBLES:
            self.end(f"{TROUBLES} pages in a row came to nothing")

    def tried(self, page: LeasedPage, answer: Answer) -> bool:
        """Takes care of an answer that speaks of the host, not of the page; False: it does not."""
        if answer.status in (403, *BUSY):
            self.turned_away(page, answer)
            return True
        if answer.ending == "failed" and answer.retry_at is not None:
            return self.not_asked(page, answer)
        return False

    def turned_away(self, page: LeasedPage, answer: Answer) -> None:
        """A 403, 429 or 503: the page waits as long as its host."""
        session = self.session
        if answer.status == 403:
            forbidden(session, answer.url)
        ending, problem = answer.ending or "failed", answer.problem or f"HTTP {answer.status}"
        now, host = session.clock.now(), host_of(answer.url)
        until = pause_of(session, host)
        failure = Failure(ending, problem, answer.status, until)
        frontier.put_off(session.db, page.id, failure, now, others_served=self.served > 0)
        session.note(page.url, ending, None, None)
        if host == self.host:
            self.end(problem)

    def not_asked(self, page: LeasedPage, answer: Answer) -> bool:
        """Nobody was asked for the page. Its own host: the pass is over. Another one: the page
        waits for that. False: a robots.txt of its own that cannot be had counts against it."""
        session, problem = self.session, answer.problem or ""
        now, host = session.clock.now(), host_of(answer.url)
        paused = pause_of(session, host) is not None
        own = origin_of(answer.url) == origin_of(session.outlet.home)
        if own or (paused and host == self.host) or self.is_over():
            self.end(problem)
            return True
        if not paused and gave_no_robots(session, answer.url):
            return False
        failure = Failure("failed", problem, retry_at=answer.retry_at)
        frontier.put_off(session.db, page.id, failure, now)
        return True


def gave_no_robots(session: Session, url: str) -> bool:
    """Whether the URL's origin failed to give its robots.txt when it was asked last."""
    row = hosts.host(session.db, origin_of(url))
    failed = row.robots_status is None or not is_answer(row.robots_status)
    return row.robots_fetched_at is not None and failed
