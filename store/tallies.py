"""How many articles about the topic there were: by day, outlet, programme and province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from store.encoding import from_text
from store.records import VERDICTS, Verdict

# Answered from the index alone (m017): the window is found in it and nothing else is read.
_WINDOW = (
    "FROM articles INDEXED BY articles_tally"
    " WHERE relevance = 'about' AND published_day BETWEEN ? AND ?"
)


@dataclass(frozen=True, slots=True)
class DayTally:
    """The articles published on a day (the outlets' own), by what people said of them."""

    day: date
    by_verdict: tuple[tuple[Verdict, int], ...]

    @property
    def total(self) -> int:
        return sum(number for _, number in self.by_verdict)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many articles there were of one thing: an outlet's slug and name, or a tag's."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ProvinceTally:
    """How many articles name a province (its code) first, and when the newest that was ever kept
    of it appeared (aware UTC, None: never)."""

    code: str
    count: int
    newest: datetime | None


def tally_days(db: Database, first: date, last: date) -> list[DayTally]:
    """Every day from first to last, those without an article too."""
    rows = db.conn.execute(
        f"SELECT published_day AS day, verdict, count(*) AS n {_WINDOW} GROUP BY 1, 2",
        _days(first, last),
    )
    found = {(row["day"], row["verdict"]): row["n"] for row in rows}
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    return [
        DayTally(day, tuple((said, found.get((day.isoformat(), said), 0)) for said in VERDICTS))
        for day in days
    ]


def tally_outlets(db: Database, first: date, last: date, most: int) -> list[Tally]:
    """The outlets with the most articles, at most that many, the most first."""
    rows = db.conn.execute(
        "SELECT c.outlet AS value, coalesce(o.name, c.outlet) AS label, c.n FROM"
        f" (SELECT outlet, count(*) AS n {_WINDOW} GROUP BY outlet ORDER BY n DESC, outlet LIMIT ?)"
        " c LEFT JOIN outlets o ON o.slug = c.outlet ORDER BY c.n DESC, c.outlet",
        (*_days(first, last), most),
    )
    return [Tally(row["value"], row["label"], row["n"]) for row in rows]


def tally_programmes(db: Database, first: date, last: date) -> list[Tally]:
    """The programmes that articles name, the most named first."""
    # CROSS JOIN keeps this order: from the window to its tags, not from every tag to its articles.
    rows = db.conn.execute(
        "SELECT t.slug AS value, t.label, count(*) AS n"
        " FROM articles a INDEXED BY articles_tally CROSS JOIN article_tags at"
        " ON at.article_id = a.id CROSS JOIN tags t ON t.id = at.tag_id AND t.kind = 'programme'"
        " WHERE a.relevance = 'about' AND a.published_day BETWEEN ? AND ?"
        " GROUP BY t.id ORDER BY n DESC, t.label",
        _days(first, last),
    )
    return [Tally(row["value"], row["label"], row["n"]) for row in rows]


def tally_provinces(
    db: Database, first: date, last: date, codes: Sequence[str]
) -> list[ProvinceTally]:
    """Each of the provinces, in their order."""
    rows = db.conn.execute(
        f"SELECT province, count(*) AS n {_WINDOW} GROUP BY province", _days(first, last)
    )
    counts = {row["province"]: row["n"] for row in rows}
    tallies = []
    for code in codes:
        row = db.conn.execute(
            "SELECT published_at FROM articles WHERE province = ?"
            " ORDER BY published_at DESC LIMIT 1",
            (code,),
        ).fetchone()
        newest = from_text(row["published_at"]) if row else None
        tallies.append(ProvinceTally(code, counts.get(code, 0), newest))
    return tallies


def _days(first: date, last: date) -> tuple[str, str]:
    return first.isoformat(), last.isoformat()
