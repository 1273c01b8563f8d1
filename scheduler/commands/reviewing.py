"""decide and undo: a person's verdicts, under the person's name."""

from __future__ import annotations

import argparse
import getpass
import os
from datetime import UTC, datetime

from scheduler.commands.versions import said_of
from scheduler.terminal import say, say_json
from store.articles import get_article
from store.database import StoreError, open_store
from store.export import article_json
from store.reviews import PROGRAM, decide, undo


def reviewer_name(args: argparse.Namespace) -> str:
    """--as, else PANTAU_REVIEWER, else the login name."""
    named = args.reviewer or os.environ.get("PANTAU_REVIEWER")
    try:
        name = str(named or getpass.getuser()).strip()
    except (KeyError, OSError) as error:
        raise StoreError("who are you? name yourself with --as NAME") from error
    if not name or name == PROGRAM:
        raise StoreError(f"{name!r} is nobody's name here; name yourself with --as NAME")
    return name


def decide_article(args: argparse.Namespace) -> int:
    """Keeps a verdict; the latest stands, all are kept."""
    db = open_store(args.db)
    try:
        if get_article(db, args.id) is None:
            raise StoreError(f"no article {args.id} in {args.db}; `pantau inbox` lists them")
        by = reviewer_name(args)
        decide(db, args.id, args.verdict, by, args.note, datetime.now(UTC))
        stored = get_article(db, args.id)
    finally:
        db.close()
    if args.json and stored is not None:
        say_json(article_json(stored))
    elif stored is not None:
        say(f"{args.id}: {args.verdict} by {by}. {stored.article.title}")
    return 0


def undo_last(args: argparse.Namespace) -> int:
    """Takes back the reviewer's latest decision; again, the one before."""
    db = open_store(args.db)
    try:
        undone = undo(db, reviewer_name(args), datetime.now(UTC))
        stored = get_article(db, undone.article_id) if undone else None
    finally:
        db.close()
    if undone is None or stored is None:
        say_json({"undone": None}) if args.json else say("Nothing to undo.")
        return 0
    if args.json:
        say_json(article_json(stored))
    else:
        say(f"{stored.id}: {undone.action} {said_of(undone)} undone; now {stored.verdict}.")
    return 0
