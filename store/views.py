"""A list of articles as a person browses it: filters, words and tags together, a page at a time."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlite_utils import Database

from store.article_rows import stored_articles
from store.database import StoreError
from store.encoding import storable
from store.filters import View
from store.narrowing import conditions_of
from store.records import StoredArticle
from store.search import fts_query
from store.selection import EFFORT, Known, road_of, select_once
from store.synonyms import load_synonyms
from store.wordindex import count_found

__all__ = [
    "FOUND",
    "FOUND_END",
    "Known",
    "Page",
    "Total",
    "View",
    "count",
    "every",
    "excerpts",
    "page",
    "time_limit",
    "total",
]

# Marks around a found word in an excerpt: control characters, which no cleaned text holds.
FOUND, FOUND_END = "\x02", "\x03"
INSTRUCTIONS = 20_000  # between two looks at the clock


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a view; older is what continues it, None at the end."""

    articles: list[StoredArticle]
    older: str | None


@dataclass(frozen=True, slots=True)
class Total:
    """How many articles a view holds; with more set, at least so many."""

    number: int
    more: bool


def page(db: Database, view: View, known: Known | None = None) -> Page:
    """The view's next articles, the latest published first. An unreadable `before` is the start.
    known: what one request learns of its views."""
    size = view.chosen.limit or 50
    found = select_once(db.conn, view, size + 1, None, {} if known is None else known)
    older = None
    if len(found.places) > size:
        moment, number = found.places[size - 1]
        older = f"{moment}~{number}"
    return Page(stored_articles(db.conn, found.ids[:size]), older)


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
    return _total(db.conn, view, most, None, {}).number


def total(db: Database, view: View, most: int, known: Known) -> Total:
    """How many articles the view holds, as far as they can be counted while a person waits for a
    page; at most `most`."""
    return _total(db.conn, view, most, EFFORT, known)


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


def _total(
    conn: sqlite3.Connection, view: View, most: int, effort: float | None, known: Known
) -> Total:
    view = replace(view, before=None)
    number = _counted(conn, view, most + 1)
    if number is not None:
        return Total(min(number, most), number > most)
    found = select_once(conn, view, most, effort, known)
    return Total(len(found.places), not found.whole)


def _counted(conn: sqlite3.Connection, view: View, most: int) -> int | None:
    """How many there are, where one index tells it: at most so many; None: none does."""
    wanted = list(conditions_of(view))
    if view.query.strip():
        expression = fts_query(storable(view.query), load_synonyms())
        return None if wanted or expression is None else count_found(conn, expression, most)
    values = [value for one in wanted for value in one.values]
    if len(wanted) == 1 and wanted[0].ids and values:
        source = f"SELECT DISTINCT id FROM ({wanted[0].ids})"
    else:
        road = road_of(conn, wanted, None)
        if road.ids is not None or road.checks:
            return None
        values = [value for one in road.inside for value in one.values]
        where = " AND ".join(one.sql for one in road.inside) or "1"
        source = f"SELECT 1 FROM articles a INDEXED BY {road.index} WHERE {where}"
    row = conn.execute(f"SELECT count(*) FROM ({source} LIMIT ?)", (*values, most)).fetchone()
    return int(row[0])
