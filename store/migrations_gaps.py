"""The table of gaps between polls, for the history of migrations."""

from __future__ import annotations

from sqlite_utils import Database

GAPS = """
CREATE TABLE gaps (                        -- what may have been missed between two polls
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  source_id INTEGER NOT NULL REFERENCES sources(id),
  reason TEXT NOT NULL CHECK (reason IN ('gap','since')),
  opened_at TEXT NOT NULL, closed_at TEXT,
  until TEXT,                              -- a local day: what is older is not missing
  pending TEXT NOT NULL DEFAULT '[]',      -- pages still to ask: [kind, url, number, base]
  pages INTEGER NOT NULL DEFAULT 0, items INTEGER NOT NULL DEFAULT 0,
  new INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
  ended TEXT                               -- known_ground and date: nothing is missing any more
) STRICT;
CREATE INDEX gaps_outlet ON gaps(outlet, id);
"""


def m008_gaps_between_polls(db: Database) -> None:
    """Gaps and how far they were closed."""
    db.executescript(GAPS)
