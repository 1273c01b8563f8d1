"""Every way we know to reach for a loopback port, tried one after the other in whatever process."""

from __future__ import annotations

import asyncio
import ftplib
import http.client
import smtplib
import socket
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path

from crawler.gate import REFUSES

HOSTS = ("127.0.0.1", "127.1", "localhost", "0.0.0.0", "")


def attempts(port: int) -> dict[str, str]:
    """What came of each way: "refused" by the gate, else what happened instead."""
    return {name: outcome(way) for name, way in ways(port).items()}


def outcome(way: Callable[[], object]) -> str:
    try:
        way()
    except OSError as error:
        inner = str(error) + str(getattr(error, "reason", "")) + str(error.__cause__ or "")
        return "refused" if REFUSES in inner else repr(error)
    except EOFError as error:
        return repr(error)
    return "got through"


def ways(port: int) -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {
        "urllib": lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2),
        "http.client": lambda: http.client.HTTPConnection("127.0.0.1", port).connect(),
        "ftplib": lambda: ftplib.FTP().connect("127.0.0.1", port, 2),
        "smtplib": lambda: smtplib.SMTP("127.0.0.1", port, timeout=2),
        "create_connection": lambda: socket.create_connection(("127.0.0.1", port), 2),
        "asyncio streams": lambda: run(lambda: asyncio.open_connection("127.0.0.1", port)),
        "asyncio sock_connect": lambda: run(lambda: sock_connect(port)),
        "asyncio datagram": lambda: run(lambda: datagram(port)),
    }
    for host in HOSTS:
        found[f"connect {host}"] = lambda host=host: raw(socket.AF_INET).connect((host, port))
        found[f"connect_ex {host}"] = lambda host=host: raw(socket.AF_INET).connect_ex((host, port))
        found[f"sendto {host}"] = lambda host=host: udp(socket.AF_INET).sendto(b"x", (host, port))
        found[f"sendmsg {host}"] = lambda host=host: udp(socket.AF_INET).sendmsg(
            [b"x"], [], 0, (host, port)
        )
    for host in ("::1", "::ffff:127.0.0.1", "::", "fe80::1%lo"):
        found[f"connect6 {host}"] = lambda host=host: raw(socket.AF_INET6).connect((host, port))
        found[f"scoped {host}"] = lambda host=host: raw(socket.AF_INET6).connect_ex(
            (host, port, 0, 1)
        )
        found[f"sendto6 {host}"] = lambda host=host: udp(socket.AF_INET6).sendto(b"x", (host, port))
    return found


def raw(family: int) -> socket.socket:
    return closing_itself(socket.socket(family, socket.SOCK_STREAM))


def udp(family: int) -> socket.socket:
    return closing_itself(socket.socket(family, socket.SOCK_DGRAM))


_opened: list[socket.socket] = []


def closing_itself(opened: socket.socket) -> socket.socket:
    """The socket, closed at the next one's opening: warnings are errors."""
    while _opened:
        _opened.pop().close()
    opened.settimeout(2)
    _opened.append(opened)
    return opened


def run(make: Callable[[], Awaitable[object]]) -> object:
    async def main() -> object:
        return await make()

    return asyncio.run(main())


async def sock_connect(port: int) -> None:
    opened = raw(socket.AF_INET)
    opened.setblocking(False)
    await asyncio.get_running_loop().sock_connect(opened, ("127.0.0.1", port))


async def datagram(port: int) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=("127.0.0.1", port)
    )
    transport.close()


def local_socket(folder: str) -> str:
    """What comes of a connection to a socket that is a file: no network."""
    path = str(Path(folder) / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen(1)
        return outcome(lambda: client.connect(path))


def lookups() -> dict[str, str]:
    """What came of looking up a name, each way."""
    name = "nama.contoh.example"
    return {
        "getaddrinfo": outcome(lambda: socket.getaddrinfo(name, 80)),
        "gethostbyname": outcome(lambda: socket.gethostbyname(name)),
        "gethostbyname_ex": outcome(lambda: socket.gethostbyname_ex(name)),
        "gethostbyaddr": outcome(lambda: socket.gethostbyaddr("127.0.0.1")),
        "getnameinfo": outcome(lambda: socket.getnameinfo(("127.0.0.1", 80), 0)),
    }
