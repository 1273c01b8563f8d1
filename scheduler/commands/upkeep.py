"""status, retry and doctor: how Pantau itself is doing, and what to do about it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from scheduler.terminal import say, say_json, table
from store import doctor as examination
from store import frontier
from store.database import open_store
from store.health import OutletStatus, outlet_status


def status(args: argparse.Namespace) -> int:
    """A line an outlet, those with trouble first, and what went wrong last."""
    db = open_store(args.db)
    try:
        rows = outlet_status(db, datetime.now(UTC))
    finally:
        db.close()
    rows.sort(key=lambda row: (not trouble(row), row.slug))
    if args.json:
        for row in rows:
            say_json({key: as_text(value) for key, value in asdict(row).items()})
        return 0
    if not rows:
        say("No outlet has been crawled yet; `pantau crawl` begins.")
        return 0
    lines = [("OUTLET", "LAST RUN", "NEW 7 D", "PAGES", "NEXT", "STATE")]
    for row in rows:
        pages = ", ".join(f"{n} {state}" for state, n in sorted(row.states.items()))
        lines.append(
            (
                row.slug,
                moment(row.last_run_at),
                str(row.new_7d),
                pages or "-",
                moment(row.next_run_at),
                trouble(row) or ("well" if row.enabled else "disabled"),
            )
        )
    table(lines)
    return 0


def trouble(row: OutletStatus) -> str:
    """What is wrong with an outlet, in words; empty when nothing is."""
    said = []
    if row.sources_failing or (row.last_run_at and not row.sources):
        said.append(f"its sources fail: {row.last_error or 'no answer'}")
    if row.quarantined:
        said.append(f"{row.quarantined} quarantined pages; `pantau retry {row.slug}`")
    return "; ".join(said)


def moment(at: datetime | None) -> str:
    """A time for the table, in this machine's zone; a dash when there is none."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else "-"


def as_text(value: Any) -> Any:
    """A value as JSON takes it: times as ISO 8601."""
    return value.isoformat() if isinstance(value, datetime) else value


def retry(args: argparse.Namespace) -> int:
    """Gives quarantined pages of an outlet, one page, or all of them another five attempts."""
    db = open_store(args.db)
    try:
        count = frontier.retry(db, args.target)
    finally:
        db.close()
    if args.json:
        say_json({"retried": count})
    else:
        say(f"{count} pages will be tried again at the next crawl.")
    return 0


def doctor(args: argparse.Namespace) -> int:
    """Checks the database; exit 1 when something is wrong with it."""
    db = open_store(args.db)
    try:
        problems = examination.check(db, datetime.now(UTC))
    finally:
        db.close()
    if args.json:
        say_json({"problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            say(f"{problem.kind}: {problem.message}. {problem.remedy}")
        if not problems:
            say("The database is well.")
    return 1 if problems else 0
