"""alerts: saved searches that tell somebody, and whether the telling works."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlite_utils import Database

from scheduler.channels import NAME, channel_of, names_set, variable
from scheduler.commands.topics import of_topic
from scheduler.switches import add_topic
from scheduler.terminal import complain, say, say_json, table
from scheduler.webhook import NotDelivered
from store.alerts import RHYTHMS, Rule, add_rule, remove_rule, rules
from store.database import open_store
from store.encoding import to_text
from store.filters import Filter
from store.outbox import Message

ACTIONS = ("list", "add", "remove", "test")


def add_switches(command: argparse.ArgumentParser) -> None:
    """What alerts takes."""
    command.add_argument("action", nargs="?", choices=ACTIONS, default="list")
    command.add_argument(
        "name", nargs="?", metavar="NAME", help="of an alert; test: or of a channel"
    )
    command.add_argument("--query", default="", metavar="WORDS", help="as in `pantau search`")
    command.add_argument("--channel", metavar="NAME", help=f"set in {variable('name')}")
    command.add_argument("--rhythm", choices=RHYTHMS, default="immediate")
    command.add_argument("--hour", type=int, default=7, metavar="H", help="of a daily digest")
    command.add_argument("--zone", default="Asia/Jakarta", help="in which that hour is meant")
    command.add_argument("--outlet", help="only articles of this outlet")
    command.add_argument("--province", metavar="CODE", help="only articles about this province")
    command.add_argument(
        "--mentions", action="store_true", help="also what only mentions the topic"
    )
    add_topic(command)


def alerts(args: argparse.Namespace) -> int:
    """list, add, remove or test; test sends a message over a channel, or over all, now."""
    if args.action in ("add", "remove") and not args.name:
        raise argparse.ArgumentTypeError(f"alerts {args.action}: name one")
    db = open_store(args.db)
    try:
        if args.action == "list":
            return show(rules(db), args.json)
        if args.action == "test":
            return test(channels(db, args.name), os.environ, args.json)
        if args.action == "remove":
            remove_rule(db, args.name)
            say(f"{args.name}: removed.")
            return 0
        rule = add_rule(db, wanted(args), datetime.now(UTC))
    finally:
        db.close()
    say(f"{rule.name}: tells {rule.channel} of what is found from now on, while `watch` runs.")
    if not os.environ.get(variable(rule.channel)):
        complain(f"channel {rule.channel!r} is not set here; set {variable(rule.channel)}")
    return 0


def wanted(args: argparse.Namespace) -> Rule:
    """The rule the switches describe."""
    if not args.channel or not NAME.fullmatch(args.channel):
        raise argparse.ArgumentTypeError(
            "--channel NAME: small letters, digits, - and _, not ending in secret or host"
        )
    if not 0 <= args.hour <= 23:
        raise argparse.ArgumentTypeError("--hour: from 0 to 23")
    try:
        zone = ZoneInfo(args.zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(f"--zone: {args.zone!r} is no zone") from error
    chosen = Filter(
        relevance=None if args.mentions else "about",
        outlet=args.outlet,
        province=args.province,
        topic=of_topic(args),
    )
    return Rule(args.name, args.channel, args.query, args.rhythm, args.hour, zone, chosen)


def show(known: list[Rule], as_json: bool) -> int:
    """A line an alert."""
    if as_json:
        for rule in known:
            say_json(as_dict(rule))
        return 0
    if not known:
        say("There is no alert; `pantau alerts add NAME --channel NAME --query WORDS` adds one.")
        return 0
    rows = [("NAME", "QUERY", "RHYTHM", "CHANNEL")]
    for rule in known:
        at = f" at {rule.hour}:00 {rule.zone}" if rule.rhythm == "daily" else ""
        rows.append((rule.name, rule.query or "(all)", rule.rhythm + at, rule.channel))
    table(rows)
    return 0


def as_dict(rule: Rule) -> dict[str, object]:
    """An alert as JSON."""
    return {
        "name": rule.name,
        "query": rule.query,
        "rhythm": rule.rhythm,
        "hour": rule.hour,
        "zone": rule.zone,
        "channel": rule.channel,
        "outlet": rule.chosen.outlet,
        "province": rule.chosen.province,
        "relevance": rule.chosen.relevance,
        "topic": rule.chosen.topic,
    }


def channels(db: Database, name: str | None) -> list[str]:
    """The channels to test: the one a name means, an alert's or a channel's own; without a name
    all that an alert tells, that the environment has, and the one of what goes wrong."""
    known = rules(db)
    if name:
        return [next((rule.channel for rule in known if rule.name == name), name)]
    found = [*(rule.channel for rule in known), "operations", *names_set(os.environ)]
    return list({variable(channel): channel for channel in reversed(found)}.values())[::-1]


def test(names: Sequence[str], environment: Mapping[str, str], as_json: bool) -> int:
    """Sends a message over each channel, and says of each whether it arrived and why not; exit 1
    when one did not."""
    failed = False
    for name in names:
        kind, problem = attempt(name, environment)
        failed = failed or problem is not None
        if as_json:
            delivered = problem is None
            say_json({"channel": name, "kind": kind, "delivered": delivered, "problem": problem})
        elif problem is None:
            say(f"{name} ({kind}): delivered.")
        else:
            complain(f"{name}{f' ({kind})' if kind else ''}: not delivered: {problem}")
    return int(failed)


def attempt(name: str, environment: Mapping[str, str]) -> tuple[str | None, str | None]:
    """What kind of channel it is, None when it cannot be told; and why a message does not arrive
    over it, None when it does."""
    from scheduler.alerts import deliver  # noqa: PLC0415 (needs Scrapy; no other action does)

    key = f"test/{to_text(datetime.now(UTC))}"
    words = "This is a test. Alerts of Pantau arrive here."
    try:
        kind = channel_of(name, environment).kind
    except NotDelivered as error:
        return None, str(error)
    return kind, asyncio.run(deliver(Message(key, name, "Pantau: a test", words)))
