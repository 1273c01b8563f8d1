"""Asks for one address through Scrapy's downloader and says in one word how it ended."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
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

from crawler.politeness import HostPaused, RefusedByGate, RefusedByRobots
from crawler.replay import UnrecordedRequest
from crawler.session import session_of
from store.records import Fetched

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

VALIDATORS_HOLD = timedelta(days=8)  # servers lie with 304 (findings.md)
NETWORK_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    ResponseDataLossError,
    OSError,
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


async def fetch(crawler: Crawler, url: str, conditions: dict[str, str] | None = None) -> Answer:
    """The answer to a GET of url, however it ended; only an unrecorded request of a replay that
    nobody counted would be raised, and it is counted here.

    Redirects are followed by Scrapy, each step through politeness and the gate.
    """
    session = session_of(crawler)
    request = Request(
        url,
        callback=NO_CALLBACK,
        dont_filter=True,
        headers={"User-Agent": session.user_agent, **(conditions or {})},
    )
    engine = crawler.engine
    assert engine is not None
    try:
        response = await engine.download_async(request)
    except HostPaused as pause:
        return Answer(url, ending="failed", problem=str(pause), retry_at=pause.until)
    except RefusedByRobots as refusal:
        return Answer(url, ending="refused_robots", problem=str(refusal))
    except RefusedByGate as refusal:
        return Answer(url, ending="refused_gate", problem=str(refusal))
    except UnrecordedRequest as missing:
        session.tally.unrecorded += 1
        return Answer(url, ending="failed", problem=str(missing))
    except DownloadTimeoutError as error:
        return Answer(url, ending="failed", problem=f"{url}: no answer in time ({error})")
    except DownloadCancelledError as error:
        return Answer(url, ending="too_large", problem=f"{url}: over the size limit ({error})")
    except (IgnoreRequest, *NETWORK_ERRORS) as error:
        # The decompression middleware tells a bomb only by its message.
        ending = "too_large" if "DOWNLOAD_MAXSIZE" in str(error) else "failed"
        problem = f"{url}: {type(error).__name__}: {str(error)[:300]}"
        return Answer(url, ending=ending, problem=problem)
    return answer_from(response)


def answer_from(response: Response) -> Answer:
    """The answer in a response: 200 has a body to read, all else ends in a word."""
    status = response.status
    fetched = Fetched(
        status=status,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        body_sha256=hashlib.sha256(response.body).hexdigest() if response.body else None,
    )
    ending = ending_of(status)
    return Answer(
        url=response.url,
        status=status,
        body=response.body,
        content_type=header(response, "Content-Type") or "",
        fetched=fetched,
        ending=ending,
        problem=f"{response.url}: HTTP {status}" if ending else None,
    )


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
