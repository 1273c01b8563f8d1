"""The console command `pantau`: its switches, its help, and how it fails."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.configuration import VERSION, ConfigurationError
from crawler.outlet_keys import CatalogueError
from crawler.recordings import RecordingError
from crawler.rules import RulesError
from crawler.terms import VocabularyError
from scheduler.commands import catalogue, crawling, lists, reading, reviewing, upkeep
from scheduler.terminal import complain
from store.database import StoreError
from store.records import VERDICTS

EXPECTED = (
    CatalogueError,
    ConfigurationError,
    RecordingError,
    RulesError,
    StoreError,
    VocabularyError,
)
ABOUT = """\
Watches Indonesian regional news for everything about the KPK.

First steps:
  pantau crawl              one polite pass over every outlet that is due
  pantau inbox              what is new and about the KPK
  pantau show 1             one article: its text, and why it is here
  pantau decide 1 relevant  your verdict; `pantau undo` takes it back
"""


class WrongUse(Exception):
    """The command was given something it cannot take; the message says what to write."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 done, 1 failed, 2 wrong use."""
    args = build_parser().parse_args(argv)
    if args.command is None:
        build_parser().print_help()
        return 2
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except EXPECTED as error:
        complain(str(error))
        return 1
    except argparse.ArgumentTypeError as error:
        complain(str(error))
        return 2
    except BrokenPipeError:  # `pantau export | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 1


def build_parser() -> argparse.ArgumentParser:
    """All commands with their switches (contract, Commands)."""
    parser = argparse.ArgumentParser(
        prog="pantau", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"pantau {VERSION}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    add_crawling(commands)
    add_reading(commands)
    add_reviewing(commands)
    add_upkeep(commands)
    return parser


Commands = argparse._SubParsersAction  # what add_subparsers gives; argparse names it nowhere else


def add(
    commands: Commands[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    help_: str,
    *,
    db: bool = True,
) -> argparse.ArgumentParser:
    """One command with the switches nearly all have."""
    command = commands.add_parser(name, help=help_, description=help_[0].upper() + help_[1:] + ".")
    command.set_defaults(run=run)
    if db:
        command.add_argument(
            "--db",
            type=Path,
            metavar="PATH",
            default=Path(os.environ.get("PANTAU_DB") or "pantau.db"),
            help="the database file (default: PANTAU_DB, else ./pantau.db)",
        )
    return command


def add_crawling(commands: Commands[argparse.ArgumentParser]) -> None:
    """crawl, watch, replay."""
    crawl = add(commands, "crawl", crawling.crawl, "make one polite pass over outlets now")
    crawl.add_argument("outlets", nargs="*", metavar="OUTLET", help="slugs; default: all due")
    crawl.add_argument("--force", action="store_true", help="also outlets that are not due yet")
    crawl.add_argument("--json", action="store_true", help="print the counts as JSON")
    watch = add(commands, "watch", crawling.watch, "crawl every outlet at its interval, for good")
    for command in (crawl, watch):
        add_places(command)
    replay = add(commands, "replay", crawling.replay, "crawl recordings, offline, as if live")
    replay.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="default: of the shipped outlets"
    )
    replay.add_argument("--all", action="store_true", help="also those of made-up outlets")
    replay.add_argument("--json", action="store_true", help="print the counts as JSON")


def add_places(command: argparse.ArgumentParser) -> None:
    """The two switches for crawling a local web through the real path."""
    command.add_argument(
        "--catalogue",
        type=Path,
        metavar="DIR",
        help="outlets' TOML files, instead of the shipped ones",
    )
    command.add_argument(
        "--map",
        action="append",
        default=[],
        type=crawling.mapped_host,
        metavar="HOST=127.0.0.1:PORT",
        help="serve a host from a local port; hosts that are not mapped are refused",
    )


def add_reading(commands: Commands[argparse.ArgumentParser]) -> None:
    """extract."""
    extract = add(
        commands, "extract", reading.extract, "read one saved page; store nothing", db=False
    )
    extract.add_argument("file", metavar="FILE", help="an HTML file, or - for standard input")
    extract.add_argument("--url", metavar="U", default="", help="the address it was saved from")
    extract.add_argument("--json", action="store_true", help="print the article as JSON")
    extract.add_argument(
        "--jsonl",
        action="store_true",
        help="lines {url, html} or {url, title, text} in, one article a line out",
    )


def add_reviewing(commands: Commands[argparse.ArgumentParser]) -> None:
    """inbox, show, search, export, decide, undo."""
    inbox = add(commands, "inbox", lists.inbox, "list what is new and about the KPK")
    search = add(commands, "search", lists.search_articles, "find articles by words")
    search.add_argument("query", nargs="+", metavar="QUERY", help='words, "a phrase", -not, begin*')
    for command in (inbox, search):
        command.add_argument("--limit", type=int, default=50, metavar="N", help="at most N rows")
    show = add(commands, "show", lists.show, "one article: its text, and why it is here")
    show.add_argument("id", type=int, metavar="ID")
    show.add_argument("--removed", action="store_true", help="also what was cut, and by which rule")
    export = add(commands, "export", lists.export, "take articles away as a file")
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    export.add_argument("--verdict", choices=VERDICTS, help="only articles with this verdict")
    export.add_argument("--outlet", metavar="OUTLET", help="only articles of this outlet")
    decide = add(commands, "decide", reviewing.decide_article, "give your verdict on an article")
    decide.add_argument("id", type=int, metavar="ID")
    decide.add_argument("verdict", choices=VERDICTS)
    decide.add_argument("--note", metavar="TEXT", help="why, in your words")
    undo = add(commands, "undo", reviewing.undo_last, "take back your latest decision")
    for command in (decide, undo):
        command.add_argument("--as", dest="reviewer", metavar="NAME", help="your name")
    for command in (inbox, search, show, decide, undo):
        command.add_argument("--json", action="store_true", help="print JSON")


def add_upkeep(commands: Commands[argparse.ArgumentParser]) -> None:
    """outlets, status, retry, doctor."""
    outlets = add(commands, "outlets", catalogue.outlets, "list, show, enable or disable outlets")
    outlets.add_argument("action", choices=("list", "show", "enable", "disable"))
    outlets.add_argument("outlet", nargs="?", metavar="OUTLET")
    outlets.add_argument("--catalogue", type=Path, metavar="DIR")
    status = add(commands, "status", upkeep.status, "how each outlet is doing")
    retry = add(commands, "retry", upkeep.retry, "try quarantined pages again")
    retry.add_argument("target", nargs="?", metavar="URL|OUTLET")
    doctor = add(commands, "doctor", upkeep.doctor, "check the database")
    for command in (outlets, status, retry, doctor):
        command.add_argument("--json", action="store_true", help="print JSON")


if __name__ == "__main__":
    sys.exit(main())
