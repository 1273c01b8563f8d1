"""correct and redact: what a person knows better than the page, and what they order removed."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.regions import Gazetteer, load_gazetteer
from scheduler.commands.reviewing import reviewer_name
from scheduler.terminal import say, say_json
from store.articles import get_article
from store.corrections import corrections
from store.database import StoreError, open_store
from store.export import article_json
from store.records import StoredArticle
from store.redactions import redact, redaction, scrub
from store.reviews import correct

NOTHING = "-"  # how a person says that there is no place, byline or region
TITLE_CHARS = 500
EARLIEST = date(1990, 1, 1)
AHEAD = timedelta(days=2)  # as for dates on pages: further in the future is a slip


def correct_field(args: argparse.Namespace) -> int:
    """Puts a person's value over the machine's; `pantau undo` takes it back."""
    db = open_store(args.db)
    try:
        stored = get_article(db, args.id)
        if stored is None:
            raise StoreError(f"no article {args.id} in {args.db}; `pantau inbox` lists them")
        value = checked(args.field, args.value.strip(), stored, datetime.now(UTC))
        by = reviewer_name(args)
        correct(db, args.id, args.field, value, by, datetime.now(UTC))
        stored = get_article(db, args.id)
        standing = {c.field: c for c in corrections(db, args.id)}
    finally:
        db.close()
    assert stored is not None
    if args.json:
        say_json(article_json(stored))
        return 0
    read = standing[args.field].machine or NOTHING
    said = standing[args.field].value or NOTHING
    say(f"{args.id}: {args.field} is {said} by {by} (read: {read}). `pantau undo` takes it back.")
    return 0


def checked(field: str, value: str, stored: StoredArticle, now: datetime) -> str | None:
    """The value in the form the store keeps; wrong use if the field cannot take it."""
    if not value:
        raise argparse.ArgumentTypeError(f"{field}: give a value; {NOTHING} says there is none")
    if field == "date":
        return a_date(value, ZoneInfo(stored.zone), now)
    if field == "title":
        return a_title(value)
    if value == NOTHING:
        return None
    return a_region(value, load_gazetteer()) if field == "region" else " ".join(value.split())


def a_date(value: str, zone: ZoneInfo, now: datetime) -> str:
    """A day as `YYYY-MM-DD`, a time as ISO 8601 with offset; one without is the outlet's."""
    try:
        if len(value) <= len("2025-05-01"):
            day = date.fromisoformat(value)
            said = day.isoformat()
        else:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            day, said = moment.astimezone(zone).date(), moment.isoformat(timespec="seconds")
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(
            f"{value!r} is no date; write 2025-05-01 or '2025-05-01 08:30' (the outlet's time)"
        ) from error
    if not EARLIEST <= day <= (now.astimezone(zone) + AHEAD).date():
        raise argparse.ArgumentTypeError(f"{value}: no article came out that day")
    return said


def a_title(value: str) -> str:
    """A title on one line."""
    title = " ".join(value.split())
    if title == NOTHING or len(title) > TITLE_CHARS:
        raise argparse.ArgumentTypeError(f"a title has 1 to {TITLE_CHARS} characters")
    return title


def a_region(value: str, gazetteer: Gazetteer) -> str:
    """The Kemendagri code of a region, given itself or by its official name."""
    if value in gazetteer.regions:
        return value
    wanted = value.casefold()
    named = [
        region
        for region in gazetteer.regions.values()
        if wanted in (region.name.casefold(), region.bare.casefold())
    ]
    exact = [region for region in named if region.name.casefold() == wanted]
    found = exact if len(exact) == 1 else named
    if len(found) == 1:
        return found[0].code
    if found:
        both = ", ".join(f"{region.code} {region.name}" for region in found)
        raise argparse.ArgumentTypeError(f"{value} may be {both}; give the code")
    raise argparse.ArgumentTypeError(
        f"{value!r} is no region; give a Kemendagri code (16.71) or an official name"
    )


def redact_article(args: argparse.Namespace) -> int:
    """Removes a text for good, on a person's order; asks first on a terminal."""
    db = open_store(args.db)
    try:
        stored = get_article(db, args.id)
        if stored is None:
            raise StoreError(f"no article {args.id} in {args.db}; `pantau inbox` lists them")
        if redaction(db, args.id) is None and not agreed(stored):
            say("Nothing was removed.")
            return 1
        entry = redact(db, args.id, reviewer_name(args), args.reason, datetime.now(UTC))
        scrub(db)
    finally:
        db.close()
    if args.json:
        at = entry.at.isoformat()
        say_json({"id": entry.article_id, "url": entry.url, "outlet": entry.outlet, "at": at,
                  "by": entry.by, "reason": entry.reason})  # fmt: skip
        return 0
    say(f"{entry.article_id}: the text of {entry.url} is removed; this entry of it stays.")
    for url in stored.copies:
        say(f"A copy is at {url}; if the order means it too, redact it as well.")
    say("Backups, exports and `*.before-m*` files made before still hold it: delete those.")
    return 0


def agreed(stored: StoredArticle) -> bool:
    """Whether the person at the terminal means this article; a program is taken at its word."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    say(f"{stored.article.title}\n{stored.url}")
    return input("Remove its text for good? It cannot be undone. [y/N] ").strip().lower() == "y"
