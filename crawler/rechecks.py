"""When a known article is asked for again: often while it is young and may still be corrected."""

from __future__ import annotations

from datetime import datetime, timedelta

from store.records import Fetched, LeasedPage

# Corrections come within hours, deletions within days.
AGES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)


def next_check(since: datetime, now: datetime) -> datetime | None:
    """The next age at which to look again; None once the article is older than the last. Both
    times are aware; a check that was missed is not made up for."""
    return next((since + age for age in AGES if since + age > now), None)


def young_since(page: LeasedPage, published_at: datetime) -> datetime:
    """From when the age of an article counts: it may have been found long after it came out."""
    return min(page.discovered_at, published_at)


def is_same_body(page: LeasedPage, fetched: Fetched) -> bool:
    """Whether a server without validators gave the very bytes that were read last time."""
    digest = fetched.body_sha256
    return page.visited and digest is not None and digest == page.body_sha256
