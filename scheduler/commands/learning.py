"""inbox --ranked and relevance report: what verdicts teach."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace

from scheduler.commands.lists import show_list
from scheduler.commands.topics import of_topic
from scheduler.terminal import say, say_json, table
from store.database import open_store
from store.export import article_json
from store.filters import INBOX
from store.preference import ENOUGH, ENOUGH_OF_EACH, Moved
from store.ranking import Ranked, Record, ranked_inbox, relevance_report

ROWS = 30  # of each table of the report; --json has them all


def ranked(args: argparse.Namespace) -> int:
    """The inbox, most likely relevant first, each with what moved it."""
    topic = of_topic(args)
    db = open_store(args.db)
    try:
        found, decisions = ranked_inbox(db, replace(INBOX, limit=args.limit, topic=topic))
    finally:
        db.close()
    if args.json:
        for one in found:
            moved = [asdict(feature) for feature in one.moved]
            say_json({**article_json(one.stored), "rank": {"score": one.score, "moved": moved}})
        return 0
    known = {one.stored.id: one for one in found}
    show_list(
        [one.stored for one in found],
        False,
        "Nothing new: the inbox is empty.",
        lambda stored: why(known[stored.id]),
    )
    if not any(one.moved for one in found):
        say(
            f"Not ranked yet: {decisions} decisions, and it takes {ENOUGH} with at least"
            f" {ENOUGH_OF_EACH} relevant and {ENOUGH_OF_EACH} irrelevant. Newest first."
        )
    return 0


def why(one: Ranked) -> str:
    """What moved an article, in one line."""
    return f"{one.score:+.1f}: {', '.join(map(feature, one.moved))}" if one.moved else ""


def feature(moved: Moved) -> str:
    """A feature with its weight."""
    return f"{moved.feature} {moved.weight:+.1f}"


def report(args: argparse.Namespace) -> int:
    """How right each rule was by people's verdicts, the wrong ones first."""
    db = open_store(args.db)
    try:
        found = relevance_report(db)
    finally:
        db.close()
    if args.json:
        say_json(
            {
                "relevant": found.relevant,
                "irrelevant": found.irrelevant,
                "rules": list(map(as_json, found.rules)),
                "deciding": list(map(as_json, found.deciding)),
                "missed": list(map(as_json, found.missed)),
            }
        )
        return 0
    say(f"{found.relevant} relevant and {found.irrelevant} irrelevant by people's verdicts.")
    show_records("RULE", found.rules)
    show_records("WORDS THAT DECIDED", found.deciding)
    if found.missed:
        say()
        say("Relevant to people, to us a mere mention:")
        show_records("WORDS", found.missed)
    if found.rules:
        say()
        say("Mend the vocabulary in vocabulary.toml beside the database; `pantau rescore` applies.")
    return 0


def as_json(record: Record) -> dict[str, object]:
    """A record with its precision."""
    return {**asdict(record), "precision": round(record.precision, 3)}


def show_records(title: str, records: Sequence[Record]) -> None:
    """A table of records, the least precise first."""
    if not records:
        return
    say()
    rows = [("PRECISION", "RELEVANT", "DECIDED", title)]
    rows += [
        (f"{r.precision:.2f}", str(r.relevant), str(r.decisions), r.name) for r in records[:ROWS]
    ]
    table(rows)
    if len(records) > ROWS:
        say(f"and {len(records) - ROWS} more; --json has them all")
