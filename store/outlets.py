"""The outlets the database knows, whether they are switched on, and when each is due."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.encoding import maybe_text, maybe_time, to_text
from store.records import OutletRow


def sync_outlets(db: Database, rows: Iterable[OutletRow], now: datetime) -> None:
    """Write the catalogue's outlets. Outlets that are not among rows stay as they are, and so
    does what a person switched on or off and when an outlet is due."""
    at = to_text(now)
    with transaction(db) as conn:
        conn.executemany(
            "INSERT INTO outlets(slug, name, home, family, province, zone, enabled, tls,"
            " created_at, listed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT(slug) DO UPDATE SET name = excluded.name, home = excluded.home,"
            " family = excluded.family, province = excluded.province, zone = excluded.zone,"
            " enabled = excluded.enabled, tls = excluded.tls, listed_at = excluded.listed_at",
            [
                (
                    r.slug,
                    r.name,
                    r.home,
                    r.family,
                    r.province,
                    r.zone,
                    int(r.enabled),
                    r.tls,
                    at,
                    at,
                )
                for r in rows
            ],
        )


def list_outlets(db: Database) -> list[OutletRow]:
    """Every outlet the database knows, by slug; enabled is a person's word if there is one, the
    catalogue's otherwise."""
    rows = db.conn.execute(
        "SELECT slug, name, home, family, province, zone, tls,"
        " coalesce(switched, enabled) AS enabled FROM outlets ORDER BY slug"
    )
    return [_outlet(row) for row in rows]


def switch_outlet(db: Database, slug: str, enabled: bool) -> None:
    """Switch an outlet on or off, over what the catalogue says. StoreError for an unknown slug."""
    _update(db, "UPDATE outlets SET switched = ? WHERE slug = ?", int(enabled), slug)


def next_run_at(db: Database, slug: str) -> datetime | None:
    """When the outlet is due (aware UTC); None: never scheduled, so at once."""
    row = db.conn.execute("SELECT next_run_at FROM outlets WHERE slug = ?", (slug,)).fetchone()
    if row is None:
        raise StoreError(f"no outlet {slug!r} in the database; `pantau outlets list` names them")
    return maybe_time(row["next_run_at"])


def set_next_run(db: Database, slug: str, at: datetime | None) -> None:
    """Remember when the outlet is due, across restarts. StoreError for an unknown slug."""
    _update(db, "UPDATE outlets SET next_run_at = ? WHERE slug = ?", maybe_text(at), slug)


def _update(db: Database, sql: str, value: int | str | None, slug: str) -> None:
    with transaction(db) as conn:
        if conn.execute(sql, (value, slug)).rowcount == 0:
            known = "`pantau outlets list` names them"
            raise StoreError(f"no outlet {slug!r} in the database; {known}")


def _outlet(row: sqlite3.Row) -> OutletRow:
    return OutletRow(
        slug=row["slug"],
        name=row["name"],
        home=row["home"],
        family=row["family"],
        province=row["province"],
        zone=row["zone"],
        enabled=bool(row["enabled"]),
        tls=row["tls"],
    )
