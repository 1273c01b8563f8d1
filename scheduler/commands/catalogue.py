"""outlets: the catalogue, and a person's switches over it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from crawler.outlets import SHIPPED, Outlet, load_catalogue
from crawler.passes import row_of
from scheduler.commands.reporting import told
from scheduler.terminal import complain, say, say_json, table
from store.database import open_store
from store.frontier import states
from store.gaps import latest_gaps
from store.outlets import list_outlets, paused, switch_outlet, sync_outlets
from store.sources import known_sources


def outlets(args: argparse.Namespace) -> int:
    """list, show, enable or disable."""
    known = load(args)
    if args.action != "list" and args.outlet not in known:
        name = args.outlet or "(none named)"
        raise argparse.ArgumentTypeError(f"no outlet {name}; `pantau outlets list` names them")
    if args.action == "list":
        return show_all(known, switches(args, known), pauses(args), args.json)
    db = open_store(args.db)
    try:
        sync_outlets(db, [row_of(outlet) for outlet in known.values()], datetime.now(UTC))
        if args.action == "show":
            return show_one(db, known[args.outlet], args.json)
        switch_outlet(db, args.outlet, args.action == "enable")
    finally:
        db.close()
    say(f"{args.outlet}: {args.action}d; `pantau crawl` and `pantau watch` keep to it.")
    return 0


def load(args: argparse.Namespace) -> dict[str, Outlet]:
    """The outlets of --catalogue, else the shipped and the user's own."""
    own = args.db.parent / "outlets"
    folders = [args.catalogue] if args.catalogue else [SHIPPED, *([own] if own.is_dir() else [])]
    known, problems = load_catalogue(*folders)
    for problem in problems:
        complain(str(problem))
    return known


def switches(args: argparse.Namespace, known: Mapping[str, Outlet]) -> dict[str, bool]:
    """Whether each outlet is on: a person's word from the database, else its TOML's."""
    enabled = {slug: row_of(outlet).enabled for slug, outlet in known.items()}
    if args.db.exists():
        db = open_store(args.db)
        try:
            enabled |= {row.slug: row.enabled for row in list_outlets(db) if row.slug in enabled}
        finally:
            db.close()
    return enabled


def pauses(args: argparse.Namespace) -> dict[str, datetime]:
    """Until when a person paused outlets (aware UTC), by slug."""
    if not args.db.exists():
        return {}
    db = open_store(args.db)
    try:
        return {slug: said.at for slug, said in paused(db, datetime.now(UTC)).items()}
    finally:
        db.close()


def show_all(
    known: Mapping[str, Outlet],
    enabled: Mapping[str, bool],
    resting: Mapping[str, datetime],
    as_json: bool,
) -> int:
    """A line an outlet."""
    if as_json:
        for slug, outlet in known.items():
            until = resting[slug].isoformat() if slug in resting else None
            say_json(as_dict(outlet) | {"enabled": enabled[slug], "paused_until": until})
        return 0
    rows = [("SLUG", "NAME", "PROVINCE", "FAMILY", "HOME", "")]
    for slug, outlet in known.items():
        state = "" if enabled[slug] else "disabled"
        if enabled[slug] and slug in resting:
            state = f"paused until {resting[slug].astimezone():%Y-%m-%d %H:%M}"
        rows.append((slug, outlet.name, outlet.province, outlet.family, outlet.home, state))
    table(rows)
    return 0


def as_dict(outlet: Outlet) -> dict[str, Any]:
    """An outlet as JSON, by the keys of its TOML."""
    return {
        "outlet": outlet.slug,
        "name": outlet.name,
        "home": outlet.home,
        "family": outlet.family,
        "province": outlet.province,
        "regency": outlet.regency,
        "timezone": outlet.timezone,
        "terms": outlet.terms,
        "delay": outlet.delay,
        "interval": outlet.interval,
        "enabled": outlet.enabled,
        "tls": outlet.tls,
    }


def show_one(db: Database, outlet: Outlet, as_json: bool) -> int:
    """One outlet: its TOML, its sources as they answered, its pages by state."""
    found = known_sources(db, outlet.slug)
    pages = states(db, outlet.slug)
    if as_json:
        rows = [{"kind": s.kind, "url": s.url, "error": s.last_error} for s in found]
        say_json(as_dict(outlet) | {"sources": rows, "pages": pages})
        return 0
    table(
        [(key, str(value if value is not None else "-")) for key, value in as_dict(outlet).items()]
    )
    for source in found:
        state = source.last_error or f"{source.items} items at the last full answer"
        say(f"{source.kind} {source.url}: {state}")
    for gap in latest_gaps(db, outlet.slug, 3):
        say(f"{gap.opened_at:%Y-%m-%d %H:%M} UTC, {told(gap)}")
    say("pages: " + (", ".join(f"{n} {state}" for state, n in pages.items()) or "none yet"))
    return 0
