"""The desk a person works at: the database file, the person's name and the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database
from starlette.requests import Request

from store.database import open_store
from store.people import Person
from store.ranking import Taught
from store.views import time_limit

READ_S = 5.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page needs; reviewer is the name under which things are done. Pages are made in
    threads, so each opens the file for itself; one at a time writes. Someone holds the file open
    meanwhile (see the review command), which keeps SQLite from folding its log into the file
    after every page."""

    path: Path
    reviewer: str
    now: Callable[[], datetime] = _now
    lock: threading.Lock = field(default_factory=threading.Lock)
    taught: Taught = field(default_factory=Taught)

    @contextmanager
    def reading(self, seconds: float = READ_S) -> Iterator[Database]:
        """The database, to read from. StoreError when it takes longer than that."""
        with closing(open_store(self.path, readonly=True)) as db, time_limit(db, seconds):
            yield db

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """The database, to write to."""
        with self.lock, closing(open_store(self.path)) as db:
            yield db


def desk_of(request: Request) -> Desk:
    """The desk of whoever sent the request: where people log in under that person's name, else
    under the one the application was started with."""
    desk: Desk = request.app.state.desk
    person = person_of(request)
    return desk if person is None else replace(desk, reviewer=person.name)


def person_of(request: Request) -> Person | None:
    """Who is logged in; None: nobody logs in here."""
    person: Person | None = request.scope.get("state", {}).get("person")
    return person
