"""How quick the review page is, idle and beside a crawler that never rests.

    python -P -m benchmarks.review [--data DIR] [--articles 5000 1000000] [--requests 100]

Each page is asked for that many times of the real process, over one connection, in turn with all
others; then the same beside a crawler that writes into the same file as fast as it can; both once
more, so that what the machine did meanwhile is seen. Printed are milliseconds: of CPU (median,
idle: what a page takes on a machine that does nothing else), and the 50th and the 95th percentile
until the answer was there; and how many times longer the 95th is beside the crawler. Files that
were built before are used again (a million articles are 10 GB and take a quarter of an hour).
`--only` names pages; `--idle` leaves the crawler out.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.review_articles import build
from benchmarks.review_words import RARE
from tests.pantau import COMMAND

WARM_UP = 3
ROUNDS = 2
COPIED_UP_TO = 100_000  # articles: larger files are measured in place, and grow a little
PERIOD = "since=2025-12-01&until=2025-12-31"


@dataclass(slots=True)
class Times:
    """How long one page took, in milliseconds: idle and beside the crawler, and how much of that
    the page's process was computing."""

    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def row(self) -> list[str]:
        """The percentiles and the ratio of the 95th ones."""
        found = [
            f"{percentile(times, p):.0f}" for times in (self.idle, self.busy) for p in (50, 95)
        ]
        ratio = percentile(self.busy, 95) / percentile(self.idle, 95) if self.busy else 0
        return [f"{percentile(self.cpu, 50):.0f}", *found, f"{ratio:.1f}"]


