"""Which stored articles share text: fingerprints to find candidates, links to remember why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from store.clusters import regroup
from store.database import transaction
from store.encoding import from_text, maybe_date, storable, to_text
from store.records import Article, Tag

LinkKind = Literal["copy", "sibling", "related"]

# A hash in more articles than this is boilerplate (findings, Near-duplicates).
COMMON_IN = 300
MOST_CANDIDATES = 40
# A quarter of the word triples in common is about a tenth of the 5-grams.
LEAST_SHARE = 0.08
KEEP_DAYS = 90
FORGOTTEN_AT_ONCE = 200  # articles; some ten thousand rows


@dataclass(frozen=True, slots=True)
class Link:
    """How another article belongs to one. containment: the part of the shorter text found in the
    longer, 0 to 1; evidence: why, in words for a person."""

    other: int
    kind: LinkKind
    containment: float
    evidence: str = ""


def place(db: Database, article_id: int, hashes: Collection[int], links: Sequence[Link]) -> None:
    """Keep what comparing an article with the others came to, in one transaction: fingerprints,
    links (instead of all it had), clusters; the article is no longer unplaced."""
    with transaction(db) as conn:
        save_fingerprints(db, article_id, hashes)
        ties = linked(db, article_id, "copy")
        conn.execute("DELETE FROM article_links WHERE ?1 IN (a, b)", (article_id,))
        for found in links:
            _write(conn, (article_id, found.other), found)
        if ties or links:
            regroup(conn, {article_id, *ties, *(found.other for found in links)})
        conn.execute("DELETE FROM unplaced WHERE article_id = ?", (article_id,))


def unplaced(db: Database, most: int = 500) -> list[int]:
    """Articles not compared with the others since they came or changed, the first one first: a
    crash between storing and placing leaves some, as does a database from before placing."""
    rows = db.conn.execute("SELECT article_id FROM unplaced ORDER BY article_id LIMIT ?", (most,))
    return [row["article_id"] for row in rows]


def save_fingerprints(db: Database, article_id: int, hashes: Collection[int]) -> None:
    """Replace the article's fingerprints; each hash must fit a signed 64-bit integer."""
    with transaction(db) as conn:
        conn.execute("DELETE FROM fingerprints WHERE article_id = ?", (article_id,))
        conn.executemany(
            "INSERT INTO fingerprints(hash, article_id) VALUES (?, ?)",
            [(value, article_id) for value in sorted(set(hashes))],
        )


def candidates(
    db: Database, hashes: Collection[int], share: float = LEAST_SHARE, but: int | None = None
) -> list[tuple[int, float]]:
    """Articles that share hashes: two at least, and that part (0-1) of the hashes of whichever
    has fewer, for a shortened release holds a small part of the long one's. Their ids and the
    part of the given hashes they share, the closest forty first; `but` is left out."""
    wanted = set(hashes)
    if not wanted:
        return []
    rows = db.conn.execute(
        "WITH wanted AS (SELECT value AS hash FROM json_each(?1)),"
        " rare AS MATERIALIZED (SELECT hash FROM wanted w WHERE"
        "  (SELECT count(*) FROM (SELECT 1 FROM fingerprints f WHERE f.hash = w.hash"
        f"   LIMIT {COMMON_IN + 1})) <= {COMMON_IN}),"
        " sharing AS (SELECT f.article_id AS id, count(*) AS n FROM rare CROSS JOIN fingerprints f"
        "  ON f.hash = rare.hash WHERE f.article_id IS NOT ?2 GROUP BY f.article_id"
        f"  HAVING n >= 2 ORDER BY n DESC, f.article_id LIMIT {5 * MOST_CANDIDATES})"
        " SELECT id, n FROM sharing WHERE n >= ?3 * min((SELECT count(*) FROM rare),"
        "  (SELECT count(*) FROM fingerprints c WHERE c.article_id = sharing.id))"
        f" ORDER BY n DESC, id LIMIT {MOST_CANDIDATES}",
        (json.dumps(sorted(wanted)), but, share),
    )
    return [(row["id"], row["n"] / len(wanted)) for row in rows]


