"""Cases and their terms as rows: how they are read and how they grow."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from store.case_records import MAX_TERMS, Case, CaseTerm, StoredCase
from store.encoding import storable


def add_terms(
    conn: sqlite3.Connection, case_id: int, terms: Sequence[CaseTerm], known: int
) -> None:
    conn.executemany(
        "INSERT INTO case_terms(case_id, position, kind, form) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [
            (case_id, known + place, term.kind, storable(term.form))
            for place, term in enumerate(terms)
            if known + place < MAX_TERMS
        ],
    )


def tag_article(conn: sqlite3.Connection, case_id: int, article_id: int, words: str) -> None:
    """Tags an article with the case it is evidence of, while that case tells; words earned it."""
    conn.execute(
        "INSERT INTO tags(kind, slug, label) SELECT 'case', slug, name FROM cases WHERE id = ?"
        " AND status IN ('open','confirmed') ON CONFLICT DO NOTHING",
        (case_id,),
    )
    conn.execute(
        "INSERT INTO article_tags(article_id, tag_id, position, evidence)"
        " SELECT ?1, t.id, (SELECT count(*) FROM article_tags WHERE article_id = ?1), ?3"
        " FROM cases c JOIN tags t ON t.kind = 'case' AND t.slug = c.slug"
        " WHERE c.id = ?2 AND c.status IN ('open','confirmed') ON CONFLICT DO NOTHING",
        (article_id, case_id, storable(words)),
    )


def stretch(conn: sqlite3.Connection, case_id: int, on: date) -> None:
    day = on.isoformat()
    conn.execute(
        "UPDATE cases SET first_on = min(first_on, ?), last_on = max(last_on, ?)"
        " WHERE id = ? AND (first_on > ? OR last_on < ?)",
        (day, day, case_id, day, day),
    )


def stored_cases(conn: sqlite3.Connection, where: str, *values: int) -> list[StoredCase]:
    terms: dict[int, list[CaseTerm]] = {}
    chosen = f"SELECT id FROM cases WHERE {where}"
    for row in conn.execute(
        f"SELECT * FROM case_terms WHERE case_id IN ({chosen}) ORDER BY case_id, position", values
    ):
        terms.setdefault(row["case_id"], []).append(CaseTerm(row["kind"], row["form"]))
    rows = conn.execute(
        "SELECT *, (SELECT count(*) FROM case_evidence e WHERE e.case_id = cases.id) AS items"
        f" FROM cases WHERE {where} ORDER BY id",
        values,
    )
    return [
        StoredCase(
            id=row["id"],
            case=Case(
                slug=row["slug"],
                name=row["name"],
                terms=tuple(terms.get(row["id"], ())),
                first_on=date.fromisoformat(row["first_on"]),
                last_on=date.fromisoformat(row["last_on"]),
                status=row["status"],
            ),
            renamed=bool(row["renamed"]),
            into=row["merged_into"],
            evidence=row["items"],
        )
        for row in rows
    ]
