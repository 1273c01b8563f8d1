"""Which stored articles share text: fingerprints to find candidates, links to remember why."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlite_utils import Database

from store.database import transaction
from store.encoding import storable, to_text

LinkKind = Literal["copy", "sibling", "related"]

# A hash in more articles than this is boilerplate (findings, Near-duplicates).
COMMON_IN = 300
MOST_CANDIDATES = 200
KEEP_DAYS = 90


def save_fingerprints(db: Database, article_id: int, hashes: Collection[int]) -> None:
    """Replace the article's fingerprints; each hash must fit a signed 64-bit integer."""
    with transaction(db) as conn:
        conn.execute("DELETE FROM fingerprints WHERE article_id = ?", (article_id,))
        conn.executemany(
            "INSERT INTO fingerprints(hash, article_id) VALUES (?, ?)",
            [(value, article_id) for value in set(hashes)],
        )


def candidates(
    db: Database, hashes: Collection[int], share: float, but: int | None = None
) -> list[tuple[int, float]]:
    """Articles that share at least that part of the hashes (0-1), and two of them: their ids and
    the part shared, the closest first; `but` is left out."""
    wanted = set(hashes)
    if not wanted:
        return []
    rows = db.conn.execute(
        "WITH wanted AS (SELECT value AS hash FROM json_each(?1)),"
        " rare AS (SELECT hash FROM wanted w WHERE"
        "  (SELECT count(*) FROM (SELECT 1 FROM fingerprints f WHERE f.hash = w.hash"
        f"   LIMIT {COMMON_IN + 1})) <= {COMMON_IN})"
        " SELECT f.article_id AS id, count(*) AS n FROM rare CROSS JOIN fingerprints f"
        "  ON f.hash = rare.hash WHERE f.article_id IS NOT ?2"
        " GROUP BY f.article_id HAVING n >= ?3 ORDER BY n DESC, f.article_id LIMIT ?4",
        (json.dumps(list(wanted)), but, max(2, share * len(wanted)), MOST_CANDIDATES),
    )
    return [(row["id"], row["n"] / len(wanted)) for row in rows]


def link(
    db: Database,
    pair: tuple[int, int],
    kind: LinkKind,
    containment: float,
    evidence: str,
) -> None:
    """Remember that two articles belong together and why; a later finding replaces it."""
    with transaction(db) as conn:
        conn.execute(
            "INSERT INTO article_links(a, b, kind, containment, evidence) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT(a, b) DO UPDATE SET kind = excluded.kind,"
            " containment = excluded.containment, evidence = excluded.evidence",
            (min(pair), max(pair), kind, containment, storable(evidence)),
        )


def forget_fingerprints(db: Database, now: datetime, days: float = KEEP_DAYS) -> int:
    """Drop the fingerprints of articles first seen more than that many days ago; returns how
    many rows."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "DELETE FROM fingerprints WHERE article_id IN"
            " (SELECT id FROM articles WHERE first_seen_at < ?)",
            (to_text(now - timedelta(days=days)),),
        )
    return cursor.rowcount
