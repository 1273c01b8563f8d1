"""crawl, watch and replay: the three ways a pass over outlets is started."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
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
from crawler.recordings import Recording, RecordingError, find_recordings, load_recording
from crawler.session import Tally
from crawler.settings import scrapy_settings
from scheduler.terminal import Progress, complain, say, say_json
from scheduler.watch import Watch
from store.database import StoreError, open_store
from store.outlets import list_outlets, next_run_at

FIXTURES = Path(__file__).parents[2] / "fixtures"


def mapped_host(text: str) -> tuple[str, tuple[str, int]]:
    """A --map argument: HOST=127.0.0.1:PORT. Loopback only, whatever is asked."""
    host, _, target = text.partition("=")
    address, _, port = target.rpartition(":")
    good = host and address == "127.0.0.1" and port.isascii() and port.isdigit()
    if not good or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST=127.0.0.1:PORT")
    return host.lower(), (address, int(port))


def chosen_catalogue(args: argparse.Namespace) -> dict[str, Outlet]:
    """The outlets of --catalogue, else the shipped ones and the user's beside the database.
    Broken files are complained of, and left out."""
    if args.catalogue is not None:
        folders = [args.catalogue]
    else:
        own = args.db.parent / "outlets"
        folders = [catalogue.SHIPPED, *([own] if own.is_dir() else [])]
    outlets, problems = load_catalogue(*folders, mapped=bool(args.map))
    for problem in problems:
        complain(str(problem))
    return outlets


@contextmanager
def opened(args: argparse.Namespace, trigger: str, mapping: Hosts, quiet: bool) -> Iterator[Run]:
    """A run's shared parts: database, reading pool, Scrapy's runner; all closed at the end."""
    configuration = load_configuration(args.db.parent)
    overlay = args.db.parent / "vocabulary.toml"
    db = open_store(args.db)
    try:
        pool = ReadingPool(configuration.workers, overlay=overlay if overlay.exists() else None)
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
    mapping: Hosts = dict(args.map)
    guard_connections(outlets.values(), mapping)
    with opened(args, "crawl", mapping, args.json) as run:
        run.begin(outlets.values(), datetime.now(UTC))
        chosen = args.outlets or due(run, outlets, args.force)
        tallies = reactor.run(lambda: side_by_side(run, [outlets[s] for s in chosen]))
        run.end("stopped" if run.stopping.is_set() else "finished", datetime.now(UTC))
    report(tallies, args.json)
    if not chosen and not args.json:
        say("No outlet is due; --force crawls all the same.")
    failed = [t for t in tallies.values() if not t.sources_ok]
    return 1 if tallies and len(failed) == len(tallies) else 0


def due(run: Run, outlets: Mapping[str, Outlet], force: bool) -> list[str]:
    """The enabled outlets whose time has come, or all enabled ones."""
    now = datetime.now(UTC)
    enabled = {row.slug for row in list_outlets(run.db) if row.enabled}
    chosen = [slug for slug in outlets if slug in enabled]
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


def watch(args: argparse.Namespace) -> int:
    """Every outlet at its interval until SIGTERM or SIGINT, which end it with 0."""
    outlets = chosen_catalogue(args)
    if not outlets:
        raise StoreError("there is no outlet to watch; see `pantau outlets list`")
    mapping: Hosts = dict(args.map)
    guard_connections(outlets.values(), mapping)
    with opened(args, "watch", mapping, quiet=False) as run:
        return reactor.run(lambda: Watch(run, outlets).run(stop_on_signals))


def replay(args: argparse.Namespace) -> int:
    """Recordings through the live path; exit 1 on any unrecorded request or broken recording."""
    recordings, broken = chosen_recordings(args)
    guard_connections([], {}, offline=True)
    with opened(args, "replay", {}, args.json) as run:
        run.begin([recording.outlet for recording in recordings], datetime.now(UTC))
        tallies, missed = reactor.run(lambda: in_order(run, recordings))
        run.end("finished", datetime.now(UTC))
    report(tallies, args.json)
    for line in missed:
        complain(f"unrecorded request: {line}")
    return 1 if missed or broken or any(not t.sources_ok for t in tallies.values()) else 0


async def in_order(run: Run, recordings: list[Recording]) -> tuple[dict[str, Tally], list[str]]:
    """One pass a recording: folders of one outlet in the order of their dates."""
    stop_on_signals(run.stopping.set)
    tallies: dict[str, Tally] = {}
    missed: list[str] = []
    for recording in recordings:
        if run.stopping.is_set():
            break
        tally, unrecorded = await run.replay(recording)
        tallies[f"{recording.outlet.slug}/{recording.folder.name}"] = tally
        missed += unrecorded
    return tallies, missed


def chosen_recordings(args: argparse.Namespace) -> tuple[list[Recording], bool]:
    """The recordings to replay in date order, and whether one was broken (and complained of)."""
    outlets, _ = load_catalogue(catalogue.SHIPPED)
    folders = [path for folder in args.folders or [FIXTURES] for path in find_recordings(folder)]
    if not folders:
        where = ", ".join(map(str, args.folders or [FIXTURES]))
        raise RecordingError(f"{where}: no recording; one is a folder with responses.json in it")
    loaded: list[Recording] = []
    broken = False
    for folder in folders:
        try:
            loaded.append(load_recording(folder, outlets))
        except RecordingError as error:
            complain(str(error))
            broken = True
    if not args.folders and not args.all:
        loaded = [recording for recording in loaded if recording.shipped]
    return sorted(loaded, key=lambda r: (r.recorded_at, r.folder)), broken


def report(tallies: Mapping[str, Tally], as_json: bool) -> None:
    """What the run came to, outlet by outlet."""
    if as_json:
        say_json({name: as_counts(tally) for name, tally in tallies.items()})
        return
    total: Counter[str] = Counter()
    for name, tally in tallies.items():
        words = ", ".join(f"{n} {word}" for word, n in sorted(tally.endings.items()))
        say(f"{name}: {tally.new} new, {tally.revised} revised ({words or 'nothing fetched'})")
        total.update(new=tally.new, revised=tally.revised, unrecorded=tally.unrecorded)
    if len(tallies) > 1:
        say(f"{len(tallies)} outlets: {total['new']} new, {total['revised']} revised")


def as_counts(tally: Tally) -> dict[str, object]:
    """A tally as JSON."""
    counts = tally.counts()
    return {
        "new": counts.new,
        "revised": counts.revised,
        "requests": counts.requests,
        "bytes": counts.bytes,
        "not_modified": counts.not_modified,
        "unrecorded": counts.unrecorded,
        "missing_dates": counts.missing_dates,
        "endings": counts.endings,
        "pages": tally.pages,
    }
