"""Whether the database holds what it should: each check finds its own kind of damage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from store.database import transaction
from store.encoding import to_text
from store.later_migrations import migrations


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong and what to do about it. kind: integrity search schema keys leases
    verdicts articles."""

    kind: str
    message: str
    remedy: str


def check(db: Database, now: datetime) -> list[Problem]:
    """Everything that is wrong with the database; an empty list is good news. Needs a connection
    that may write, because FTS5 is asked about itself by an INSERT (it changes nothing)."""
    conn = db.conn
    return [
        *_integrity(conn),
        *_keys(conn),
        *_schema(conn),
        *_search(db),
        *_leases(conn, now),
        *_verdicts(conn),
        *_articles(conn),
    ]


def _integrity(conn: sqlite3.Connection) -> Iterator[Problem]:
    for row in conn.execute("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield Problem("integrity", row[0], "restore a backup: `pantau restore FILE`")


def _keys(conn: sqlite3.Connection) -> Iterator[Problem]:
    for row in conn.execute("PRAGMA foreign_key_check"):
        message = f"row {row[1]} of {row[0]} points to a row of {row[2]} that is not there"
        yield Problem("keys", message, "restore a backup: `pantau restore FILE`")


def _schema(conn: sqlite3.Connection) -> Iterator[Problem]:
    # What a fresh file has, this one must have: transform() in another tool drops triggers.
    fresh = Database(memory=True)
    try:
        migrations.apply(fresh)
        expected = _schema_names(fresh.conn)
    finally:
        fresh.close()
    for kind, name in sorted(expected - _schema_names(conn)):
        remedy = "export what you need and start a fresh file, or restore a backup"
        yield Problem("schema", f"the {kind} {name} is missing", remedy)


def _schema_names(conn: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = conn.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {(row[0], row[1]) for row in rows}


def _search(db: Database) -> Iterator[Problem]:
    try:
        with transaction(db) as conn:
            conn.execute(
                "INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)"
            )
    except sqlite3.DatabaseError as error:
        remedy = "sqlite-utils rebuild-fts FILE articles"
        yield Problem("search", f"the search index does not match the articles ({error})", remedy)


def _leases(conn: sqlite3.Connection, now: datetime) -> Iterator[Problem]:
    row = conn.execute(
        "SELECT count(*) FROM pages WHERE state = 'leased'"
        " AND (lease_until IS NULL OR lease_until <= ?)",
        (to_text(now),),
    ).fetchone()
    if row[0]:
        message = f"{row[0]} pages are held by a crawl that ended without giving them back"
        yield Problem("leases", message, "the next `pantau crawl` takes them back")


def _verdicts(conn: sqlite3.Connection) -> Iterator[Problem]:
    rows = conn.execute(
        "SELECT a.id, a.verdict, s.verdict AS logged FROM articles a"
        " JOIN review_state s ON s.article_id = a.id"
        " WHERE a.verdict <> s.verdict OR a.starred <> s.starred LIMIT 20"
    )
    for row in rows:
        message = f"article {row['id']} says {row['verdict']}, its review log {row['logged']}"
        yield Problem("verdicts", message, "decide it again: `pantau decide ID VERDICT`")


def _articles(conn: sqlite3.Connection) -> Iterator[Problem]:
    rows = conn.execute(
        "SELECT a.id FROM articles a WHERE a.revision <>"
        " (SELECT count(*) FROM revisions r WHERE r.article_id = a.id)"
        " OR a.content_sha256 IS NOT (SELECT r.content_sha256 FROM revisions r"
        " WHERE r.article_id = a.id ORDER BY r.number DESC LIMIT 1) LIMIT 20"
    )
    for row in rows:
        message = f"article {row['id']} and its revisions do not agree"
        yield Problem("articles", message, "restore a backup: `pantau restore FILE`")
    for row in conn.execute(
        "SELECT url FROM pages WHERE ending = 'article' AND state = 'done'"
        " AND article_id IS NULL LIMIT 20"
    ):
        message = f"{row['url']} ended as an article and has none"
        yield Problem("articles", message, "fetch it again: `pantau retry URL`")
