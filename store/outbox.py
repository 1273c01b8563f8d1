"""Messages on their way to people: written with what they tell of, sent at least once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from store.database import transaction
from store.encoding import from_text, storable, to_text

FIRST_WAIT = timedelta(minutes=1)  # doubled with each attempt
LONGEST_WAIT = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT_DAYS = 30
ERROR_CHARS = 500


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be told over a channel, a name whose address stands in the environment. key goes
    along with it, the same at every attempt, so that who gets it twice can tell."""

    key: str
    channel: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in the outbox. Times are aware UTC."""

    id: int
    message: Message
    created_at: datetime
    attempts: int


def post(db: Database, message: Message, now: datetime) -> bool:
    """Put a message into the outbox; False when one with its key was there before."""
    with transaction(db) as conn:
        cursor = conn.execute(
            "INSERT INTO outbox(key, channel, subject, body, created_at, not_before)"
            " VALUES (?, ?, ?, ?, ?5, ?5) ON CONFLICT(key) DO NOTHING",
            (
                message.key,
                message.channel,
                storable(message.subject),
                storable(message.body),
                to_text(now),
            ),
        )
    return cursor.rowcount > 0


def due(db: Database, now: datetime, limit: int = 20) -> list[Posted]:
    """The messages that may be sent now, oldest first."""
    rows = db.conn.execute(
        "SELECT * FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL AND not_before <= ?"
        " ORDER BY id LIMIT ?",
        (to_text(now), limit),
    )
    return [_posted(row) for row in rows]


def sent(db: Database, message_id: int, now: datetime) -> None:
    """The message arrived."""
    with transaction(db) as conn:
        conn.execute(
            "UPDATE outbox SET sent_at = ?, attempts = attempts + 1, error = NULL WHERE id = ?",
            (to_text(now), message_id),
        )


def not_sent(db: Database, posted: Posted, error: str, now: datetime) -> None:
    """The message did not arrive: it is tried again after 1, 2, 4 minutes and so on, at most every
    six hours, and given up after three days. error must hold no address and no secret."""
    wait = min(FIRST_WAIT * 2 ** min(posted.attempts, 20), LONGEST_WAIT)
    over = now - posted.created_at >= GIVEN_UP_AFTER
    with transaction(db) as conn:
        conn.execute(
            "UPDATE outbox SET attempts = attempts + 1, error = ?, not_before = ?,"
            " given_up_at = ? WHERE id = ?",
            (
                storable(error)[:ERROR_CHARS],
                to_text(now + wait),
                to_text(now) if over else None,
                posted.id,
            ),
        )


def prune_outbox(db: Database, now: datetime) -> int:
    """Drop messages that were settled a month ago; returns how many."""
    before = to_text(now - timedelta(days=KEPT_DAYS))
    with transaction(db) as conn:
        cursor = conn.execute(
            "DELETE FROM outbox WHERE coalesce(sent_at, given_up_at) < ?", (before,)
        )
    return cursor.rowcount


def _posted(row: sqlite3.Row) -> Posted:
    message = Message(row["key"], row["channel"], row["subject"], row["body"])
    return Posted(row["id"], message, from_text(row["created_at"]), row["attempts"])
