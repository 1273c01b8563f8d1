"""The people who may open the review page over a network: names, roles, passwords."""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.encoding import from_text, maybe_time, to_text
from store.reviews import PROGRAM

# A reader sees and takes away everything; a reviewer also judges.
Role = Literal["reader", "reviewer"]
ROLES: tuple[Role, ...] = get_args(Role)
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may log in; times are aware UTC."""

    id: int
    name: str
    role: Role
    added_at: datetime
    last_login_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """A person and what is kept of the password."""

    person: Person
    kept: str = field(repr=False)


def tidy_name(name: str) -> str:
    """The name as it is shown. ValueError for one that nobody could be told by: empty, too long,
    with signs that do not show, or the program's own."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(tidy) <= LONGEST_NAME:
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") for char in tidy):
        raise ValueError("a name has no signs that do not show")
    if name_key(tidy) == PROGRAM:
        raise ValueError(f"{PROGRAM!r} is the program's own name")
    return tidy


def name_key(name: str) -> str:
    """The name as it is compared: RINA and Rina are one person."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def people(db: Database) -> list[Person]:
    """Everybody, by name."""
    return [person_of(row) for row in db.conn.execute("SELECT * FROM people ORDER BY key")]


def credential(db: Database, name: str) -> Credential | None:
    """What is needed to check a password; None: nobody has that name."""
    row = db.conn.execute("SELECT * FROM people WHERE key = ?", (name_key(name),)).fetchone()
    return Credential(person_of(row), row["password"]) if row else None


def require_free(db: Database, name: str) -> None:
    """StoreError for a name that somebody has."""
    if credential(db, name) is not None:
        raise StoreError(
            f"there is a {name!r} already; `pantau reviewers password` gives a new password"
        )


def require_person(db: Database, name: str) -> None:
    """StoreError for a name that nobody has."""
    _known(db.conn, name)


def add_person(db: Database, name: str, role: Role, kept: str, now: datetime) -> None:
    """Let somebody log in. kept: what passwords.hashed gave. ValueError for a bad name, StoreError
    for one that is taken."""
    tidy = tidy_name(name)
    with transaction(db) as conn:
        require_free(db, tidy)
        conn.execute(
            "INSERT INTO people(name, key, role, password, added_at) VALUES (?, ?, ?, ?, ?)",
            (tidy, name_key(tidy), role, kept, to_text(now)),
        )


def remove_person(db: Database, name: str) -> None:
    """Let somebody in no more; ends their sessions. What they decided stays, under their name."""
    with transaction(db) as conn:
        conn.execute("DELETE FROM people WHERE id = ?", (_known(conn, name),))


def set_password(db: Database, name: str, kept: str) -> None:
    """Give a new password; ends the person's sessions."""
    with transaction(db) as conn:
        person = _known(conn, name)
        conn.execute("UPDATE people SET password = ? WHERE id = ?", (kept, person))
        _end_sessions(conn, person)


def set_role(db: Database, name: str, role: Role) -> None:
    """Give another role; ends the person's sessions."""
    with transaction(db) as conn:
        person = _known(conn, name)
        conn.execute("UPDATE people SET role = ? WHERE id = ?", (role, person))
        _end_sessions(conn, person)


def upgrade_hash(db: Database, known: Credential, kept: str) -> None:
    """Keep the same password at today's cost, unless it was changed meanwhile."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE people SET password = ? WHERE id = ? AND password = ?",
            (kept, known.person.id, known.kept),
        )


def person_of(row: sqlite3.Row) -> Person:
    """The person of a row that has the columns of people."""
    return Person(
        id=row["id"],
        name=row["name"],
        role=row["role"],
        added_at=from_text(row["added_at"]),
        last_login_at=maybe_time(row["last_login_at"]),
    )


def _known(conn: sqlite3.Connection, name: str) -> int:
    row = conn.execute("SELECT id FROM people WHERE key = ?", (name_key(name),)).fetchone()
    if row is None:
        raise StoreError(f"nobody is called {name[:80]!r}; `pantau reviewers list` names them")
    return int(row["id"])


def _end_sessions(conn: sqlite3.Connection, person: int) -> None:
    conn.execute("DELETE FROM sessions WHERE person = ?", (person,))
