"""What the switches of all commands share."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

CASE_ACTIONS = ("list", "show", "confirm", "rename", "merge", "end")
EXPORTS = ("jsonl", "csv", "xlsx", "atom", "ris")
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


def later(where: str) -> Callable[[argparse.Namespace], int]:
    """A command by "module:function" of scheduler.commands, imported when it is run: the switches
    of all commands are known without what any of them needs."""
    module, _, name = where.partition(":")

    def run(args: argparse.Namespace) -> int:
        function: Callable[[argparse.Namespace], int]
        function = getattr(import_module(f"scheduler.commands.{module}"), name)
        return function(args)

    return run


def add_topic(*commands: argparse.ArgumentParser) -> None:
    """--topic for commands that list articles."""
    for command in commands:
        command.add_argument(
            "--topic",
            metavar="NAME",
            help="only articles of this topic; `pantau topics` lists them",
        )


def mapped_host(text: str) -> tuple[str, tuple[str, int]]:
    """A --map argument: HOST=127.0.0.1:PORT. Loopback only, whatever is asked."""
    host, _, target = text.partition("=")
    address, _, port = target.rpartition(":")
    good = host and address == "127.0.0.1" and port.isascii() and port.isdigit()
    if not good or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST=127.0.0.1:PORT")
    return host.lower(), (address, int(port))


def loopback_port(text: str) -> int:
    """A --metrics argument: PORT, or 127.0.0.1:PORT; no other address is served."""
    port = text.removeprefix("127.0.0.1:")
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not PORT; metrics are served at 127.0.0.1 only, to this machine"
        )
    return int(port)


def day(text: str) -> date:
    """A --since argument: YYYY-MM-DD, not in the future."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not YYYY-MM-DD") from error
    if found > datetime.now(UTC).date() + timedelta(days=1):
        raise argparse.ArgumentTypeError(f"{text} is still to come")
    return found
