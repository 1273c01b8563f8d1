"""Which articles a list shows, the newest first, found at a million articles in the time that a
person waits for a page."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace

from store.encoding import storable
from store.filters import View
from store.narrowing import STARRED, Condition, Place, Value, conditions_of, cursor_of
from store.search import fts_query
from store.synonyms import load_synonyms
from store.wordindex import ONE_LOOK, Found, few_found, holding

# What so few articles have leads to them; of what more have, the list is walked, newest first.
FEW = 5000
# What may be walked to count a list (see _cost): some ten milliseconds. A page is walked to its
# end, however long that takes.
EFFORT = 2000
GROWTH = 4
FIRST_STEP, LONGEST_STEP = 64, 2048
GATHERED_STEP = 500
# The columns lists are narrowed by, each with its index in the order of lists. At equal numbers the
# first is taken.
INDEXES = {
    "outlet": "articles_outlet",
    "region": "articles_region",
    "waiting": "articles_waiting",
    "province": "articles_province",
    "verdict": "articles_verdict",
    "topic": "articles_topic",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """The first articles of a list; whole says that there are no more."""

    places: list[Place]
    whole: bool

    @property
    def ids(self) -> list[int]:
        """Their ids, in order."""
        return [one for _, one in self.places]


@dataclass(frozen=True, slots=True)
class Road:
    """How a list is walked: by an index that its first condition leads into, or along ids in no
    order; what else must hold, and what words."""

    index: str
    inside: tuple[Condition, ...]
    checks: tuple[Condition, ...]
    words: Found | None = None
    ids: tuple[int, ...] | None = None


Known = dict[View, Selection]  # what was found of views, each without place and length


def select_once(
    conn: sqlite3.Connection, view: View, most: int, effort: float | None, known: Known
) -> Selection:
    """As select; what was found of the view before is used again, if it is enough."""
    if view.before is not None:
        return select(conn, view, most, effort)
    key = replace(view, chosen=replace(view.chosen, limit=None))
    found = known.get(key)
    if found is None or not (found.whole or len(found.places) >= most or effort is not None):
        found = known[key] = select(conn, view, most, effort)
    return Selection(found.places[:most], found.whole and len(found.places) <= most)


def select(
    conn: sqlite3.Connection, view: View, most: int, effort: float | None = None
) -> Selection:
    """The view's first articles after its `before`, at most that many. With an effort it may end
    early: then it is not whole."""
    expression = None
    if view.query.strip():
        expression = fts_query(storable(view.query), load_synonyms())
        if expression is None:
            return Selection([], whole=True)
    road = road_of(conn, list(conditions_of(view)), expression)
    if road.ids is not None:
        return _gathered(conn, road, cursor_of(view), most)
    return _walked(conn, road, cursor_of(view), most, effort)


def road_of(conn: sqlite3.Connection, wanted: Sequence[Condition], expression: str | None) -> Road:
    """The shortest way: along the ids of whatever few articles have, else by the index in which
    the fewest stand."""
    words = None if expression is None else few_found(conn, expression, FEW)
    sets: list[tuple[tuple[int, ...], Condition | None]] = []
    if words is not None and words.ids is not None:
        sets.append((words.ids, None))
    for one in wanted:
        if one.ids:
            ids = _ids(conn, one)
            if len(ids) <= FEW:
                sets.append((ids, one))
    if sets:
        ids, named = min(sets, key=lambda found: len(found[0]))
        rest = tuple(one for one in wanted if one is not named or one.ids == STARRED)
        return Road("", (), rest, None if named is None else words, ids)
    ways = [one for one in wanted if one.column in INDEXES]
    if len(ways) > 1:
        ways.sort(key=lambda one: (_standing(conn, one), list(INDEXES).index(one.column)))
    inside = ways[:1] + [one for one in wanted if one.sql.startswith("a.published_at")]
    checks = tuple(one for one in wanted if one not in inside)
    index = INDEXES[ways[0].column] if ways else "articles_recent"
    return Road(index, tuple(inside), checks, words)


def _ids(conn: sqlite3.Connection, one: Condition) -> tuple[int, ...]:
    rows = conn.execute(f"SELECT DISTINCT id FROM ({one.ids}) LIMIT ?", (*one.values, FEW + 1))
    return tuple(row["id"] for row in rows)


def _standing(conn: sqlite3.Connection, one: Condition) -> int:
    row = conn.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM articles a INDEXED BY {INDEXES[one.column]}"
        f" WHERE {one.sql} LIMIT ?)",
        (*one.values, FEW),
    ).fetchone()
    return int(row[0])


def _gathered(conn: sqlite3.Connection, road: Road, after: Place | None, most: int) -> Selection:
    """Of some articles those that the list shows: put in order first, then looked at as they are
    needed."""
    rows = conn.execute(
        "SELECT a.published_at, a.id FROM json_each(?) j"
        " CROSS JOIN articles a INDEXED BY articles_place ON a.id = j.value",
        (json.dumps(sorted(road.ids or ())),),
    )
    order = sorted(((row[0], row[1]) for row in rows), reverse=True)
    if after is not None:
        order = [place for place in order if place < after]
    if not road.checks and road.words is None:
        return Selection(order[:most], whole=len(order) <= most)
    places: list[Place] = []
    where, values = _all_of(road.checks)
    for begin in range(0, len(order), GATHERED_STEP):
        part = order[begin : begin + GATHERED_STEP]
        fitting = conn.execute(
            "SELECT a.id FROM json_each(?) j CROSS JOIN articles a ON a.id = j.value"
            f" WHERE {where}",
            (json.dumps([one for _, one in part]), *values),
        )
        held = {row[0] for row in fitting}
        places += _holding(conn, road, [place for place in part if place[1] in held])
        if len(places) > most:
            break
    return Selection(places[:most], whole=len(places) <= most)


def _walked(
    conn: sqlite3.Connection, road: Road, after: Place | None, most: int, effort: float | None
) -> Selection:
    """Along an index, in steps that grow while little is found."""
    places: list[Place] = []
    step = most if not road.checks and road.words is None else FIRST_STEP
    spent = 0.0
    while True:
        rows = _step(conn, road, after, step)
        fitting = [(row[0], row[1]) for row in rows if row[2]]
        places += _holding(conn, road, fitting)
        if len(rows) < step:
            return Selection(places[:most], whole=len(places) <= most)
        cost = _cost(road, rows[0][1], rows[-1][1], len(rows))
        spent += cost
        if len(places) >= most or (effort is not None and spent + cost * GROWTH > effort):
            return Selection(places[:most], whole=False)
        after = (rows[-1][0], rows[-1][1])
        step = min(step * GROWTH, LONGEST_STEP)


def _step(
    conn: sqlite3.Connection, road: Road, after: Place | None, step: int
) -> list[sqlite3.Row]:
    inside, values = _all_of(road.inside)
    checks, bound = _all_of(road.checks)
    if after is not None:
        inside, values = f"{inside} AND (a.published_at, a.id) < (?, ?)", [*values, *after]
    return conn.execute(
        f"SELECT a.published_at, a.id, {checks} AS fits FROM articles a INDEXED BY {road.index}"
        f" WHERE {inside} ORDER BY a.published_at DESC, a.id DESC LIMIT ?",
        (*bound, *values, step),
    ).fetchall()


def _cost(road: Road, newest: int, oldest: int, rows: int) -> float:
    """What a step took, in looks at an article's row (some five microseconds each)."""
    looks = sum(0.5 if one.ids or "EXISTS" in one.sql else 1.0 for one in road.checks)
    words = 0.0 if road.words is None else road.words.share * abs(newest - oldest) / 20
    return rows * (0.1 + min(looks, 1.0)) + min(words, rows * ONE_LOOK / 20)


def _holding(conn: sqlite3.Connection, road: Road, places: list[Place]) -> list[Place]:
    if road.words is None or not places:
        return places
    held = holding(conn, road.words, [one for _, one in places])
    return [place for place in places if place[1] in held]


def _all_of(wanted: Sequence[Condition]) -> tuple[str, list[Value]]:
    return (
        " AND ".join(one.sql for one in wanted) or "1",
        [value for one in wanted for value in one.values],
    )
