"""When a host is left alone: because it asked for quiet, had enough, or does not want us."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from store import hosts

if TYPE_CHECKING:
    from scrapy.http import Response

    from crawler.session import Session

PAUSE_FIRST = timedelta(minutes=1)  # doubled with each failure in a row
PAUSE_LONGEST = timedelta(hours=24)
PAUSE_FORBIDDEN = timedelta(hours=1)  # a 403 means stop, not try again (facts/outlets.md 8)
RETRY_AFTER_LONGEST = timedelta(days=7)  # who asks for more gets one request a week


class HostPaused(IgnoreRequest):
    """Nothing was asked: the host wants quiet, its robots.txt cannot be had, or the pass is over
    before its turn comes. until (aware UTC) says when it may be asked again; url is what was not
    asked for, which after a redirect may be another host's than the request began with."""

    def __init__(self, message: str, until: datetime, url: str | None = None) -> None:
        super().__init__(message)
        self.until = until
        self.url = url


def pause_of(session: Session, host: str) -> datetime | None:
    """When the pause of the host ends, or None. A replay knows only the pauses of its own pass:
    what an outlet wanted yesterday is no part of a recording, nor the recording of today."""
    now = session.clock.now()
    if session.replay is not None:
        until = session.pauses.get(host)
        return until if until is not None and until > now else None
    return hosts.paused_until(session.db, host, now)


def is_paused(session: Session, url: str) -> bool:
    """Whether the URL's host wants quiet at the moment."""
    return pause_of(session, host_of(url)) is not None


def check_pause(session: Session, host: str) -> None:
    """Raises HostPaused, saying until when and why, if the host is paused."""
    until = pause_of(session, host)
    if until is not None:
        reason = hosts.host(session.db, host).not_before_reason or "asked for quiet"
        raise HostPaused(f"{host} is paused until {until:%Y-%m-%d %H:%M:%SZ}: {reason}", until)


def pause_host(session: Session, url: str, reason: str, wait: timedelta | None = None) -> None:
    """Nobody asks the host for so long, or, without wait, for a time that doubles with each
    failure in a row: across runs, until a whole pass goes well."""
    host, now = host_of(url), session.clock.now()
    if session.replay is not None:
        session.pauses[host] = now + (PAUSE_FIRST if wait is None else wait)
        return
    failures = hosts.failed(session.db, host)
    if wait is None:
        wait = min(PAUSE_FIRST * 2 ** min(failures - 1, 20), PAUSE_LONGEST)
    hosts.pause(session.db, host, now + wait, reason)


def forbidden(session: Session, url: str) -> None:
    """A 403: the host does not want us, or not now. It is left alone for an hour, and longer
    each time."""
    failures = hosts.host(session.db, host_of(url)).failures
    wait = min(PAUSE_FORBIDDEN * 2 ** min(failures, 20), PAUSE_LONGEST)
    pause_host(session, url, f"HTTP 403 from {url}", wait)


def host_of(url: str) -> str:
    """The host as politeness counts it: its www, m and amp forms are one server, on any port."""
    host = urlsplit(url).hostname or ""
    for form in ("www.", "m.", "amp."):
        if host.startswith(form) and host.count(".") > 1:
            return host.removeprefix(form)
    return host


def origin_of(url: str) -> str:
    """Scheme, host and port: what a robots.txt speaks for (RFC 9309, 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """How long Retry-After asks us to wait (RFC 9110, 10.2.3: seconds or a date), at most a week.
    A date is held against the server's own clock, if it says what that shows. None when there is
    no such header or it cannot be read."""
    text = header_of(response, "Retry-After")
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**8)), RETRY_AFTER_LONGEST)
    moment = http_date(text)
    if moment is None:
        return None
    shown = http_date(header_of(response, "Date")) or now
    return min(max(moment - shown, timedelta(0)), RETRY_AFTER_LONGEST)


def header_of(response: Response, name: str) -> str:
    """A header as text; empty when there is none."""
    return (response.headers.get(name) or b"").decode("latin-1").strip()


def http_date(text: str) -> datetime | None:
    """An HTTP date as aware UTC, or None."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
