"""Saved searches: lists people keep under a name, each an address of the review page."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.encoding import from_text, storable, to_text

NAME_CHARS = 80
MOST = 200


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A list under a name. address is path and query; at is aware UTC."""

    id: int
    name: str
    address: str
    by: str
    at: datetime


def save_search(db: Database, name: str, address: str, by: str, now: datetime) -> SavedSearch:
    """Keep a list under a name. ValueError for an empty name or too many searches, StoreError
    when the name is taken."""
    name = " ".join(storable(name).split())[:NAME_CHARS]
    if not name:
        raise ValueError("a saved search needs a name")
    with transaction(db) as conn:
        if conn.execute("SELECT count(*) FROM saved_searches").fetchone()[0] >= MOST:
            raise ValueError(f"there are {MOST} saved searches; remove one first")
        try:
            conn.execute(
                "INSERT INTO saved_searches(name, address, reviewer, at) VALUES (?, ?, ?, ?)",
                (name, storable(address), storable(by), to_text(now)),
            )
        except sqlite3.IntegrityError as error:
            raise StoreError(f"there is a saved search {name!r} already") from error
    return next(one for one in saved_searches(db) if one.name == name)


def saved_searches(db: Database) -> list[SavedSearch]:
    """All of them, by name."""
    rows = db.conn.execute("SELECT * FROM saved_searches ORDER BY name")
    return [
        SavedSearch(row["id"], row["name"], row["address"], row["reviewer"], from_text(row["at"]))
        for row in rows
    ]


def saved_search(db: Database, search_id: int) -> SavedSearch:
    """One of them. StoreError for an unknown number."""
    for one in saved_searches(db):
        if one.id == search_id:
            return one
    raise StoreError(f"no saved search {search_id}")


def forget_search(db: Database, search_id: int) -> None:
    """Remove it; nothing happens if it is gone already. Alerts made from it stay."""
    with transaction(db) as conn:
        conn.execute("DELETE FROM saved_searches WHERE id = ?", (search_id,))
