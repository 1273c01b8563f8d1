"""Cases as they are kept: learned by reading, ruled by people, whose word stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from store.case_records import (
    Case,
    CaseEvidence,
    CaseTerm,
    EvidenceRow,
    StoredCase,
    free_slug,
)
from store.case_rows import add_terms, stored_cases, stretch, tag_article
from store.database import StoreError, transaction
from store.encoding import from_text, storable, to_text

# Which of the cases an item belongs to (None: a new one's): a rule of reading, the caller's.
CaseOf = Callable[[Sequence[Case], CaseEvidence], int | None]
Active = Callable[[Case, date], bool]
QUOTE_CHARS = 400
# How long a page set aside may still turn out to be a case's.
LATELY = timedelta(days=14)
OF_COURTS = (
    "sidang tersangka terdakwa saksi vonis suap korupsi geledah periksa tahan dakwa tuntut eks"
    " mantan nonaktif hakim jaksa"
).split()


class CaseShelf:
    """The active cases for one process, read again only when they changed."""

    def __init__(self, db: Database, is_active: Active) -> None:
        self._db, self._is_active = db, is_active
        self._read: tuple[int, date] | None = None
        self._cases: tuple[Case, ...] = ()

    def on(self, day: date) -> tuple[Case, ...]:
        """The cases that tell on a day."""
        number = self._db.conn.execute("SELECT number FROM case_changes").fetchone()[0]
        if self._read != (number, day):
            self._cases = active_cases(self._db, day, self._is_active)
            self._read = (number, day)
        return self._cases


def active_cases(db: Database, on: date, is_active: Active) -> tuple[Case, ...]:
    """The open and confirmed cases that still tell on a day, oldest first."""
    kept = stored_cases(db.conn, "status IN ('open','confirmed')")
    return tuple(stored.case for stored in kept if is_active(stored.case, on))


def list_cases(db: Database) -> list[StoredCase]:
    """Every case, those merged into others too; the latest evidence first."""
    return sorted(stored_cases(db.conn, "1"), key=lambda c: (c.case.last_on, c.id), reverse=True)


def get_case(db: Database, case_id: int) -> StoredCase | None:
    """The case of that number, or None."""
    return next(iter(stored_cases(db.conn, "id = ?", case_id)), None)


def evidence_of(db: Database, case_id: int) -> list[EvidenceRow]:
    """The items a case was learned from or met in, the earliest first."""
    rows = db.conn.execute(
        "SELECT * FROM case_evidence WHERE case_id = ? ORDER BY on_day, id", (case_id,)
    )
    return [
        EvidenceRow(
            url=row["url"],
            on=date.fromisoformat(row["on_day"]),
            quote=row["quote"],
            article_id=row["article_id"],
            seen_at=from_text(row["seen_at"]),
        )
        for row in rows
    ]


def record(
    db: Database,
    evidence: Sequence[CaseEvidence],
    case_of: CaseOf,
    article_id: int | None,
    now: datetime,
) -> tuple[CaseTerm, ...]:
    """Keep what an item taught: a case grows, or a new one begins. case_of tells which case it
    belongs to; it is shown the ended ones too, which grow but stay ended. The same item twice
    counts once, and is tagged with the case. What a person decided stays. Returns the terms that
    cases did not have yet."""
    learned: list[CaseTerm] = []
    if evidence:
        with transaction(db) as conn:
            for lesson in evidence:
                learned += _record(conn, lesson, case_of, article_id, now)
    return tuple(learned)


def reconsider(db: Database, terms: Sequence[CaseTerm], now: datetime) -> int:
    """Sends pages back to be read again that were set aside shortly before a case was learned,
    if what their source said of them holds its names, or its place and a word of the courts: a
    feed gives the newest first. Returns how many."""
    names = [term.form for term in terms if term.kind in ("person", "company")]
    places = [term.form for term in terms if term.kind == "region"]
    said = "lower(coalesce(hint_title, '') || ' ' || coalesce(hint_summary, ''))"
    wanted = " OR ".join(
        [f"instr({said}, ?) > 0"] * len(names)
        + [f"(instr({said}, ?) > 0 AND ({_any_of(said, OF_COURTS)}))"] * len(places)
    )
    if not wanted:
        return 0
    with transaction(db) as conn:
        found = conn.execute(
            "UPDATE pages SET state = 'discovered', not_before = NULL, attempts = 0,"
            " etag = NULL, last_modified = NULL, body_sha256 = NULL"
            f" WHERE state = 'off_topic' AND visited_at >= ? AND ({wanted})",
            (to_text(now - LATELY), *names, *places),
        )
    return found.rowcount


def _any_of(column: str, words: Sequence[str]) -> str:
    return " OR ".join(f"instr({column}, '{word}') > 0" for word in words)


def confirm(db: Database, case_id: int, by: str, now: datetime) -> StoredCase:
    """A person says the case is one: it tells until a person ends it. Raises StoreError."""
    return _decide(db, case_id, {"status": "confirmed"}, by, now)


def end(db: Database, case_id: int, by: str, now: datetime) -> StoredCase:
    """A person ends a case: it tells no more, whatever is still written of it. StoreError."""
    return _decide(db, case_id, {"status": "ended"}, by, now)


def rename(db: Database, case_id: int, name: str, by: str, now: datetime) -> StoredCase:
    """A person's name for a case, which stands; its slug stays. Raises StoreError."""
    wanted = " ".join(name.split())
    if not wanted:
        raise StoreError("a case needs a name; write it behind the number")
    return _decide(db, case_id, {"name": storable(wanted), "renamed": 1}, by, now)


