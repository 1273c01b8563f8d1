"""The outlets the database knows, whether they are switched on or paused, and when each is due."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.encoding import from_text, maybe_storable, maybe_text, maybe_time, storable, to_text
from store.records import OutletRow


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of an outlet: who, and since when or until when it stands (aware UTC)."""

    by: str
    at: datetime


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


def switch_outlet(
    db: Database, slug: str, enabled: bool, by: str | None = None, at: datetime | None = None
) -> None:
    """Switch an outlet on or off, over what the catalogue says; by and at say who did, and when.
    StoreError for an unknown slug."""
    with transaction(db):
        _update(db, "UPDATE outlets SET switched = ? WHERE slug = ?", int(enabled), slug)
        _update(db, "UPDATE outlets SET switched_by = ? WHERE slug = ?", maybe_storable(by), slug)
        _update(db, "UPDATE outlets SET switched_at = ? WHERE slug = ?", maybe_text(at), slug)


def switched(db: Database) -> dict[str, Said]:
    """Who switched an outlet on or off last, and when, by slug; only what was said with a name."""
    rows = db.conn.execute(
        "SELECT slug, switched_by, switched_at FROM outlets"
        " WHERE switched IS NOT NULL AND switched_by IS NOT NULL AND switched_at IS NOT NULL"
    )
    return {r["slug"]: Said(r["switched_by"], from_text(r["switched_at"])) for r in rows}


def pause_outlet(db: Database, slug: str, until: datetime | None, by: str) -> None:
    """Let the outlet not be crawled before until (aware); None: it may be again. StoreError for an
    unknown slug."""
    with transaction(db):
        _update(db, "UPDATE outlets SET paused_until = ? WHERE slug = ?", maybe_text(until), slug)
        _update(db, "UPDATE outlets SET paused_by = ? WHERE slug = ?", storable(by), slug)


def paused(db: Database, now: datetime) -> dict[str, Said]:
    """The outlets a person paused: by whom, and until when (at), by slug."""
    rows = db.conn.execute(
        "SELECT slug, paused_by, paused_until FROM outlets WHERE paused_until > ?", (to_text(now),)
    )
    return {r["slug"]: Said(r["paused_by"] or "", from_text(r["paused_until"])) for r in rows}


def active(db: Database, now: datetime) -> set[str]:
    """The slugs of the outlets that are switched on and not paused."""
    resting = paused(db, now)
    return {row.slug for row in list_outlets(db) if row.enabled and row.slug not in resting}


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
