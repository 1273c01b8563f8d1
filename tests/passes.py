"""Passes over made-up outlets one after the other, all in one process of their own, which saves the
seconds each process takes to start. `python -m tests.passes` reads orders as JSON lines."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any


class Passes:
    """The process, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def order(self, **order: Any) -> dict[str, Any]:
        """What came of an order; see obey()."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps(order, default=str), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, "the process ended; its last words stand above"
        result: dict[str, Any] = json.loads(answer)
        return result


@contextmanager
def passes_process() -> Iterator[Passes]:
    """A process that obeys orders until the end."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.passes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    yield Passes(process)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    process.wait(timeout=30)
    process.stdout.close()


async def obey(order: dict[str, Any], pool: Any) -> dict[str, Any]:
    """One pass over the outlet (keys of Outlet) whose web is on port, or with `url` the adding of
    that page, into the database db; since pages back."""
    from scrapy.crawler import AsyncCrawlerRunner

    from crawler.configuration import Configuration
    from crawler.outlets import Outlet, Source
    from crawler.passes import Run, guard_connections
    from crawler.settings import scrapy_settings
    from scheduler.commands.adding import bring_in, wanted
    from store.database import open_store

    keys = order["outlet"]
    named = tuple(Source(*pair) for pair in keys.get("sources", ()))
    outlet = Outlet(**{**keys, "sources": named})
    mapping = {outlet.host: ("127.0.0.1", order["port"])}
    guard_connections([outlet], mapping)
    db = open_store(order["db"])
    said: list[str] = []
    run = Run(
        db, pool, AsyncCrawlerRunner(scrapy_settings()), Configuration(), "test", "0", mapping
    )
    run.say = lambda slug, line: said.append(line)
    run.since = date.fromisoformat(order["since"]) if order.get("since") else None
    run.begin([outlet], datetime.now(UTC))
    found: dict[str, Any] = {}
    if "url" in order:
        result = await bring_in(run, outlet, wanted(order["url"], outlet))
        title = result.stored.article.title if result.stored else None
        found = {"ending": result.ending, "words": list(result.words), "title": title}
        found["new"] = result.new
    else:
        tally = await run.live(outlet)
        found = {"new": tally.new, "pages": tally.pages}
    run.end("finished", datetime.now(UTC))
    db.close()
    return {**found, "said": said}


async def main() -> None:
    from crawler.pool import ReadingPool

    loop = asyncio.get_running_loop()
    with ReadingPool(1) as pool:
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(await obey(json.loads(line), pool)), flush=True)


if __name__ == "__main__":
    from crawler import reactor

    reactor.run(main)
