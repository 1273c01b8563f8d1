"""Politeness as a downloader middleware: the gate, robots.txt, turns and pauses of every request.

Scrapy's own robots middleware lets requests through while several wait for one robots.txt, allows
all on a 5xx and knows neither Crawl-delay nor Retry-After; this one replaces it.
"""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http.request import NO_CALLBACK

from crawler.gate import Refused, check_url
from crawler.pauses import (
    HostPaused,
    check_pause,
    forbidden,
    host_of,
    origin_of,
    pause_host,
    retry_after,
)
from crawler.processes import is_running
from crawler.replay import UnrecordedRequest
from crawler.robots import RobotsCopy, RobotsRules, copy_from, needs_asking, rules_from
from crawler.session import Session, session_of
from store import hosts
from store.hosts import Holder, Turn
from store.records import HostRow

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["HostPaused", "PolitenessMiddleware", "RefusedByGate", "RefusedByRobots", "robots_rules"]

HOLD_S = 60.0  # twice the time-out of a whole answer
POLL = timedelta(seconds=0.25)  # how soon a turn that was given back early is noticed
BUSY = (429, 503)  # the server says "not now" of itself, not of the page
WORDS: dict[type[Exception], str] = {
    CannotResolveHostError: "no_such_host",
    DownloadConnectionRefusedError: "connection_refused",
    DownloadTimeoutError: "timed_out",
    DownloadCancelledError: "too_large",
    ResponseDataLossError: "cut_off",
}


class RefusedByGate(IgnoreRequest):
    """The address may not be fetched at all."""


class RefusedByRobots(IgnoreRequest):
    """The host's robots.txt asks us not to."""


