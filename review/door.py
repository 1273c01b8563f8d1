"""The door of the review page: who may come in, by a session or by a password."""

from __future__ import annotations

import sqlite3
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from review.desk import Desk
from store.database import StoreError
from store.passwords import LONGEST, hashed, is_outdated, matches
from store.people import LONGEST_NAME, Credential, Person, credential, upgrade_hash
from store.sessions import (
    TOUCH,
    begin_try,
    end_session,
    forgive_tries,
    session_of,
    start_session,
    touch_session,
)

# Each password that is being checked takes 64 MiB; further ones wait, and no crowd of them.
CHECKED_AT_ONCE = 2
MOST_WAITING = 40
CROWDED_S = 5
T = TypeVar("T")


class RefusedError(Exception):
    """Not let in; status is the answer's, wait_s after how many seconds to try again."""

    def __init__(self, status: int, wait_s: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Door:
    """Whom the page lets in; https: browsers reach it by https only."""

    desk: Desk
    https: bool = False
    checking: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(CHECKED_AT_ONCE))

    @property
    def cookie(self) -> str:
        """The session's cookie. With the prefix no other host of the domain can plant one."""
        return "__Host-pantau-session" if self.https else "pantau_session"

    async def person(self, request: Request) -> Person | None:
        """Whose session the request carries; None: it carries none that lives. StoreError when
        that cannot be looked up, which lets nobody in."""
        token = request.cookies.get(self.cookie)
        return await run_in_threadpool(self._person, token) if token else None

    async def log_in(self, request: Request, name: str, password: str) -> str:
        """A new session's token, for the browser. RefusedError for a wrong name or password (401),
        after too many of them (429), in a crowd (503)."""
        return await self._checked(partial(self._log_in, client_of(request), name, password))

    async def log_out(self, request: Request) -> None:
        """End the request's session."""
        token = request.cookies.get(self.cookie)
        if token:
            await run_in_threadpool(self._log_out, token)

    async def feed_reader(self, request: Request) -> Person | None:
        """Whose name and password a program sends with every request (HTTP Basic); None: it sends
        none. RefusedError as with log_in."""
        said = _basic(request.headers.get("authorization", ""))
        if said is None:
            return None
        known = await self._checked(partial(self._prove, client_of(request), *said))
        return known.person

    async def _checked(self, check: partial[T]) -> T:
        if self.checking.statistics().tasks_waiting >= MOST_WAITING:
            raise RefusedError(503, CROWDED_S)
        try:
            return await run_sync(check, limiter=self.checking)
        except (StoreError, sqlite3.Error) as error:
            raise RefusedError(503, CROWDED_S) from error

    def _person(self, token: str) -> Person | None:
        now = self.desk.now()
        try:
            with self.desk.reading() as db:
                found = session_of(db, token, now)
        except sqlite3.Error as error:
            raise StoreError("who is logged in cannot be looked up") from error
        if found and now - found.seen_at > TOUCH:
            # A file that is locked now is written with the next page.
            with suppress(StoreError, sqlite3.Error), self.desk.writing() as db:
                touch_session(db, token, now)
        return found.person if found else None

    def _log_in(self, client: str, name: str, password: str) -> str:
        known = self._prove(client, name, password)
        with self.desk.writing() as db:
            token = start_session(db, known, self.desk.now())
        if token is None:  # the password was changed in this very moment
            raise RefusedError(401)
        return token

    def _log_out(self, token: str) -> None:
        with self.desk.writing() as db:
            end_session(db, token)

    def _prove(self, client: str, name: str, password: str) -> Credential:
        name, password = name[: LONGEST_NAME * 2], password[: LONGEST + 1]
        with self.desk.writing() as db:
            wait_s = begin_try(db, client, name, self.desk.now())
            known = credential(db, name)
        if wait_s:
            raise RefusedError(429, wait_s)
        # A name that nobody has takes as long as a wrong password.
        if not matches(password, known.kept if known else None) or known is None:
            raise RefusedError(401)
        with self.desk.writing() as db:
            forgive_tries(db, client, name, self.desk.now())
        if not is_outdated(known.kept):
            return known
        kept = hashed(password)
        with self.desk.writing() as db:
            upgrade_hash(db, known, kept)
        return Credential(known.person, kept)


def client_of(request: Request) -> str:
    """The address a request came from."""
    return request.client.host if request.client else ""


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return (name, password) if colon else None
