"""Finds a stored article's copies, siblings and relatives among the others, and keeps them."""

from __future__ import annotations

from sqlite_utils import Database

from crawler.duplicates import comparable, compare, fingerprint
from store import copies
from store.copies import Link
from store.database import transaction

AT_ONCE = 500  # articles placed before a pass: some seconds


def place(db: Database, article_id: int) -> int:
    """Compare the article with those that share passages with it, and keep what they are to each
    other; returns how many belong to it. An unknown article belongs to nothing.

    May stand inside another transaction. Reading and comparing hold no lock; what another process
    wrote meanwhile is looked at before writing, so that of two copies stored at the same time the
    second finds the first.
    """
    seen = copies.state(db)
    hashes, links = _compared(db, article_id)
    with transaction(db):
        if copies.state(db) != seen:
            hashes, links = _compared(db, article_id)
        copies.place(db, article_id, hashes, links)
    return len(links)


def _compared(db: Database, article_id: int) -> tuple[tuple[int, ...], list[Link]]:
    """The article's fingerprint, and its relation to each stored article it has one to."""
    this = next(
        (comparable(article, outlet) for _, outlet, article in copies.texts(db, [article_id])), None
    )
    if this is None:
        return (), []
    hashes = fingerprint(this.article.text.strip() or this.article.title)
    near = {other for other, _ in copies.candidates(db, hashes, but=article_id)}
    # Fingerprints are forgotten in time; a link stands until the texts say otherwise.
    near |= copies.linked(db, article_id)
    links = []
    for other, outlet, article in copies.texts(db, near):
        relation = compare(this, comparable(article, outlet))
        if relation is not None:
            links.append(Link(other, relation.kind, relation.containment, relation.evidence))
    return hashes, links


def place_missing(db: Database, most: int = AT_ONCE) -> int:
    """Place what an earlier run stored and did not place, at most that many; returns how many."""
    waiting = copies.unplaced(db, most)
    for article_id in waiting:
        place(db, article_id)
    return len(waiting)
