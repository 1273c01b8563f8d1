"""What a list can be narrowed to, with counts: outlets, provinces, regencies and tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlite_utils import Database

from store.filters import View
from store.selection import EFFORT, Known, select_once

FACET_MOST = 1000  # counting further would read the whole index for every page shown
Dimension = Literal["outlet", "province", "region", "programme", "event"]
DIMENSIONS: tuple[Dimension, ...] = ("outlet", "province", "region", "programme", "event")


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing a list can be narrowed to, and how many articles have it, at most FACET_MOST."""

    value: str
    label: str
    count: int


def outlet_facets(db: Database, most: int = FACET_MOST) -> list[Facet]:
    """Outlets that have articles, by name. most: how far to count them."""
    counted = _counted("articles WHERE outlet = o.slug", most)
    return _facets(
        db, f"SELECT o.slug AS value, o.name AS label, {counted} AS n FROM outlets o ORDER BY 2"
    )


def province_facets(db: Database, codes: Sequence[str], most: int = FACET_MOST) -> list[Facet]:
    """Those of the province codes that articles have; the label is the code."""
    counted = _counted("articles WHERE province = j.value", most)
    return _facets(
        db,
        f"SELECT j.value AS value, j.value AS label, {counted} AS n FROM json_each(?) j",
        json.dumps(list(codes)),
    )


def tag_facets(db: Database, kind: str, most: int = FACET_MOST) -> list[Facet]:
    """Tags of a kind that articles have, by label."""
    counted = _counted("article_tags WHERE tag_id = t.id", most)
    return _facets(
        db,
        f"SELECT t.slug AS value, t.label AS label, {counted} AS n FROM tags t"
        " WHERE t.kind = ? ORDER BY t.label",
        kind,
    )


def topics_of(db: Database) -> list[str]:
    """The topics that articles have, by name."""
    # One look at the index a topic, not one at every article.
    rows = db.conn.execute(
        "WITH RECURSIVE t(topic) AS (SELECT min(topic) FROM articles UNION ALL"
        " SELECT (SELECT min(topic) FROM articles WHERE topic > t.topic) FROM t"
        " WHERE t.topic IS NOT NULL) SELECT topic FROM t WHERE topic IS NOT NULL"
    )
    return [row["topic"] for row in rows]


def facets_of(db: Database, view: View, dimension: Dimension) -> list[Facet] | None:
    """What the view, without what narrows it in this dimension already, can be narrowed to, the
    most first; None for a view of more than FACET_MOST articles, or of so many that none can tell
    while a person waits. Of provinces the label is the code."""
    return every_facet(db, view, (dimension,))[dimension]


def every_facet(
    db: Database,
    view: View,
    dimensions: Sequence[Dimension] = DIMENSIONS,
    known: Known | None = None,
) -> dict[Dimension, list[Facet] | None]:
    """facets_of each of the dimensions; where nothing narrows the view the same articles count."""
    known = {} if known is None else known
    facets: dict[Dimension, list[Facet] | None] = {}
    for dimension in dimensions:
        wide = replace(_widened(view, dimension), before=None)
        found = select_once(db.conn, wide, FACET_MOST, EFFORT, known)
        ids = json.dumps(found.ids)
        facets[dimension] = _facets(db, COUNTED[dimension], ids) if found.whole else None
    return facets


_OF_ARTICLES = "FROM json_each(?) j CROSS JOIN articles a ON a.id = j.value"
_OF_TAGS = (
    "SELECT t.slug AS value, t.label AS label, count(*) AS n FROM json_each(?) j"
    " CROSS JOIN article_tags at ON at.article_id = j.value"
    " CROSS JOIN tags t ON t.id = at.tag_id AND t.kind = '{}' GROUP BY t.id ORDER BY 3 DESC, 2"
)
COUNTED: dict[Dimension, str] = {
    "outlet": "SELECT c.value, coalesce(o.name, c.value) AS label, c.n FROM"
    f" (SELECT a.outlet AS value, count(*) AS n {_OF_ARTICLES} GROUP BY 1) c"
    " LEFT JOIN outlets o ON o.slug = c.value ORDER BY 3 DESC, 2",
    "province": "SELECT a.province AS value, a.province AS label, count(*) AS n"
    f" {_OF_ARTICLES} WHERE a.province IS NOT NULL GROUP BY 1 ORDER BY 3 DESC, 2",
    "region": "SELECT c.value, coalesce(t.label, c.value) AS label, c.n FROM"
    f" (SELECT a.region AS value, count(*) AS n {_OF_ARTICLES} WHERE a.region IS NOT NULL"
    " GROUP BY 1) c LEFT JOIN tags t ON t.kind = 'region' AND t.slug = c.value ORDER BY 2",
    "programme": _OF_TAGS.format("programme"),
    "event": _OF_TAGS.format("event"),
}


def _widened(view: View, dimension: Dimension) -> View:
    """The view without what narrows it in that dimension."""
    if dimension in ("programme", "event"):
        return replace(view, tags=tuple(tag for tag in view.tags if tag[0] != dimension))
    if dimension == "outlet":
        return replace(view, chosen=replace(view.chosen, outlet=None))
    if dimension == "region":
        return replace(view, region=None)
    return replace(view, chosen=replace(view.chosen, province=None))


def _counted(rows: str, most: int) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {most}))"


def _facets(db: Database, sql: str, *values: str) -> list[Facet]:
    rows = db.conn.execute(sql, values)
    return [Facet(row["value"], row["label"], row["n"]) for row in rows if row["n"]]
