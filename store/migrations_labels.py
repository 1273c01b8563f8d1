"""Tags that people give become entries of the review log, so that they can be taken back."""

from __future__ import annotations

from sqlite_utils import Database

# The same log with two more actions, 'tag' and 'untag': their value is {"slug": .., "label": ..}.
# A CHECK cannot be altered, so the table is made anew.
REVIEWS = """
DROP VIEW review_state;
DROP VIEW standing_reviews;
CREATE TABLE reviews_again (               -- append-only: what people said, and what they took back
  id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
  reviewer TEXT NOT NULL, at TEXT NOT NULL,
  action TEXT NOT NULL
    CHECK (action IN ('verdict','star','note','correct','tag','untag','undo')),
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
CREATE TRIGGER reviews_cache AFTER INSERT ON reviews
  WHEN NEW.action NOT IN ('correct','tag','untag') BEGIN
  UPDATE articles SET (verdict, starred) =
    (SELECT verdict, starred FROM review_state WHERE article_id = NEW.article_id)
  WHERE id = NEW.article_id; END;
"""


def m015_tags_in_the_review_log(db: Database) -> None:
    """'tag' and 'untag' among the actions of the review log."""
    db.executescript(REVIEWS)
