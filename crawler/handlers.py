"""Download handlers, below every middleware: the web, a recording, or a local copy of the web."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.gate import CONNECTIONS, REFUSES, Refused
from crawler.reactor import bound_heads
from crawler.replay import Replay
from crawler.session import Session, session_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

ERRORS: dict[str, type[Exception]] = {
    "timeout": DownloadTimeoutError,
    "dns": CannotResolveHostError,
    "reset": DownloadFailedError,
}


class PantauHandler(BaseDownloadHandler):
    """Serves a request from where this crawl's session says: recording, mapped port, or web."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.web = bound_heads(HTTP11DownloadHandler(crawler))

    @property
    def session(self) -> Session:
        return session_of(self.crawler)

    async def download_request(self, request: Request) -> Response:
        """The response; recorded and mapped ones are told apart from live ones by nothing above."""
        session = self.session
        session.tally.requests += 1
        if session.replay is not None:
            response = within(self.most(request), replayed(request, session.replay))
        elif session.allowance.mapping:
            response = await self.mapped(request)
        else:
            response = await self.live(request)
        session.tally.bytes += len(response.body)
        return response

    def most(self, request: Request) -> int:
        """How many bytes the body of this answer may have."""
        limit = request.meta.get("download_maxsize")
        return int(limit or self.crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    async def live(self, request: Request) -> Response:
        """Asks the web. Raises Refused when the name leads where no socket may be opened: what
        Twisted says of that is only that there is no such name."""
        try:
            return await self.web.download_request(request)
        except CannotResolveHostError as error:
            reason = CONNECTIONS.names.get(urlsplit(request.url).hostname or "")
            if reason is None:
                raise
            raise Refused(f"{request.url}: {REFUSES} {reason}") from error

    async def mapped(self, request: Request) -> Response:
        """Asks the mapped loopback port in plain HTTP, with the real host in the Host header."""
        parts = urlsplit(request.url)
        address, port = self.session.allowance.mapping[parts.hostname or ""]
        headers = request.headers.copy()
        headers["Host"] = parts.netloc
        target = urlunsplit(("http", f"{address}:{port}", parts.path or "/", parts.query, ""))
        inner = request.replace(url=target, headers=headers)
        response = await self.web.download_request(inner)
        request.meta["download_latency"] = inner.meta.get("download_latency", 0.0)
        return response.replace(url=request.url)

    async def close(self) -> None:
        await self.web.close()


def replayed(request: Request, replay: Replay) -> Response:
    """The recorded answer as a response; a conditional request for an unchanged body gets 304."""
    request.meta["download_latency"] = 0.0
    answer = replay.answer(request.method, request.url)
    if answer.error is not None:
        raise ERRORS[answer.error](f"recorded: {answer.error} for {request.url}")
    headers = Headers()
    for name, value in answer.headers:
        # Bodies stand decoded: to claim a coding would make the middleware decode them again.
        if name.lower() not in ("content-encoding", "content-length", "transfer-encoding"):
            headers.appendlist(name, value)
    status, body = answer.status, answer.body()
    if status == 200 and is_unchanged(request.headers, headers):
        status, body = 304, b""
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    response: Response = kind(url=request.url, status=status, headers=headers, body=body)
    return response


def within(most: int, response: Response) -> Response:
    """The response, unless its body is over the limit that the web's answers are held to."""
    if len(response.body) > most:
        raise DownloadCancelledError(f"more than {most} bytes")
    return response


def is_unchanged(asked: Headers, have: Headers) -> bool:
    """Whether a conditional request matches: If-None-Match goes before If-Modified-Since
    (RFC 9110, 13.2.2)."""
    if asked.get("If-None-Match"):
        return bool(have.get("ETag")) and asked["If-None-Match"] == have["ETag"]
    since = asked.get("If-Modified-Since")
    return bool(since) and since == have.get("Last-Modified")