def merge(db: Database, case_id: int, into: int, by: str, now: datetime) -> StoredCase:
    """A person says two cases are one: terms and evidence go to the second, and so does whatever
    is learned of the first from now on. Returns the second. Raises StoreError."""
    if case_id == into:
        raise StoreError(f"case {case_id} cannot be merged into itself; name two cases")
    with transaction(db) as conn:
        first, second = _living(db, case_id), _living(db, into)
        add_terms(conn, into, first.case.terms, len(second.case.terms))
        conn.execute(
            "INSERT INTO case_evidence(case_id, article_id, url, on_day, quote, seen_at)"
            " SELECT ?, article_id, url, on_day, quote, seen_at FROM case_evidence"
            " WHERE case_id = ? ON CONFLICT DO NOTHING",
            (into, case_id),
        )
        stretch(conn, into, first.case.first_on)
        stretch(conn, into, first.case.last_on)
        conn.execute("UPDATE cases SET merged_into = ? WHERE merged_into = ?", (into, case_id))
        conn.execute(
            "UPDATE cases SET status = 'merged', merged_into = ?, changed_by = ?, changed_at = ?"
            " WHERE id = ?",
            (into, storable(by), to_text(now), case_id),
        )
        return _living(db, into)


def _record(
    conn: sqlite3.Connection,
    lesson: CaseEvidence,
    case_of: CaseOf,
    article_id: int | None,
    now: datetime,
) -> list[CaseTerm]:
    kept = stored_cases(conn, "1")
    living = [stored for stored in kept if stored.into is None]
    place = case_of([stored.case for stored in living], lesson)
    moved = next((c.into for c in kept if c.case.slug == lesson.slug and c.into), None)
    known: tuple[CaseTerm, ...] = ()
    if place is not None:
        case_id, known = living[place].id, living[place].case.terms
        add_terms(conn, case_id, lesson.terms, len(living[place].case.terms))
    elif lesson.terms:
        case_id = _begin(conn, lesson, {stored.case.slug for stored in kept})
    elif moved is not None:
        case_id = moved
    else:
        return []
    stretch(conn, case_id, lesson.on)
    conn.execute(
        "INSERT INTO case_evidence(case_id, article_id, url, on_day, quote, seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, url) DO UPDATE SET"
        " article_id = coalesce(excluded.article_id, article_id)",
        (
            case_id,
            article_id,
            storable(lesson.url),
            lesson.on.isoformat(),
            storable(lesson.quote)[:QUOTE_CHARS],
            to_text(now),
        ),
    )
    if article_id is not None:
        tag_article(conn, case_id, article_id, lesson.quote[:QUOTE_CHARS])
    return [term for term in lesson.terms if term not in known]


def _begin(conn: sqlite3.Connection, lesson: CaseEvidence, taken: set[str]) -> int:
    cursor = conn.execute(
        "INSERT INTO cases(slug, name, first_on, last_on) VALUES (?, ?, ?, ?)",
        (
            storable(free_slug(lesson, taken)),
            storable(lesson.name),
            lesson.on.isoformat(),
            lesson.on.isoformat(),
        ),
    )
    case_id = int(cursor.lastrowid or 0)
    add_terms(conn, case_id, lesson.terms, 0)
    return case_id


def _decide(
    db: Database, case_id: int, columns: dict[str, str | int], by: str, now: datetime
) -> StoredCase:
    with transaction(db) as conn:
        _living(db, case_id)
        values: dict[str, str | int] = columns | {
            "changed_by": storable(by),
            "changed_at": to_text(now),
        }
        sets = ", ".join(f"{name} = ?" for name in values)
        conn.execute(f"UPDATE cases SET {sets} WHERE id = ?", (*values.values(), case_id))
        return _living(db, case_id)


def _living(db: Database, case_id: int) -> StoredCase:
    stored = get_case(db, case_id)
    if stored is None:
        raise StoreError(f"no case {case_id}; `pantau cases` lists them")
    if stored.into is not None:
        raise StoreError(f"case {case_id} was merged into {stored.into}; use that number")
    return stored
