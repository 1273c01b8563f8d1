"""What people's amendments, revisions told apart and rescoring need, for the history of
migrations."""

from __future__ import annotations

from sqlite_utils import Database

AMENDMENTS = """
ALTER TABLE revisions ADD COLUMN kind TEXT NOT NULL DEFAULT 'text'
  CHECK (kind IN ('first','text','title','cosmetic','reverted'));
ALTER TABLE revisions ADD COLUMN reverts INTEGER;      -- the number of the version that is back
UPDATE revisions SET kind = 'first' WHERE number = 1;
ALTER TABLE articles ADD COLUMN reopened_at TEXT;      -- a correction turned what it is about
ALTER TABLE articles ADD COLUMN redacted_at TEXT;
-- Waiting for a person: about the topic or reopened, and nobody has decided.
ALTER TABLE articles ADD COLUMN waiting INTEGER GENERATED ALWAYS AS
  (verdict = 'new' AND redacted_at IS NULL AND (relevance = 'about' OR reopened_at IS NOT NULL))
  VIRTUAL;
CREATE INDEX articles_waiting ON articles(waiting, published_at DESC, id DESC);
CREATE TABLE machine_values (              -- what was read where a person's correction stands
  article_id INTEGER NOT NULL REFERENCES articles(id),
  name TEXT NOT NULL,                      -- a column of articles
  value ANY,
  PRIMARY KEY (article_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE redactions (                  -- texts a person ordered removed: the entry that stays
  article_id INTEGER PRIMARY KEY REFERENCES articles(id),
  url TEXT NOT NULL, outlet TEXT NOT NULL,
  at TEXT NOT NULL, reviewer TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE rescored (                    -- by which rules a thing was last read again
  kind TEXT NOT NULL CHECK (kind IN ('article','page')), id INTEGER NOT NULL,
  rules TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
"""

# The same log with one more action, 'correct': its value is {"field": .., "value": ..}. A CHECK
# cannot be altered, so the table is made anew.
REVIEWS = """
DROP VIEW review_state;
DROP VIEW standing_reviews;
CREATE TABLE reviews_again (               -- append-only: what people said, and what they took back
  id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
  reviewer TEXT NOT NULL, at TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('verdict','star','note','correct','undo')),
  value TEXT,
  batch TEXT,                              -- rows of one batch are undone together
  undoes INTEGER UNIQUE REFERENCES reviews_again(id),
  CHECK ((action = 'undo') = (undoes IS NOT NULL)),
  CHECK (action <> 'verdict' OR value IN ('new','relevant','irrelevant','later')),
  CHECK (action <> 'star' OR value IN ('0','1'))
) STRICT;
INSERT INTO reviews_again(id, article_id, reviewer, at, action, value, batch, undoes)
  SELECT id, article_id, reviewer, at, action, value, batch, undoes FROM reviews ORDER BY id;
DROP TABLE reviews;
ALTER TABLE reviews_again RENAME TO reviews;
CREATE INDEX reviews_article ON reviews(article_id, id);
CREATE INDEX reviews_reviewer ON reviews(reviewer, id);
-- Of a redacted article the words may go; who did what and when stays.
CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews
  WHEN NOT (NEW.value IS '[redacted]' AND (NEW.id, NEW.article_id, NEW.reviewer, NEW.at, NEW.action)
      IS (OLD.id, OLD.article_id, OLD.reviewer, OLD.at, OLD.action)
    AND EXISTS (SELECT 1 FROM redactions r WHERE r.article_id = OLD.article_id)) BEGIN
  SELECT RAISE(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews BEGIN
  SELECT RAISE(ABORT, 'reviews are append-only'); END;
CREATE VIEW standing_reviews AS            -- the log without undone entries and their undoing
  SELECT * FROM reviews r WHERE action <> 'undo'
    AND NOT EXISTS (SELECT 1 FROM reviews u WHERE u.undoes = r.id);
CREATE VIEW review_state AS                -- recomputed from the log: proves the cached columns
  SELECT id AS article_id,
    coalesce((SELECT value FROM standing_reviews v WHERE v.article_id = a.id
      AND action = 'verdict' ORDER BY v.id DESC LIMIT 1), 'new') AS verdict,
    coalesce((SELECT CAST(value AS INTEGER) FROM standing_reviews s WHERE s.article_id = a.id
      AND action = 'star' ORDER BY s.id DESC LIMIT 1), 0) AS starred
  FROM articles a;
CREATE TRIGGER reviews_cache AFTER INSERT ON reviews WHEN NEW.action <> 'correct' BEGIN
  UPDATE articles SET (verdict, starred) =
    (SELECT verdict, starred FROM review_state WHERE article_id = NEW.article_id)
  WHERE id = NEW.article_id; END;
"""


def m011_corrections_redactions_and_kinds_of_revisions(db: Database) -> None:
    """Kinds of revisions, reopened and redacted articles, corrections in the log, rescoring."""
    db.executescript(AMENDMENTS)
    db.executescript(REVIEWS)
