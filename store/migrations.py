"""The shape of the database file, as the history of how it came to be: plain SQL, never edited
once shipped.

Times are UTC text `YYYY-MM-DDTHH:MM:SSZ`, yes and no are 1 and 0, lists are JSON. sqlite-utils'
transform() is not used: it silently drops triggers.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("pantau")

# Raised with every new migration; a file with a higher number is from a newer Pantau.
SCHEMA_VERSION = 19
# "PNTU": marks the file as ours, so that another program's database is never written to.
APPLICATION_ID = 0x504E5455

OUTLETS = """
CREATE TABLE outlets (
  slug TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL, home TEXT NOT NULL, family TEXT NOT NULL,
  province TEXT NOT NULL,                  -- Kemendagri code
  zone TEXT NOT NULL,                      -- IANA name
  enabled INTEGER NOT NULL DEFAULT 1,      -- what the catalogue says
  switched INTEGER,                        -- what a person said since: stands over the catalogue
  next_run_at TEXT,
  created_at TEXT NOT NULL, listed_at TEXT NOT NULL
) STRICT;
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL REFERENCES outlets(slug), kind TEXT NOT NULL, url TEXT NOT NULL,
  etag TEXT, last_modified TEXT, body_sha256 TEXT, validators_at TEXT,
  found_at TEXT NOT NULL, checked_at TEXT, last_ok_at TEXT,
  last_status INTEGER, last_error TEXT,
  items INTEGER NOT NULL DEFAULT 0, newest_known TEXT, failures INTEGER NOT NULL DEFAULT 0,
  UNIQUE (outlet, url)                     -- two desks of one host may share a feed
) STRICT;
CREATE TABLE hosts (                       -- shared by every process: who may ask a host, and when
  host TEXT PRIMARY KEY NOT NULL,
  next_free_at TEXT, not_before TEXT,      -- with microseconds: slots can be closer than a second
  not_before_reason TEXT, crawl_delay REAL, failures INTEGER NOT NULL DEFAULT 0,
  robots TEXT, robots_status INTEGER, robots_good_at TEXT, robots_fetched_at TEXT
) STRICT;
"""

FRONTIER = """
CREATE TABLE pages (                       -- the frontier: every address ever seen, one row each
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  url TEXT NOT NULL UNIQUE,                -- canonical
  fetch_url TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'discovered' CHECK (state IN ('discovered','leased','done',
    'off_topic','gone','refused','failed','quarantined')),
  ending TEXT,                             -- the word the last visit ended with
  attempts INTEGER NOT NULL DEFAULT 0,     -- failed ones, since the last success
  not_before TEXT, lease_until TEXT, lease_run INTEGER REFERENCES runs(id),
  etag TEXT, last_modified TEXT, body_sha256 TEXT, validators_at TEXT,
  next_check_at TEXT,                      -- set: visited before, due again then
  gone_seen_at TEXT,                       -- the first 404 or 410 of an article
  status INTEGER, last_error TEXT,
  discovered_at TEXT NOT NULL, visited_at TEXT,
  hint_title TEXT, hint_published TEXT, hint_summary TEXT,
  article_id INTEGER REFERENCES articles(id)
) STRICT;
CREATE INDEX pages_state ON pages(outlet, state, id);
CREATE INDEX pages_recheck ON pages(outlet, next_check_at) WHERE state = 'done';
CREATE INDEX pages_leased ON pages(lease_until) WHERE state = 'leased';
CREATE INDEX pages_article ON pages(article_id) WHERE article_id IS NOT NULL;
CREATE TABLE aliases (                     -- other addresses of a page: ?p=12, AMP, its parts
  url TEXT PRIMARY KEY NOT NULL,
  page_id INTEGER NOT NULL REFERENCES pages(id) ON DELETE CASCADE, seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX aliases_page ON aliases(page_id);
"""

ARTICLES = """
CREATE TABLE articles (                    -- one row per canonical URL: its current revision
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  title TEXT NOT NULL,
  published_at TEXT NOT NULL, published_day TEXT NOT NULL,
  published_precision TEXT NOT NULL CHECK (published_precision IN ('time','day')),
  published_source TEXT NOT NULL,
  event_date TEXT, date_conflict TEXT,
  first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, gone_at TEXT,
  byline TEXT, place TEXT, province TEXT, region TEXT,
  advertorial INTEGER NOT NULL DEFAULT 0,
  topic TEXT NOT NULL,
  relevance TEXT NOT NULL CHECK (relevance IN ('about','mentions','not')),
  score REAL NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  content_sha256 TEXT NOT NULL,
  -- a cache of the review log: written only by the trigger on reviews
  verdict TEXT NOT NULL DEFAULT 'new' CHECK (verdict IN ('new','relevant','irrelevant','later')),
  starred INTEGER NOT NULL DEFAULT 0,
  reasons TEXT NOT NULL DEFAULT '[]', removed TEXT NOT NULL DEFAULT '[]',
  text TEXT NOT NULL                       -- last: lists never read its overflow pages
) STRICT;
-- Whole, not partial: a partial index is never used for a bound parameter.
CREATE INDEX articles_inbox ON articles(relevance, verdict, published_at DESC, id DESC);
CREATE INDEX articles_recent ON articles(published_at DESC, id DESC);
CREATE INDEX articles_verdict ON articles(verdict, published_at DESC, id DESC);
CREATE INDEX articles_outlet ON articles(outlet, published_at DESC, id DESC);
CREATE INDEX articles_province ON articles(province, published_at DESC, id DESC);
CREATE INDEX articles_found ON articles(first_seen_at, outlet);
CREATE TABLE revisions (                   -- every version, the first too
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  number INTEGER NOT NULL, seen_at TEXT NOT NULL,
  title TEXT NOT NULL, content_sha256 TEXT NOT NULL,
  removed TEXT NOT NULL DEFAULT '[]', text TEXT NOT NULL,
  UNIQUE (article_id, number)
) STRICT;
CREATE TABLE snapshots (                   -- pages as fetched, to read again after a rule changed
  id INTEGER PRIMARY KEY,
  page_id INTEGER NOT NULL REFERENCES pages(id) ON DELETE CASCADE,
  revision_id INTEGER UNIQUE REFERENCES revisions(id),   -- NULL: no article came of it
  taken_at TEXT NOT NULL, encoding TEXT NOT NULL DEFAULT 'zstd',
  body BLOB NOT NULL
) STRICT;
CREATE INDEX snapshots_page ON snapshots(page_id);
CREATE TABLE tags (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('programme','event','area','region',
    'person','korsup','case','user')),
  slug TEXT NOT NULL, label TEXT NOT NULL,
  UNIQUE (kind, slug)
) STRICT;
CREATE TABLE article_tags (
  article_id INTEGER NOT NULL REFERENCES articles(id),
  tag_id INTEGER NOT NULL REFERENCES tags(id),
  source TEXT NOT NULL DEFAULT 'rule' CHECK (source IN ('rule','user')),
  position INTEGER NOT NULL,               -- the tagger's order
  evidence TEXT NOT NULL,
  PRIMARY KEY (article_id, tag_id, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_tags_tag ON article_tags(tag_id, article_id);
CREATE TABLE article_links (               -- why two articles belong together
  a INTEGER NOT NULL REFERENCES articles(id), b INTEGER NOT NULL REFERENCES articles(id),
  kind TEXT NOT NULL CHECK (kind IN ('copy','sibling','related')),
  containment REAL NOT NULL, evidence TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (a, b), CHECK (a < b)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_links_b ON article_links(b);
CREATE TABLE fingerprints (                -- word 5-gram hashes of the last 60-90 days
  hash INTEGER NOT NULL, article_id INTEGER NOT NULL REFERENCES articles(id),
  PRIMARY KEY (hash, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fingerprints_article ON fingerprints(article_id);
-- Double quotes around "articles": sqlite-utils and Datasette recognise the index by them.
CREATE VIRTUAL TABLE articles_fts USING fts5(
  title, text, content="articles", content_rowid="id", tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER articles_fts_insert AFTER INSERT ON articles BEGIN
  INSERT INTO articles_fts(rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text); END;
CREATE TRIGGER articles_fts_delete AFTER DELETE ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, title, text)
    VALUES ('delete', OLD.id, OLD.title, OLD.text); END;
CREATE TRIGGER articles_fts_update AFTER UPDATE OF title, text ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, title, text)
    VALUES ('delete', OLD.id, OLD.title, OLD.text);
  INSERT INTO articles_fts(rowid, title, text) VALUES (NEW.id, NEW.title, NEW.text); END;
"""

REVIEWS = """
CREATE TABLE reviews (                     -- append-only: what people said, and what they took back
  id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES articles(id),
  reviewer TEXT NOT NULL, at TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('verdict','star','note','undo')),
  value TEXT,
  batch TEXT,                              -- rows of one batch are undone together
  undoes INTEGER UNIQUE REFERENCES reviews(id),
  CHECK ((action = 'undo') = (undoes IS NOT NULL)),
  CHECK (action <> 'verdict' OR value IN ('new','relevant','irrelevant','later')),
  CHECK (action <> 'star' OR value IN ('0','1'))
) STRICT;
CREATE INDEX reviews_article ON reviews(article_id, id);
CREATE INDEX reviews_reviewer ON reviews(reviewer, id);
CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews BEGIN
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
CREATE TRIGGER reviews_cache AFTER INSERT ON reviews BEGIN
  UPDATE articles SET (verdict, starred) =
    (SELECT verdict, starred FROM review_state WHERE article_id = NEW.article_id)
  WHERE id = NEW.article_id; END;
"""

RUNS = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT,
  started_by TEXT NOT NULL, version TEXT NOT NULL, pid INTEGER,
  status TEXT NOT NULL DEFAULT 'running'
) STRICT;
CREATE TABLE run_outlets (
  run_id INTEGER NOT NULL REFERENCES runs(id), outlet TEXT NOT NULL REFERENCES outlets(slug),
  requests INTEGER NOT NULL, bytes INTEGER NOT NULL, not_modified INTEGER NOT NULL,
  new INTEGER NOT NULL, revised INTEGER NOT NULL,
  unrecorded INTEGER NOT NULL, missing_dates INTEGER NOT NULL,
  endings TEXT NOT NULL DEFAULT '{}',      -- how often each word
  PRIMARY KEY (run_id, outlet)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_outlets_outlet ON run_outlets(outlet, run_id);
CREATE TABLE errors (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL,
  run_id INTEGER REFERENCES runs(id), outlet TEXT REFERENCES outlets(slug),
  kind TEXT NOT NULL, url TEXT, status INTEGER, message TEXT NOT NULL
) STRICT;
CREATE INDEX errors_outlet ON errors(outlet, id);
CREATE TABLE jobs (                        -- what the review page asks the daemon to do
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, target TEXT NOT NULL,
  asked_by TEXT NOT NULL, asked_at TEXT NOT NULL,
  taken_at TEXT, finished_at TEXT, error TEXT
) STRICT;
"""


@migrations()
def m001_outlets_and_their_sources(db: Database) -> None:
    db.executescript(OUTLETS)


@migrations()
def m002_the_frontier(db: Database) -> None:
    db.executescript(FRONTIER)


@migrations()
def m003_articles_and_their_search_index(db: Database) -> None:
    db.executescript(ARTICLES)


@migrations()
def m004_the_review_log(db: Database) -> None:
    db.executescript(REVIEWS)


@migrations()
def m005_runs_errors_and_jobs(db: Database) -> None:
    db.executescript(RUNS)
