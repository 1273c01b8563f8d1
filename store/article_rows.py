"""An article as a row and a row as an article."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any

from store.encoding import (
    from_text,
    maybe_date,
    maybe_storable,
    maybe_time,
    storable,
    to_json,
    to_text,
)
from store.records import Article, Note, Reason, Removal, StoredArticle, Tag

Columns = dict[str, str | int | float | None]


def content_hash(article: Article) -> str:
    """What tells one revision from the next: title and text, nothing else."""
    return sha256(storable(f"{article.title}\n\x00{article.text}").encode()).hexdigest()


def content_columns(article: Article) -> Columns:
    """The columns whose change makes a new revision, and the hash that notices it."""
    return {
        "title": storable(article.title),
        "text": storable(article.text),
        "content_sha256": content_hash(article),
    }


def date_columns(article: Article) -> Columns:
    """When the article was published, as well as we know."""
    return {
        "published_at": to_text(article.published_at),
        "published_day": article.published_day.isoformat(),
        "published_precision": article.published_precision,
        "published_source": article.published_source,
    }


def judged_columns(article: Article) -> Columns:
    """What else we read out of the page: may change without being a revision."""
    event_date = article.event_date
    return {
        "event_date": None if event_date is None else event_date.isoformat(),
        "date_conflict": maybe_storable(article.date_conflict),
        "byline": maybe_storable(article.byline),
        "place": maybe_storable(article.place),
        "province": article.province,
        "region": article.region,
        "advertorial": int(article.advertorial),
        "topic": article.topic,
        "relevance": article.relevance,
        "score": float(article.score),
        "reasons": to_json([asdict(reason) for reason in article.reasons]),
        "removed": removed_column(article),
    }


def removed_column(article: Article) -> str:
    """What cleaning cut, as JSON."""
    return to_json([asdict(removal) for removal in article.removed])


def stored_articles(conn: sqlite3.Connection, ids: Sequence[int]) -> list[StoredArticle]:
    """The articles with these ids, in their order; unknown ids are left out."""
    wanted = json.dumps(list(ids))
    tags = _tags(conn, wanted)
    notes = _notes(conn, wanted)
    links = _links(conn, wanted)
    rows = conn.execute(
        "SELECT a.*, o.name AS outlet_name, o.zone AS zone FROM articles a"
        " LEFT JOIN outlets o ON o.slug = a.outlet"
        " WHERE a.id IN (SELECT value FROM json_each(?))",
        (wanted,),
    )
    found = {
        row["id"]: StoredArticle(
            id=row["id"],
            url=row["url"],
            outlet=row["outlet"],
            outlet_name=row["outlet_name"],
            zone=row["zone"],
            article=_article(row, tags[row["id"]]),
            first_seen_at=from_text(row["first_seen_at"]),
            revision=row["revision"],
            verdict=row["verdict"],
            starred=bool(row["starred"]),
            notes=tuple(notes[row["id"]]),
            copies=tuple(links[row["id"], "copy"]),
            siblings=tuple(links[row["id"], "sibling"]),
            gone_at=maybe_time(row["gone_at"]),
        )
        for row in rows
    }
    return [found[article_id] for article_id in ids if article_id in found]


def removals(column: str) -> tuple[Removal, ...]:
    """Read a `removed` column."""
    return tuple(Removal(**value) for value in json.loads(column))


def _article(row: sqlite3.Row, tags: Iterable[Tag]) -> Article:
    return Article(
        title=row["title"],
        text=row["text"],
        published_at=from_text(row["published_at"]),
        published_day=date.fromisoformat(row["published_day"]),
        published_precision=row["published_precision"],
        published_source=row["published_source"],
        event_date=maybe_date(row["event_date"]),
        date_conflict=row["date_conflict"],
        byline=row["byline"],
        place=row["place"],
        province=row["province"],
        region=row["region"],
        advertorial=bool(row["advertorial"]),
        topic=row["topic"],
        relevance=row["relevance"],
        score=row["score"],
        reasons=tuple(Reason(**value) for value in json.loads(row["reasons"])),
        tags=tuple(tags),
        removed=removals(row["removed"]),
    )


def _tags(conn: sqlite3.Connection, wanted: str) -> defaultdict[int, list[Tag]]:
    found: defaultdict[int, list[Tag]] = defaultdict(list)
    for row in conn.execute(
        "SELECT at.article_id, t.kind, t.slug, t.label, at.evidence FROM article_tags at"
        " JOIN tags t ON t.id = at.tag_id WHERE at.article_id IN (SELECT value FROM json_each(?))"
        " ORDER BY at.article_id, at.source, at.position",
        (wanted,),
    ):
        found[row["article_id"]].append(
            Tag(row["kind"], row["slug"], row["label"], row["evidence"])
        )
    return found


def _notes(conn: sqlite3.Connection, wanted: str) -> defaultdict[int, list[Note]]:
    found: defaultdict[int, list[Note]] = defaultdict(list)
    for row in conn.execute(
        "SELECT article_id, at, reviewer, value FROM standing_reviews WHERE action = 'note'"
        " AND article_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (wanted,),
    ):
        found[row["article_id"]].append(Note(from_text(row["at"]), row["reviewer"], row["value"]))
    return found


def _links(conn: sqlite3.Connection, wanted: str) -> defaultdict[tuple[int, str], list[str]]:
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    links: Iterable[Any] = conn.execute(
        # IN, not a join: for a join SQLite may read every link there is first (a Bloom filter).
        "WITH wanted AS (SELECT value AS id FROM json_each(?1)),"
        " pairs AS (SELECT a AS id, b AS other FROM article_links"
        "  WHERE a IN (SELECT id FROM wanted) AND kind = 'sibling' UNION ALL"
        "  SELECT b, a FROM article_links"
        "  WHERE b IN (SELECT id FROM wanted) AND kind = 'sibling'),"
        # Copies of copies are copies; a person's word may have made copies of siblings.
        " copies AS (SELECT m.article_id AS id, o.article_id AS other FROM cluster_members m"
        "  CROSS JOIN cluster_members o ON o.cluster_id = m.cluster_id"
        "  AND o.article_id <> m.article_id WHERE m.article_id IN (SELECT id FROM wanted))"
        " SELECT p.id, p.kind, a.url FROM (SELECT id, other, 'copy' AS kind FROM copies"
        "  UNION ALL SELECT id, other, 'sibling' FROM"
        "  (SELECT * FROM pairs EXCEPT SELECT * FROM copies)) p"
        " CROSS JOIN articles a ON a.id = p.other ORDER BY a.url",
        (wanted,),
    )
    for row in links:
        found[row["id"], row["kind"]].append(row["url"])
    return found
