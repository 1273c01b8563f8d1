"""When a known article is asked for again: often while it is young and may still be corrected."""

from __future__ import annotations

from datetime import datetime, timedelta

# Corrections come within hours, deletions within days.
AGES = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)


def next_check(discovered_at: datetime, now: datetime) -> datetime | None:
    """The next age at which to look again; None once the article is older than the last. Both
    times are aware; a check that was missed is not made up for."""
    return next((discovered_at + age for age in AGES if discovered_at + age > now), None)
