"""What the latest look at an outlet's home page showed: whether its sources leave out what stands
there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.addresses import find_page
from store.database import transaction
from store.encoding import from_text, storable, to_text

KIND = "home"  # of the row among the sources that holds it
DIFFERS = "lists other articles than its sources do"


@dataclass(frozen=True, slots=True)
class Look:
    """The latest look (aware UTC) and how many there were; accused is the address that stands on
    the home page and that no source has named since, found at since; comparable says that home
    and sources list the same as long as all is well."""

    at: datetime
    looks: int
    comparable: bool
    accused: str | None = None
    since: datetime | None = None


def look_of(db: Database, outlet: str) -> Look | None:
    """The latest look at the outlet's home page; None before the first."""
    row = db.conn.execute(
        "SELECT * FROM sources WHERE outlet = ? AND kind = ?", (outlet, KIND)
    ).fetchone()
    if row is None or row["checked_at"] is None:
        return None
    since = None if row["last_ok_at"] is None else from_text(row["last_ok_at"])
    return Look(
        at=from_text(row["checked_at"]),
        looks=row["items"],
        comparable=row["last_error"] is None,
        accused=row["newest_known"],
        since=since,
    )


def keep_look(db: Database, outlet: str, home: str, look: Look) -> None:
    """Remember a look at the outlet's home page."""
    at = to_text(look.at)
    since = None if look.since is None else to_text(look.since)
    accused = None if look.accused is None else storable(look.accused)
    words = None if look.comparable else DIFFERS
    with transaction(db) as conn:
        conn.execute(
            "INSERT INTO sources(outlet, kind, url, found_at, checked_at, items, newest_known,"
            " last_ok_at, last_error) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8)"
            " ON CONFLICT(outlet, url) DO UPDATE SET checked_at = ?4, items = ?5,"
            " newest_known = ?6, last_ok_at = ?7, last_error = ?8 WHERE kind = ?2",
            (outlet, KIND, storable(home), at, look.looks, accused, since, words),
        )


def is_source(db: Database, outlet: str, home: str) -> bool:
    """Whether the outlet's home page is one of its sources itself."""
    row = db.conn.execute(
        "SELECT EXISTS (SELECT 1 FROM sources WHERE outlet = ? AND url = ? AND kind <> ?)",
        (outlet, home, KIND),
    ).fetchone()
    return bool(row[0])


def unknown(db: Database, urls: Collection[str]) -> list[str]:
    """Those of the addresses that lead to no page that is known, in their order."""
    return [url for url in urls if find_page(db.conn, url) is None]


def names_since(db: Database, urls: Collection[str], since: datetime) -> bool:
    """Whether one of the addresses is of a page that was found then or later."""
    at = to_text(since)
    for url in urls:
        page = find_page(db.conn, url)
        if page is None:
            return True
        found = db.conn.execute("SELECT discovered_at FROM pages WHERE id = ?", (page,)).fetchone()
        if found["discovered_at"] >= at:
            return True
    return False
