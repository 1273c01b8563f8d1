"""Tags of people's own: entries of the review log, from which the article's tags follow."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable

from store.encoding import storable

LABEL_CHARS = 60


def labelled(label: str) -> tuple[str, str]:
    """The slug and the label of a tag as a person typed it. ValueError without a letter or
    digit."""
    label = " ".join(storable(label).split())[:LABEL_CHARS]
    slug = "-".join(re.findall(r"\w+", label.casefold()))
    if not slug:
        raise ValueError("an empty tag")
    return slug, label


def entry_of(slug: str, label: str) -> str:
    """The value of a tag's entry in the log."""
    return json.dumps({"slug": slug, "label": label}, ensure_ascii=False)


def slug_of(value: str | None) -> str | None:
    """The slug in the value of a tag's entry; None when the words were redacted."""
    return _said(value)[0]


def label_of(value: str | None) -> str:
    """The label in the value of a tag's entry; of a redacted one what stands there."""
    return _said(value)[1]


def refresh_labels(conn: sqlite3.Connection, article_id: int, slugs: Iterable[str]) -> None:
    """Make the article carry each of these tags if the latest entry about it that stands gives
    it, in the caller's transaction."""
    rows = conn.execute(
        "SELECT reviewer, action, value FROM standing_reviews"
        " WHERE article_id = ? AND action IN ('tag', 'untag') ORDER BY id",
        (article_id,),
    ).fetchall()
    latest = {slug_of(row["value"]): row for row in rows}
    for slug in set(slugs):
        row = latest.get(slug)
        if row is not None and row["action"] == "tag":
            _give(conn, article_id, slug, label_of(row["value"]), row["reviewer"])
        else:
            _take(conn, article_id, slug)


def _give(conn: sqlite3.Connection, article_id: int, slug: str, label: str, by: str) -> None:
    conn.execute(
        "INSERT INTO tags(kind, slug, label) VALUES ('user', ?, ?) ON CONFLICT DO NOTHING",
        (slug, label),
    )
    conn.execute(
        "INSERT INTO article_tags(article_id, tag_id, source, position, evidence)"
        " SELECT ?, id, 'user', (SELECT count(*) FROM article_tags WHERE article_id = ?), ?"
        " FROM tags WHERE kind = 'user' AND slug = ? ON CONFLICT DO NOTHING",
        (article_id, article_id, by, slug),
    )


def _take(conn: sqlite3.Connection, article_id: int, slug: str) -> None:
    conn.execute(
        "DELETE FROM article_tags WHERE article_id = ? AND source = 'user' AND tag_id ="
        " (SELECT id FROM tags WHERE kind = 'user' AND slug = ?)",
        (article_id, slug),
    )


def _said(value: str | None) -> tuple[str | None, str]:
    try:
        said = json.loads(value or "")
        return str(said["slug"]), str(said["label"])
    except (ValueError, TypeError, KeyError):
        return None, value or ""
