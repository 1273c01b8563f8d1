"""A review page on loopback for tests: the real application under a real server, and a browser's
manners when asking it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from sqlite_utils import Database

from review.app import build
from review.desk import Desk
from store.articles import save_article
from tests.test_store_samples import ARTICLE, NOW, URL, numbered, sample_store


@dataclass
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.text)


Filling = Callable[[Path], Database]


class ReviewServer:
    """The page over a database of its own: with the sample article and as many more as asked, or
    filled otherwise."""

    def __init__(
        self,
        folder: Path,
        more: int = 0,
        reviewer: str = "Rina",
        fill: Filling | None = None,
        **served: Any,
    ) -> None:
        self.path = folder / "pantau.db"
        self.now = NOW
        self.app = build(Desk(self.path, reviewer, lambda: self.now), **served)
        # Held open as the command does.
        self.db = fill(self.path) if fill else sampled(self.path, more)
        self.port = 0
        self.start()

    def start(self) -> None:
        """Listen; again on the same port."""
        config = uvicorn.Config(
            self.app,
            host="127.0.0.1",
            port=self.port,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.01)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Listen no more; what is stored stays."""
        self.server.should_exit = True
        self.thread.join(10)

    def ask(self, method: str, path: str, form: Any = None, **headers: str) -> Answer:
        """One request; header names are written with underscores, a None form sends no body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.putrequest(method, path, skip_host=True)
            named = {key.replace("_", "-"): value for key, value in headers.items()}
            body = urlencode(form, doseq=True).encode() if form is not None else b""
            sent = {"Host": self.host, "Content-Length": str(len(body)), **named}
            if form is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            for name, value in sent.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            body = answer.read()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, form: Any = None, **headers: str) -> Answer:
        """As a browser sends a form of this page."""
        manners = {"Origin": f"http://{self.host}", "Sec_Fetch_Site": "same-origin"}
        return self.ask("POST", path, form or {}, **{**manners, **headers})

    def close(self) -> None:
        self.stop()
        self.db.close()


def sampled(path: Path, more: int) -> Database:
    """A database with the sample article and as many more as asked."""
    db = sample_store(path)
    save_article(db, "kabar", URL, ARTICLE, NOW)
    for number in range(more):
        save_article(db, "kabar", f"{URL}-{number}", numbered(number), NOW)
    return db
