"""Deciding on many articles in one step, sent twice without harm, and labels people give."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.encoding import storable, to_json, to_text
from store.labels import entry_of, labelled, refresh_labels
from store.records import VERDICTS, Verdict

MOST_AT_ONCE = 1000


def decide_all(
    db: Database,
    article_ids: Collection[int],
    verdict: Verdict,
    by: str,
    now: datetime,
    *,
    batch: str | None = None,
) -> int:
    """Record one verdict on all these articles as one step, which one undo takes back.

    batch names the step: a step that was kept before is not kept twice, so a reader that never
    saw the answer may send it again. Returns how many articles were decided now; redacted ones
    are passed over. Raises StoreError for an unknown article, ValueError for a word that is no
    verdict or too many articles.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"{verdict!r} is no verdict; one of {', '.join(VERDICTS)}")
    return _keep(db, article_ids, ("verdict", verdict), by, now, batch)


def star_once(
    db: Database, article_id: int, starred: bool, by: str, now: datetime, batch: str | None
) -> int:
    """reviews.star as a named step, which may be sent twice."""
    return _keep(db, [article_id], ("star", str(int(starred))), by, now, batch)


def note_once(
    db: Database, article_id: int, text: str, by: str, now: datetime, batch: str | None
) -> int:
    """reviews.note as a named step, which may be sent twice. ValueError for an empty note."""
    if not text.strip():
        raise ValueError("an empty note")
    return _keep(db, [article_id], ("note", text.strip()), by, now, batch)


def articles_of_step(db: Database, review_id: int) -> tuple[int, ...]:
    """The articles of the step that an entry of the log belongs to."""
    rows = db.conn.execute(
        "SELECT DISTINCT article_id FROM reviews WHERE id = ?1 OR batch ="
        " (SELECT batch FROM reviews WHERE id = ?1) ORDER BY article_id",
        (review_id,),
    )
    return tuple(row["article_id"] for row in rows)


def add_label(
    db: Database, article_id: int, label: str, by: str, now: datetime, batch: str | None = None
) -> None:
    """Give an article a tag of a person's own (kind `user`; the evidence is the person's name), as
    a named step, which may be sent twice and can be undone.

    ValueError for a label without a letter or digit, StoreError for an unknown article.
    """
    slug, label = labelled(label)
    with transaction(db) as conn:
        _keep(db, [article_id], ("tag", entry_of(slug, label)), by, now, batch)
        refresh_labels(conn, article_id, [slug])


def remove_label(
    db: Database, article_id: int, slug: str, by: str, now: datetime, batch: str | None = None
) -> None:
    """Take a person's tag off an article; nothing happens if it has none of that name. Can be
    undone; StoreError for an unknown article."""
    with transaction(db) as conn:
        row = conn.execute(
            "SELECT t.label FROM article_tags a JOIN tags t ON t.id = a.tag_id"
            " WHERE a.article_id = ? AND a.source = 'user' AND t.kind = 'user' AND t.slug = ?",
            (article_id, storable(slug)),
        ).fetchone()
        if row is None:
            _check(conn, {article_id})
            return
        _keep(db, [article_id], ("untag", entry_of(slug, row["label"])), by, now, batch)
        refresh_labels(conn, article_id, [slug])


def _keep(
    db: Database,
    article_ids: Collection[int],
    entry: tuple[str, str],
    by: str,
    now: datetime,
    batch: str | None,
) -> int:
    ids = set(article_ids)
    if len(ids) > MOST_AT_ONCE:
        raise ValueError(f"more than {MOST_AT_ONCE} articles at once")
    step = storable(batch) if batch else uuid4().hex
    with transaction(db) as conn:
        if _kept(conn, ids, step):
            return 0
        standing = _check(conn, ids)
        conn.executemany(
            "INSERT INTO reviews(article_id, reviewer, at, action, value, batch)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (one, storable(by), to_text(now), entry[0], storable(entry[1]), step)
                for one in sorted(standing)
            ],
        )
    return len(standing)


def _kept(conn: sqlite3.Connection, ids: set[int], step: str) -> bool:
    # By article, which has an index; a step is kept whole or not at all.
    row = conn.execute(
        "SELECT 1 FROM reviews WHERE article_id IN (SELECT value FROM json_each(?))"
        " AND batch = ? LIMIT 1",
        (to_json(sorted(ids)), step),
    ).fetchone()
    return row is not None


def _check(conn: sqlite3.Connection, ids: set[int]) -> set[int]:
    """Those of the articles that can be judged."""
    rows = conn.execute(
        "SELECT id, redacted_at FROM articles WHERE id IN (SELECT value FROM json_each(?))",
        (to_json(sorted(ids)),),
    ).fetchall()
    unknown = ids - {row["id"] for row in rows}
    if unknown:
        raise StoreError(f"no article {min(unknown)}; `pantau inbox` shows the numbers")
    return {row["id"] for row in rows if row["redacted_at"] is None}
