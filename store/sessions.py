"""Who is logged in, and how long those who failed to log in wait; kept in the file, so that a
restart neither logs anybody out nor forgets who was guessing."""

from __future__ import annotations

import ipaddress
import math
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlite_utils import Database

from store.database import transaction
from store.encoding import from_text, to_text
from store.people import Credential, Person, name_key, person_of

IDLE = timedelta(hours=12)
LIFE = timedelta(days=14)
# A session's last sight is written at most this often, so that reading pages writes little.
TOUCH = timedelta(minutes=5)
# Failures before a try must wait: of one name from one address, and of one address in all.
FREE_TRIES = 5
FREE_TRIES_OF_ADDRESS = 20
FIRST_WAIT = timedelta(seconds=30)  # doubles with every further failure
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Whose session it is, and when it was last used."""

    person: Person
    seen_at: datetime


def start_session(db: Database, known: Credential, now: datetime) -> str | None:
    """Log in somebody whose password was just checked; returns the token for the browser. None
    when the person or the password is another by now. Sessions that are over are forgotten."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction(db) as conn:
        conn.execute(
            "DELETE FROM sessions WHERE seen_at <= ? OR started_at <= ?",
            (to_text(now - IDLE), to_text(now - LIFE)),
        )
        done = conn.execute(
            "UPDATE people SET last_login_at = ? WHERE id = ? AND password = ?",
            (to_text(now), known.person.id, known.kept),
        )
        if done.rowcount != 1:
            return None
        conn.execute(
            "INSERT INTO sessions(token, person, started_at, seen_at) VALUES (?, ?, ?, ?)",
            (_mark(token), known.person.id, to_text(now), to_text(now)),
        )
    return token


def session_of(db: Database, token: str, now: datetime) -> Session | None:
    """The session of a browser's token; None when there is none or it is over."""
    row = db.conn.execute(
        "SELECT p.*, s.seen_at FROM sessions s JOIN people p ON p.id = s.person"
        " WHERE s.token = ? AND s.seen_at > ? AND s.started_at > ?",
        (_mark(token), to_text(now - IDLE), to_text(now - LIFE)),
    ).fetchone()
    return Session(person_of(row), from_text(row["seen_at"])) if row else None


def touch_session(db: Database, token: str, now: datetime) -> None:
    """The session is used now."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE sessions SET seen_at = max(seen_at, ?) WHERE token = ?",
            (to_text(now), _mark(token)),
        )


def end_session(db: Database, token: str) -> None:
    """Log out."""
    with transaction(db) as conn:
        conn.execute("DELETE FROM sessions WHERE token = ?", (_mark(token),))


def begin_try(db: Database, client: str, name: str, now: datetime) -> int:
    """Count a try to log in as failed before its password is looked at, so that many at once are
    as slow as one by one. Returns 0, or how many seconds to wait instead of trying."""
    limits = {_pair(client, name): FREE_TRIES, _address(client): FREE_TRIES_OF_ADDRESS}
    with transaction(db) as conn:
        old = to_text(now - FORGOTTEN)
        conn.execute("DELETE FROM login_attempts WHERE free_at < ?", (old,))
        known = {
            row["whom"]: (int(row["failures"]), from_text(row["free_at"]))
            for row in conn.execute(
                "SELECT * FROM login_attempts WHERE whom IN (?, ?)", tuple(limits)
            )
        }
        left = max((free_at - now for _, free_at in known.values()), default=timedelta())
        if left > timedelta():
            return math.ceil(left.total_seconds())
        for whom, free in limits.items():
            failures = known[whom][0] + 1 if whom in known else 1
            conn.execute(
                "INSERT OR REPLACE INTO login_attempts(whom, failures, free_at) VALUES (?, ?, ?)",
                (whom, failures, to_text(now + _wait(failures, free))),
            )
    return 0


def forgive_tries(db: Database, client: str, name: str, now: datetime) -> None:
    """The try succeeded: it and the failures before it, of this name from this address, count no
    more. Those of other names from there do."""
    pair, address = _pair(client, name), _address(client)
    with transaction(db) as conn:
        conn.execute(
            "UPDATE login_attempts SET free_at = ?, failures = failures - coalesce("
            "(SELECT failures FROM login_attempts WHERE whom = ?), 1) WHERE whom = ?",
            (to_text(now), pair, address),
        )
        conn.execute("DELETE FROM login_attempts WHERE whom = ? OR failures < 1", (pair,))


def _wait(failures: int, free: int) -> timedelta:
    if failures < free:
        return timedelta()
    doubled: int = 2 ** min(failures - free, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _mark(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _pair(client: str, name: str) -> str:
    # Of the name only 16 bits: people type passwords there by mistake, and those are not kept.
    mark = sha256(name_key(name).encode("utf-8", "surrogatepass")).hexdigest()[:4]
    return f"{_address(client)} {mark}"


def _address(client: str) -> str:
    """Who a client is: its IPv4 address, or the IPv6 network that one subscriber gets."""
    try:
        found = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client.encode("ascii", "replace").decode("ascii")[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
