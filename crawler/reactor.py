"""The one place that knows Twisted: starts its reactor on asyncio's loop, guards its resolver,
bounds what its client takes before a body begins."""

from __future__ import annotations

import asyncio
import importlib
import socket
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.reactor import install_reactor
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    ConnectionClosed,
    DNSLookupError,
)
from twisted.internet.threads import deferToThreadPool
from twisted.web._newclient import (
    RequestGenerationFailed,
    RequestNotSent,
    RequestTransmissionFailed,
)

from crawler.gate import CONNECTIONS, REFUSES, ConnectionPolicy

T = TypeVar("T")
ASYNCIO_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
# What its client raises and Scrapy does not translate: no route, a reset while connecting.
CLIENT_ERRORS: tuple[type[Exception], ...] = (
    ConnectError,
    ConnectingCancelledError,
    ConnectionClosed,
    RequestGenerationFailed,
    RequestNotSent,
    RequestTransmissionFailed,
)
MAX_HEAD_BYTES = 256 * 1024  # of an answer's headers, as browsers allow


class GateResolver(CachingThreadedResolver):
    """Refuses names of which one address is not public, whatever asks and however often the
    answer changes. Loopback passes only where the process's policy maps a host to it (--map).

    Twisted connects to the address this gives and looks up nothing again: what was judged is what
    is connected to. IPv4 only, as Scrapy's own resolver.
    """

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802
        reactor: Any = self.reactor
        answer = deferToThreadPool(reactor, reactor.getThreadPool(), first_address, name)
        # The thread cannot be interrupted; its late answer is dropped.
        answer.addTimeout(self.timeout, reactor, onTimeoutCancel=lambda *_: too_slow(name))
        return answer


def too_slow(name: str) -> Any:
    """What a lookup that takes too long comes to."""
    raise DNSLookupError(f"{name}: the lookup took too long")


def first_address(name: str) -> str:
    """The first IPv4 address of a name, after all of them have been judged. Raises DNSLookupError
    when there is none, or one the gate refuses; why is remembered for fetch() to tell."""
    CONNECTIONS.names.pop(name, None)
    policy = CONNECTIONS.policy or ConnectionPolicy()
    try:
        found = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DNSLookupError(f"{name}: {error}") from error
    addresses = [str(answer[4][0]) for answer in found]
    for address in addresses:
        reason = policy.answer_refusal(name, address)
        if reason is not None:
            CONNECTIONS.names[name] = reason
            raise DNSLookupError(f"{REFUSES} {reason}")
    if not addresses:
        raise DNSLookupError(f"{name}: no address")
    return addresses[0]


class HeadTooLarge(Exception):
    """An answer whose headers do not end; the message names the limit."""


class BoundedParser(_LenientHTTPClientParser):
    """Scrapy's parser, which Twisted lets collect header lines for as long as they come."""

    head_bytes = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.head_bytes += len(line) + 1
        if self.head_bytes > MAX_HEAD_BYTES:
            raise HeadTooLarge(f"more than {MAX_HEAD_BYTES:,} bytes of headers")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeadTooLarge(f"a header line of more than {self.MAX_LENGTH:,} bytes")


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's client, with the parser above; a peer it gives up on is not waited for."""

    def request(self, request: Any) -> Any:
        answer = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = BoundedParser  # as Scrapy does: the parser's class is hardcoded
        return answer

    def _giveUp(self, reason: Any) -> None:  # noqa: N802
        transport: Any = self.transport
        super()._giveUp(reason)  # type: ignore[no-untyped-call]
        transport.abortConnection()


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes the clients above."""

    def buildProtocol(self, addr: Any) -> BoundedProtocol:  # noqa: N802
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def bound_heads(handler: HTTP11DownloadHandler) -> HTTP11DownloadHandler:
    """The handler, from now on with a bound on an answer's headers."""
    handler._pool._factory = BoundedFactory
    return handler


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs main() on the reactor with the gate's resolver installed, and gives what it gives.

    For the main thread of a process, once. An exception of main() is raised here again.
    """
    install_reactor(ASYNCIO_REACTOR)
    reactor: Any = importlib.import_module("twisted.internet.reactor")

    guard_names(reactor)
    outcome: list[T] = []
    failure: list[BaseException] = []

    async def whole() -> None:
        try:
            outcome.append(await main())
        except BaseException as error:  # noqa: BLE001 (raised again below, in the caller)
            failure.append(error)
        finally:
            reactor.callLater(0, reactor.stop)

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(asyncio.get_event_loop().create_task(whole())))
    reactor.run(installSignalHandlers=False)
    if failure:
        raise failure[0]
    return outcome[0]


def guard_names(reactor: Any) -> None:
    """Installs the gate's resolver for the whole process; AsyncCrawlerRunner installs none."""
    resolver = GateResolver(reactor, 0, 10.0)
    resolver.install_on_reactor()


__all__ = ["GateResolver", "HeadTooLarge", "bound_heads", "guard_names", "run"]
