"""A session for Scrapy's own commands: `scrapy crawl OUTLET` and `scrapy shell URL`."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.clock import LiveClock
from crawler.configuration import VERSION, load_configuration
from crawler.outlets import Outlet
from crawler.passes import allowance_of, guard_connections, others_at_work, row_of
from crawler.pool import ReadingPool
from crawler.session import Session
from crawler.topics import active_topics
from store import frontier, runs
from store.database import open_store
from store.outlets import sync_outlets

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


def standalone_session(crawler: Crawler, outlet: Outlet) -> None:
    """Puts a session on the crawler, with the database PANTAU_DB or ./pantau.db, and closes it
    when the spider closes. The gate and politeness are those of every other crawl."""
    path = Path(os.environ.get("PANTAU_DB") or "pantau.db")
    configuration = load_configuration(path.parent)
    guard_connections([outlet], {})
    db = open_store(path)
    pool = ReadingPool(configuration.workers, topics=active_topics(path.parent))
    clock = LiveClock()
    sync_outlets(db, [row_of(outlet)], clock.now())
    run_id = runs.start_run(db, "scrapy", VERSION, clock.now(), os.getpid())
    frontier.recover(db, clock.now(), others_at_work(db))
    session = Session(
        outlet=outlet,
        db=db,
        clock=clock,
        pool=pool,
        allowance=allowance_of(outlet, {}),
        run_id=run_id,
        user_agent=configuration.user_agent,
        say=logger.info,
    )
    crawler.pantau = session  # type: ignore[attr-defined]

    def close() -> None:
        if session.broken is not None:
            logger.error("%s: the pass broke off", outlet.slug, exc_info=session.broken)
        logger.info("%s: %s", outlet.slug, dict(session.tally.endings) or "nothing fetched")
        frontier.give_back(db, run_id)
        runs.record_outlet(db, run_id, outlet.slug, session.tally.counts())
        runs.finish_run(db, run_id, "finished", datetime.now(UTC))
        pool.close()
        db.close()

    # weak=False: nothing else holds this function.
    crawler.signals.connect(close, signals.spider_closed, weak=False)
