"""The tables of cases, for the history of migrations."""

from __future__ import annotations

from sqlite_utils import Database

CASES = """
CREATE TABLE cases (                       -- affairs of the KPK, learned from items that name it
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,               -- made of the first evidence, never changed
  name TEXT NOT NULL,
  renamed INTEGER NOT NULL DEFAULT 0,      -- the name is a person's
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open','confirmed','ended','merged')),
  merged_into INTEGER REFERENCES cases(id),
  first_on TEXT NOT NULL, last_on TEXT NOT NULL,   -- days of its evidence
  changed_by TEXT, changed_at TEXT,        -- who last confirmed, renamed, merged or ended it
  CHECK ((status = 'merged') = (merged_into IS NOT NULL))
) STRICT;
CREATE TABLE case_terms (
  case_id INTEGER NOT NULL REFERENCES cases(id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person','initials','office','region','affair','company')),
  form TEXT NOT NULL,
  PRIMARY KEY (case_id, kind, form)
) STRICT, WITHOUT ROWID;
CREATE TABLE case_evidence (               -- the items a case was learned from or met in
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases(id),
  article_id INTEGER REFERENCES articles(id),
  url TEXT NOT NULL, on_day TEXT NOT NULL, quote TEXT NOT NULL, seen_at TEXT NOT NULL,
  UNIQUE (case_id, url)
) STRICT;
CREATE INDEX case_evidence_article ON case_evidence(article_id);
-- Counts every change of what cases tell, so that readers know when to read them again.
CREATE TABLE case_changes (number INTEGER NOT NULL) STRICT;
INSERT INTO case_changes VALUES (0);
CREATE TRIGGER cases_inserted AFTER INSERT ON cases BEGIN
  UPDATE case_changes SET number = number + 1; END;
CREATE TRIGGER cases_updated AFTER UPDATE ON cases BEGIN
  UPDATE case_changes SET number = number + 1; END;
CREATE TRIGGER case_terms_inserted AFTER INSERT ON case_terms BEGIN
  UPDATE case_changes SET number = number + 1; END;
"""


def m010_cases(db: Database) -> None:
    """Cases with their terms and evidence."""
    db.executescript(CASES)
