"""The states of outlets as they stand, and telling people of a change: once, with a reminder, and
when it is over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from sqlite_utils import Database

from store.database import transaction
from store.encoding import from_text, maybe_text, maybe_time, storable, to_json, to_text
from store.outbox import Message, post
from store.wellness import State, Wellness

REMINDER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Standing:
    """An outlet's state since when (aware UTC), why, what to do, and when people were last told of
    it; None when there was nothing to tell. measured are the figures the words say (see Wellness);
    empty when an older Pantau wrote it."""

    outlet: str
    state: State
    since: datetime
    words: str
    remedy: str = ""
    told_at: datetime | None = None
    measured: Mapping[str, str | int] = field(default_factory=dict)


def standings(db: Database) -> dict[str, Standing]:
    """How every outlet stands that was ever judged, by slug."""
    rows = db.conn.execute("SELECT * FROM wellness ORDER BY outlet")
    return {
        row["outlet"]: Standing(
            row["outlet"],
            cast(State, row["state"]),
            from_text(row["since"]),
            row["words"],
            row["remedy"],
            maybe_time(row["told_at"]),
            json.loads(row["measured"]),
        )
        for row in rows
    }


def settle(
    db: Database, outlet: str, found: Wellness, now: datetime, channel: str | None
) -> Message | None:
    """Write how an outlet is doing, and in the same transaction, if that is something to tell, the
    message into the outbox (channel None: people only read it). Returns what there was to tell:
    a change of state other than from new to well, or that it has been ill for three more days."""
    with transaction(db) as conn:
        known = standings(db).get(outlet)
        message = news(outlet, known, found, now, channel or "")
        since = known.since if known is not None and known.state == found.state else now
        told = known.told_at if known is not None else None
        told = now if message is not None else told
        conn.execute(
            "INSERT INTO wellness(outlet, state, since, words, remedy, told_at, measured)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT(outlet) DO UPDATE SET state = excluded.state, since = excluded.since,"
            " words = excluded.words, remedy = excluded.remedy, told_at = excluded.told_at,"
            " measured = excluded.measured",
            (
                outlet,
                found.state,
                to_text(since),
                storable(found.words),
                found.remedy,
                maybe_text(told),
                to_json(found.measured),
            ),
        )
        if message is not None and channel is not None:
            post(db, message, now)
    return message


def news(
    outlet: str, known: Standing | None, found: Wellness, now: datetime, channel: str
) -> Message | None:
    """What there is to tell people of this state, or None."""
    before = known.state if known is not None else "well"
    at = to_text(now)
    said = f"{found.words}\nWhat to do: {found.remedy}\n"
    if found.state == before:
        if found.state == "well" or known is None or known.told_at is None:
            return None
        if now - known.told_at < REMINDER:
            return None
        return Message(f"wellness/{outlet}/{at}", channel, headed(outlet, found, "still "), said)
    if found.state == "well":
        since = f"It was {before} since {known.since:%Y-%m-%d %H:%M} UTC.\n" if known else ""
        return Message(f"wellness/{outlet}/{at}", channel, f"{outlet} is well again", since)
    return Message(f"wellness/{outlet}/{at}", channel, headed(outlet, found), said)


def headed(outlet: str, found: Wellness, still: str = "") -> str:
    """A message's subject: the outlet and its state as people say it."""
    if found.state == "never worked":
        return f"{outlet} has {still}never worked"
    if found.state == "changed layout":
        return f"{outlet} {still}has changed layout"
    return f"{outlet} is {still}{found.state}"
