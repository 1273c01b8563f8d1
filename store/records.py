"""The values that cross the store's edge: plain, frozen, without any database in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Precision = Literal["time", "day"]
Relevance = Literal["about", "mentions", "not"]
Verdict = Literal["new", "relevant", "irrelevant", "later"]
PageState = Literal[
    "discovered", "leased", "done", "off_topic", "gone", "refused", "failed", "quarantined"
]
VERDICTS: tuple[Verdict, ...] = ("new", "relevant", "irrelevant", "later")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that made us judge an article as we did. paragraph counts from 0, None is the
    title; start and end are code points within it."""

    rule: str
    quote: str
    paragraph: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removal:
    """Text that was cut, the rule that cut it, and the paragraph of the kept text before which
    it stood (None: unknown, it was cut from the page before there were paragraphs)."""

    rule: str
    text: str
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A label with the words that earned it. kind: programme event area region person korsup
    case user."""

    kind: str
    slug: str
    label: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Article:
    """What reading one page gives: the article as the outlet has it now, judged.

    published_at is aware UTC; with precision "day" it is the outlet's local midnight and
    published_day is what counts. Paragraphs of text are joined by one newline.
    """

    title: str
    text: str
    published_at: datetime
    published_day: date
    published_precision: Precision
    published_source: str
    event_date: date | None = None
    date_conflict: str | None = None
    byline: str | None = None
    place: str | None = None
    province: str | None = None
    region: str | None = None
    advertorial: bool = False
    topic: str = "kpk"
    relevance: Relevance = "not"
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    tags: tuple[Tag, ...] = ()
    removed: tuple[Removal, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A reviewer's words. at is aware UTC."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with what the store adds to it. zone is the outlet's IANA time zone name."""

    id: int
    url: str
    outlet: str
    outlet_name: str
    zone: str
    article: Article
    first_seen_at: datetime
    revision: int
    verdict: Verdict = "new"
    starred: bool = False
    notes: tuple[Note, ...] = ()
    copies: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutletRow:
    """What the store keeps of an outlet of the catalogue."""

    slug: str
    name: str
    home: str
    family: str
    province: str
    zone: str
    enabled: bool = True
    tls: str = "verified"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be an article, and what its source said of it. url is canonical,
    fetch_url the address to ask for, published the source's raw date string, content the text a
    feed gave in full, as HTML."""

    url: str
    fetch_url: str
    title: str | None = None
    published: str | None = None
    summary: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class LeasedPage:
    """A page this run may fetch until its lease ends. discovered_at is aware UTC; visited says
    that an earlier visit came to something."""

    id: int
    outlet: str
    url: str
    fetch_url: str
    attempts: int
    hint: Candidate
    discovered_at: datetime
    visited: bool = False
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server said of a body: kept so that the next pass can ask "anything new?". fresh_s:
    for how many seconds it says that nothing will be."""

    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    fresh_s: float = 0.0


@dataclass(frozen=True, slots=True)
class HostRow:
    """What every process must know of a host to stay polite with it. Times are aware UTC."""

    host: str
    next_free_at: datetime | None = None
    not_before: datetime | None = None
    not_before_reason: str | None = None
    crawl_delay: float | None = None
    failures: int = 0
    robots: str | None = None
    robots_status: int | None = None
    robots_good_at: datetime | None = None  # its last good answer; fetched: the last asking
    robots_fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A feed, sitemap or listing of an outlet and how it last answered."""

    id: int
    outlet: str
    kind: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    validators_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None
    items: int = 0
    newest_known: str | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class RunCounts:
    """One outlet's part in a run. endings counts the contract's words, failures the classes of
    what went wrong on the way: timed_out, tls, http_503 and so on."""

    requests: int = 0
    bytes: int = 0
    not_modified: int = 0
    new: int = 0
    revised: int = 0
    unrecorded: int = 0
    missing_dates: int = 0
    endings: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What one visit to a page came to. state: where it rests; next_check_at: when it is due
    again if done; snapshot: as fetched, not compressed; canonical_url: as the page names itself."""

    ending: str
    state: PageState
    article: Article | None = None
    canonical_url: str | None = None
    aliases: tuple[str, ...] = ()
    fetched: Fetched = Fetched()
    error: str | None = None
    snapshot: bytes | None = None
    next_check_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an article: a new one, a new revision of a known one, one that changed no
    word of it (cosmetic), or nothing new."""

    kind: Literal["new", "revised", "cosmetic", "same"]
    article_id: int
