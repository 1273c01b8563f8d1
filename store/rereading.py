"""What is stored read again after a rule changed: what is left to read, and writing the result
without making an edit of the outlet's of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import zstandard
from sqlite_utils import Database

from store.article_rows import (
    Columns,
    content_columns,
    date_columns,
    judged_columns,
    removed_column,
    stored_articles,
)
from store.articles import replace_tags, write_columns
from store.corrections import machine_columns
from store.database import transaction
from store.encoding import from_text, storable, to_text
from store.records import Article, Candidate, Relevance, StoredArticle
from store.snapshots import OTHER_DAYS

Kind = Literal["article", "page"]


@dataclass(frozen=True, slots=True)
class Version:
    """A revision as it stands, and as it was fetched: the unpacked bytes of its snapshot, None
    when that is gone."""

    revision_id: int
    title: str
    text: str
    body: bytes | None

    def differs(self, article: Article) -> bool:
        """Whether a reading gives other words than this version has."""
        return (storable(article.title), storable(article.text)) != (self.title, self.text)


@dataclass(frozen=True, slots=True)
class Task:
    """An article with all a new reading needs. as_read: title, text and details as the machine
    read them, whatever a person corrected since; hint: what its source said of it."""

    stored: StoredArticle
    as_read: Article
    hint: Candidate
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class OffTopicPage:
    """A page that was none of ours, as fetched at taken_at (aware UTC)."""

    id: int
    outlet: str
    hint: Candidate
    discovered_at: datetime
    taken_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new reading changes of an article. flip: its relevance before and after; tags: by
    rule; details: dates, byline, place, region, reasons, what was cut."""

    text: bool = False
    flip: tuple[Relevance, Relevance] | None = None
    tags: bool = False
    details: bool = False

    def __bool__(self) -> bool:
        return self.text or self.flip is not None or self.tags or self.details


def left_to_read(
    db: Database, rules: str, now: datetime, outlet: str | None = None
) -> list[tuple[Kind, int]]:
    """The articles, and the pages off the topic whose snapshot is young enough to be kept, that
    were not read again by these rules yet. What was redacted has nothing to read."""
    articles = db.conn.execute(
        "SELECT id FROM articles a WHERE (?1 IS NULL OR outlet = ?1) AND redacted_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM rescored r"
        "  WHERE r.kind = 'article' AND r.id = a.id AND r.rules = ?2) ORDER BY id",
        (outlet, rules),
    )
    found: list[tuple[Kind, int]] = [("article", row["id"]) for row in articles]
    pages = db.conn.execute(
        "SELECT p.id FROM snapshots s JOIN pages p ON p.id = s.page_id"
        " WHERE s.revision_id IS NULL AND s.taken_at >= ?3 AND (?1 IS NULL OR p.outlet = ?1)"
        " AND p.state = 'off_topic' AND p.ending = 'off_topic' AND p.article_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM rescored r"
        "  WHERE r.kind = 'page' AND r.id = p.id AND r.rules = ?2) ORDER BY p.id",
        (outlet, rules, to_text(now - timedelta(days=OTHER_DAYS))),
    )
    return found + [("page", row["id"]) for row in pages]


def task(db: Database, article_id: int) -> Task | None:
    """The article ready to be read again; None if it is gone or redacted meanwhile."""
    conn = db.conn
    stored = next(iter(stored_articles(conn, [article_id])), None)
    redacted = conn.execute("SELECT 1 FROM redactions WHERE article_id = ?", (article_id,))
    if stored is None or redacted.fetchone() is not None:
        return None
    rows = conn.execute(
        "SELECT r.id, r.title, r.text, s.body FROM revisions r"
        " LEFT JOIN snapshots s ON s.revision_id = r.id WHERE r.article_id = ? ORDER BY r.number",
        (article_id,),
    ).fetchall()
    page = conn.execute(
        "SELECT * FROM pages WHERE article_id = ? ORDER BY url <> ?, id LIMIT 1",
        (article_id, stored.url),
    ).fetchone()
    versions = tuple(
        Version(row["id"], row["title"], row["text"], _unpacked(row["body"])) for row in rows
    )
    as_read = _as_read(stored.article, rows[-1]["title"], machine_columns(conn, article_id))
    return Task(stored, as_read, _hint(page, stored.url), versions)


