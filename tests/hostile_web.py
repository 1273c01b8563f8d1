"""A web that means harm, on 127.0.0.2: answers that do not end, do not come, or grow."""

from __future__ import annotations

import contextlib
import io
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

from tests.live_pass import WEB

Way = Callable[[socket.socket], None]
ZEROS = 200_000_000  # bytes that a bomb of some kilobytes becomes


class HostileWeb:
    """Serves each path in its own way; requests and hosts hold what was asked for, of whom."""

    def __init__(self, ways: dict[str, Way], tls: ssl.SSLContext | None = None) -> None:
        self.ways = ways
        self.tls = tls
        self.requests: list[str] = []
        self.hosts: list[str] = []
        self.server = socket.create_server((WEB, 0))
        self.port: int = self.server.getsockname()[1]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self.server.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # A peer that hangs up on us is what the test is about.
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            asked = b""
            while b"\r\n\r\n" not in asked:
                more = connection.recv(65_536)
                if not more:
                    return
                asked += more
            path = asked.split(b" ", 2)[1].decode()
            self.requests.append(path)
            self.hosts += re.findall(r"(?im)^host: *(\S+)", asked.decode("latin-1"))
            self.ways.get(path, missing)(connection)

    def close(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            socket.create_connection((WEB, self.port)).close()
        self.server.close()
        self._thread.join()


def missing(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def whole(body: bytes, kind: str = "text/html", *headers: str) -> Way:
    """A plain answer."""
    lines = [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    head = "HTTP/1.1 200 OK\r\n" + "\r\n".join(lines) + "\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def coded(coding: str, body: bytes, kind: str = "text/html") -> Way:
    return whole(body, kind, f"Content-Encoding: {coding}")


def redirect(to: str) -> Way:
    head = f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    return lambda connection: connection.sendall(head.encode())


def zeros() -> Iterator[bytes]:
    chunk = bytes(1_000_000)
    for _ in range(ZEROS // len(chunk)):
        yield chunk


def gzip_bomb() -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(map(packer.compress, zeros())) + packer.flush()


def deflate_bomb() -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(map(packer.compress, zeros())) + packer.flush()


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join(map(packer.process, zeros())) + packer.finish()


def zstd_bomb() -> bytes:
    packed = io.BytesIO()
    with zstandard.ZstdCompressor(1).stream_writer(packed, closefd=False) as stream:
        for chunk in zeros():
            stream.write(chunk)
    return packed.getvalue()


def endless_body(connection: socket.socket) -> None:
    """Chunks for as long as anybody takes them."""
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b"<p>KPK</p>    "[:8] * 8192 + b"\r\n"
    while True:
        connection.sendall(chunk)


def boundless_body(connection: socket.socket) -> None:
    """No length, no chunks, no end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        connection.sendall(bytes(65_536))


def announced_body(connection: socket.socket) -> None:
    """Says how much it will send: ten gigabytes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n<html>")
    time.sleep(10)


def trickling_body(connection: socket.socket) -> None:
    """A byte now and then, far more often than any time-out between bytes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.1)


def trickling_head(connection: socket.socket) -> None:
    for letter in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 1000:
        connection.sendall(bytes([letter]))
        time.sleep(0.1)


def silence(connection: socket.socket) -> None:
    time.sleep(10)


def endless_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    number = 0
    while True:
        number += 1
        connection.sendall(b"".join(b"X-%d-%d: y\r\n" % (number, n) for n in range(1000)))


def endless_header(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        connection.sendall(b"y" * 65_536)


def folded_header(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Folded: y\r\n")
    while True:
        connection.sendall(b" y\r\n" * 1000)


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


def cut_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<html>")
