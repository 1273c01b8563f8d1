"""backup and restore: a safe copy of the database, and bringing one back."""

from __future__ import annotations

import argparse
import sys

from scheduler.terminal import say
from store.backup import back_up
from store.backup import restore as bring_back


def backup(args: argparse.Namespace) -> int:
    """Writes a copy, while other commands may be writing to the database."""
    size = back_up(args.db, args.file, shown)
    say(f"{args.file}: a whole and checked copy of {args.db} ({size / 1e6:.1f} MB).")
    return 0


def restore(args: argparse.Namespace) -> int:
    """Puts a backup in the database's place; what stood there is kept beside it."""
    kept = bring_back(args.file, args.db, shown)
    say(f"{args.db} is now what {args.file} holds.")
    if kept is not None:
        say(f"What stood there is kept as {kept}.")
    return 0


def shown(done: int, pages: int) -> None:
    """Shows on a terminal how far a copy has come."""
    if sys.stderr.isatty():
        end = "\n" if done >= pages else ""
        print(f"\r  {100 * done // max(pages, 1)} %", end=end, file=sys.stderr, flush=True)
