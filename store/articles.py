"""Articles: how a page that was read becomes a new one, a revision or nothing, and how to find
them again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.article_rows import (
    Columns,
    content_columns,
    content_hash,
    date_columns,
    judged_columns,
    removals,
    removed_column,
    stored_articles,
)
from store.database import transaction
from store.encoding import from_text, storable, to_text
from store.filters import NEWEST_FIRST, Filter, conditions, sql_limit
from store.records import Article, Removal, Saved, StoredArticle

# published_source in the order of trust (contract, Article JSON).
TRUST = ("jsonld", "meta", "feed", "page", "url", "dateline", "first_seen")


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of an article as the outlet had it at seen_at (aware UTC); numbers count from 1."""

    id: int
    number: int
    seen_at: datetime
    title: str
    text: str
    removed: tuple[Removal, ...]


def save_article(db: Database, outlet: str, url: str, article: Article, now: datetime) -> Saved:
    """Keep an article under its canonical URL.

    A new URL is a new article; a changed title or text is a new revision; otherwise what we judge
    of it may change quietly. An article that was gone is back. Verdicts are never touched.
    """
    with transaction(db) as conn:
        known = conn.execute(
            "SELECT id, revision, content_sha256, published_source FROM articles WHERE url = ?",
            (storable(url),),
        ).fetchone()
        if known is None:
            saved = Saved("new", _insert(conn, (outlet, storable(url)), article, now))
        else:
            saved = _update(conn, known, article, now)
        if saved.kind != "same":
            _add_revision(conn, saved.article_id, article, now)
        _replace_tags(conn, saved.article_id, article)
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
        )
        for row in rows
    ]


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


def _update(conn: sqlite3.Connection, known: sqlite3.Row, article: Article, now: datetime) -> Saved:
    columns: Columns = judged_columns(article)
    columns |= {"last_seen_at": to_text(now), "gone_at": None}
    # A date never gives way to a less trusted one, and "first seen" is said only once.
    rank = _rank(article.published_source)
    if rank <= _rank(known["published_source"]) and article.published_source != "first_seen":
        columns |= date_columns(article)
    changed = content_hash(article) != known["content_sha256"]
    if changed:
        columns |= content_columns(article) | {"revision": known["revision"] + 1}
    sets = ", ".join(f"{name} = ?" for name in columns)
    conn.execute(f"UPDATE articles SET {sets} WHERE id = ?", (*columns.values(), known["id"]))
    return Saved("revised" if changed else "same", known["id"])


def _rank(source: str) -> int:
    return TRUST.index(source) if source in TRUST else len(TRUST)


def _add_revision(
    conn: sqlite3.Connection, article_id: int, article: Article, now: datetime
) -> None:
    content = content_columns(article)
    conn.execute(
        "INSERT INTO revisions(article_id, number, seen_at, title, text, content_sha256, removed)"
        " SELECT id, revision, ?, ?, ?, ?, ? FROM articles WHERE id = ?",
        (to_text(now), *content.values(), removed_column(article), article_id),
    )


def _replace_tags(conn: sqlite3.Connection, article_id: int, article: Article) -> None:
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
