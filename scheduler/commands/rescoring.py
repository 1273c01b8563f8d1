"""rescore: what is stored, read again by today's rules."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from crawler.configuration import load_configuration
from crawler.outlets import Outlet
from crawler.passes import guard_connections
from crawler.pool import ReadingPool
from crawler.rescoring import Rescoring, rules_version
from crawler.survey import Survey
from crawler.topics import active_topics
from scheduler.commands.catalogue import load
from scheduler.terminal import say, say_json
from store import rereading
from store.database import open_store
from store.outlets import list_outlets

TITLES = 50  # turned articles named; --json has them all


def rescore(args: argparse.Namespace) -> int:
    """Says what the rules of today would change of what is stored, then changes it."""
    topics = active_topics(args.db.parent)
    rules, now = rules_version(topics), datetime.now(UTC)
    db = open_store(args.db)
    try:
        outlets = known_outlets(db, args)
        if args.force and not args.dry_run:
            rereading.forget_marks(db)
        asked = "" if args.force else rules  # no rules have that name: everything is left to read
        items = rereading.left_to_read(db, asked, now, args.outlet)
        guard_connections([], {}, offline=True)
        with ReadingPool(load_configuration(args.db.parent).workers, topics=topics) as pool:
            work = Rescoring(db, pool, outlets, rules, now)
            survey, written = asyncio.run(in_two_steps(work, items, args))
    finally:
        db.close()
    if args.json:
        say_json(as_json(survey, written))
    elif written is not None:
        say(f"{written} rescored.")
    return 0


def known_outlets(db: Database, args: argparse.Namespace) -> dict[str, Outlet]:
    """Every outlet that has something stored: as the catalogue has it, else as it was."""
    known = {
        row.slug: Outlet(row.slug, row.name, row.home, row.family, row.province, timezone=row.zone)
        for row in list_outlets(db)
    }
    known |= load(args)
    if args.outlet is not None and args.outlet not in known:
        raise argparse.ArgumentTypeError(
            f"no outlet {args.outlet}; `pantau outlets list` names them"
        )
    return known


async def in_two_steps(
    work: Rescoring, items: Sequence[tuple[rereading.Kind, int]], args: argparse.Namespace
) -> tuple[Survey, int | None]:
    """First the survey, which is shown; then, unless it is a dry run, what it found is written."""
    survey = await work.survey(items, Steps("read"), dry=args.dry_run)
    if not args.json:
        show(survey)
    if args.dry_run:
        return survey, None
    return survey, await work.carry_out(survey.changed, Steps("rescored"))


class Steps:
    """Progress on standard error: on a terminal a running count, in a pipe a line each tenth."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.live = sys.stderr.isatty()

    def __call__(self, done: int, of: int) -> None:
        """Shows how far it is."""
        if self.live:
            end = "\n" if done == of else ""
            print(f"\r{self.word} {done:,} of {of:,}", end=end, file=sys.stderr, flush=True)
        elif of >= 10 and done * 10 // of != (done - 1) * 10 // of:
            print(f"{self.word} {done:,} of {of:,}", file=sys.stderr, flush=True)


def show(survey: Survey) -> None:
    """What would change, for a person."""
    if not survey.looked:
        say("Nothing to read again: all was read by these rules; --force reads it all the same.")
        return
    say(f"{survey.looked} read again; {len(survey.changed)} change:")
    say(f"  cleaned text differs: {survey.text}")
    say(f"  tags differ: {survey.tags}")
    say(f"  details differ (dates, byline, place, region, reasons): {survey.details}")
    turned = Counter((flip.before or "off topic", flip.after) for flip in survey.flips)
    for (before, after), count in sorted(turned.items()):
        say(f"  {before} -> {after}: {count}")
    for flip in survey.flips[:TITLES]:
        say(f"    {flip.before or 'off topic'} -> {flip.after}: {flip.title}")
    if len(survey.flips) > TITLES:
        say(f"    and {len(survey.flips) - TITLES} more; --json has them all")
    say(f"  judged by the text alone, the page is no longer kept: {survey.from_text}")
    for ending, count in sorted(survey.unreadable.items()):
        say(f"  can no longer be read ({ending}): {count}")


def as_json(survey: Survey, written: int | None) -> dict[str, Any]:
    """The survey as JSON; rescored is null after a dry run."""
    return {
        "looked": survey.looked,
        "changed": len(survey.changed),
        "text": survey.text,
        "tags": survey.tags,
        "details": survey.details,
        "from_text": survey.from_text,
        "unreadable": dict(survey.unreadable),
        "turned": [asdict(flip) for flip in survey.flips],
        "rescored": written,
    }
