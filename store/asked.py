"""Pages a person asks for by their address: taken for one visit, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.addresses import find_page
from store.database import transaction
from store.encoding import to_text
from store.frontier import discover, leased_page
from store.records import Candidate, LeasedPage

LEASE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PageRow:
    """How a page rests: its canonical address, its outlet, the contract's word for its last visit
    (None: never visited), what went wrong then, its article, and what its source said of it."""

    url: str
    outlet: str
    state: str
    ending: str | None
    error: str | None
    article_id: int | None
    hint_title: str | None


def lease_page(
    db: Database, outlet: str, wanted: Candidate, run_id: int, now: datetime
) -> LeasedPage | None:
    """Take this page, whatever its state, to be fetched in full from the address that was given;
    one that is unknown is put into the frontier first. None when another process is at it."""
    with transaction(db) as conn:
        discover(db, outlet, [wanted], now)
        page_id = find_page(conn, wanted.url) or find_page(conn, wanted.fetch_url)
        cursor = conn.execute(
            "UPDATE pages SET state = 'leased', lease_until = ?, lease_run = ? WHERE id = ?"
            " AND (state <> 'leased' OR lease_until <= ?)",
            (to_text(now + LEASE), run_id, page_id, to_text(now)),
        )
        if not cursor.rowcount:
            return None
        row = conn.execute("SELECT * FROM pages WHERE id = ?", (page_id,)).fetchone()
    return replace(leased_page(row, fresh=False), fetch_url=wanted.fetch_url)


def page_at(db: Database, url: str) -> PageRow | None:
    """The page at this address, canonical or alias, or None."""
    page_id = find_page(db.conn, url)
    if page_id is None:
        return None
    row = db.conn.execute("SELECT * FROM pages WHERE id = ?", (page_id,)).fetchone()
    return PageRow(
        url=row["url"],
        outlet=row["outlet"],
        state=row["state"],
        ending=row["ending"],
        error=row["last_error"],
        article_id=row["article_id"],
        hint_title=row["hint_title"],
    )
