"""Which process holds the turn of a host, for the history of migrations."""

from __future__ import annotations

from sqlite_utils import Database


def m007_who_holds_a_hosts_turn(db: Database) -> None:
    """Without it a process that was killed would keep its turn for as long as an answer takes."""
    db.execute("ALTER TABLE hosts ADD COLUMN held_by INTEGER")  # a process id; NULL: nobody
