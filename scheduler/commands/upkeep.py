"""status, retry and doctor: how Pantau itself is doing, and what to do about it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from crawler.pauses import host_of, origin_of
from scheduler.terminal import say, say_json, table
from store import doctor as examination
from store import frontier, hosts
from store.alarms import Standing, standings
from store.database import open_store
from store.health import OutletStatus, outlet_status
from store.outlets import list_outlets
from store.records import HostRow
from store.wellness import STATES


def status(args: argparse.Namespace) -> int:
    """A line an outlet, those with trouble first, and what went wrong last."""
    now = datetime.now(UTC)
    db = open_store(args.db)
    try:
        rows = outlet_status(db, now)
        given_up = {row.slug: frontier.quarantined(db, row.slug) for row in rows}
        ill = hosts.troubled(db, now)
        silences = {outlet.slug: silence(outlet.home, ill) for outlet in list_outlets(db)}
        standing = standings(db)
    finally:
        db.close()
    rows.sort(key=lambda row: (rank(row, standing, silences), row.slug))
    if args.json:
        for row in rows:
            pages = [{"url": url, "error": error} for url, error in given_up[row.slug]]
            known = {key: as_text(value) for key, value in asdict(row).items()}
            health = healths(standing.get(row.slug))
            say_json({**known, **health, "quarantined_pages": pages, "silence": silences[row.slug]})
        return 0
    if not rows:
        say("No outlet has been crawled yet; `pantau crawl` begins.")
        return 0
    table(
        [("OUTLET", "LAST RUN", "NEW 7 D", "PAGES", "NEXT", "STATE")]
        + [cells(row, silences[row.slug], standing.get(row.slug)) for row in rows]
    )
    return 0


def rank(
    row: OutletStatus, standing: dict[str, Standing], silences: dict[str, str | None]
) -> tuple[bool, int, bool]:
    """Sorts outlets, the worst first: by their state, then by what is wrong at the moment; those
    that are switched off last."""
    known = standing.get(row.slug)
    state = STATES.index(known.state) if known is not None else len(STATES)
    return not row.enabled, state, not (trouble(row) or silences[row.slug])


def healths(known: Standing | None) -> dict[str, Any]:
    """An outlet's state for JSON; null before the daemon's first pass."""
    if known is None:
        return {"state": None, "state_since": None, "state_words": None, "remedy": None}
    return {
        "state": known.state,
        "state_since": as_text(known.since),
        "state_words": known.words,
        "remedy": known.remedy,
    }


def cells(row: OutletStatus, silent: str | None, known: Standing | None) -> tuple[str, ...]:
    """An outlet's line of the table: its state and what to do, else what is wrong just now."""
    pages = ", ".join(f"{n} {state}" for state, n in sorted(row.states.items()))
    state = f"{known.state}: {known.words} ({known.remedy})" if known and known.words else None
    said = "; ".join(filter(None, (state, trouble(row), silent)))
    return (
        row.slug,
        moment(row.last_run_at),
        str(row.new_7d),
        pages or "-",
        moment(row.next_run_at),
        (said or ("well" if row.enabled else "disabled")) + notice(row),
    )


def silence(home: str, ill: list[HostRow]) -> str | None:
    """Why nothing is fetched from an outlet's host at the moment, if so."""
    for row in ill:
        if row.host == origin_of(home):
            answer = f"HTTP {row.robots_status}" if row.robots_status else "no answer"
            return f"its robots.txt gave {answer}: nothing is fetched without it"
        if row.host == host_of(home) and row.not_before is not None:
            reason = row.not_before_reason or "it asked for quiet"
            return f"its host is paused until {moment(row.not_before)}: {reason}"
    return None


def trouble(row: OutletStatus) -> str:
    """What is wrong with an outlet, in words; empty when nothing is."""
    said = []
    if row.sources_failing or (row.last_run_at and not row.sources):
        said.append(f"its sources fail: {row.last_error or 'no answer'}")
    if row.quarantined:
        said.append(f"{row.quarantined} quarantined pages; `pantau retry {row.slug}`")
    return "; ".join(said)


def notice(row: OutletStatus) -> str:
    """What a person should know of an outlet though nothing is wrong; empty when nothing."""
    resting = f"; paused until {moment(row.paused_until)}" if row.paused_until else ""
    return resting + ("; its certificates are not verified" if row.tls == "unverified" else "")


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
