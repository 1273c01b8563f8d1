"""Articles: how a page that was read becomes a new one, a revision or nothing, and how to find
them again."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from sqlite_utils import Database

from store.article_rows import (
    Columns,
    content_columns,
    content_hash,
    date_columns,
    judged_columns,
    stored_articles,
)
from store.corrections import keep_aside
from store.database import transaction
from store.encoding import storable, to_text
from store.filters import NEWEST_FIRST, Filter, conditions, sql_limit
from store.records import Article, Saved, StoredArticle
from store.reviews import reopen
from store.revisions import FIRST, Edit, Revision, add_revision, edit_of, revisions

__all__ = [
    "TRUST",
    "Revision",
    "count_articles",
    "find_by_url",
    "get_article",
    "list_articles",
    "mark_gone",
    "more_trusted",
    "replace_tags",
    "revisions",
    "save_article",
    "write_columns",
]

# published_source in the order of trust (contract, Article JSON).
TRUST = ("jsonld", "meta", "feed", "page", "url", "dateline", "first_seen")


def save_article(db: Database, outlet: str, url: str, article: Article, now: datetime) -> Saved:
    """Keep an article under its canonical URL.

    A new URL is a new article; a changed title or text is a new revision, "cosmetic" when no word
    of it changed (see edits.py); otherwise what we judge of it may change quietly. An article that
    was gone is back. Verdicts are touched by one thing only: when its outlet's edit turns what it
    is about, it is put before people again, with the reason. What a person corrected stands, and
    what a person had redacted does not come back.
    """
    with transaction(db) as conn:
        known = conn.execute(
            "SELECT id, revision, content_sha256, published_source, relevance, redacted_at"
            " FROM articles WHERE url = ?",
            (storable(url),),
        ).fetchone()
        if known is None:
            saved = Saved("new", _insert(conn, (outlet, storable(url)), article, now))
            add_revision(conn, saved.article_id, article, FIRST, now)
        elif known["redacted_at"] is not None:
            return Saved("same", known["id"])
        elif content_hash(article) == known["content_sha256"]:
            saved = Saved("same", known["id"])
            _update(conn, known, article, {}, now)
        else:
            saved = _revise(conn, known, article, now)
        replace_tags(conn, saved.article_id, article)
    return saved


def get_article(db: Database, article_id: int) -> StoredArticle | None:
    """The article with this id, or None."""
    found = stored_articles(db.conn, [article_id])
    return found[0] if found else None


def find_by_url(db: Database, url: str) -> StoredArticle | None:
    """The article at this address: its canonical one, an alias, or the one it was fetched from."""
    row = db.conn.execute(
        "SELECT id FROM articles WHERE url = ?1 UNION ALL"
        " SELECT article_id FROM pages WHERE url = ?1 AND article_id IS NOT NULL UNION ALL"
        " SELECT p.article_id FROM aliases s JOIN pages p ON p.id = s.page_id"
        " WHERE s.url = ?1 AND p.article_id IS NOT NULL LIMIT 1",
        (storable(url),),
    ).fetchone()
    return None if row is None else get_article(db, row["id"])


def list_articles(db: Database, chosen: Filter) -> list[StoredArticle]:
    """The articles the filter lets through, the latest published first."""
    wanted, values = conditions(chosen)
    where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
    rows = db.conn.execute(
        f"SELECT a.id FROM articles a {where} {NEWEST_FIRST}", (*values, sql_limit(chosen))
    )
    return stored_articles(db.conn, [row["id"] for row in rows])


def count_articles(db: Database, chosen: Filter) -> int:
    """How many articles the filter lets through, whatever its limit."""
    wanted, values = conditions(chosen)
    where = f"WHERE {' AND '.join(wanted)}" if wanted else ""
    row = db.conn.execute(f"SELECT count(*) FROM articles a {where}", values).fetchone()
    return int(row[0])


def mark_gone(db: Database, article_id: int, now: datetime) -> None:
    """Note that the outlet took the article away; the article itself stays."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE articles SET gone_at = coalesce(gone_at, ?) WHERE id = ?",
            (to_text(now), article_id),
        )


def _insert(
    conn: sqlite3.Connection, address: tuple[str, str], article: Article, now: datetime
) -> int:
    outlet, url = address
    columns: Columns = {"outlet": outlet, "url": url}
    columns |= content_columns(article) | date_columns(article) | judged_columns(article)
    columns |= {"first_seen_at": to_text(now), "last_seen_at": to_text(now)}
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    cursor = conn.execute(
        f"INSERT INTO articles({names}) VALUES ({marks})", tuple(columns.values())
    )
    return int(cursor.lastrowid or 0)


def _revise(conn: sqlite3.Connection, known: sqlite3.Row, article: Article, now: datetime) -> Saved:
    edit = edit_of(conn, known["id"], article)
    number = known["revision"] + 1
    _update(conn, known, article, content_columns(article) | {"revision": number}, now)
    add_revision(conn, known["id"], article, edit, now)
    if edit.kind == "cosmetic":
        return Saved("cosmetic", known["id"])
    before, after = known["relevance"], article.relevance
    if (before == "about") != (after == "about"):
        reopen(conn, known["id"], _why_again(number, edit, before, after), now)
    return Saved("revised", known["id"])


def _why_again(number: int, edit: Edit, before: str, after: str) -> str:
    return f"Reopened: revision {number} ({edit}) turned it from {before} to {after}."


def _update(
    conn: sqlite3.Connection, known: sqlite3.Row, article: Article, content: Columns, now: datetime
) -> None:
    columns: Columns = judged_columns(article) | content
    columns |= {"last_seen_at": to_text(now), "gone_at": None}
    if more_trusted(article.published_source, known["published_source"]):
        columns |= date_columns(article)
    write_columns(conn, known["id"], columns)


def write_columns(conn: sqlite3.Connection, article_id: int, columns: Columns) -> None:
    """Write what was read of an article, in the caller's transaction; where a person's correction
    stands, it goes beside it."""
    columns = keep_aside(conn, article_id, columns)
    sets = ", ".join(f"{name} = ?" for name in columns)
    conn.execute(f"UPDATE articles SET {sets} WHERE id = ?", (*columns.values(), article_id))


def more_trusted(source: str, known: str) -> bool:
    """Whether a date of that source may replace one of the known source: a date never gives way
    to a less trusted one, and "first seen" is said only once."""
    return source != "first_seen" and _rank(source) <= _rank(known)


def _rank(source: str) -> int:
    return TRUST.index(source) if source in TRUST else len(TRUST)


def replace_tags(conn: sqlite3.Connection, article_id: int, article: Article) -> None:
    """Make the article's tags those of this reading, in the caller's transaction; a person's tags
    stay."""
    conn.execute("DELETE FROM article_tags WHERE article_id = ? AND source = 'rule'", (article_id,))
    for position, tag in enumerate(article.tags):
        kind, slug = storable(tag.kind), storable(tag.slug)
        conn.execute(
            "INSERT INTO tags(kind, slug, label) VALUES (?, ?, ?)"
            " ON CONFLICT(kind, slug) DO UPDATE SET label = excluded.label"
            " WHERE label <> excluded.label",
            (kind, slug, storable(tag.label)),
        )
        conn.execute(
            "INSERT INTO article_tags(article_id, tag_id, position, evidence)"
            " SELECT ?, id, ?, ? FROM tags WHERE kind = ? AND slug = ?"
            " ON CONFLICT DO NOTHING",
            (article_id, position, storable(tag.evidence), kind, slug),
        )
