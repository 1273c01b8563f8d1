"""What people decided: an append-only log, in which undoing is one more entry."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlite_utils import Database

from store.database import StoreError, transaction
from store.encoding import from_text, storable, to_text
from store.records import VERDICTS, Verdict

Action = Literal["verdict", "star", "note", "undo"]


@dataclass(frozen=True, slots=True)
class Review:
    """One entry of the log. at is aware UTC; value is the verdict, "1" or "0" for a star, the
    note's words, None for an undo; undoes is the entry an undo took back; standing is False for
    what was taken back."""

    id: int
    article_id: int
    by: str
    at: datetime
    action: Action
    value: str | None
    undoes: int | None
    standing: bool


def decide(
    db: Database, article_id: int, verdict: Verdict, by: str, note: str | None, now: datetime
) -> None:
    """Record a verdict, and a note with it if there is one; both are undone together.

    Raises StoreError for an unknown article, ValueError for a word that is no verdict.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"{verdict!r} is no verdict; one of {', '.join(VERDICTS)}")
    entries: list[tuple[Action, str]] = [("verdict", verdict)]
    if note and note.strip():
        entries.append(("note", note.strip()))
    _append(db, article_id, entries, by, now)


def star(db: Database, article_id: int, starred: bool, by: str, now: datetime) -> None:
    """Mark an article to be found again, or unmark it. StoreError for an unknown article."""
    _append(db, article_id, [("star", str(int(starred)))], by, now)


def note(db: Database, article_id: int, text: str, by: str, now: datetime) -> None:
    """Add a note. StoreError for an unknown article, ValueError for an empty note."""
    if not text.strip():
        raise ValueError("an empty note")
    _append(db, article_id, [("note", text.strip())], by, now)


def undo(db: Database, by: str, now: datetime) -> Review | None:
    """Take back the person's latest entry that stands, and the next older one when called again.

    Returns what was taken back (of a verdict with a note, the verdict); None if nothing is left.
    What another person decided since stays: their verdict stands.
    """
    with transaction(db) as conn:
        latest = conn.execute(
            "SELECT id, batch FROM standing_reviews WHERE reviewer = ? ORDER BY id DESC LIMIT 1",
            (storable(by),),
        ).fetchone()
        if latest is None:
            return None
        undone = conn.execute(
            "SELECT * FROM standing_reviews WHERE reviewer = ? AND (id = ? OR batch = ?)"
            " ORDER BY id",
            (storable(by), latest["id"], latest["batch"]),
        ).fetchall()
        conn.executemany(
            "INSERT INTO reviews(article_id, reviewer, at, action, undoes)"
            " VALUES (?, ?, ?, 'undo', ?)",
            [(row["article_id"], storable(by), to_text(now), row["id"]) for row in undone],
        )
    return _review(undone[0], standing=False)


def history(db: Database, article_id: int) -> list[Review]:
    """Everything people did with the article, the first entry first."""
    rows = db.conn.execute(
        "SELECT r.*, EXISTS (SELECT 1 FROM reviews u WHERE u.undoes = r.id) AS undone"
        " FROM reviews r WHERE article_id = ? ORDER BY id",
        (article_id,),
    )
    return [_review(row, standing=not row["undone"]) for row in rows]


def conflicting(db: Database, article_id: int) -> tuple[Review, ...]:
    """Each person's latest standing verdict, oldest first, if two people disagree; else nothing.

    The latest stands (contract, Article JSON); back to `new` is no opinion.
    """
    rows = db.conn.execute(
        "SELECT * FROM standing_reviews WHERE article_id = ?1 AND action = 'verdict' AND id IN"
        " (SELECT max(id) FROM standing_reviews WHERE article_id = ?1 AND action = 'verdict'"
        " GROUP BY reviewer) AND value <> 'new' ORDER BY id",
        (article_id,),
    ).fetchall()
    if len({row["value"] for row in rows}) < 2:
        return ()
    return tuple(_review(row, standing=True) for row in rows)


def _append(
    db: Database, article_id: int, entries: list[tuple[Action, str]], by: str, now: datetime
) -> None:
    batch = uuid4().hex if len(entries) > 1 else None
    with transaction(db) as conn:
        if conn.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is None:
            raise StoreError(f"no article {article_id}; `pantau inbox` shows the numbers")
        conn.executemany(
            "INSERT INTO reviews(article_id, reviewer, at, action, value, batch)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (article_id, storable(by), to_text(now), action, storable(value), batch)
                for action, value in entries
            ],
        )


def _review(row: sqlite3.Row, standing: bool) -> Review:
    return Review(
        id=row["id"],
        article_id=row["article_id"],
        by=row["reviewer"],
        at=from_text(row["at"]),
        action=row["action"],
        value=row["value"],
        undoes=row["undoes"],
        standing=standing,
    )
