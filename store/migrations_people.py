"""Who may open the review page over a network, for the history of migrations."""

from __future__ import annotations

from sqlite_utils import Database

PEOPLE = """
CREATE TABLE people (                      -- who may log in to the review page
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,                -- the name as it is compared
  role TEXT NOT NULL CHECK (role IN ('reader','reviewer')),
  password TEXT NOT NULL,                  -- scrypt$N$R$P$SALT$HASH
  added_at TEXT NOT NULL, last_login_at TEXT
) STRICT;
CREATE TABLE sessions (
  token TEXT PRIMARY KEY NOT NULL,         -- SHA-256 of what the browser holds
  person INTEGER NOT NULL REFERENCES people(id),
  started_at TEXT NOT NULL, seen_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_person ON sessions(person);
-- Whatever program removes somebody: nobody else inherits the sessions with the number.
CREATE TRIGGER people_end_sessions BEFORE DELETE ON people BEGIN
  DELETE FROM sessions WHERE person = OLD.id; END;
CREATE TABLE login_attempts (              -- what went wrong lately, and how long to wait for it
  whom TEXT PRIMARY KEY NOT NULL,          -- an address, or an address and a mark of a name
  failures INTEGER NOT NULL, free_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_attempts_age ON login_attempts(free_at);
"""


def m016_people_and_their_sessions(db: Database) -> None:
    """People with passwords and roles, their sessions, and failed tries to log in."""
    db.executescript(PEOPLE)
