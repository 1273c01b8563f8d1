"""What a visit to a page came to, written in one transaction: all of it or nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.addresses import add_aliases, settle
from store.articles import mark_gone, save_article
from store.database import transaction
from store.encoding import from_text, maybe_text, storable, to_text
from store.records import Fetched, PageOutcome, PageState, Saved
from store.runs import Incident, record_error
from store.snapshots import compress, keep_snapshot

MAX_ATTEMPTS = 5
FIRST_WAIT_S = 60.0
LONGEST_WAIT_S = 24 * 3600.0
# An article is gone when two visits at least a day apart were told so (design, House style).
GONE_APART = timedelta(days=1)
PUT_OFF = timedelta(hours=1)
MESSAGE_CHARS = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A visit that should be tried again. ending is the contract's word; retry_at (aware UTC) is
    the earliest time the server asked for, if it asked."""

    ending: str
    message: str
    status: int | None = None
    retry_at: datetime | None = None


def finish(db: Database, page_id: int, outcome: PageOutcome, now: datetime) -> Saved | None:
    """Write everything a visit came to: article, revision, snapshot, addresses, tags, validators,
    state and error, in one transaction.

    Returns what became of the article; None if there was none. A page whose canonical address is
    another page's becomes an alias of that one, and an article that one has already is left as it
    is (an AMP page must not revise it). A page that stood under an alias since then is None.
    """
    packed = None if outcome.snapshot is None else compress(outcome.snapshot)
    with transaction(db) as conn:
        page = _page(conn, page_id)
        if page is None:
            return None
        _record_trouble(db, page, outcome, now)
        page = _page(conn, settle(conn, page_id, outcome.canonical_url, now))
        assert page is not None
        merged = page["id"] != page_id
        if merged and (outcome.article is None or page["article_id"] is not None):
            return None if page["article_id"] is None else Saved("same", page["article_id"])
        add_aliases(conn, page["id"], outcome.aliases, now)
        saved = None
        if outcome.article is not None:
            saved = save_article(db, page["outlet"], page["url"], outcome.article, now)
        if packed is not None:
            _keep(conn, page["id"], saved, packed, now)
        _rest(conn, page, _twice_gone(db, page, outcome, now), saved, now)
    return saved


def fail(db: Database, page_id: int, failure: Failure, now: datetime) -> PageState:
    """Count a failed attempt and return the page's state: it waits 1, 4, 16, 64 minutes (or as
    long as the server asked, at most a day), and after the fifth it is quarantined. A page that
    stood under an alias since then is simply "failed"."""
    fetched = Fetched(status=failure.status)
    outcome = PageOutcome(failure.ending, "failed", fetched=fetched, error=failure.message)
    with transaction(db) as conn:
        page = _page(conn, page_id)
        if page is None:
            return "failed"
        _record_trouble(db, page, outcome, now)
        attempts = page["attempts"] + 1
        state: PageState = "discovered" if page["next_check_at"] is None else "done"
        ending = failure.ending
        if attempts >= MAX_ATTEMPTS:
            state, ending = "quarantined", "quarantined"
        conn.execute(
            "UPDATE pages SET state = :state, ending = :ending, attempts = :attempts,"
            " not_before = :again, next_check_at = iif(next_check_at IS NULL, NULL, :again),"
            " lease_until = NULL, lease_run = NULL, status = :status, last_error = :message,"
            " visited_at = :at WHERE id = :id",
            {
                "state": state,
                "ending": ending,
                "attempts": attempts,
                "again": to_text(_next_attempt(attempts, failure, now)),
                "status": failure.status,
                "message": storable(failure.message)[:MESSAGE_CHARS],
                "at": to_text(now),
                "id": page_id,
            },
        )
    return state


