"""Searches that people keep."""

from __future__ import annotations

from sqlite_utils import Database


def m018_saved_searches(db: Database) -> None:
    """A table of addresses of lists, each under a name; topics have lists of their own."""
    db.execute(
        """
        CREATE TABLE saved_searches (            -- lists people keep: each an address of the page
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          address TEXT NOT NULL,                 -- path and query, as the page writes them
          reviewer TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX articles_topic ON articles(topic, published_at DESC, id DESC)")
