"""replay: recordings through the live path, offline."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from crawler import outlets as catalogue
from crawler import reactor
from crawler.outlets import load_catalogue
from crawler.passes import Run, guard_connections
from crawler.recordings import Recording, RecordingError, find_recordings, load_recording
from crawler.session import Tally
from scheduler.commands.crawling import opened, stop_on_signals
from scheduler.commands.reporting import report
from scheduler.terminal import complain

FIXTURES = Path(__file__).parents[2] / "fixtures"


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
