"""Gaps between two polls of a source: what may have been missed, and how far it was looked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlite_utils import Database

from store.addresses import find_page
from store.database import transaction
from store.encoding import from_text, maybe_text, maybe_time, storable, to_json, to_text
from store.gap_records import OlderPage
from store.records import Candidate

Reason = Literal["gap", "since"]
Standing = Literal["before", "since", "unknown"]
REACHED = ("known_ground", "date")


@dataclass(frozen=True, slots=True)
class Gap:
    """A walk back through a source's older pages. reason: "gap" when none of its entries was
    known, "since" when a person asked. until: the outlet's local day before which nothing is
    missing; pending: pages still to ask, next first; items: entries named; ended: None while it
    goes on, else known_ground, date (both: reached), end, repeats, refused, no_paging, failed,
    given_up, budget. opened_at and closed_at are aware UTC."""

    id: int
    outlet: str
    source_id: int
    reason: Reason
    opened_at: datetime
    until: date | None
    pending: tuple[OlderPage, ...] = ()
    pages: int = 0
    items: int = 0
    new: int = 0
    failures: int = 0
    ended: str | None = None
    closed_at: datetime | None = None

    @property
    def reached(self) -> bool:
        """Whether nothing is missing any more."""
        return self.ended in REACHED


def open_gap(db: Database, gap: Gap) -> Gap:
    """Record a gap that was noticed; its id is given here."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "INSERT INTO gaps(outlet, source_id, reason, opened_at, until, pending)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                gap.outlet,
                gap.source_id,
                gap.reason,
                to_text(gap.opened_at),
                gap.until and gap.until.isoformat(),
                _packed(gap.pending),
            ),
        )
    return replace(gap, id=int(cursor.lastrowid or 0))


def save_gap(db: Database, gap: Gap) -> None:
    """Write how far a walk has come."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE gaps SET pending = ?, pages = ?, items = ?, new = ?, failures = ?, ended = ?,"
            " closed_at = ? WHERE id = ?",
            (
                _packed(gap.pending),
                gap.pages,
                gap.items,
                gap.new,
                gap.failures,
                gap.ended,
                maybe_text(gap.closed_at),
                gap.id,
            ),
        )


def open_gaps(db: Database, outlet: str) -> list[Gap]:
    """The outlet's gaps that are not closed, oldest first."""
    return _read(db, "outlet = ? AND ended IS NULL ORDER BY id", outlet)


def latest_gaps(db: Database, outlet: str, limit: int = 10) -> list[Gap]:
    """The outlet's latest gaps, newest first."""
    return _read(db, f"outlet = ? ORDER BY id DESC LIMIT {limit:d}", outlet)


def standings(db: Database, candidates: Sequence[Candidate], moment: datetime) -> list[Standing]:
    """Of each candidate: known from before the moment, first found since, or unknown."""
    at = to_text(moment)
    found: list[Standing] = []
    for candidate in candidates:
        page = find_page(db.conn, candidate.url) or find_page(db.conn, candidate.fetch_url)
        if page is None:
            found.append("unknown")
            continue
        row = db.conn.execute("SELECT discovered_at FROM pages WHERE id = ?", (page,)).fetchone()
        found.append("before" if row["discovered_at"] < at else "since")
    return found


def said_date(db: Database, url: str | None) -> str | None:
    """The raw date a source gave for the page at this address, if it is known and had one."""
    page_id = None if url is None else find_page(db.conn, url)
    row = db.conn.execute("SELECT hint_published FROM pages WHERE id = ?", (page_id,)).fetchone()
    return None if row is None else row["hint_published"]


def _packed(pages: Sequence[OlderPage]) -> str:
    return to_json([[p.kind, storable(p.url), p.number, storable(p.base)] for p in pages])


def _read(db: Database, where: str, outlet: str) -> list[Gap]:
    rows = db.conn.execute(f"SELECT * FROM gaps WHERE {where}", (outlet,)).fetchall()
    return [_gap(row) for row in rows]


def _gap(row: sqlite3.Row) -> Gap:
    return Gap(
        id=row["id"],
        outlet=row["outlet"],
        source_id=row["source_id"],
        reason=row["reason"],
        opened_at=from_text(row["opened_at"]),
        until=None if row["until"] is None else date.fromisoformat(row["until"]),
        pending=tuple(OlderPage(*page) for page in json.loads(row["pending"])),
        pages=row["pages"],
        items=row["items"],
        new=row["new"],
        failures=row["failures"],
        ended=row["ended"],
        closed_at=maybe_time(row["closed_at"]),
    )
