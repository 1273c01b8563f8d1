"""One page, many addresses: which row stands for an address, and when two rows are one page.

Everything here runs inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from store.encoding import storable, to_text


def find_page(conn: sqlite3.Connection, url: str) -> int | None:
    """The id of the page at this address, canonical or alias, or None."""
    row = conn.execute(
        "SELECT id FROM pages WHERE url = ?1"
        " UNION ALL SELECT page_id FROM aliases WHERE url = ?1 LIMIT 1",
        (storable(url),),
    ).fetchone()
    return None if row is None else int(row["id"])


def settle(conn: sqlite3.Connection, page_id: int, canonical: str | None, now: datetime) -> int:
    """Give the page the canonical address it names and return the row that stands for it now.

    That is another row if the address is known already: page_id is then gone and its addresses
    are the other row's aliases. A page that has an article keeps its address for good, and an
    address that was an alias stays one, so that two pages naming each other do not swap for ever.
    """
    page = conn.execute("SELECT url, article_id FROM pages WHERE id = ?", (page_id,)).fetchone()
    canonical = None if canonical is None else storable(canonical)
    if canonical is None or canonical == page["url"]:
        return page_id
    known = find_page(conn, canonical)
    if page["article_id"] is not None:
        add_aliases(conn, page_id, [canonical], now)
        return page_id
    if known is None:
        conn.execute("UPDATE pages SET url = ? WHERE id = ?", (canonical, page_id))
        add_aliases(conn, page_id, [page["url"]], now)
        return page_id
    if known != page_id:
        _absorb(conn, known, page_id, now)
    return known


def add_aliases(conn: sqlite3.Connection, page_id: int, urls: Iterable[str], now: datetime) -> None:
    """Remember other addresses of the page. One that has a row of its own (the second part of an
    article, found in a feed) is absorbed, unless it came to an article itself."""
    for url in map(storable, urls):
        known = find_page(conn, url)
        if known is None:
            conn.execute(
                "INSERT INTO aliases(url, page_id, seen_at) VALUES (?, ?, ?)",
                (url, page_id, to_text(now)),
            )
        elif known != page_id and not _has_article(conn, known):
            _absorb(conn, page_id, known, now)


def _absorb(conn: sqlite3.Connection, page_id: int, other: int, now: datetime) -> None:
    conn.execute("UPDATE aliases SET page_id = ? WHERE page_id = ?", (page_id, other))
    conn.execute(
        "INSERT INTO aliases(url, page_id, seen_at) SELECT url, ?, ? FROM pages WHERE id = ?",
        (page_id, to_text(now), other),
    )
    conn.execute("DELETE FROM pages WHERE id = ?", (other,))


def _has_article(conn: sqlite3.Connection, page_id: int) -> bool:
    row = conn.execute("SELECT article_id FROM pages WHERE id = ?", (page_id,)).fetchone()
    return row["article_id"] is not None
