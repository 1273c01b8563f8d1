"""The tables of copy clusters, for the history of migrations."""

from __future__ import annotations

from sqlite_utils import Database

CLUSTERS = """
CREATE TABLE unplaced (                    -- not compared with the others since it came or changed
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE
) STRICT;
CREATE TABLE cluster_members (             -- copies of one text; an article without any has no row
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  cluster_id INTEGER NOT NULL,             -- the smallest id of its members
  leads INTEGER NOT NULL DEFAULT 0,        -- the one that lists show for all
  revised INTEGER NOT NULL DEFAULT 0       -- its outlet changed its words: never hidden
) STRICT;
CREATE INDEX cluster_members_cluster ON cluster_members(cluster_id);
CREATE TABLE cluster_decisions (           -- append-only: a person's word on a pair
  id INTEGER PRIMARY KEY,
  a INTEGER NOT NULL REFERENCES articles(id), b INTEGER NOT NULL REFERENCES articles(id),
  says TEXT NOT NULL CHECK (says IN ('together','apart','open')),  -- open: nobody's word any more
  reviewer TEXT NOT NULL, at TEXT NOT NULL,
  CHECK (a < b)
) STRICT;
CREATE INDEX cluster_decisions_a ON cluster_decisions(a, b, id);
CREATE INDEX cluster_decisions_b ON cluster_decisions(b);
CREATE TRIGGER cluster_decisions_no_update BEFORE UPDATE ON cluster_decisions BEGIN
  SELECT RAISE(ABORT, 'cluster decisions are append-only'); END;
CREATE TRIGGER cluster_decisions_no_delete BEFORE DELETE ON cluster_decisions BEGIN
  SELECT RAISE(ABORT, 'cluster decisions are append-only'); END;
-- The latest word on a pair stands.
CREATE VIEW standing_cluster_decisions AS
  SELECT * FROM cluster_decisions d WHERE says <> 'open'
    AND NOT EXISTS (SELECT 1 FROM cluster_decisions l
      WHERE l.a = d.a AND l.b = d.b AND l.id > d.id);
-- What is about the topic leads what only mentions it, then the earliest leads. A day without a
-- time stands behind the times of that day.
CREATE VIEW cluster_order AS
  SELECT m.cluster_id, m.article_id,
    CASE a.relevance WHEN 'about' THEN 0 WHEN 'mentions' THEN 1 ELSE 2 END
    || ' ' || a.published_day || ' ' || (a.published_precision = 'day') || ' ' || a.published_at
    || ' ' || a.first_seen_at || ' ' || printf('%012d', a.id) AS place
  FROM cluster_members m JOIN articles a ON a.id = m.article_id;
CREATE TRIGGER clusters_lead AFTER UPDATE OF relevance, published_at, published_precision
  ON articles WHEN OLD.relevance IS NOT NEW.relevance
    OR OLD.published_at IS NOT NEW.published_at
    OR OLD.published_precision IS NOT NEW.published_precision BEGIN
  UPDATE cluster_members SET leads = 0
    WHERE cluster_id = (SELECT cluster_id FROM cluster_members WHERE article_id = NEW.id);
  UPDATE cluster_members SET leads = 1 WHERE article_id = (SELECT article_id FROM cluster_order
    WHERE cluster_id = (SELECT cluster_id FROM cluster_members WHERE article_id = NEW.id)
    ORDER BY place LIMIT 1); END;
CREATE TRIGGER unplaced_new AFTER INSERT ON articles BEGIN
  INSERT INTO unplaced(article_id) VALUES (NEW.id) ON CONFLICT DO NOTHING; END;
CREATE TRIGGER unplaced_changed AFTER UPDATE OF content_sha256, event_date, region ON articles
  WHEN OLD.content_sha256 IS NOT NEW.content_sha256 OR OLD.event_date IS NOT NEW.event_date
    OR OLD.region IS NOT NEW.region BEGIN
  INSERT INTO unplaced(article_id) VALUES (NEW.id) ON CONFLICT DO NOTHING; END;
INSERT INTO unplaced(article_id) SELECT id FROM articles;
"""


def m009_clusters_of_copies(db: Database) -> None:
    """Copies as clusters with a lead, a person's word on them, and what is still to be placed."""
    db.executescript(CLUSTERS)
