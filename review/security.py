"""What keeps other sites, other hosts and hostile addresses away from the review page."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
# Browsers leave it out; some proxies add it.
DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# No inline script or style, nothing from elsewhere, and no text becomes markup in the browser
# (Trusted Types with no policy at all).
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with it browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Stands before every route: refuses foreign hosts (421) and unsafe methods that another site
    sent (403), and puts the safety headers on every answer. https: the page is reached by https
    only, whatever the proxy says of it."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], https: bool = False) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.scheme = "https" if https else "http"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        scope["scheme"] = self.scheme
        if host_name(headers.get("host", "")) not in self.hosts:
            refusal = PlainTextResponse("this page answers to its own host name only", 421)
            await refusal(scope, receive, guarded)
        elif scope["method"] not in SAFE_METHODS and not sent_by_us(headers, self.scheme):
            refusal = PlainTextResponse("refused: another site sent this", 403)
            await refusal(scope, receive, guarded)
        else:
            await self.app(scope, receive, guarded)


def sent_by_us(headers: Headers, scheme: str) -> bool:
    """Whether a page of this origin sent an unsafe request. Every browser sends at least one of
    the two headers with a form; what sends neither is a program, which has no reader's session
    to misuse."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    port = DEFAULT_PORTS[scheme]
    host = headers.get("host", "").lower().removesuffix(port)
    return parts.scheme == scheme and parts.netloc.lower().removesuffix(port) == host


def host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def is_path(address: str) -> bool:
    """Whether an address can lead nowhere but to a page of ours: one slash, then no second one,
    no backslash and no control character."""
    if not address.startswith("/") or address[1:2] in ("/", "\\"):
        return False
    return not any(c == "\\" or c.isspace() or unicodedata.category(c) == "Cc" for c in address)


def web_address(url: str) -> str | None:
    """The address if it may be a link (http or https with a host), None for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None