class PolitenessMiddleware:
    """Holds every request of a crawl to the gate, robots.txt and the host's turns. It stands next
    to the downloader: no middleware can make an exception of an answer that still has a turn."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._robots: dict[str, asyncio.Task[RobotsRules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        return cls(crawler)

    @property
    def session(self) -> Session:
        return session_of(self.crawler)

    async def process_request(self, request: Request) -> None:
        """Lets the request go when it is its turn, or raises why it may not go."""
        try:
            check_url(request.url, self.session.allowance)
        except Refused as refusal:
            raise RefusedByGate(str(refusal)) from refusal
        try:
            await self.admit(request)
        except HostPaused as pause:
            raise HostPaused(str(pause), pause.until, request.url) from pause

    async def admit(self, request: Request) -> None:
        """Waits for the turn of a request that robots.txt allows."""
        delay = self.session.outlet.delay
        if not request.meta.get("is_robots"):
            rules = await self.rules(request.url)
            if not rules.allows(request.url):
                raise RefusedByRobots(f"robots.txt disallows {request.url}")
            delay = max(delay, rules.crawl_delay)
        request.headers.pop("Referer", None)  # of a redirect, by Scrapy; it is nobody's business
        request.meta["turn"] = (await self.take_turn(host_of(request.url), delay), delay)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Gives the turn back, and pauses the host when it says that it has enough."""
        self.give_turn_back(request)
        status, tally = response.status, self.session.tally
        if not request.meta.get("is_robots"):
            tally.answered += status < 500
            tally.failures.update([f"http_{status}"] * (status >= 400))
        wait = retry_after(response, self.session.clock.now())
        if status in BUSY:
            pause_host(self.session, request.url, f"HTTP {status} from {request.url}", wait)
        elif status == 403 and request.url == self.session.outlet.home:
            forbidden(self.session, request.url)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Gives the turn back and counts what went wrong on the way."""
        if self.give_turn_back(request) and not request.meta.get("is_robots"):
            self.session.tally.failures[class_of(exception)] += 1

    def give_turn_back(self, request: Request) -> bool:
        """Lets the host be asked again when the delay is over; it counts from the end of the
        answer, so that no server sees two requests closer than that. False: there was no turn."""
        turn, delay = request.meta.pop("turn", (None, 0.0))
        if turn is None:
            return False
        if turn.mine:
            session = self.session
            free_at = session.clock.now() + timedelta(seconds=delay)
            hosts.give_turn_back(session.db, host_of(request.url), turn, free_at)
        return True

    async def take_turn(self, host: str, delay: float) -> Turn:
        """Waits for this request's turn among all processes. Raises HostPaused when the host is
        paused, or comes to be while we wait; a replay waits for nobody."""
        session, holder = self.session, Holder(os.getpid(), HOLD_S, delay)
        async with session.queues[host]:  # first come, first served within this process
            while True:
                now = session.clock.now()
                check_pause(session, host)
                if session.replay is not None:
                    return Turn(False, now)
                turn = hosts.take_turn(session.db, host, now, holder, is_running)
                if turn.mine:
                    return turn
                await self.wait(host, turn.until)

    async def wait(self, host: str, until: datetime) -> None:
        """Waits for the host to be free, or a moment of it. Raises HostPaused when the pass is
        over before that: a long Crawl-delay means fewer pages, not a pass of hours."""
        session = self.session
        if session.deadline is not None and until > session.deadline:
            raise HostPaused(f"{host}: its next turn comes after the end of this pass", until)
        moment = min(until, session.clock.now() + POLL)
        waits = [
            asyncio.ensure_future(session.clock.wait_until(moment)),
            asyncio.ensure_future(session.stopping.wait()),
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
        if session.stopping.is_set():
            raise HostPaused(f"{host}: the pass is being stopped", until)

    async def rules(self, url: str) -> RobotsRules:
        """The robots rules of the URL's origin; asked for once, however many requests wait.
        Raises HostPaused while the host is paused or its robots.txt cannot be had."""
        check_pause(self.session, host_of(url))
        origin = origin_of(url)
        if origin not in self._robots:
            self._robots[origin] = asyncio.ensure_future(self.load_rules(origin))
        try:
            rules = await asyncio.shield(self._robots[origin])
        except (HostPaused, UnrecordedRequest):
            self._robots.pop(origin, None)  # nobody was asked: the next request may try
            raise
        if rules.until is not None:
            raise HostPaused(f"{origin}: {rules.reason}", rules.until)
        return rules

    async def load_rules(self, origin: str) -> RobotsRules:
        """From the store while fresh, else from the host, and into the store."""
        session = self.session
        async with session.queues[origin]:  # two desks of one host ask once
            row = hosts.host(session.db, origin)
            times = (row.robots_good_at, row.robots_fetched_at)
            copy = RobotsCopy(row.robots, row.robots_status, *times)
            if needs_asking(copy, session.clock.now()):
                status, body = await self.ask(f"{origin}/robots.txt")
                check_pause(session, host_of(origin))  # a 429 or 503 pauses more than robots.txt
                copy = copy_from(status, body, copy, session.clock.now())
                self.keep(origin, copy)
        return rules_from(copy, session.clock.now())

    def keep(self, origin: str, copy: RobotsCopy) -> None:
        """Into the store; a Crawl-delay counts from here on."""
        session, now = self.session, self.session.clock.now()
        delay = rules_from(copy, now).crawl_delay
        kept = HostRow(
            origin,
            crawl_delay=delay or None,
            robots=copy.text,
            robots_status=copy.status,
            robots_good_at=copy.good_at,
            robots_fetched_at=copy.asked_at,
        )
        hosts.save_robots(session.db, kept)
        if session.replay is None:
            hosts.postpone(session.db, host_of(origin), now + timedelta(seconds=delay))

    async def ask(self, url: str) -> tuple[int | None, bytes]:
        """Status and body of robots.txt, redirects followed within the outlet's hosts; None when
        there was no answer, for whatever reason: a robots.txt that cannot be had refuses
        everything. Raises HostPaused when nobody could be asked."""
        headers, meta = {"User-Agent": self.session.user_agent}, {"is_robots": True}
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, headers=headers, meta=meta)
        engine = self.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except (HostPaused, UnrecordedRequest):
            raise
        except Exception as error:  # noqa: BLE001 (fail closed: any failure is "unreachable")
            self.session.say(f"{url}: no answer ({error})")
            return None, b""
        return response.status, response.body


async def robots_rules(crawler: Crawler, url: str) -> RobotsRules:
    """The robots rules of the URL's origin, with the sitemaps they name. Raises HostPaused while
    the host is paused or its robots.txt cannot be had."""
    middleware = crawler.get_downloader_middleware(PolitenessMiddleware)
    assert middleware is not None
    return await middleware.rules(url)


def class_of(error: Exception) -> str:
    """What went wrong on the way to a host, in one word to count."""
    said = str(error).lower()
    if isinstance(error, (DownloadFailedError, OSError)) and ("ssl" in said or "certif" in said):
        return "tls"
    known = (word for kind, word in WORDS.items() if isinstance(error, kind))
    return next(known, "connection")
