"""The text a feed gave in full, kept with its page, for the history of migrations."""

from __future__ import annotations

from sqlite_utils import Database


def m013_what_a_feed_gave_in_full(db: Database) -> None:
    """Feeds with full text are a second source where a page gives none, or only a part."""
    db.execute("ALTER TABLE pages ADD COLUMN hint_content TEXT")  # HTML; NULL once it is not needed