def off_topic_page(db: Database, page_id: int) -> OffTopicPage | None:
    """The page with its last snapshot; None if it came to something else meanwhile."""
    row = db.conn.execute(
        "SELECT p.*, s.body, s.taken_at FROM pages p JOIN snapshots s ON s.page_id = p.id"
        " WHERE p.id = ? AND s.revision_id IS NULL AND p.state = 'off_topic'"
        " AND p.article_id IS NULL ORDER BY s.id DESC LIMIT 1",
        (page_id,),
    ).fetchone()
    if row is None:
        return None
    return OffTopicPage(
        id=row["id"],
        outlet=row["outlet"],
        hint=_hint(row, row["url"]),
        discovered_at=from_text(row["discovered_at"]),
        taken_at=from_text(row["taken_at"]),
        body=_unpacked(row["body"]) or b"",
    )


def difference(known: Task, current: Article, versions: Mapping[int, Article]) -> Difference:
    """What a new reading would change; see rewrite."""
    old = known.as_read
    text = any(
        version.differs(versions[version.revision_id])
        for version in known.versions
        if version.revision_id in versions
    )
    before, after = _labels(old), _labels(current)
    details = {**judged_columns(old), **date_columns(old)} != {
        **judged_columns(current),
        **date_columns(current),
    }
    flip = (old.relevance, current.relevance) if old.relevance != current.relevance else None
    return Difference(text, flip, before != after, details)


def rewrite(
    db: Database,
    known: Task,
    current: Article,
    versions: Mapping[int, Article],
    rules: str,
    now: datetime,
) -> bool:
    """Store a new reading: current as the article, versions (by revision id) as its revisions. No
    revision is added and nobody's verdict or correction touched: what changed is a rule of ours.

    Returns False, and writes nothing, if the outlet revised the article or it was redacted since
    the task was taken.
    """
    article_id = known.stored.id
    with transaction(db) as conn:
        row = conn.execute(
            "SELECT revision FROM articles WHERE id = ? AND redacted_at IS NULL", (article_id,)
        ).fetchone()
        if row is None or row["revision"] != known.stored.revision:
            return False
        for revision_id, article in versions.items():
            content = content_columns(article)
            conn.execute(
                "UPDATE revisions SET title = ?, text = ?, content_sha256 = ?, removed = ?"
                " WHERE id = ?",
                (*content.values(), removed_column(article), revision_id),
            )
        columns: Columns = judged_columns(current) | date_columns(current)
        if known.versions[-1].revision_id in versions:
            columns |= content_columns(current)
        write_columns(conn, article_id, columns)
        replace_tags(conn, article_id, current)
        mark(db, [("article", article_id)], rules, now)
    return True


def mark(db: Database, done: Iterable[tuple[Kind, int]], rules: str, now: datetime) -> None:
    """Remember that these were read again by these rules, so that an interrupted rescore goes on
    where it stopped."""
    with transaction(db) as conn:
        conn.executemany(
            "INSERT INTO rescored(kind, id, rules, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT(kind, id) DO UPDATE SET rules = excluded.rules, at = excluded.at",
            [(kind, number, rules, to_text(now)) for kind, number in done],
        )


def forget_marks(db: Database) -> None:
    """Let everything be read again whatever the rules it was last read by."""
    with transaction(db) as conn:
        conn.execute("DELETE FROM rescored")


def _as_read(article: Article, title: str, aside: Columns) -> Article:
    """The article without what a person corrected."""
    changes: dict[str, Any] = {**aside, "title": title}
    if "published_at" in aside:
        changes["published_at"] = from_text(str(aside["published_at"]))
        changes["published_day"] = date.fromisoformat(str(aside["published_day"]))
    return replace(article, **changes)


def _labels(article: Article) -> set[tuple[str, str]]:
    return {(tag.kind, tag.slug) for tag in article.tags if tag.kind != "user"}


def _hint(page: sqlite3.Row | None, url: str) -> Candidate:
    if page is None:
        return Candidate(url, url)
    return Candidate(
        url=page["url"],
        fetch_url=page["fetch_url"],
        title=page["hint_title"],
        published=page["hint_published"],
        summary=page["hint_summary"],
        content=page["hint_content"],
    )


def _unpacked(body: bytes | None) -> bytes | None:
    return None if body is None else zstandard.ZstdDecompressor().decompress(body)
