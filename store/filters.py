"""Which articles a list shows, as a value and as SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from store.encoding import maybe_text
from store.records import Relevance, Verdict


@dataclass(frozen=True, slots=True)
class Filter:
    """None means any. since (inclusive) and until (exclusive) bound published_at and are aware;
    limit None lists all. leads_only: of copies only the one that leads, and those whose outlet
    changed their words since; waiting: whether it waits for a person."""

    verdict: Verdict | None = None
    outlet: str | None = None
    relevance: Relevance | None = None
    province: str | None = None
    topic: str | None = None
    starred: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    leads_only: bool = False
    waiting: bool | None = None
    limit: int | None = 50


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


# What waits for a person (articles.waiting: about the topic or reopened by its outlet's correction,
# and nobody has decided since), each story once.
INBOX = Filter(waiting=True, leads_only=True)

_LEADS = (
    "NOT EXISTS (SELECT 1 FROM cluster_members m"
    " WHERE m.article_id = a.id AND m.leads = 0 AND m.revised = 0)"
)
NEWEST_FIRST = "ORDER BY a.published_at DESC, a.id DESC LIMIT ?"


def conditions(chosen: Filter) -> tuple[list[str], list[str | int]]:
    """The filter as SQL conditions on articles under the name `a`, and what to bind to them."""
    wanted: dict[str, str | int | None] = {
        "a.waiting = ?": None if chosen.waiting is None else int(chosen.waiting),
        "a.relevance = ?": chosen.relevance,
        "a.verdict = ?": chosen.verdict,
        "a.outlet = ?": chosen.outlet,
        "a.province = ?": chosen.province,
        "a.topic = ?": chosen.topic,
        "a.starred = ?": None if chosen.starred is None else int(chosen.starred),
        "a.published_at >= ?": maybe_text(chosen.since),
        "a.published_at < ?": maybe_text(chosen.until),
    }
    present = {sql: value for sql, value in wanted.items() if value is not None}
    leads = [_LEADS] if chosen.leads_only else []
    return [*present, *leads], list(present.values())


def sql_limit(chosen: Filter) -> int:
    """The filter's limit as SQLite means it: -1 for none."""
    return -1 if chosen.limit is None else chosen.limit