def percentile(times: list[float], part: int) -> float:
    """The time that this part of a hundred does not exceed; 0 of none."""
    ordered = sorted(times)
    return ordered[min(len(ordered) * part // 100, len(ordered) - 1)] if ordered else 0.0


def pages(db: Path) -> dict[str, str]:
    """The pages to measure, by name."""
    with contextlib.closing(sqlite3.connect(f"{db.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        revised, copy, lead = conn.execute(
            "SELECT a.id, c.article_id, c.cluster_id FROM articles a, cluster_members c"
            " WHERE a.id % 20 = 0 AND c.article_id <> c.cluster_id"
            " ORDER BY a.id DESC, c.article_id DESC LIMIT 1"
        ).fetchone()
        (middle,) = conn.execute(
            "SELECT published_at || '~' || id FROM articles WHERE waiting = 1"
            " ORDER BY published_at DESC LIMIT 1 OFFSET 60"
        ).fetchone()
        (region,) = conn.execute("SELECT max(region) FROM articles").fetchone()
    lists = {
        "articles": "",
        "one outlet": "outlet=warta-001",
        "one province": "province=33",
        "one regency": f"region={region}",
        "one programme": "programme=mcsp",
        "one event": "event=ott",
        "programme and province": "programme=mcsp&province=33",
        "outlet and event": "outlet=warta-300&event=kunjungan",
        "relevant": "verdict=relevant",
        "relevant, one outlet": "verdict=relevant&outlet=warta-300",
        "starred": "starred=1",
        "advertorials": "advertorial=1",
        "a month": PERIOD,
        "frequent word": "q=kpk",
        "half of them": "q=bupati",
        "rare word": f"q={RARE}",
        "phrase": 'q="rapat koordinasi"',
        "two words": "q=bupati gratifikasi",
        "frequent, without another": "q=kpk -bupati",
        "begins with": "q=sumber*",
        "frequent word, one outlet": "q=kpk&outlet=warta-300",
        "rare word, one outlet": f"q={RARE}&outlet=warta-300",
        "frequent word, a month": f"q=kpk&{PERIOD}",
    }
    found = {
        "inbox": "/",
        "inbox, page 2": f"/?{urlencode({'before': middle})}",
        "inbox, ranked": "/?order=ranked",
        "inbox, one province": "/?province=33",
        **{name: f"/articles?{query.replace(' ', '+')}" for name, query in lists.items()},
        "item": f"/items/{revised}",
        "item against another": f"/items/{copy}?against={lead}",
        "health": "/health",
        "outlets": "/outlets",
        "pictures": "/pictures",
        "pictures, 90 days": "/pictures?days=90",
        "digest": "/digest?verdict=relevant",
        "saved": "/saved",
        "feed": "/inbox.atom",
    }
    return {name: path.replace('"', "%22") for name, path in found.items()}


@contextlib.contextmanager
def served(db: Path) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    """The review page as its own process over this file: a connection to it, and its number."""
    process = subprocess.Popen(
        [*COMMAND, "review", "--no-browser", "--port", "0", "--as", "Rina", "--db", str(db)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = urlsplit(process.stdout.readline().split()[0])
        connection = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=60)
        with contextlib.closing(connection):
            yield connection, process.pid
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def crawler(db: Path) -> Iterator[None]:
    """A crawler writing into the file meanwhile."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "benchmarks.review_crawl", str(db)], stdin=subprocess.PIPE
    )
    try:
        time.sleep(8)  # until it reads pages
        yield
    finally:
        process.communicate()


def ask(connection: http.client.HTTPConnection, path: str) -> float:
    """Milliseconds until the whole answer was there."""
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Language": "id"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        print(f"{path}: HTTP {answer.status}", flush=True)
    return (time.perf_counter() - begun) * 1000


def computing(pid: int) -> float:
    """Milliseconds of CPU that the process has used; 0 where the system does not tell (Linux)."""
    stats = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(stat.read_text().split()[0]) for stat in stats) / 1e6


def visited(db: Path) -> int:
    """How many addresses the frontier holds as fetched, by a cheap look."""
    with contextlib.closing(sqlite3.connect(f"{db.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        return int(
            conn.execute(
                "SELECT count(*) FROM pages WHERE outlet GLOB 'k[0-9]*' AND state <> 'discovered'"
            ).fetchone()[0]
        )


def measure(db: Path, asked: int, only: list[str] | None, beside: bool) -> dict[str, Times]:
    """The times of each page."""
    found = {name: path for name, path in pages(db).items() if not only or name in only}
    times = {name: Times() for name in found}
    with served(db) as (connection, pid):
        for _ in range(WARM_UP):
            for path in found.values():
                ask(connection, path)
        for _ in range(ROUNDS):
            connection.close()  # an idle one is closed after a while; it opens by itself
            before = time.monotonic()
            for _ in range(asked // ROUNDS):
                for name, path in found.items():
                    computed = computing(pid)
                    times[name].idle.append(ask(connection, path))
                    times[name].cpu.append(computing(pid) - computed)
            print(f"idle {time.monotonic() - before:.0f} s, load {os.getloadavg()[0]:.1f}")
            if not beside:
                continue
            known, before = visited(db), time.monotonic()
            with crawler(db):
                connection.close()
                for _ in range(asked // ROUNDS):
                    for name, path in found.items():
                        times[name].busy.append(ask(connection, path))
                load = os.getloadavg()[0]
            length = time.monotonic() - before
            rate = (visited(db) - known) / length
            print(f"busy {length:.0f} s, load {load:.1f}, {rate:.0f} pages/s crawled", flush=True)
    return times


def show(count: int, times: dict[str, Times]) -> None:
    """The table."""
    print(f"\n| {count:,} articles | CPU | idle p50 | p95 | crawling p50 | p95 | ratio |")
    print("|---|---|---|---|---|---|---|")
    for name, one in times.items():
        print(f"| {name} | {' | '.join(one.row())} |")


def main() -> None:
    """Builds what is missing, measures, prints."""
    parser = argparse.ArgumentParser(description="How quick the review page is.")
    parser.add_argument("--data", type=Path, help="where the files are kept (default: nowhere)")
    parser.add_argument("--articles", type=int, nargs="+", default=[5000, 1_000_000])
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--idle", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for count in args.articles:
            kept = (args.data or Path(folder)) / f"a{count}.db"
            if not kept.exists():
                build(kept, count, datetime.now(UTC).replace(microsecond=0))
            db = kept
            if count <= COPIED_UP_TO:
                db = Path(folder) / f"copy-{count}.db"
                shutil.copyfile(kept, db)
            show(count, measure(db, args.requests, args.only, not args.idle))


if __name__ == "__main__":
    main()
