"""The switches of every command, and the help a newcomer reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.configuration import VERSION
from scheduler.commands import alerting, learning, lists, pageing, people, reviewing, topics
from scheduler.switches import (
    CASE_ACTIONS,
    EXPORTS,
    Commands,
    add,
    add_topic,
    day,
    later,
    loopback_port,
    mapped_host,
)
from store.corrections import FIELDS
from store.records import VERDICTS

ABOUT = """\
Watches Indonesian regional news for everything about the KPK.

First steps:
  pantau crawl              one polite pass over every outlet that is due
  pantau inbox              what is new and about the KPK
  pantau show 1             one article: its text, and why it is here
  pantau decide 1 relevant  your verdict; `pantau undo` takes it back
"""


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
    pageing.add_review(commands)
    people.add_reviewers(commands)
    add_amending(commands)
    add_upkeep(commands)
    return parser


def add_crawling(commands: Commands[argparse.ArgumentParser]) -> None:
    """crawl, add, watch, replay."""
    crawl = add(commands, "crawl", later("crawling:crawl"), "make one polite pass over outlets now")
    crawl.add_argument("outlets", nargs="*", metavar="OUTLET", help="slugs; default: all due")
    crawl.add_argument("--force", action="store_true", help="also outlets that are not due yet")
    crawl.add_argument(
        "--since", type=day, metavar="YYYY-MM-DD", help="page sources back to that day"
    )
    crawl.add_argument("--json", action="store_true", help="print the counts as JSON")
    added = add(
        commands, "add", later("adding:add"), "fetch one missed article, and say why it is kept"
    )
    added.add_argument("url", metavar="URL", help="its address, on a host of the catalogue")
    added.add_argument("--json", action="store_true", help="print JSON")
    watch = add(
        commands, "watch", later("watching:watch"), "crawl every outlet as often as it deserves"
    )
    watch.add_argument(
        "--once", action="store_true", help="one pass over the outlets that are due, then end"
    )
    watch.add_argument(
        "--log", choices=("human", "json"), default="human", help="how to write the log"
    )
    watch.add_argument(
        "--metrics",
        type=loopback_port,
        metavar="PORT",
        help="serve metrics for Prometheus at http://127.0.0.1:PORT/metrics",
    )
    for command in (crawl, watch):
        add_places(command)
    replay = add(
        commands, "replay", later("replaying:replay"), "crawl recordings, offline, as if live"
    )
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
        type=mapped_host,
        metavar="HOST=127.0.0.1:PORT",
        help="serve a host from a local port; hosts that are not mapped are refused",
    )


def add_reading(commands: Commands[argparse.ArgumentParser]) -> None:
    """extract."""
    extract = add(
        commands,
        "extract",
        later("reading:extract"),
        "read one saved page; store nothing",
    )
    extract.add_argument("file", metavar="FILE", help="an HTML file, or - for standard input")
    extract.add_argument("--url", metavar="U", default="", help="the address it was saved from")
    extract.add_argument("--json", action="store_true", help="print the article as JSON")
    extract.add_argument(
        "--jsonl",
        action="store_true",
        help="lines {url, html} or {url, title, text} in, one article a line out",
    )
    extract.add_argument(
        "--stream",
        action="store_true",
        help="with --jsonl: earlier lines teach cases to later ones",
    )
    extract.add_argument(
        "--topic", metavar="NAME", help="by the words of this topic too, though it is off"
    )


def add_reviewing(commands: Commands[argparse.ArgumentParser]) -> None:
    """inbox, show, search, export, decide, undo, cases."""
    inbox = add(commands, "inbox", lists.inbox, "list what is new and about the KPK")
    search = add(commands, "search", lists.search_articles, "find articles by words")
    search.add_argument("query", nargs="+", metavar="QUERY", help='words, "a phrase", -not, begin*')
    for command in (inbox, search):
        command.add_argument("--limit", type=int, default=50, metavar="N", help="at most N rows")
    show = add(commands, "show", lists.show, "one article: its text, and why it is here")
    show.add_argument("id", type=int, metavar="ID")
    inbox.add_argument(
        "--ranked",
        dest="run",
        action="store_const",
        const=learning.ranked,
        help="in the order your verdicts suggest, with what moved each",
    )
    show.add_argument("--diff", action="store_true", help="the words its latest edit changed")
    show.add_argument("--revision", type=int, metavar="N", help="that version; --diff: its edit")
    show.add_argument("--removed", action="store_true", help="also what was cut, and by which rule")
    export = add(commands, "export", later("exporting:export"), "take articles away as a file")
    export.add_argument("--format", choices=EXPORTS, default="jsonl")
    export.add_argument("--verdict", choices=VERDICTS, help="only articles with this verdict")
    export.add_argument("--outlet", metavar="OUTLET", help="only articles of this outlet")
    export.add_argument(
        "--output", type=Path, metavar="FILE", help="write there, not to standard output"
    )
    add_topic(inbox, search, export)
    decide = add(commands, "decide", reviewing.decide_article, "give your verdict on an article")
    decide.add_argument("id", type=int, metavar="ID")
    decide.add_argument("verdict", choices=VERDICTS)
    decide.add_argument("--note", metavar="TEXT", help="why, in your words")
    undo = add(commands, "undo", reviewing.undo_last, "take back your latest decision")
    cases = add(
        commands, "cases", later("casework:cases"), "list, show and rule the cases learned so far"
    )
    cases.add_argument("action", nargs="?", default="list", choices=CASE_ACTIONS)
    cases.add_argument("words", nargs="*", metavar="ID", help="ID, ID NAME (rename), ID ID (merge)")
    for command in (decide, undo, cases):
        command.add_argument("--as", dest="reviewer", metavar="NAME", help="your name")
    for command in (inbox, search, show, decide, undo, cases):
        command.add_argument("--json", action="store_true", help="print JSON")


def add_amending(commands: Commands[argparse.ArgumentParser]) -> None:
    """correct, redact, rescore, copies, relevance."""
    correct = add(
        commands, "correct", later("amending:correct_field"), "put your value over what was read"
    )
    correct.add_argument("id", type=int, metavar="ID")
    correct.add_argument("field", choices=tuple(FIELDS))
    correct.add_argument("value", metavar="VALUE", help="- says there is none")
    redact = add(
        commands, "redact", later("amending:redact_article"), "remove a text for good, on an order"
    )
    redact.add_argument("id", type=int, metavar="ID")
    redact.add_argument("--reason", default="", metavar="TEXT", help="whose order; it stays")
    for command in (correct, redact):
        command.add_argument("--as", dest="reviewer", metavar="NAME", help="your name")
    rescore = add(
        commands, "rescore", later("rescoring:rescore"), "read what is stored by today's rules"
    )
    rescore.add_argument("--dry-run", action="store_true", help="only say what would change")
    rescore.add_argument("--outlet", metavar="OUTLET", help="only what is of this outlet")
    rescore.add_argument("--force", action="store_true", help="also what these rules read already")
    rescore.add_argument("--catalogue", type=Path, metavar="DIR")
    copies = add(commands, "copies", later("copying:copies"), "show, split or merge copies")
    copies.add_argument("action", choices=("show", "split", "merge", "withdraw"))
    copies.add_argument("ids", type=int, nargs="+", metavar="ID")
    relevance = add(commands, "relevance", learning.report, "how right each rule was, by verdicts")
    relevance.add_argument("action", choices=("report",))
    copies.add_argument("--as", dest="reviewer", metavar="NAME", help="your name")
    for command in (correct, redact, rescore, copies, relevance):
        command.add_argument("--json", action="store_true", help="print JSON")


def add_upkeep(commands: Commands[argparse.ArgumentParser]) -> None:
    """outlets, topics, status, retry, doctor, backup, restore, alerts."""
    outlets = add(
        commands, "outlets", later("catalogue:outlets"), "list, show, enable or disable outlets"
    )
    outlets.add_argument("action", choices=("list", "show", "enable", "disable"))
    outlets.add_argument("outlet", nargs="?", metavar="OUTLET")
    outlets.add_argument("--catalogue", type=Path, metavar="DIR")
    listed = add(commands, "topics", topics.topics, "what can be looked for, and what is on")
    status = add(commands, "status", later("upkeep:status"), "how each outlet is doing")
    retry = add(commands, "retry", later("upkeep:retry"), "try quarantined pages again")
    retry.add_argument("target", nargs="?", metavar="URL|OUTLET")
    doctor = add(commands, "doctor", later("upkeep:doctor"), "check the database")
    backup = add(
        commands, "backup", later("safekeeping:backup"), "write a safe copy of the database"
    )
    restore = add(
        commands, "restore", later("safekeeping:restore"), "put a backup in the database's place"
    )
    for command in (backup, restore):
        command.add_argument("file", type=Path, metavar="FILE")
    alerts = add(commands, "alerts", alerting.alerts, "saved searches that tell somebody")
    alerting.add_switches(alerts)
    for command in (outlets, listed, status, retry, alerts, doctor):
        command.add_argument("--json", action="store_true", help="print JSON")
