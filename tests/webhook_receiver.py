"""A webhook's receiver as anybody would write it from docs/operating.md: it knows nothing of
Pantau but what stands there."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WINDOW = 5 * 60  # seconds


class Receiver:
    """Answers 204 to what it accepts, after the statuses it was told to give first; 401 to what is
    not signed, too old or from the future. messages holds what it accepted, each key once; keys
    those of every signed request, told again or not."""

    def __init__(self, secret: str, *first: int) -> None:
        self.secret, self.first = secret.encode(), list(first)
        self.messages: dict[str, dict[str, str]] = {}
        self.keys: list[str] = []
        self.refused: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def wrong(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Why a request is not what it should be, or None."""
        timestamp = headers.get("X-Pantau-Timestamp", "")
        signed = timestamp.encode() + b"." + body
        proof = "sha256=" + hmac.new(self.secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(proof, headers.get("X-Pantau-Signature", "")):
            return "signature"
        if abs(time.time() - int(timestamp)) > WINDOW:
            return "age"
        if headers.get("Idempotency-Key") != json.loads(body)["key"]:
            return "key"
        return None

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """The status to answer with."""
        problem = self.wrong(headers, body)
        if problem is not None:
            self.refused.append(problem)
            return 401
        message = json.loads(body)
        self.keys.append(message["key"])
        if self.first:
            return self.first.pop(0)
        self.messages.setdefault(message["key"], message)
        return 204

    def handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        return Handler

    def __enter__(self) -> Receiver:
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
