"""The web of the simulated town, on one loopback port, answering by the simulation's clock."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from benchmarks import fortnight_pages as pages
from benchmarks.fortnight_clock import ACTIVITY, LoopClock
from benchmarks.fortnight_faults import Fault
from benchmarks.fortnight_town import Item, Room

WINDOW, LISTED, MAPPED = 10, 15, 40  # entries of a feed, of a page of the home, of a sitemap
MISSING = 404


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    """All outlets of the town. asked counts the requests by host."""

    rooms: Sequence[Room]
    faults: Sequence[Fault]
    clock: LoopClock
    asked: Counter[str] = field(default_factory=Counter)
    port: int = 0
    server: asyncio.Server | None = None
    by_host: dict[str, Room] = field(default_factory=dict)
    ills: dict[str, Fault] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_host = {room.host: room for room in self.rooms}
        self.ills = {fault.room.host: fault for fault in self.faults}

    async def open(self) -> None:
        """Listens; on the same port again after an outage."""
        start = asyncio.start_server
        self.server = await start(self.serve, "127.0.0.1", self.port, reuse_address=True)
        self.port = self.server.sockets[0].getsockname()[1]
        ACTIVITY.offline = False

    async def close(self) -> None:
        """The network is gone: nobody listens."""
        assert self.server is not None
        self.server.close()
        ACTIVITY.offline = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.splitlines()
                headers = dict(line.split(": ", 1) for line in lines if ": " in line)
                named = {name.lower(): value for name, value in headers.items()}
                reply = self.answer(named["host"], first.split()[1], named)
                if reply is None:
                    ACTIVITY.held.add(named["host"])
                    await reader.read()
                    break
                writer.write(wire(reply))
                await writer.drain()
        writer.close()

    def answer(self, host: str, path: str, headers: Mapping[str, str]) -> Reply | None:
        """What the outlet answers now; None: nothing, for as long as one waits."""
        self.asked[host] += 1
        now, room = self.clock.now(), self.by_host[host]
        fault = self.ills.get(host)
        ill = fault.ill if fault is not None and fault.begin <= now < fault.end else None
        if ill == "timeouts":
            return None
        refusal = refused(ill, path)
        if refusal is not None:
            return refusal
        silent = fault.begin if fault is not None and ill in ("silent feed", "stopped") else now
        shown = fault.begin if fault is not None and ill == "stopped" else now
        return self.page(room, path, headers, ill, (silent, shown))

    def page(
        self,
        room: Room,
        path: str,
        headers: Mapping[str, str],
        ill: str | None,
        until: tuple[datetime, datetime],
    ) -> Reply:
        """A page of an outlet whose feed shows what was out at the first moment, its home what at
        the second."""
        kind = room.habit.kind
        bare, _, query = path.partition("?")
        feed_path = None if kind in ("sitemap", "listing") else "/feed/"
        if ill == "moved" and feed_path:
            feed_path = "/umpan/feed/"
        if bare == "/robots.txt":
            return Reply(robots(room).encode(), kind="text/plain")
        if bare == feed_path:
            number = int(query.removeprefix("paged=") or 1) if "paged=" in query or not query else 1
            shown = page_of(room.out(until[0]), number, WINDOW)
            return changing(pages.feed(room, shown), headers) if shown else Reply(status=MISSING)
        if bare == "/sitemap.xml" and kind == "sitemap":
            return changing(pages.sitemap(room, room.out(until[0])[-MAPPED:]), headers)
        if bare == "/" or bare.startswith("/page/"):
            number = int(bare.strip("/").removeprefix("page/") or 1)
            shown = page_of(room.out(until[1]), number, LISTED)
            body = pages.home(room, shown, number, feed_path)
            return changing(body, headers, kind="text/html") if shown else Reply(status=MISSING)
        return self.article(room, bare, headers, ill, until[1])

    def article(
        self, room: Room, path: str, headers: Mapping[str, str], ill: str | None, now: datetime
    ) -> Reply:
        """An article that is out."""
        number = path.removeprefix("/berita/").strip("/")
        if not number.isdigit() or int(number) >= len(room.items):
            return Reply(b"tidak ada", MISSING)
        item = room.items[int(number)]
        if item.at > now:
            return Reply(b"tidak ada", MISSING)
        return changing(pages.article(room, item, ill), headers, kind="text/html")


def page_of(out: Sequence[Item], number: int, size: int) -> Sequence[Item]:
    """The page of that number of a list of what is out, newest page first."""
    end = len(out) - (number - 1) * size
    return out[max(end - size, 0) : max(end, 0)]


def robots(room: Room) -> str:
    """Nothing is forbidden; an outlet with a sitemap names it."""
    if room.habit.kind == "sitemap":
        return f"User-agent: *\nDisallow:\nSitemap: https://{room.host}/sitemap.xml\n"
    return "User-agent: *\nDisallow: /admin/\n"


def refused(ill: str | None, path: str) -> Reply | None:
    """What an outlet answers to everything while it is down or wants nobody; None: it answers."""
    if ill == "errors":
        return Reply(b"galat", 500)
    if ill == "retry later":
        return Reply(b"nanti", 429, headers={"Retry-After": "7200"})
    if path == "/robots.txt":
        return None
    if ill == "forbidden":
        return Reply(b"terlarang", 403)
    if ill == "captcha":
        return Reply(pages.CAPTCHA)
    if ill == "never worked":
        empty = b"<html><head><title>Segera hadir</title></head><body></body></html>"
        return Reply(empty) if path == "/" else Reply(b"tidak ada", MISSING)
    return None


def changing(body: bytes, headers: Mapping[str, str], kind: str = "application/xml") -> Reply:
    """A body with its validator, or 304."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if headers.get("if-none-match") == tag:
        return Reply(status=304, kind=kind, headers={"ETag": tag})
    return Reply(body, kind=kind, headers={"ETag": tag})


def wire(reply: Reply) -> bytes:
    """The answer as bytes."""
    lines = [f"HTTP/1.1 {reply.status} X", f"Content-Type: {reply.kind}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.status != 304:
        lines.append(f"Content-Length: {len(reply.body)}")
    return "\r\n".join([*lines, "", ""]).encode() + reply.body
