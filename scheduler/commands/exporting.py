"""export: articles as a file for another program."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from review.feed import atom
from review.view import asked
from scheduler.commands.topics import of_topic
from scheduler.terminal import complain
from store.articles import list_articles
from store.citations import write_ris
from store.database import open_store
from store.export import write_csv, write_jsonl
from store.filters import Filter
from store.records import StoredArticle
from store.spreadsheet import TooManyRows, write_xlsx

TEXT: dict[str, Callable[[Iterable[StoredArticle], TextIO], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "ris": write_ris,
}
# Where the review page is served unless told otherwise: entries of a feed lead there.
PAGE = "127.0.0.1:8765"


def export(args: argparse.Namespace) -> int:
    """Articles as JSON lines, CSV, XLSX, Atom or RIS, on standard output or in a file, which
    appears only when it is whole. 2 for a sheet that would go to a terminal."""
    if args.format == "xlsx" and args.output is None and sys.stdout.isatty():
        complain("a sheet is not text: name a file with --output")
        return 2
    topic = of_topic(args)
    db = open_store(args.db)
    try:
        chosen = Filter(verdict=args.verdict, outlet=args.outlet, topic=topic, limit=None)
        found = list_articles(db, chosen)
    finally:
        db.close()
    try:
        if args.output is None:
            write(found, args.format, sys.stdout.buffer)
        else:
            write_file(found, args.format, args.output)
    except TooManyRows as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(f"{args.output or 'standard output'}: cannot be written ({error.strerror})")
        return 1
    return 0


def write_file(found: Sequence[StoredArticle], kind: str, path: Path) -> None:
    """The articles in a file that appears when it is whole, in place of one of its name."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with unfinished.open("wb") as stream:
            write(found, kind, stream)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write(found: Sequence[StoredArticle], kind: str, stream: BinaryIO) -> None:
    """The articles as that kind of file."""
    if kind == "xlsx":
        write_xlsx(found, stream)
    elif kind == "atom":
        stream.write(atom(found, asked("/articles", {}), PAGE, datetime.now(UTC)))
    else:
        lines = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        TEXT[kind](found, lines)
        lines.detach()
