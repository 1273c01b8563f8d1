"""Obeying a lawful order to remove a text: the words leave the file, an entry saying so stays."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.copies import place
from store.database import StoreError, transaction
from store.encoding import from_text, storable, to_text

GONE = "[redacted]"

# What held words of the article, emptied. Its address stays, in the entry and in the frontier, so
# that a later crawl knows it; relevance, score, region and verdict name nobody and stay too.
STATEMENTS = (
    "UPDATE articles SET title = :gone, text = '', content_sha256 = '', reasons = '[]',"
    " removed = '[]', byline = NULL, place = NULL, date_conflict = NULL, redacted_at = :at"
    " WHERE id = :id",
    "DELETE FROM machine_values WHERE article_id = :id",
    "UPDATE revisions SET title = :gone, text = '', content_sha256 = '', removed = '[]'"
    " WHERE article_id = :id",
    "DELETE FROM snapshots WHERE page_id IN (SELECT id FROM pages WHERE article_id = :id)"
    " OR revision_id IN (SELECT id FROM revisions WHERE article_id = :id)",
    "DELETE FROM article_tags WHERE article_id = :id",
    "DELETE FROM tags WHERE NOT EXISTS (SELECT 1 FROM article_tags t WHERE t.tag_id = tags.id)",
    "DELETE FROM rescored WHERE kind = 'article' AND id = :id",
    "UPDATE reviews SET value = :gone WHERE article_id = :id"
    " AND action IN ('note', 'correct', 'tag', 'untag')",
    "UPDATE pages SET state = 'refused', next_check_at = NULL, not_before = NULL,"
    " hint_title = NULL, hint_published = NULL, hint_summary = NULL,"
    " hint_content = NULL, etag = NULL,"
    " last_modified = NULL, body_sha256 = NULL, last_error = 'redacted by order'"
    " WHERE article_id = :id",
    # A case that only this article told of goes with it.
    "UPDATE case_evidence SET quote = '' WHERE article_id = :id",
    "DELETE FROM case_terms WHERE case_id IN (SELECT case_id FROM case_evidence"
    " GROUP BY case_id HAVING max(article_id IS NOT :id) = 0)",
    "UPDATE cases SET name = :gone, slug = 'redacted-' || id,"
    " status = iif(status = 'merged', status, 'ended') WHERE id IN (SELECT case_id"
    " FROM case_evidence GROUP BY case_id HAVING max(article_id IS NOT :id) = 0)",
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """The entry that stays of a removed text. at is aware UTC."""

    article_id: int
    url: str
    outlet: str
    at: datetime
    by: str
    reason: str


def redact(db: Database, article_id: int, by: str, reason: str, now: datetime) -> Redaction:
    """Empty the article, its revisions, snapshots, tags, notes and fingerprints, and keep an
    entry of it, in one transaction; once more on a redacted article, the entry that stands.

    The words are out of the tables then, but not yet out of the file: see scrub. Raises
    StoreError for an unknown article.
    """
    # Bytes of rows that are deleted are overwritten; it cannot be switched inside a transaction
    # that has begun to write.
    db.conn.execute("PRAGMA secure_delete = ON")
    with transaction(db) as conn:
        row = conn.execute(
            "SELECT url, outlet FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if row is None:
            raise StoreError(f"no article {article_id}; `pantau inbox` shows the numbers")
        if (standing := redaction(db, article_id)) is not None:
            return standing
        place(db, article_id, (), ())
        entry = Redaction(
            article_id, row["url"], row["outlet"], now, storable(by), storable(reason)
        )
        conn.execute(
            "INSERT INTO redactions(article_id, url, outlet, at, reviewer, reason)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (article_id, entry.url, entry.outlet, to_text(now), entry.by, entry.reason),
        )
        for statement in STATEMENTS:
            conn.execute(statement, {"id": article_id, "gone": GONE, "at": to_text(now)})
        conn.execute("DELETE FROM unplaced WHERE article_id = ?", (article_id,))
    return entry


def scrub(db: Database) -> None:
    """Rebuild the search index and the file without what was deleted from them, and empty the
    write-ahead log: only then no byte of a removed text is left. It takes as long as copying the
    file, and as much free space.

    Raises StoreError when another process keeps the file busy; nothing is lost, do it again.
    """
    conn = db.conn
    try:
        with transaction(db):
            conn.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
        conn.execute("PRAGMA temp_store = FILE")
        conn.execute("VACUUM")
        busy = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except (sqlite3.OperationalError, StoreError) as error:
        raise StoreError(_again(str(error))) from error
    finally:
        conn.execute("PRAGMA temp_store = MEMORY")
    if busy:
        raise StoreError(_again("another process is reading it"))


def redaction(db: Database, article_id: int) -> Redaction | None:
    """The entry of a removed text, or None."""
    row = db.conn.execute("SELECT * FROM redactions WHERE article_id = ?", (article_id,)).fetchone()
    if row is None:
        return None
    return Redaction(
        article_id=row["article_id"],
        url=row["url"],
        outlet=row["outlet"],
        at=from_text(row["at"]),
        by=row["reviewer"],
        reason=row["reason"],
    )


def _again(why: str) -> str:
    return (
        f"the text is removed, but the file could not be rebuilt without it ({why});"
        " stop `pantau watch` and run the same command again"
    )
