"""What the daemon remembers, for the history of migrations: polls, states of outlets, alerts."""

from __future__ import annotations

from sqlite_utils import Database

WATCH = """
CREATE TABLE polls (                       -- one pass of the daemon over one outlet
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  at TEXT NOT NULL,
  failure TEXT,                            -- the class of what went wrong; NULL: a source answered
  weight REAL NOT NULL DEFAULT 0,          -- how much that counts
  items INTEGER NOT NULL DEFAULT 0,        -- named by the sources that answered
  new INTEGER NOT NULL DEFAULT 0,          -- of these, not known before
  read INTEGER NOT NULL DEFAULT 0,         -- pages a text was looked for in and found
  empty INTEGER NOT NULL DEFAULT 0,        -- and not found
  blocked INTEGER NOT NULL DEFAULT 0,
  kept INTEGER NOT NULL DEFAULT 0,         -- articles
  undated INTEGER NOT NULL DEFAULT 0       -- of these, without a date of their own
) STRICT;
CREATE INDEX polls_outlet ON polls(outlet, at);
CREATE INDEX pages_found ON pages(outlet, discovered_at);
CREATE TABLE wellness (                    -- how an outlet is doing, and whether people were told
  outlet TEXT PRIMARY KEY NOT NULL REFERENCES outlets(slug),
  state TEXT NOT NULL, since TEXT NOT NULL, words TEXT NOT NULL,
  remedy TEXT NOT NULL,
  told_at TEXT                             -- the last alarm; NULL: nothing to tell
) STRICT;
-- Seconds in which a source says it will not change: a feed's ttl, an answer's max-age.
ALTER TABLE sources ADD COLUMN fresh_s REAL;
CREATE TABLE alert_rules (                 -- saved searches that tell somebody
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL DEFAULT '',          -- words; empty: everything the filter lets through
  filter TEXT NOT NULL DEFAULT '{}',       -- further conditions, by their name
  rhythm TEXT NOT NULL CHECK (rhythm IN ('immediate','hourly','daily')),
  hour INTEGER NOT NULL DEFAULT 7 CHECK (hour BETWEEN 0 AND 23),
  zone TEXT NOT NULL DEFAULT 'Asia/Jakarta',
  channel TEXT NOT NULL,                   -- a name; its address and secrets: the environment
  created_at TEXT NOT NULL,
  last_at TEXT NOT NULL                    -- when it was last looked at
) STRICT;
CREATE TABLE alert_told (                  -- which articles a rule has told of
  rule_id INTEGER NOT NULL REFERENCES alert_rules(id) ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES articles(id),
  PRIMARY KEY (rule_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (                      -- messages to be sent at least once
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,                -- goes with the message: who gets it twice knows
  channel TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
  created_at TEXT NOT NULL, not_before TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, sent_at TEXT, given_up_at TEXT, error TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox(sent_at, given_up_at, not_before);
CREATE TABLE chores (                      -- upkeep, and when it was last done
  name TEXT PRIMARY KEY NOT NULL, done_at TEXT NOT NULL
) STRICT;
"""


def m012_the_watch(db: Database) -> None:
    """Polls, states of outlets, alert rules and their outbox, chores."""
    db.executescript(WATCH)
