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
from store.migrations_jobs import m014_jobs_and_pauses
from store.migrations_labels import m015_tags_in_the_review_log
from store.migrations_lists import m019_lists_of_a_million
from store.migrations_people import m016_people_and_their_sessions
from store.migrations_saved import m018_saved_searches
from store.migrations_tallies import m017_counting_by_day
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
migrations()(m014_jobs_and_pauses)
migrations()(m015_tags_in_the_review_log)
migrations()(m016_people_and_their_sessions)
migrations()(m017_counting_by_day)
migrations()(m018_saved_searches)
migrations()(m019_lists_of_a_million)
