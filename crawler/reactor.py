"""The one place that knows Twisted: starts its reactor on asyncio's loop, guards its resolver."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.reactor import install_reactor
from twisted.internet.error import DNSLookupError

from crawler.gate import CONNECTIONS, is_public

T = TypeVar("T")
ASYNCIO_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


class GateResolver(CachingThreadedResolver):
    """Refuses names whose address is not public, whatever asks and however often the answer
    changes. Loopback passes only where the process's policy maps a host to it (--map)."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802
        return super().getHostByName(name, timeout).addCallback(self.judge, name)

    def judge(self, address: str, name: str) -> str:
        policy = CONNECTIONS.policy
        mapped = {host for host, _ in policy.loopback} if policy else set()
        if not (name in mapped or is_public(address)):
            raise DNSLookupError(f"the gate refuses {name}: {address} is not a public address")
        return address


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


__all__ = ["GateResolver", "guard_names", "run"]
