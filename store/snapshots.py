"""Pages as they were fetched, compressed, so that they can be read again after a rule changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

import zstandard
from sqlite_utils import Database

from store.database import transaction
from store.encoding import from_text, to_text
from store.snapshot_parts import PagePart, parts_of

# Contract, Frontier: what the settings start from.
ARTICLE_DAYS = 90
OTHER_DAYS = 7


def compress(page: bytes) -> bytes:
    """The page as a zstd frame that names its own length."""
    return zstandard.ZstdCompressor(level=6).compress(page)


def keep_snapshot(
    conn: sqlite3.Connection, page_id: int, revision_id: int | None, packed: bytes, now: datetime
) -> None:
    """Write a compressed page inside the caller's transaction: one for each revision of an
    article, and only the last one for a page that is none (revision_id None). Of an article that
    a person had redacted nothing is written."""
    redacted = conn.execute(
        "SELECT 1 FROM pages p JOIN redactions r ON r.article_id = p.article_id WHERE p.id = ?",
        (page_id,),
    ).fetchone()
    if redacted is not None:
        return
    if revision_id is None:
        conn.execute("DELETE FROM snapshots WHERE page_id = ? AND revision_id IS NULL", (page_id,))
    conn.execute(
        "INSERT INTO snapshots(page_id, revision_id, taken_at, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(revision_id) DO UPDATE SET body = excluded.body",
        (page_id, revision_id, to_text(now), packed),
    )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The page, in its parts, of which a revision was read; fetched at taken_at (aware UTC)."""

    revision: int
    taken_at: datetime
    parts: tuple[PagePart, ...]


def snapshots_of(db: Database, article_id: int) -> list[Snapshot]:
    """The snapshots that are still kept of an article, one a revision, the first one first."""
    rows = db.conn.execute(
        "SELECT r.number, s.taken_at, s.body, p.url FROM revisions r"
        " JOIN snapshots s ON s.revision_id = r.id JOIN pages p ON p.id = s.page_id"
        " WHERE r.article_id = ? ORDER BY r.number",
        (article_id,),
    )
    unpacker = zstandard.ZstdDecompressor()
    return [
        Snapshot(
            row["number"],
            from_text(row["taken_at"]),
            parts_of(unpacker.decompress(row["body"]), row["url"]),
        )
        for row in rows
    ]


def read_page_snapshot(db: Database, url: str) -> bytes | None:
    """The page as last fetched from this canonical URL, article or not, or None."""
    row = db.conn.execute(
        "SELECT s.body FROM snapshots s JOIN pages p ON p.id = s.page_id"
        " WHERE p.url = ? ORDER BY s.id DESC LIMIT 1",
        (url,),
    ).fetchone()
    return None if row is None else zstandard.ZstdDecompressor().decompress(row["body"])


def prune_snapshots(
    db: Database,
    now: datetime,
    article_days: float = ARTICLE_DAYS,
    other_days: float = OTHER_DAYS,
) -> int:
    """Drop snapshots that are older than that many days; returns how many."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "DELETE FROM snapshots"
            " WHERE taken_at < CASE WHEN revision_id IS NULL THEN ? ELSE ? END",
            (
                to_text(now - timedelta(days=other_days)),
                to_text(now - timedelta(days=article_days)),
            ),
        )
    return cursor.rowcount
