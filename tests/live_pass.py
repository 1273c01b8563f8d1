"""Passes over made-up outlets in a process of their own, as on the live web: names are resolved by
a stub, the outlets' web is on 127.0.0.2, and 127.0.0.1 is as forbidden as it always is.

`python -m tests.live_pass FILE` reads a job as JSON and prints what came of it as JSON.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WEB = "127.0.0.2"
REPOSITORY = Path(__file__).parents[1]


@dataclass
class Job:
    """What to crawl. outlets: keyword arguments of Outlet, sources as pairs; names: the answers
    for a name, one a lookup, the last repeats (others are at WEB); planted: by outlet, addresses
    put into its frontier, whatever its sources would think of them; harm: what happens to the
    child that reads a page of this path."""

    db: str
    outlets: list[dict[str, Any]]
    port: int
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    planted: dict[str, list[str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    reading_timeout: float = 20.0
    harm: dict[str, str] = field(default_factory=dict)


@dataclass
class Result:
    """passed: socket addresses the gate let through to the kernel; stored: all text kept; rss:
    peak kB of this process and of the largest of its children."""

    pages: dict[str, str]
    endings: dict[str, int]
    new: int
    errors: list[tuple[str, str, str]]
    passed: list[list[Any]]
    refused: list[str]
    stored: str
    lookups: list[str]
    rss: dict[str, int]
    seconds: float


def live_pass(job: Job, **environment: str) -> Result:
    """The result of the job, run in a process of its own."""
    path = Path(job.db).with_suffix(".job.json")
    path.write_text(json.dumps(dataclasses.asdict(job)))
    process = subprocess.run(
        [sys.executable, "-P", "-m", "tests.live_pass", str(path)],
        capture_output=True,
        check=False,
        text=True,
        timeout=180,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        start_new_session=True,
    )
    assert process.returncode == 0, process.stderr
    return Result(**json.loads(process.stdout.splitlines()[-1]))


def feed(*links: str) -> str:
    """An RSS feed that names these addresses."""
    items = "".join(
        f"<item><title>KPK {n}</title><link>{link.replace('&', '&amp;')}</link></item>"
        for n, link in enumerate(links)
    )
    return f'<rss version="2.0"><channel><title>Contoh</title>{items}</channel></rss>'


def article_page(body: str = "", head: str = "") -> str:
    """A page with an article about the KPK."""
    paragraphs = "".join(
        f"<p>Komisi Pemberantasan Korupsi (KPK) menahan Bupati Contoh dalam perkara suap proyek "
        f"jalan, kata juru bicara KPK dalam keterangan ke-{n} di Jakarta, Rabu (30/4/2025).</p>"
        for n in range(6)
    )
    return (
        "<html><head><title>KPK menahan Bupati Contoh</title><meta property="
        f'"article:published_time" content="2025-04-30T10:00:00+07:00">{head}</head><body>'
        f"<article><h1>KPK menahan Bupati Contoh</h1>{paragraphs}{body}</article></body></html>"
    )


class StubbedNames:
    """Answers every lookup of the process from a table; nothing is asked of the network."""

    def __init__(self, names: dict[str, list[list[str]]]) -> None:
        self.names = {name: list(answers) for name, answers in names.items()}
        self.lookups: list[str] = []

    def getaddrinfo(self, host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        self.lookups.append(str(host))
        answers = self.names.get(host, [[WEB]])
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port or 0)) for address in addresses]


class Watcher(threading.Thread):
    """Looks now and then how much memory each process of this session has taken at most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[int, int] = {}
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            for entry in Path("/proc").glob("[0-9]*"):
                try:
                    session = int((entry / "stat").read_text().rpartition(")")[2].split()[3])
                    if session != os.getsid(0):
                        continue
                    status = (entry / "status").read_text()
                except (OSError, ValueError, IndexError):
                    continue
                peak = next((li for li in status.splitlines() if li.startswith("VmHWM")), "0 0")
                self.peaks[int(entry.name)] = int(peak.split()[1])

    def rss(self) -> dict[str, int]:
        self.over.set()
        self.join()
        mine = self.peaks.get(os.getpid(), 0)
        others = [peak for pid, peak in self.peaks.items() if pid != os.getpid()]
        return {"parent": mine, "child": max(others, default=0)}


