"""What fetching costs: a first pass over made-up outlets on a local web, then one without news.

    python -P -m benchmarks.fetching [--outlets 5] [--articles 60]

Prints requests, bytes, conditional answers, and the CPU seconds of the process and its reading
children; what a crawl of nothing costs (start, imports, database) stands on a line of its own.
Half of the outlets give an ETag for their feed, the others neither ETag nor Last-Modified.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.local_web import LocalWeb, Page
from tests.newsroom import Newsroom, Town
from tests.pantau import COMMAND

ETAG = '"edisi-1"'


@dataclass(frozen=True)
class Cost:
    """One run of the command: its counts by outlet, CPU and wall seconds."""

    counts: dict[str, dict[str, Any]]
    cpu: float
    wall: float

    def total(self, name: str) -> int:
        return sum(int(counts[name]) for counts in self.counts.values())

    @property
    def pages(self) -> int:
        return sum(sum(counts["endings"].values()) for counts in self.counts.values())


def with_etag(webs: list[LocalWeb], page: Page) -> Callable[[], Page]:
    """Answers 304 to whoever knows the page already."""

    def answer() -> Page:
        known = webs[0].headers[-1].get("If-None-Match") == ETAG
        return Page(b"", 304) if known else Page(page.body, headers={**page.headers, "ETag": ETAG})

    return answer


def run(town: Town, *, force: bool = True) -> Cost:
    """Crawls the town in a process of its own, and what that cost."""
    switches = [word for word in town.switches() if force or word != "--force"]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.run(
        [*COMMAND, *switches, "--json", "--db", str(town.db)],
        capture_output=True,
        check=True,
        text=True,
    )
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(json.loads(process.stdout), cpu, ended - begun)


def show(name: str, cost: Cost) -> None:
    counts = [cost.total(key) for key in ("requests", "bytes", "not_modified", "new")]
    line = "{:<22}{:>9}{:>11,}{:>9}{:>7}".format(name, *counts)
    print(f"{line}{cost.pages:>8}{cost.cpu:>8.2f}{cost.wall:>8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="What fetching costs.")
    parser.add_argument("--outlets", type=int, default=5)
    parser.add_argument("--articles", type=int, default=60, help="in the feed of each outlet")
    args = parser.parse_args()
    webs: list[LocalWeb] = []
    rooms = [Newsroom(f"k{n}.example", f"k{n}", args.articles) for n in range(args.outlets)]
    for room in rooms[::2]:
        room.answers["/feed/"] = with_etag(webs, room.page("/feed/"))
    with tempfile.TemporaryDirectory() as folder, Town(Path(folder), rooms) as town:
        webs.append(town.web)
        first, second = run(town), run(town)
        idle = run(town, force=False)
    heads = ("", "requests", "bytes", "304/same", "new", "pages", "CPU s", "wall s")
    print("{:<22}{:>9}{:>11}{:>9}{:>7}{:>8}{:>8}{:>8}".format(*heads))
    show("first pass", first)
    show("second pass, no news", second)
    show("nothing due", idle)
    more = (second.cpu - idle.cpu) / args.outlets
    print(f"A pass without news costs {more * 1000:.0f} ms of CPU an outlet over an idle crawl,")
    print(f"{second.total('bytes') / args.outlets:,.0f} bytes and one request.")


if __name__ == "__main__":
    main()
