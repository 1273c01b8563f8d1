"""crawl, watch and replay: the three ways a pass over outlets is started."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from scrapy.crawler import AsyncCrawlerRunner

from crawler import outlets as catalogue
from crawler import reactor
from crawler.configuration import VERSION, load_configuration
from crawler.outlets import Outlet, load_catalogue
from crawler.passes import AT_ONCE, Hosts, Run, guard_connections
from crawler.pool import ReadingPool
from crawler.session import Tally
from crawler.settings import scrapy_settings
from crawler.topics import active_topics
from scheduler.commands.reporting import report, walked_back
from scheduler.priority import give_way
from scheduler.terminal import Progress, complain, say
from store.database import StoreError, open_store
from store.outlets import active, next_run_at


def chosen_catalogue(args: argparse.Namespace) -> dict[str, Outlet]:
    """The outlets of --catalogue, else the shipped ones and the user's beside the database.
    Broken files are complained of, and left out."""
    if args.catalogue is None:
        return shipped_and_own(args.db, mapped=bool(args.map))
    return without_broken(*load_catalogue(args.catalogue, mapped=bool(args.map)))


def shipped_and_own(db: Path, *, mapped: bool = False) -> dict[str, Outlet]:
    """The shipped outlets and the user's, beside the database."""
    own = db.parent / "outlets"
    folders = [catalogue.SHIPPED, *([own] if own.is_dir() else [])]
    return without_broken(*load_catalogue(*folders, mapped=mapped))


def without_broken(
    outlets: dict[str, Outlet], problems: Iterable[catalogue.CatalogueError]
) -> dict[str, Outlet]:
    """The outlets that can be used, the problems of the others complained of."""
    for problem in problems:
        complain(str(problem))
    return outlets


@contextmanager
def opened(args: argparse.Namespace, trigger: str, mapping: Hosts, quiet: bool) -> Iterator[Run]:
    """A run's shared parts: database, reading pool, Scrapy's runner; all closed at the end."""
    configuration = load_configuration(args.db.parent)
    topics = active_topics(args.db.parent)
    db = open_store(args.db)
    try:
        pool = ReadingPool(configuration.workers, topics=topics)
        with contextlib.closing(pool):
            yield Run(
                db=db,
                pool=pool,
                runner=AsyncCrawlerRunner(scrapy_settings()),
                configuration=configuration,
                trigger=trigger,
                version=VERSION,
                mapping=mapping,
                say=Progress(quiet),
            )
    finally:
        db.close()


def crawl(args: argparse.Namespace) -> int:
    """One polite pass; exit 1 only if every outlet failed."""
    outlets = chosen_catalogue(args)
    unknown = [slug for slug in args.outlets if slug not in outlets]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no outlet {', '.join(unknown)}; `pantau outlets list` names them"
        )
    left_alone = [slug for slug in args.outlets if outlets[slug].terms == "off"]
    if left_alone:
        raise StoreError(f'{", ".join(left_alone)}: terms = "off": nothing is fetched from there')
    give_way()
    mapping: Hosts = dict(args.map)
    guard_connections(outlets.values(), mapping)
    with opened(args, "crawl", mapping, args.json) as run:
        run.since = args.since
        begun = datetime.now(UTC)
        run.begin(outlets.values(), begun)
        chosen = args.outlets or due(run, outlets, args.force or args.since is not None)
        tallies = reactor.run(lambda: side_by_side(run, [outlets[s] for s in chosen]))
        run.end("stopped" if run.stopping.is_set() else "finished", datetime.now(UTC))
        walks = {slug: walked_back(run, slug, begun) for slug in tallies}
    report(tallies, args.json, walks)
    if not chosen and not args.json:
        say("No outlet is due; --force crawls all the same.")
    failed = [t for t in tallies.values() if not t.sources_ok]
    return 1 if tallies and len(failed) == len(tallies) else 0


def due(run: Run, outlets: Mapping[str, Outlet], force: bool) -> list[str]:
    """The enabled outlets whose time has come, or all enabled ones; none that a person paused."""
    now = datetime.now(UTC)
    enabled = active(run.db, now)
    # A person may switch an outlet on again, but not one that asked to be left alone.
    chosen = [slug for slug in outlets if slug in enabled and outlets[slug].terms != "off"]
    if force:
        return chosen
    times = {slug: next_run_at(run.db, slug) for slug in chosen}
    return [slug for slug, at in times.items() if at is None or at <= now]


async def side_by_side(run: Run, outlets: list[Outlet]) -> dict[str, Tally]:
    """Passes over several outlets at once; SIGINT and SIGTERM end them after the page at hand."""
    stop_on_signals(run.stopping.set)
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(outlet: Outlet) -> tuple[str, Tally]:
        async with turns:
            return outlet.slug, await run.live(outlet)

    return dict(await asyncio.gather(*(one(outlet) for outlet in outlets)))


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Calls stop() on SIGINT and SIGTERM, within the running loop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