def suffer(harm: str) -> None:
    """What a defect or a hostile page may do to a reading child."""
    if harm == "hang":
        time.sleep(600)
    if harm == "exit":
        os._exit(7)
    if harm == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if harm == "swell":
        bytearray(2 << 30)


def main(path: str) -> None:
    """Does the job of the file."""
    from scrapy.crawler import AsyncCrawlerRunner

    from crawler import reactor
    from crawler.configuration import Configuration
    from crawler.gate import CONNECTIONS, SENDING, ConnectionPolicy
    from crawler.outlets import Outlet, Source
    from crawler.passes import Run
    from crawler.pool import ReadingPool, named
    from crawler.settings import scrapy_settings
    from store import frontier
    from store.database import open_store
    from store.records import Candidate

    job = Job(**json.loads(Path(path).read_text()))

    class LocalPolicy(ConnectionPolicy):
        """The policy of the live web, to which the outlets' own web is one more public address."""

        def refusal(self, address: object) -> str | None:
            return None if address == (WEB, job.port) else super().refusal(address)

        def answer_refusal(self, name: str, address: str) -> str | None:
            return None if address == WEB else super().answer_refusal(name, address)

    class HarmedPool(ReadingPool):
        """The real pool, some of whose children come to grief."""

        async def pages(self, pages: Any, *more: Any) -> Any:
            harm = job.harm.get(urlsplit(pages[0].url).path)
            if harm is not None:
                await self._call(suffer, harm)
            return await super().pages(pages, *more)

        async def source(self, kind: str, body: bytes, kind_of: str, url: str, *more: Any) -> Any:
            harm = job.harm.get(urlsplit(url).path)
            if harm is not None:
                with named(url):
                    await self._call(suffer, harm)
            return await super().source(kind, body, kind_of, url, *more)

    passed: list[list[Any]] = []

    def witness(event: str, args: tuple[Any, ...]) -> None:
        """Stands behind the gate: whatever gets here would have been sent."""
        if event not in SENDING or not isinstance(args[1], tuple):
            return
        passed.append([str(args[1][0]), args[1][1]])
        if args[1][0] != WEB:
            raise OSError(errno.ECONNREFUSED, "the witness sends nothing")

    started = time.monotonic()
    names = StubbedNames(job.names)
    socket.getaddrinfo = names.getaddrinfo
    CONNECTIONS.enforce(LocalPolicy(ports=frozenset({80, 443, job.port})))
    sys.addaudithook(witness)
    watcher = Watcher()
    watcher.start()
    outlets = [
        Outlet(**{**keys, "sources": tuple(Source(*pair) for pair in keys.get("sources", []))})
        for keys in job.outlets
    ]
    db = open_store(job.db)
    tallies = []
    with HarmedPool(1, timeout=job.reading_timeout) as pool:
        runner = AsyncCrawlerRunner(scrapy_settings(**job.settings))
        run = Run(db, pool, runner, Configuration(), "test", "0")
        now = datetime.now(UTC)
        run.begin(outlets, now)
        for slug, urls in job.planted.items():
            frontier.discover(db, slug, [Candidate(url, url) for url in urls], now)

        async def passes() -> None:
            for outlet in outlets:
                tallies.append(await run.live(outlet))

        reactor.run(passes)
        run.end("finished", datetime.now(UTC))
    endings: dict[str, int] = {}
    for tally in tallies:
        for word, n in tally.endings.items():
            endings[word] = endings.get(word, 0) + n
    rows = db.conn.execute("SELECT kind, url, message FROM errors ORDER BY id").fetchall()
    result = Result(
        pages={url: word for tally in tallies for url, word in tally.pages.items()},
        endings=endings,
        new=sum(tally.new for tally in tallies),
        errors=[tuple(row) for row in rows],
        passed=passed,
        refused=list(CONNECTIONS.refused),
        stored=json.dumps(
            [list(row) for row in db.conn.execute("SELECT title, text FROM articles")]
        )
        + json.dumps([list(row) for row in db.conn.execute("SELECT hint_title FROM pages")]),
        lookups=names.lookups,
        rss=watcher.rss(),
        seconds=time.monotonic() - started,
    )
    db.close()
    print(json.dumps(dataclasses.asdict(result)))


if __name__ == "__main__":
    main(sys.argv[1])
