"""cases: the affairs of the KPK that were learned, and a person's word on each."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlite_utils import Database

from crawler.cases import is_active
from scheduler.commands.reviewing import reviewer_name
from scheduler.terminal import say, say_json, table, wrapped
from store.case_records import EvidenceRow, StoredCase
from store.cases import confirm, end, evidence_of, get_case, list_cases, merge, rename
from store.database import StoreError, open_store

KINDS = ("person", "initials", "office", "region", "affair", "company")


def cases(args: argparse.Namespace) -> int:
    """Lists cases, shows one, or keeps what a person says of one."""
    db = open_store(args.db)
    try:
        if args.action == "list":
            show_list(list_cases(db), args.json)
        elif args.action == "show":
            stored = chosen(db, args.words)
            show_one(stored, evidence_of(db, stored.id), args.json)
        else:
            ruled(db, args)
    finally:
        db.close()
    return 0


def chosen(db: Database, words: list[str]) -> StoredCase:
    """The case a command line names by its number."""
    number = number_of(words, 0)
    stored = get_case(db, number)
    if stored is None:
        raise StoreError(f"no case {number}; `pantau cases` lists them")
    return stored


def number_of(words: list[str], place: int) -> int:
    """A number among the words of a command line; wrong use if there is none."""
    try:
        return int(words[place])
    except (IndexError, ValueError) as error:
        raise argparse.ArgumentTypeError(
            "name a case by its number; `pantau cases` lists them"
        ) from error


def ruled(db: Database, args: argparse.Namespace) -> None:
    """confirm, rename, merge, end: under the person's name."""
    by, now, case_id = reviewer_name(args), datetime.now(UTC), number_of(args.words, 0)
    if args.action == "rename" and len(args.words) < 2:
        raise argparse.ArgumentTypeError("write the name: pantau cases rename ID NAME")
    deeds: dict[str, Callable[[], StoredCase]] = {
        "confirm": lambda: confirm(db, case_id, by, now),
        "end": lambda: end(db, case_id, by, now),
        "rename": lambda: rename(db, case_id, " ".join(args.words[1:]), by, now),
        "merge": lambda: merge(db, case_id, number_of(args.words, 1), by, now),
    }
    stored = deeds[args.action]()
    if args.json:
        say_json(case_json(stored))
    else:
        say(f"{stored.id}: {stored.case.name} ({state_of(stored)}), by {by}.")


def state_of(stored: StoredCase) -> str:
    """The status, and for an open case of long ago that it tells no more."""
    if stored.into is not None:
        return f"merged into {stored.into}"
    today = datetime.now(UTC).date()
    quiet = stored.case.status == "open" and not is_active(stored.case, today)
    return "expired" if quiet else stored.case.status


def show_list(found: list[StoredCase], as_json: bool) -> None:
    """A line a case."""
    if as_json:
        for stored in found:
            say_json(case_json(stored))
        return
    if not found:
        say("No cases yet: they are learned from articles on acts of the KPK.")
        return
    table(
        (
            str(stored.id),
            state_of(stored),
            str(stored.case.last_on),
            f"{stored.evidence} items",
            stored.case.name,
        )
        for stored in found
    )


def show_one(stored: StoredCase, evidence: list[EvidenceRow], as_json: bool) -> None:
    """A case with its words and the items they come from."""
    if as_json:
        say_json(case_json(stored) | {"evidence": [evidence_json(row) for row in evidence]})
        return
    case = stored.case
    say(case.name)
    say(f"case:{case.slug}, {state_of(stored)}, {case.first_on} to {case.last_on}")
    for kind in KINDS:
        forms = [term.form for term in case.terms if term.kind == kind]
        if forms:
            say(wrapped(f"{kind}: {', '.join(forms)}"))
    for row in evidence:
        number = f"article {row.article_id}, " if row.article_id else ""
        say(wrapped(f"{row.on}  {number}{row.url}"))
        if row.quote:
            say(wrapped(f"> {row.quote}", "      "))


def case_json(stored: StoredCase) -> dict[str, Any]:
    """A case for programs: id slug name status merged_into first_on last_on items terms."""
    case = stored.case
    return {
        "id": stored.id,
        "slug": case.slug,
        "name": case.name,
        "status": state_of(stored) if stored.into is None else "merged",
        "merged_into": stored.into,
        "first_on": day(case.first_on),
        "last_on": day(case.last_on),
        "items": stored.evidence,
        "terms": [{"kind": term.kind, "form": term.form} for term in case.terms],
    }


def evidence_json(row: EvidenceRow) -> dict[str, Any]:
    """An item of evidence for programs."""
    return {"url": row.url, "on": day(row.on), "quote": row.quote, "article": row.article_id}


def day(on: date) -> str:
    """A day as the contract writes it."""
    return on.isoformat()
