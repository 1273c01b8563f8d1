"""What changed in the shape of the database file since its first five migrations: plain SQL, never
edited once shipped."""

from __future__ import annotations

from sqlite_utils import Database

from store.migrations import migrations
from store.migrations_amendments import (
    m011_corrections_redactions_and_kinds_of_revisions,
)
from store.migrations_cases import m010_cases
from store.migrations_clusters import m009_clusters_of_copies
from store.migrations_contents import m013_what_a_feed_gave_in_full
from store.migrations_gaps import m008_gaps_between_polls
from store.migrations_turns import m007_who_holds_a_hosts_turn
from store.migrations_watch import m012_the_watch

__all__ = ["migrations"]


@migrations()
def m006_outlets_whose_certificates_are_not_verified(db: Database) -> None:
    db.execute("ALTER TABLE outlets ADD COLUMN tls TEXT NOT NULL DEFAULT 'verified'")


migrations()(m007_who_holds_a_hosts_turn)
migrations()(m008_gaps_between_polls)
migrations()(m009_clusters_of_copies)
migrations()(m010_cases)
migrations()(m011_corrections_redactions_and_kinds_of_revisions)
migrations()(m012_the_watch)
migrations()(m013_what_a_feed_gave_in_full)
