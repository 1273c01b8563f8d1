"""What people decided: an append-only log, in which undoing is one more entry."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlite_utils import Database

from store.corrections import FIELDS, refresh
from store.database import StoreError, transaction
from store.encoding import from_text, storable, to_text
from store.labels import refresh_labels, slug_of
from store.records import VERDICTS, Verdict

Action = Literal["verdict", "star", "note", "correct", "tag", "untag", "undo"]

# Entries that no person made: an article reopened because its outlet corrected it.
PROGRAM = "pantau"


@dataclass(frozen=True, slots=True)
class Review:
    """One entry of the log. at is aware UTC; value is the verdict, "1" or "0" for a star, the
    note's words, {"field", "value"} as JSON for a correction, {"slug", "label"} for a tag given or
    taken off, None for an undo; undoes is the entry an undo took back; standing is False for what
    was taken back."""

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


def correct(
    db: Database, article_id: int, field: str, value: str | None, by: str, now: datetime
) -> None:
    """Put a person's value over what was read; it stands until undone. A date is `YYYY-MM-DD` or
    ISO 8601 with an offset; None means there is none.

    Raises StoreError for an unknown article, ValueError for a field that cannot be corrected.
    """
    if field not in FIELDS:
        raise ValueError(f"{field!r} cannot be corrected; one of {', '.join(FIELDS)}")
    said = json.dumps({"field": field, "value": value}, ensure_ascii=False)
    with transaction(db) as conn:
        _append(db, article_id, [("correct", said)], by, now)
        refresh(conn, article_id)


def reopen(conn: sqlite3.Connection, article_id: int, why: str, now: datetime) -> None:
    """Put an article before people again, with the reason as a note, in the caller's transaction:
    no verdict stands until somebody decides anew."""
    row = conn.execute("SELECT verdict FROM articles WHERE id = ?", (article_id,)).fetchone()
    entries: list[tuple[Action, str]] = [("note", why)]
    if row["verdict"] != "new":
        entries.insert(0, ("verdict", "new"))
    _write(conn, article_id, entries, PROGRAM, now)
    conn.execute("UPDATE articles SET reopened_at = ? WHERE id = ?", (to_text(now), article_id))


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
        for article_id in {row["article_id"] for row in undone if row["action"] == "correct"}:
            refresh(conn, article_id)
        for row in undone:
            if row["action"] in ("tag", "untag"):
                refresh_labels(conn, row["article_id"], filter(None, [slug_of(row["value"])]))
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
    with transaction(db) as conn:
        row = conn.execute(
            "SELECT redacted_at FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        if row is None:
            raise StoreError(f"no article {article_id}; `pantau inbox` shows the numbers")
        if row["redacted_at"] is not None:
            raise StoreError(f"article {article_id} was redacted; there is nothing left to judge")
        _write(conn, article_id, entries, by, now)


def _write(
    conn: sqlite3.Connection,
    article_id: int,
    entries: list[tuple[Action, str]],
    by: str,
    now: datetime,
) -> None:
    batch = uuid4().hex if len(entries) > 1 else None
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