def texts(db: Database, article_ids: Collection[int]) -> list[tuple[int, str, Article]]:
    """Id, outlet and article of each, with as much of it as telling copies takes: title, text,
    dates, main region, tags of regions. Those without any (redacted) are left out."""
    rows = db.conn.execute(
        "SELECT id, outlet, title, text, published_at, published_day, published_precision,"
        " published_source, event_date, region,"
        " (SELECT json_group_array(json_array(t.slug, t.label, m.evidence)) FROM article_tags m"
        "  JOIN tags t ON t.id = m.tag_id WHERE m.article_id = a.id AND t.kind = 'region') AS tags"
        " FROM articles a WHERE id IN (SELECT value FROM json_each(?)) AND title || text <> ''",
        (json.dumps(sorted(set(article_ids))),),
    )
    return [(row["id"], row["outlet"], _article(row)) for row in rows]


def state(db: Database) -> int:
    """A number that changes when another process has written to the database."""
    return int(db.conn.execute("PRAGMA data_version").fetchone()[0])


def linked(db: Database, article_id: int, kind: LinkKind | None = None) -> set[int]:
    """The articles that are linked to this one, of that kind or of any."""
    rows = db.conn.execute(
        "SELECT b AS id FROM article_links WHERE a = ?1 AND (?2 IS NULL OR kind = ?2) UNION"
        " SELECT a FROM article_links WHERE b = ?1 AND (?2 IS NULL OR kind = ?2)",
        (article_id, kind),
    )
    return {row["id"] for row in rows}


def link(
    db: Database,
    pair: tuple[int, int],
    kind: LinkKind,
    containment: float,
    evidence: str,
) -> None:
    """Remember that two articles belong together and why; a later finding replaces it. Their
    clusters follow."""
    with transaction(db) as conn:
        _write(conn, pair, Link(pair[1], kind, containment, evidence))
        regroup(conn, pair)


def forget_fingerprints(db: Database, now: datetime, days: float = KEEP_DAYS) -> int:
    """Drop the fingerprints of articles first seen more than that many days ago, in slices that
    hold up nobody; returns how many rows. Their links and clusters stay."""
    rows = db.conn.execute(
        "SELECT id FROM articles a WHERE first_seen_at < ?"
        " AND EXISTS (SELECT 1 FROM fingerprints WHERE article_id = a.id)",
        (to_text(now - timedelta(days=days)),),
    )
    ids, gone = [row["id"] for row in rows], 0
    for start in range(0, len(ids), FORGOTTEN_AT_ONCE):
        with transaction(db) as conn:
            cursor = conn.execute(
                "DELETE FROM fingerprints WHERE article_id IN (SELECT value FROM json_each(?))",
                (json.dumps(ids[start : start + FORGOTTEN_AT_ONCE]),),
            )
        gone += cursor.rowcount
    return gone


def _write(conn: sqlite3.Connection, pair: tuple[int, int], found: Link) -> None:
    conn.execute(
        "INSERT INTO article_links(a, b, kind, containment, evidence) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT(a, b) DO UPDATE SET kind = excluded.kind,"
        " containment = excluded.containment, evidence = excluded.evidence",
        (min(pair), max(pair), found.kind, found.containment, storable(found.evidence)),
    )


def _article(row: sqlite3.Row) -> Article:
    return Article(
        title=row["title"],
        text=row["text"],
        published_at=from_text(row["published_at"]),
        published_day=date.fromisoformat(row["published_day"]),
        published_precision=row["published_precision"],
        published_source=row["published_source"],
        event_date=maybe_date(row["event_date"]),
        region=row["region"],
        tags=tuple(Tag("region", *values) for values in json.loads(row["tags"])),
    )
