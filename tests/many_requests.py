"""Many requests at once through the real downloader, in a process of its own: prints how each
ended. `python -m tests.many_requests DB HOST PORT DELAY PATH...`"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerRunner

from crawler import reactor
from crawler.clock import LiveClock
from crawler.fetching import fetch
from crawler.outlets import Outlet
from crawler.passes import allowance_of, guard_connections, row_of
from crawler.session import Session
from crawler.settings import scrapy_settings
from store.database import open_store
from store.outlets import sync_outlets
from store.runs import start_run


def main(path: str, host: str, port: str, delay: str, *paths: str) -> None:
    mapping = {host: ("127.0.0.1", int(port))}
    outlet = Outlet("warta", "Warta", f"https://{host}/", "wordpress", "16", delay=float(delay))
    guard_connections([outlet], mapping)
    db = open_store(path)
    now = datetime.now(UTC)
    sync_outlets(db, [row_of(outlet)], now)
    run = start_run(db, "test", "0", now)
    endings: list[Any] = []

    class Spider(scrapy.Spider):
        name = "many"

        async def start(self) -> AsyncIterator[Any]:
            urls = [f"https://{host}{path}" for path in paths]
            answers = await asyncio.gather(*(fetch(self.crawler, url) for url in urls))
            endings.extend([answer.ending, answer.problem] for answer in answers)
            for nothing in ():
                yield nothing

    async def crawl() -> None:
        crawler = AsyncCrawlerRunner(scrapy_settings()).create_crawler(Spider)
        allowance = allowance_of(outlet, mapping)
        crawler.pantau = Session(  # type: ignore[attr-defined]
            outlet,
            db,
            LiveClock(),
            None,
            allowance,
            run,
            "Pantau/0",  # type: ignore[arg-type]
        )
        await crawler.crawl_async()

    reactor.run(crawl)
    db.close()
    print(json.dumps(endings))


if __name__ == "__main__":
    main(*sys.argv[1:])
