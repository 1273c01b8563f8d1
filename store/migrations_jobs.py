"""What people ask the daemon to do, pause and switch, for the history of migrations."""

from __future__ import annotations

from sqlite_utils import Database

JOBS = """
ALTER TABLE jobs ADD COLUMN argument TEXT;     -- until when to pause
ALTER TABLE jobs ADD COLUMN result TEXT;       -- what became of it, in a word; NULL: nothing yet
ALTER TABLE jobs ADD COLUMN numbers TEXT NOT NULL DEFAULT '{}';  -- and the figures that go with it
CREATE INDEX jobs_open ON jobs(id) WHERE finished_at IS NULL;
CREATE INDEX jobs_target ON jobs(target, id);
ALTER TABLE outlets ADD COLUMN paused_until TEXT;  -- a person's word: not crawled before then
ALTER TABLE outlets ADD COLUMN paused_by TEXT;
ALTER TABLE outlets ADD COLUMN switched_by TEXT;   -- who said what stands in switched
ALTER TABLE outlets ADD COLUMN switched_at TEXT;
-- What was measured, so that the words can be said in another language.
ALTER TABLE wellness ADD COLUMN measured TEXT NOT NULL DEFAULT '{}';
-- With the number of new items, which is added up for every outlet of the health page.
DROP INDEX polls_outlet;
CREATE INDEX polls_outlet ON polls(outlet, at, new);
"""


def m014_jobs_and_pauses(db: Database) -> None:
    """Jobs say what became of them; outlets are paused, and say who switched them."""
    db.executescript(JOBS)
