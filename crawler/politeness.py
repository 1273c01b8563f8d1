"""Politeness as a downloader middleware: the gate, robots.txt, turns and pauses of every request.

Scrapy's own robots middleware lets requests through while several wait for one robots.txt, allows
all on a 5xx and knows neither Crawl-delay nor Retry-After; this one replaces it.
"""

from __future__ import annotations

import asyncio
import email.utils
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

from crawler.gate import Refused, check_url
from crawler.replay import UnrecordedRequest
from crawler.robots import RobotsCopy, RobotsRules, copy_from, needs_asking, rules_from
from crawler.session import Session, session_of
from store import hosts
from store.records import HostRow

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

PAUSE_FIRST = timedelta(minutes=1)  # doubled with each failure in a row
PAUSE_LONGEST = timedelta(hours=24)
PAUSE_FORBIDDEN = timedelta(hours=1)  # a 403 means stop, not try again (facts/outlets.md 8)


class RefusedByGate(IgnoreRequest):
    """The address may not be fetched at all."""


class RefusedByRobots(IgnoreRequest):
    """The host's robots.txt asks us not to."""


class HostPaused(IgnoreRequest):
    """The host asked for quiet, or failed; until says when it may be asked again."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class PolitenessMiddleware:
    """Holds every request of a crawl to the gate, robots.txt and the host's turns."""

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
        delay = self.session.outlet.delay
        if not request.meta.get("is_robots"):
            rules = await self.rules(request.url)
            if not rules.allows(request.url):
                raise RefusedByRobots(rules.reason or f"robots.txt disallows {request.url}")
            delay = max(delay, rules.crawl_delay)
        await self.take_turn(host_of(request.url), delay)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Pauses the host when it says so, and clears its failures when it answers well."""
        session, host = self.session, host_of(request.url)
        now = session.clock.now()
        status = response.status
        if request.meta.get("is_robots") and status in (401, 403):
            return response  # RFC 9309 reads these as "no robots.txt"
        if status in (403, 429, 503):
            wait = retry_after(response.headers.get("Retry-After"), now)
            if wait is None:
                failures = hosts.host(session.db, host).failures
                wait = min(PAUSE_FIRST * 2 ** min(failures, 20), PAUSE_LONGEST)
                wait = max(wait, PAUSE_FORBIDDEN) if status == 403 else wait
            hosts.failed(session.db, host)
            hosts.pause(session.db, host, now + wait, f"HTTP {status} from {request.url}")
        elif status < 400:
            hosts.succeeded(session.db, host)
        return response

    async def take_turn(self, host: str, delay: float) -> None:
        """Waits for this request's turn among all processes. A paused host gives no turns."""
        session = self.session
        now = session.clock.now()
        row = hosts.host(session.db, host)
        if row.not_before is not None and row.not_before > now:
            reason = row.not_before_reason or "asked for quiet"
            until = row.not_before
            raise HostPaused(f"{host} is paused until {until:%Y-%m-%d %H:%M:%SZ}: {reason}", until)
        if session.replay is None:
            turn = hosts.reserve(session.db, host, now, delay)
            await session.clock.wait_until(turn)

    async def rules(self, url: str) -> RobotsRules:
        """The robots rules of the URL's host; asked for once, however many requests wait."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = asyncio.ensure_future(self.load_rules(origin))
        return await asyncio.shield(self._robots[origin])

    async def load_rules(self, origin: str) -> RobotsRules:
        """From the store while fresh, else from the host, and into the store."""
        session, host = self.session, host_of(origin)
        now = session.clock.now()
        row = hosts.host(session.db, host)
        copy = RobotsCopy(row.robots, row.robots_status, row.robots_good_at, row.robots_fetched_at)
        if needs_asking(copy, now):
            status, body = await self.ask(f"{origin}/robots.txt")
            copy = copy_from(status, body, copy, session.clock.now())
            rules = rules_from(copy, now)
            kept = HostRow(
                host,
                crawl_delay=rules.crawl_delay or None,
                robots=copy.text,
                robots_status=copy.status,
                robots_good_at=copy.good_at,
                robots_fetched_at=copy.asked_at,
            )
            hosts.save_robots(session.db, kept)
        return rules_from(copy, now)

    async def ask(self, url: str) -> tuple[int | None, bytes]:
        """Status and body of robots.txt; None when there was no answer, for whatever reason:
        a robots.txt that cannot be had refuses everything."""
        request = Request(
            url,
            callback=NO_CALLBACK,
            dont_filter=True,
            headers={"User-Agent": self.session.user_agent},
            meta={"is_robots": True, "handle_httpstatus_all": True},
        )
        engine = self.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except UnrecordedRequest:
            raise
        except Exception as error:  # noqa: BLE001 (fail closed: any failure is "unreachable")
            self.session.say(f"{url}: no answer ({error})")
            return None, b""
        return response.status, response.body


def host_of(url: str) -> str:
    """Host and port as politeness counts them."""
    return urlsplit(url).netloc.lower()


def retry_after(value: bytes | None, now: datetime) -> timedelta | None:
    """How long Retry-After asks us to wait (RFC 9110, 10.2.3: seconds or a date), at most 24 h.
    None when there is none or it cannot be read."""
    if not value:
        return None
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text), 86_400)), PAUSE_LONGEST)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), PAUSE_LONGEST)
