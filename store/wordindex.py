"""What the index of words says of many articles at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

# Asking the index for one article takes as long as reading it on over so many that hold the words
# (measured at a million: 30-140 microseconds against a third of one).
ONE_LOOK = 300


@dataclass(frozen=True, slots=True)
class Found:
    """What holds an expression of the index: ids, if few do; else None, and the share of those of
    late that do."""

    expression: str
    ids: tuple[int, ...] | None
    share: float = 0.0


def few_found(conn: sqlite3.Connection, expression: str, few: int) -> Found:
    """The articles that hold it, if no more do than `few`."""
    rows = conn.execute(
        "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT ?",
        (expression, few + 1),
    ).fetchall()
    if len(rows) <= few:
        return Found(expression, tuple(row[0] for row in rows))
    return Found(expression, None, len(rows) / (rows[0][0] - rows[-1][0] + 1))


def holding(conn: sqlite3.Connection, found: Found, ids: Sequence[int]) -> set[int]:
    """Which of these articles hold the words."""
    if found.ids is not None:
        return set(found.ids).intersection(ids)
    low, high = min(ids), max(ids)
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid"
    if found.share * (high - low) > ONE_LOOK * len(ids):
        rows = conn.execute(
            f"{sql} IN (SELECT value FROM json_each(?))", (found.expression, json.dumps(list(ids)))
        )
        return {row[0] for row in rows}
    rows = conn.execute(f"{sql} BETWEEN ? AND ?", (found.expression, low, high))
    return {row[0] for row in rows}.intersection(ids)


def count_found(conn: sqlite3.Connection, expression: str, most: int) -> int:
    """How many articles hold it, at most that many."""
    row = conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)",
        (expression, most),
    ).fetchone()
    return int(row[0])
