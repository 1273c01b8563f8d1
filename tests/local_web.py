"""A local copy of the web for tests: serves recordings, or any answers, on a loopback port."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from crawler.outlets import SHIPPED, load_catalogue
from crawler.recordings import load_recording

FIXTURES = Path(__file__).parents[1] / "fixtures"


@dataclass
class Page:
    """One answer of the local web."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0


Answerer = Callable[[str, str], Page]  # host and path in, answer out


class LocalWeb:
    """A server on loopback; requests holds (time, host, path) of what was asked."""

    def __init__(self, answer: Answerer, address: str = "127.0.0.1") -> None:
        self.requests: list[tuple[float, str, str]] = []
        self.headers: list[Mapping[str, str]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers["Host"]
                web.requests.append((time.monotonic(), host, self.path))
                web.headers.append(dict(self.headers))
                page = answer(host, self.path)
                if page.wait:
                    time.sleep(page.wait)
                self.send_response(page.status)
                names = {name.lower() for name in page.headers}
                if "content-type" not in names:
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                self.wfile.write(page.body)

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def paths(self) -> list[str]:
        return [path for _, _, path in self.requests]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __enter__(self) -> LocalWeb:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def recorded_web(*folders: Path) -> LocalWeb:
    """The recordings of these folders as a web: every host in them, both schemes. No host asks
    for a Crawl-delay here, which would be kept to the second."""
    outlets, _ = load_catalogue(SHIPPED)
    answers: dict[tuple[str, str], Page] = {}
    for folder in folders:
        recording = load_recording(folder, outlets)
        for (_, url), recorded in recording.answers.items():
            host, _, path = url.split("://", 1)[1].partition("/")
            body = re.sub(rb"(?im)^crawl-delay.*$", b"", recorded[0].body())
            answers[host, f"/{path}"] = Page(body, recorded[0].status, dict(recorded[0].headers))
    return LocalWeb(lambda host, path: answers.get((host, path), Page(b"", 404)))


def shipped_recordings() -> list[Path]:
    """The recordings of the shipped outlets."""
    slugs = [path.stem for path in SHIPPED.glob("*.toml")]
    return sorted(path for slug in slugs for path in (FIXTURES / slug).iterdir())
