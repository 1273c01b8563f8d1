"""Serves the daemon's metrics to this machine, and to nobody else."""

from __future__ import annotations

import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder

from scheduler.meter import Meter
from scheduler.metrics import Metrics
from store.database import StoreError

ADDRESS = "127.0.0.1"  # alone: the metrics need no password, because nobody else reaches them
NAMES = frozenset({"127.0.0.1", "localhost"})
PATIENCE = 5.0  # seconds a client may take


class Endpoint(HTTPServer):
    """Serves one client after the other, in a thread: a loop that hangs shows in its metrics."""

    def __init__(self, port: int, registry: CollectorRegistry) -> None:
        self.registry = registry
        super().__init__((ADDRESS, port), Answer)

    def server_bind(self) -> None:
        """Binds as any server does: HTTPServer would ask the resolver for a name, too."""
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is nobody's trouble."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Answer(BaseHTTPRequestHandler):
    """The answer to one request: metrics, to who asks this machine by its own name. A page in a
    browser could otherwise read them by letting its own name lead here."""

    timeout = PATIENCE
    server: Endpoint

    def do_GET(self) -> None:
        """The metrics, or why not."""
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if name.lower() not in NAMES:
            self.answer(421, b"this page answers to its own host name only\n")
        elif self.path.partition("?")[0] != "/metrics":
            self.answer(404, b"there is /metrics only\n")
        else:
            encode, form = choose_encoder(self.headers.get("Accept", ""))
            self.answer(200, encode(self.server.registry), form)

    def answer(self, status: int, body: bytes, form: str = "text/plain; charset=utf-8") -> None:
        """Sends it, to be kept by nobody."""
        self.send_response(status)
        self.send_header("Content-Type", form)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        """Who answers; no word on what it runs on."""
        return "Pantau"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a scrape every few seconds would drown the log."""


@contextmanager
def served(port: int | None, path: Path, meter: Meter) -> Iterator[None]:
    """Serves the metrics at http://127.0.0.1:PORT/metrics meanwhile; not at all without a port.
    Raises StoreError when the port is taken."""
    if port is None:
        yield
        return
    registry = CollectorRegistry()
    registry.register(Metrics(path, meter))
    ProcessCollector(registry=registry)
    try:
        endpoint = Endpoint(port, registry)
    except OSError as error:
        remedy = "name another one with --metrics"
        raise StoreError(f"metrics: {ADDRESS}:{port}: {error.strerror}; {remedy}") from error
    thread = threading.Thread(target=endpoint.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        endpoint.shutdown()
        endpoint.server_close()
        thread.join()
