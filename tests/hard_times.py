"""A town whose outlets keep publishing while the daemon over it has a hard time, and a webhook that
counts what it is told."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from scheduler.channels import variable
from store import doctor
from store.database import open_store
from tests.faked_time import sweep
from tests.local_web import Page
from tests.newsroom import OPENING, Newsroom, Town
from tests.pantau import COMMAND, pantau

WORDS = (
    "jembatan pasar sungai kebun sekolah gudang pelabuhan terminal puskesmas lapangan irigasi"
    " perahu gerbang menara taman waduk jalan kantor balai koperasi penyuluh bendahara camat lurah"
    " kontraktor pengawas auditor nelayan petani pedagang guru sopir tukang warga pemuda tokoh"
    " memeriksa menyita membuka menutup mengirim menghitung menunda mencatat mengukur menjual"
    " kemarin petang berkas uang batu kayu semen pupuk beras ikan kopi karet truk kapal rumah"
).split()
NAMED = 15  # entries of a feed
PER_DESK = 100_000  # numbers of articles an outlet has for itself


def story(number: int, at: datetime) -> bytes:
    """An article that is like no other one, about the KPK if its number can be divided by two."""
    dice = random.Random(number)
    subject = " ".join(dice.sample(WORDS, 3))
    title = f"KPK Tahan Pejabat dalam Perkara {subject.title()}" if number % 2 == 0 else subject
    about = "Komisi Pemberantasan Korupsi (KPK) menahan seorang tersangka korupsi." * (
        number % 2 == 0
    )
    body = "".join(
        f"<p>{about} {' '.join(dice.choices(WORDS, k=30)).capitalize()}.</p>" for _ in range(5)
    )
    meta = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": at.isoformat()})
    return (
        f"{OPENING}<title>{title}</title><script type='application/ld+json'>{meta}</script></head>"
        f"<body class='single-post'><article><h1>{title}</h1>"
        f"<div class='entry-content'>{body}</div></article></body></html>"
    ).encode()


@dataclass
class Desk(Newsroom):
    """An outlet that has published so many articles by now; its feed names the newest. now gives
    the time its readers have."""

    number: int = 0
    published: int = 0
    wait: float = 0.0
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    times: dict[int, datetime] = field(default_factory=dict)

    def publish(self, more: int = 1) -> None:
        """Puts out more articles."""
        for _ in range(more):
            self.times[self.number * PER_DESK + self.published] = self.now()
            self.published += 1

    def page(self, path: str) -> Page:
        if path == "/feed/":
            return Page(self.feed(), headers={"Content-Type": "application/rss+xml"})
        number = path.removeprefix("/berita/").removesuffix("/")
        if number.isdigit() and int(number) in self.times:
            return Page(story(int(number), self.times[int(number)]), wait=self.wait)
        return Newsroom.page(self, path)

    def feed(self) -> bytes:
        newest = sorted(self.times)[-NAMED:][::-1]
        items = "".join(
            f"<item><title>Berita {n}</title><link>https://{self.host}/berita/{n}/</link>"
            f"<pubDate>{format_datetime(self.times[n])}</pubDate></item>"
            for n in newest
        )
        return f"<rss version='2.0'><channel><title>W</title>{items}</channel></rss>".encode()

    @property
    def urls(self) -> set[str]:
        """The addresses of what it published about the KPK."""
        return self.published_before(datetime.max.replace(tzinfo=UTC))

    def published_before(self, moment: datetime) -> set[str]:
        """Those of them that were out by then."""
        about = [n for n, at in self.times.items() if n % 2 == 0 and at < moment]
        return {f"https://{self.host}/berita/{n}" for n in about}


def desks(count: int, keys: str) -> list[Desk]:
    """So many outlets, each at a site of its own."""
    return [Desk(f"warta-{n}.example", f"warta-{n}", keys=keys, number=n + 1) for n in range(count)]


class Listener:
    """A webhook: how often each key came. wait: seconds it takes to answer."""

    def __init__(self) -> None:
        self.keys: Counter[str] = Counter()
        self.bodies: dict[str, str] = {}
        self.wait = 0.0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                listener.keys[self.headers["Idempotency-Key"]] += 1
                listener.bodies[said["key"]] = said["body"]
                time.sleep(listener.wait)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        # Who was killed while it waited for the answer hears none.
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def environment(self) -> dict[str, str]:
        """The channels `redaksi` and `operations`, which lead here."""
        address = f"http://127.0.0.1:{self.server.server_address[1]}/kait"
        return {
            variable(name) + part: value
            for name in ("redaksi", "operations")
            for part, value in (("", address), ("_SECRET", "kata-kunci"))
        }

    def told(self) -> list[str]:
        """The addresses of the stories it was told of, one for each key."""
        keys = [key for key in self.keys if key.startswith("alert/")]
        return [self.bodies[key].splitlines()[-1] for key in keys]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@dataclass
class HardTimes:
    """Outlets, a daemon over them with an alert for every story, and what it is told by. logs is
    the folder of the daemon's log, if another one."""

    folder: Path
    rooms: list[Desk]
    environment: Mapping[str, str] = field(default_factory=dict)
    logs: Path | None = None
    log: str = ""

    def __post_init__(self) -> None:
        self.town = Town(self.folder, list[Newsroom](self.rooms))
        self.listener = Listener()
        added = pantau("alerts", "add", "semua", "--channel=redaksi", db=self.db)
        assert added.returncode == 0, added.stderr

    @property
    def db(self) -> Path:
        return self.town.db

    @property
    def log_file(self) -> Path:
        return (self.logs or self.folder) / "daemon.log"

    @contextmanager
    def daemon(self, *more: str) -> Iterator[subprocess.Popen[str]]:
        """The daemon; stopped at the end, or killed if it does not, and its log kept."""
        command = [*COMMAND, "watch", "--db", str(self.db), *self.town.switches()[2:], *more]
        output = self.log_file
        given = {**os.environ, **self.listener.environment, **self.environment}
        with output.open("a") as file:
            process = subprocess.Popen(
                command, stdout=file, stderr=file, text=True, env=given, cwd=self.folder
            )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            sweep(process.pid)
            self.log = output.read_text()

    def publish(self, more: int = 1) -> None:
        """Every outlet puts out so many articles."""
        for room in self.rooms:
            room.publish(more)

    @property
    def urls(self) -> set[str]:
        """All that is to be stored and told, once each."""
        return set[str]().union(*(room.urls for room in self.rooms))

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.db, timeout=30)) as connection:
            return connection.execute(sql).fetchall()

    def stored(self) -> set[str]:
        """The addresses of the articles in the database."""
        return {url for (url,) in self.rows("SELECT url FROM articles")}

    def has_all(self) -> bool:
        """Whether everything published is stored, and nothing is left to visit."""
        waiting = "SELECT count(*) FROM pages WHERE state IN ('discovered', 'leased')"
        return self.stored() == self.urls and self.rows(waiting) == [(0,)]

    def noted(self) -> bool:
        """Whether every message in the outbox is known to have arrived."""
        return self.rows("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [(0,)]

    def check(self, repeats: int = 0) -> None:
        """Nothing lost, nothing twice: every article stored and told once. A message whose sender
        was killed before it could note that it arrived comes again with its key: at most repeats
        of them."""
        articles = [url for (url,) in self.rows("SELECT url FROM articles")]
        assert sorted(articles) == sorted(self.urls)
        assert self.rows("SELECT count(*) FROM revisions") == [(len(articles),)]
        assert sorted(self.listener.told()) == sorted(self.urls)
        assert sum(self.listener.keys.values()) - len(self.listener.keys) <= repeats
        assert self.rows("SELECT count(*) FROM pages WHERE state = 'quarantined'") == [(0,)]
        with closing(open_store(self.db)) as db:
            assert doctor.check(db, datetime.now(UTC) + timedelta(hours=4)) == []

    def close(self) -> None:
        self.town.web.close()
        self.listener.close()

    def __enter__(self) -> HardTimes:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def until(true: Callable[[], bool], seconds: float = 60, what: str = "") -> float:
    """Waits until it is true; returns how many seconds that took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, what or "waited in vain"
        time.sleep(0.2)
    return time.monotonic() - begun
