"""The versions of an article as its outlet had them, and what kind of edit made each."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlite_utils import Database

from store.article_rows import content_columns, removals, removed_column
from store.edits import edit_kind, essence
from store.encoding import from_text, storable, to_text
from store.records import Article, Removal

RevisionKind = Literal["first", "text", "title", "cosmetic", "reverted"]


@dataclass(frozen=True, slots=True)
class Edit:
    """How an outlet edited: reverts is the number of the earlier version that is back."""

    kind: RevisionKind
    reverts: int | None = None

    def __str__(self) -> str:
        if self.kind == "reverted":
            return f"back to revision {self.reverts}"
        return {"text": "a changed text", "title": "a changed title"}.get(self.kind, self.kind)


FIRST = Edit("first")


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of an article as the outlet had it at seen_at (aware UTC); numbers count from 1.
    Title and text are as our rules read them, before any person's correction."""

    id: int
    number: int
    seen_at: datetime
    title: str
    text: str
    removed: tuple[Removal, ...]
    edit: Edit


def revisions(db: Database, article_id: int) -> list[Revision]:
    """Every version of the article, the first one first."""
    rows = db.conn.execute(
        "SELECT * FROM revisions WHERE article_id = ? ORDER BY number", (article_id,)
    )
    return [
        Revision(
            id=row["id"],
            number=row["number"],
            seen_at=from_text(row["seen_at"]),
            title=row["title"],
            text=row["text"],
            removed=removals(row["removed"]),
            edit=Edit(row["kind"], row["reverts"]),
        )
        for row in rows
    ]


def edit_of(conn: sqlite3.Connection, article_id: int, article: Article) -> Edit:
    """What kind of edit leads from the latest stored version to this one, which differs."""
    title, text = storable(article.title), storable(article.text)
    latest, *earlier = conn.execute(
        "SELECT number, title, text FROM revisions WHERE article_id = ? ORDER BY number DESC",
        (article_id,),
    ).fetchall()
    kind = edit_kind(latest["title"], latest["text"], title, text)
    if kind not in ("title", "text"):
        return Edit("cosmetic")
    wanted = essence(title), essence(text)
    back = [row for row in earlier if (essence(row["title"]), essence(row["text"])) == wanted]
    if not back:
        return Edit("title" if kind == "title" else "text")
    exact = [row for row in back if (row["title"], row["text"]) == (title, text)]
    return Edit("reverted", (exact or back)[0]["number"])


def add_revision(
    conn: sqlite3.Connection, article_id: int, article: Article, edit: Edit, now: datetime
) -> None:
    """Keep this version under the number that stands on the article, in the caller's
    transaction."""
    content = content_columns(article)
    conn.execute(
        "INSERT INTO revisions(article_id, number, seen_at, title, text, content_sha256, removed,"
        " kind, reverts) SELECT id, revision, ?, ?, ?, ?, ?, ?, ? FROM articles WHERE id = ?",
        (
            to_text(now),
            *content.values(),
            removed_column(article),
            edit.kind,
            edit.reverts,
            article_id,
        ),
    )