def put_off(
    db: Database, page_id: int, failure: Failure, now: datetime, *, others_served: bool = False
) -> PageState:
    """Leave a page for later that its host did not give: an hour's wait, or until retry_at. That
    is the host's doing, so the attempts of the page stay as they are.

    Unless it was refused with the same status before and other pages were served this time: then
    it is the page's own, and counts as a failure (see fail).
    """
    with transaction(db) as conn:
        page = _page(conn, page_id)
        if page is None:
            return "failed"
        asked = failure.status is not None
        if asked and others_served and page["status"] == failure.status:
            return fail(db, page_id, failure, now)
        if asked:
            fetched = Fetched(status=failure.status)
            outcome = PageOutcome(failure.ending, "failed", fetched=fetched, error=failure.message)
            _record_trouble(db, page, outcome, now)
        state: PageState = "discovered" if page["next_check_at"] is None else "done"
        conn.execute(
            "UPDATE pages SET state = ?1, not_before = ?2,"
            " next_check_at = iif(next_check_at IS NULL, NULL, ?2), lease_until = NULL,"
            " lease_run = NULL, status = coalesce(?3, status), last_error = ?4 WHERE id = ?5",
            (
                state,
                to_text(failure.retry_at or now + PUT_OFF),
                failure.status,
                storable(failure.message)[:MESSAGE_CHARS],
                page_id,
            ),
        )
    return state


def _next_attempt(attempts: int, failure: Failure, now: datetime) -> datetime:
    wait_s = FIRST_WAIT_S * 4 ** (attempts - 1)
    if failure.retry_at is not None:
        wait_s = max(wait_s, (failure.retry_at - now).total_seconds())
    return now + timedelta(seconds=min(wait_s, LONGEST_WAIT_S))


def _page(conn: sqlite3.Connection, page_id: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = conn.execute(
        "SELECT * FROM pages WHERE id = ?", (page_id,)
    ).fetchone()
    return row


def _record_trouble(db: Database, page: sqlite3.Row, outcome: PageOutcome, now: datetime) -> None:
    if outcome.error is None:
        return
    incident = Incident(outcome.ending, outcome.error, page["url"], outcome.fetched.status)
    record_error(db, page["lease_run"], page["outlet"], incident, now)


def _twice_gone(
    db: Database, page: sqlite3.Row, outcome: PageOutcome, now: datetime
) -> PageOutcome:
    """The outcome to write: an article is not given up after a single 404 or 410."""
    if outcome.state != "gone" or page["article_id"] is None:
        return outcome
    first = now if page["gone_seen_at"] is None else from_text(page["gone_seen_at"])
    if now - first >= GONE_APART:
        mark_gone(db, page["article_id"], now)
        return outcome
    return replace(outcome, state="done", next_check_at=first + GONE_APART)


def _keep(
    conn: sqlite3.Connection, page_id: int, saved: Saved | None, packed: bytes, now: datetime
) -> None:
    if saved is None:
        keep_snapshot(conn, page_id, None, packed, now)
    elif saved.kind != "same":
        revision = conn.execute(
            "SELECT id FROM revisions WHERE article_id = ? ORDER BY number DESC LIMIT 1",
            (saved.article_id,),
        ).fetchone()
        keep_snapshot(conn, page_id, revision["id"], packed, now)


def _rest(
    conn: sqlite3.Connection,
    page: sqlite3.Row,
    outcome: PageOutcome,
    saved: Saved | None,
    now: datetime,
) -> None:
    gone_seen_at = page["gone_seen_at"] or to_text(now) if outcome.ending == "gone" else None
    conn.execute(
        "UPDATE pages SET state = ?, ending = ?, next_check_at = ?, gone_seen_at = ?, status = ?,"
        " last_error = ?, article_id = coalesce(?, article_id), visited_at = ?, attempts = 0,"
        " not_before = NULL, lease_until = NULL, lease_run = NULL,"
        " hint_content = CASE WHEN coalesce(?, article_id) IS NULL THEN NULL ELSE hint_content END"
        " WHERE id = ?",
        (
            outcome.state,
            outcome.ending,
            maybe_text(outcome.next_check_at),
            gone_seen_at,
            outcome.fetched.status,
            None if outcome.error is None else storable(outcome.error)[:MESSAGE_CHARS],
            None if saved is None else saved.article_id,
            to_text(now),
            None if saved is None else saved.article_id,
            page["id"],
        ),
    )
    # Validators are kept only of a body that was read to its end, and a 304 does not renew them.
    fetched = outcome.fetched
    read = outcome.state in ("done", "off_topic") and outcome.ending not in ("gone", "not_modified")
    if read and fetched.status != 304:
        conn.execute(
            "UPDATE pages SET etag = ?, last_modified = ?, body_sha256 = ?, validators_at = ?"
            " WHERE id = ?",
            (fetched.etag, fetched.last_modified, fetched.body_sha256, to_text(now), page["id"]),
        )
