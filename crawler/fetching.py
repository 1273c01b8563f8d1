"""Asks for one address through Scrapy's downloader and says in one word how it ended."""

from __future__ import annotations

import gzip
import hashlib
import struct
import sys
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import brotli  # type: ignore[import-untyped]
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http.request import NO_CALLBACK

from crawler.freshness import max_age
from crawler.gate import Allowance, Refused, check_url
from crawler.politeness import HostPaused, RefusedByGate, RefusedByRobots
from crawler.reactor import CLIENT_ERRORS, MAX_HEAD_BYTES
from crawler.replay import UnrecordedRequest
from crawler.session import session_of
from crawler.settings import DOWNLOAD_MAXSIZE as MAX_BYTES
from crawler.settings import REDIRECT_MAX_TIMES
from store.records import Fetched

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdError
else:
    from backports.zstd import ZstdError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

VALIDATORS_HOLD = timedelta(days=8)  # servers lie with 304 (findings.md)
NAMES_HEAL = timedelta(hours=1)  # before a name that led to a forbidden address is tried again
SITEMAP_BYTES = 50 * 1024 * 1024  # what the sitemaps protocol allows one to have
REFUSALS = (HostPaused, RefusedByRobots, RefusedByGate, Refused)
UNDECODABLE = (zlib.error, gzip.BadGzipFile, brotli.error, ZstdError, EOFError, struct.error)
# ValueError: a Location that is no address at all. OSError: what the system says of a socket.
FAILURES = (
    *UNDECODABLE,
    *CLIENT_ERRORS,
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    OSError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ending is None when there is a body to read; retry_at says when a paused
    host may be asked again."""

    url: str
    status: int | None = None
    body: bytes = b""
    content_type: str = ""
    fetched: Fetched = field(default_factory=Fetched)
    ending: str | None = None
    problem: str | None = None
    retry_at: datetime | None = None


def validators(etag: str | None, modified: str | None) -> dict[str, str]:
    """The headers of a conditional request."""
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    return headers


async def fetch(
    crawler: Crawler, url: str, conditions: dict[str, str] | None = None, most: int = MAX_BYTES
) -> Answer:
    """The answer to a GET of url, however it ended; only an unrecorded request of a replay that
    nobody counted would be raised, and it is counted here. A body of more than `most` bytes, as
    sent or decompressed, ends `too_large`; an answer that is not whole in time ends `failed`.

    Redirects are followed by Scrapy, each step through politeness and the gate.
    """
    session = session_of(crawler)
    headers = {"User-Agent": session.user_agent, **(conditions or {})}
    meta = {"download_maxsize": most}
    try:
        request = Request(url, callback=NO_CALLBACK, dont_filter=True, headers=headers, meta=meta)
    except ValueError as error:
        problem = f"{url[:200]!r}: not an address ({error})"
        return Answer(url, ending="refused_gate", problem=problem)
    engine = crawler.engine
    assert engine is not None
    try:
        response = await engine.download_async(request)
    except UnrecordedRequest as missing:
        session.tally.unrecorded += 1
        return Answer(url, ending="failed", problem=str(missing))
    except REFUSALS as refusal:
        return answer_refused(url, refusal, session.clock.now())
    except FAILURES as error:
        return answer_failed(url, error, most)
    return answer_from(response, session.allowance)


def answer_refused(url: str, refusal: Exception, now: datetime) -> Answer:
    """The answer to a request that was not made."""
    problem = str(refusal)
    if isinstance(refusal, HostPaused):
        return Answer(refusal.url or url, ending="failed", problem=problem, retry_at=refusal.until)
    if isinstance(refusal, RefusedByRobots):
        return Answer(url, ending="refused_robots", problem=problem)
    if isinstance(refusal, RefusedByGate):
        return Answer(url, ending="refused_gate", problem=problem)
    # An outlet's own host leads to a forbidden address: its DNS is ill, which passes.
    return Answer(url, ending="refused_gate", problem=problem, retry_at=now + NAMES_HEAL)


def answer_failed(url: str, error: Exception, most: int) -> Answer:
    """The answer to a request that came to nothing: too much, too slow, or broken on the way."""
    said = str(error)
    # Scrapy tells a bomb from other ignored answers only by its message; its client tells headers
    # without end from other failures only by the exception within.
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in said:
        return Answer(url, ending="too_large", problem=f"{url}: more than {most:,} bytes")
    if "HeadTooLarge" in said:
        limit = f"more than {MAX_HEAD_BYTES:,} bytes of headers"
        return Answer(url, ending="too_large", problem=f"{url}: {limit}")
    if "max redirections" in said:
        problem = f"{url}: more than {REDIRECT_MAX_TIMES} redirects"
        return Answer(url, ending="failed", problem=problem)
    if isinstance(error, ResponseDataLossError):
        return Answer(url, ending="failed", problem=f"{url}: the answer was cut off")
    if isinstance(error, DownloadTimeoutError):
        return Answer(url, ending="failed", problem=f"{url}: no whole answer in time ({said})")
    if isinstance(error, UNDECODABLE):
        problem = f"{url}: the body does not decompress ({said[:200]})"
        return Answer(url, ending="unreadable", problem=problem)
    # Raised by Scrapy where a redirect leads to what cannot be an address.
    ending = "refused_gate" if isinstance(error, ValueError) else "failed"
    return Answer(url, ending=ending, problem=f"{url}: {type(error).__name__}: {said[:300]}")


def answer_from(response: Response, allowance: Allowance) -> Answer:
    """The answer in a response: 200 has a body to read, all else ends in a word."""
    status = response.status
    fetched = Fetched(
        status=status,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        body_sha256=hashlib.sha256(response.body).hexdigest() if response.body else None,
        fresh_s=max_age(header(response, "Cache-Control")),
    )
    ending = ending_of(status)
    problem = f"{response.url}: HTTP {status}" if ending else None
    refusal = redirect_refusal(response, allowance)
    if refusal is not None:
        ending, problem = "refused_gate", f"{response.url}: HTTP {status}: {refusal}"
    return Answer(
        url=response.url,
        status=status,
        body=response.body,
        content_type=header(response, "Content-Type") or "",
        fetched=fetched,
        ending=ending,
        problem=problem,
    )


def redirect_refusal(response: Response, allowance: Allowance) -> str | None:
    """Why a redirect was not followed, when that is for the gate to say: Scrapy's middleware
    leaves one to file: or data: as it is."""
    location = header(response, "Location")
    if not 300 <= response.status < 400 or location is None:
        return None
    try:
        check_url(urljoin(response.url, location), allowance)
    except Refused as refusal:
        return str(refusal)
    except ValueError as error:
        return f"{location[:200]!r}: not an address ({error})"
    return None


def ending_of(status: int) -> str | None:
    """The ending an HTTP status means by itself; None when the body decides."""
    if 200 <= status < 300:
        return None
    known = {304: "not_modified", 404: "gone", 410: "gone", 401: "blocked", 403: "blocked"}
    known |= {429: "blocked", 451: "blocked"}
    return known.get(status, "failed")


def header(response: Response, name: str) -> str | None:
    """A response header as text, bounded; None when it is absent or empty."""
    value = response.headers.get(name)
    return value.decode("latin-1").strip()[:500] or None if value else None
