"""A list of articles as a person browses it: filters, words and tags together, a page at a time."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from store.article_rows import stored_articles
from store.database import StoreError
from store.encoding import from_text, storable, to_text
from store.filters import Filter, conditions
from store.records import StoredArticle
from store.search import fts_query
from store.synonyms import load_synonyms

Value = str | int
# Marks around a found word in an excerpt: control characters, which no cleaned text holds.
FOUND, FOUND_END = "\x02", "\x03"
FACET_MOST = 1000  # counting further would read the whole index for every page shown
INSTRUCTIONS = 20_000  # between two looks at the clock


@dataclass(frozen=True, slots=True)
class View:
    """What a list shows: chosen narrows it (its limit is the length of a page), query is what a
    person typed, tags are (kind, slug), all wanted; before is where an earlier page ended."""

    chosen: Filter = field(default_factory=Filter)
    query: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    region: str | None = None
    advertorial: bool | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a view; older is what continues it, None at the end."""

    articles: list[StoredArticle]
    older: str | None


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing a list can be narrowed to, and how many articles have it, at most FACET_MOST."""

    value: str
    label: str
    count: int


def page(db: Database, view: View) -> Page:
    """The view's next articles, the latest published first. An unreadable `before` is the start."""
    size = view.chosen.limit or 50
    rows = _rows(db.conn, view, size + 1)
    older = None
    if len(rows) > size:
        last = rows[size - 1]
        older = f"{last['published_at']}~{last['id']}"
    return Page(stored_articles(db.conn, [row["id"] for row in rows[:size]]), older)


def every(db: Database, view: View, chunk: int = 200) -> Iterator[StoredArticle]:
    """All articles of the view from where it begins, read in chunks."""
    view = replace(view, chosen=replace(view.chosen, limit=chunk))
    while True:
        part = page(db, view)
        yield from part.articles
        if part.older is None:
            return
        view = replace(view, before=part.older)


def count(db: Database, view: View, most: int = 10_000) -> int:
    """How many articles the view holds, at most `most`: nobody counts further, and counting a
    million costs a second."""
    sql = _sql(replace(view, before=None))
    if sql is None:
        return 0
    source, values = sql
    row = db.conn.execute(f"SELECT count(*) FROM (SELECT 1 {source} LIMIT ?)", (*values, most))
    return int(row.fetchone()[0])


def excerpts(db: Database, query: str, ids: Sequence[int]) -> dict[int, str]:
    """The words around what a query found in each text, found words between FOUND and FOUND_END;
    an article in whose title alone it was found is left out."""
    expression = fts_query(query, load_synonyms())
    if expression is None or not ids:
        return {}
    rows = db.conn.execute(
        "SELECT rowid AS id, snippet(articles_fts, 1, ?, ?, ' … ', 28) AS said FROM articles_fts"
        " WHERE articles_fts MATCH ? AND rowid IN (SELECT value FROM json_each(?))",
        (FOUND, FOUND_END, expression, json.dumps(list(ids))),
    )
    return {row["id"]: row["said"] for row in rows if FOUND in row["said"]}


def outlet_facets(db: Database) -> list[Facet]:
    """Outlets that have articles, by name."""
    counted = _counted("articles WHERE outlet = o.slug")
    return _facets(
        db, f"SELECT o.slug AS value, o.name AS label, {counted} AS n FROM outlets o ORDER BY 2"
    )


def province_facets(db: Database, codes: Sequence[str]) -> list[Facet]:
    """Those of the province codes that articles have; the label is the code."""
    counted = _counted("articles WHERE province = j.value")
    return _facets(
        db,
        f"SELECT j.value AS value, j.value AS label, {counted} AS n FROM json_each(?) j",
        json.dumps(list(codes)),
    )


def tag_facets(db: Database, kind: str) -> list[Facet]:
    """Tags of a kind that articles have, by label."""
    counted = _counted("article_tags WHERE tag_id = t.id")
    return _facets(
        db,
        f"SELECT t.slug AS value, t.label AS label, {counted} AS n FROM tags t"
        " WHERE t.kind = ? ORDER BY t.label",
        kind,
    )


@contextmanager
def time_limit(db: Database, seconds: float) -> Iterator[None]:
    """Stop any statement that has not ended after that many seconds, with a StoreError."""
    deadline = time.monotonic() + seconds
    db.conn.set_progress_handler(lambda: int(time.monotonic() > deadline), INSTRUCTIONS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise StoreError("this question takes too long; narrow it by outlet or period") from error
    finally:
        db.conn.set_progress_handler(None, 0)


def _rows(conn: sqlite3.Connection, view: View, limit: int) -> list[sqlite3.Row]:
    sql = _sql(view)
    if sql is None:
        return []
    source, values = sql
    return conn.execute(
        f"SELECT a.id, a.published_at {source} ORDER BY a.published_at DESC, a.id DESC LIMIT ?",
        (*values, limit),
    ).fetchall()


def _sql(view: View) -> tuple[str, list[Value]] | None:
    """FROM and WHERE, and what to bind; None when the query has no word to look for."""
    source = "FROM articles a"
    wanted, values = conditions(view.chosen)
    if view.query.strip():
        expression = fts_query(storable(view.query), load_synonyms())
        if expression is None:
            return None
        source = "FROM articles_fts CROSS JOIN articles a ON a.id = articles_fts.rowid"
        wanted, values = ["articles_fts MATCH ?", *wanted], [expression, *values]
    for sql, more in _further(view):
        wanted.append(sql)
        values += more
    return f"{source} WHERE {' AND '.join(wanted) or '1'}", values


def _further(view: View) -> Iterator[tuple[str, list[Value]]]:
    """The conditions a Filter does not know."""
    for kind, slug in view.tags:
        yield (
            "EXISTS (SELECT 1 FROM article_tags at JOIN tags t ON t.id = at.tag_id"
            " WHERE at.article_id = a.id AND t.kind = ? AND t.slug = ?)",
            [storable(kind), storable(slug)],
        )
    if view.chosen.starred:
        # Nothing else narrows the search for what few articles are; the log names them.
        yield "a.id IN (SELECT article_id FROM reviews WHERE action = 'star' AND value = '1')", []
    if view.region is not None:
        yield "a.region = ?", [storable(view.region)]
    if view.advertorial is not None:
        yield "a.advertorial = ?", [int(view.advertorial)]
    cursor = _cursor(view.before)
    if cursor is not None:
        yield "(a.published_at, a.id) < (?, ?)", list(cursor)


def _cursor(before: str | None) -> tuple[str, int] | None:
    at, _, number = (before or "").partition("~")
    try:
        return to_text(from_text(at)), int(number[:18])
    except (ValueError, OverflowError):
        return None


def _counted(rows: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {FACET_MOST}))"


def _facets(db: Database, sql: str, *values: str) -> list[Facet]:
    rows = db.conn.execute(sql, values)
    return [Facet(row["value"], row["label"], row["n"]) for row in rows if row["n"]]
