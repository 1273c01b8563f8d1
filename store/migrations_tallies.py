"""What counting articles by day, outlet and province needs."""

from __future__ import annotations

from sqlite_utils import Database


def m017_counting_by_day(db: Database) -> None:
    """An index that answers the counts of a period by itself."""
    db.execute(
        "CREATE INDEX articles_tally"
        " ON articles(relevance, published_day, verdict, outlet, province)"
    )
