"""The cases of one process: which are active now, and what a visited page taught of them."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crawler.cases import case_of, is_active
from crawler.reading import PageReading
from store import frontier
from store.case_records import Case
from store.cases import CaseShelf, reconsider, record
from store.database import transaction
from store.records import PageOutcome, Saved


class CaseBook:
    """Opened on a database; reads it again only when cases changed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._shelf = CaseShelf(db, is_active)

    def now(self, now: datetime) -> tuple[Case, ...]:
        """The cases that tell at this time."""
        return self._shelf.on(now.date())

    def finish(
        self, page_id: int, outcome: PageOutcome, reading: PageReading, now: datetime
    ) -> Saved | None:
        """Writes what a visit came to, and in the same transaction what its article taught; pages
        that were set aside before that was known are read again."""
        with transaction(self._db):
            saved = frontier.finish(self._db, page_id, outcome, now)
            if saved is not None and reading.evidence:
                learned = record(self._db, reading.evidence, case_of, saved.article_id, now)
                reconsider(self._db, learned, now)
        return saved
