"""reviewers: who may log in to the review page, with which role and password."""

from __future__ import annotations

import argparse
import getpass
import sys
from contextlib import closing
from datetime import UTC, datetime

from sqlite_utils import Database

from scheduler.switches import Commands, add
from scheduler.terminal import complain, say, say_json, table
from store.database import open_store
from store.encoding import maybe_text, to_text
from store.passwords import LONGEST, check_new, hashed
from store.people import (
    ROLES,
    Role,
    add_person,
    people,
    remove_person,
    require_free,
    require_person,
    set_password,
    set_role,
    tidy_name,
)

ACTIONS = ("list", "add", "remove", "password", "role")


def add_reviewers(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command with its switches."""
    command = add(commands, "reviewers", reviewers, "say who may log in to the review page")
    command.description = (
        "Say who may log in to the review page. Passwords are asked for, or read from standard"
        " input; a new password, another role and a removal end the person's sessions."
    )
    command.add_argument("action", choices=ACTIONS)
    command.add_argument("name", nargs="?", metavar="NAME")
    command.add_argument(
        "--role", choices=ROLES, help="a reader looks only; a reviewer also judges (default)"
    )
    command.add_argument("--json", action="store_true", help="list: print JSON")


def reviewers(args: argparse.Namespace) -> int:
    """Lists people, or changes one. 2 for a missing name or role, and for a name or password that
    is none."""
    if args.action != "list" and not args.name:
        complain(f"whom? `pantau reviewers {args.action} NAME`")
        return 2
    if args.action == "role" and not args.role:
        complain(f"which role? `pantau reviewers role {args.name} --role {'|'.join(ROLES)}`")
        return 2
    with closing(open_store(args.db)) as db:
        if args.action == "list":
            return _list(db, args.json)
        try:
            say(_changed(db, args))
        except ValueError as error:
            complain(str(error))
            return 2
    return 0


def _changed(db: Database, args: argparse.Namespace) -> str:
    name: str = args.name
    if args.action == "remove":
        remove_person(db, name)
        return f"{name} may log in no more; what {name} decided stays."
    if args.action == "role":
        set_role(db, name, args.role)
        return f"{name} is a {args.role} now, from the next login on."
    if args.action == "password":
        require_person(db, name)  # before anything is asked for
        set_password(db, name, hashed(_new_password(name)))
        return f"{name} has a new password; sessions under the old one are over."
    role: Role = args.role or "reviewer"
    name = tidy_name(name)
    require_free(db, name)
    add_person(db, name, role, hashed(_new_password(name)), datetime.now(UTC))
    return f"{name} may log in, as a {role}."


def _new_password(name: str) -> str:
    """Typed twice at a terminal, else the first line of standard input. ValueError for one that
    is no good. Never an argument: those are seen by everybody on the machine."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {name}: ")
        check_new(password)
        if getpass.getpass("Once more: ") != password:
            raise ValueError("these were two different passwords; nothing is changed")
        return password
    try:
        password = sys.stdin.readline(4 * LONGEST).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise ValueError("the password on standard input is not UTF-8") from error
    check_new(password)
    return password


def _list(db: Database, as_json: bool) -> int:
    found = people(db)
    if as_json:
        rows = [
            {
                "name": one.name,
                "role": one.role,
                "added_at": to_text(one.added_at),
                "last_login_at": maybe_text(one.last_login_at),
            }
            for one in found
        ]
        say_json(rows)
    elif not found:
        say("Nobody yet; `pantau reviewers add NAME` lets somebody log in.")
    else:
        table((one.name, one.role, _last(one.last_login_at)) for one in found)
    return 0


def _last(at: datetime | None) -> str:
    return f"last login {to_text(at)}" if at else "never logged in"
