"""The inbox and every other list, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import Response

from review.desk import desk_of
from review.highlights import Run, excerpt, found
from review.pages import COUNT_TO, render
from review.texts import provinces
from review.view import NAMES, Asked, asked, view_of
from store.facets import (
    DIMENSIONS,
    FACET_MOST,
    Dimension,
    Facet,
    every_facet,
    outlet_facets,
    province_facets,
    tag_facets,
    topics_of,
)
from store.preference import ENOUGH, Moved
from store.ranking import Ranked, Taught, preference_of, rank
from store.records import StoredArticle
from store.reviews import Review, conflicting
from store.views import Known, Total, View, excerpts, page, total

RANKED = 1000  # of an overfull inbox the newest are ranked


@dataclass(frozen=True, slots=True)
class Row:
    """An article in a list: what to show of its text, who disagrees on it, and, where the order is
    that of verdicts, what moved it."""

    stored: StoredArticle
    shown: tuple[Run, ...]
    conflict: tuple[Review, ...]
    moved: tuple[Moved, ...] = ()


def inbox(request: Request) -> Response:
    """What waits for a person, each story once."""
    return _list(request, asked("/", request.query_params))


def articles(request: Request) -> Response:
    """All articles, narrowed by words and filters."""
    return _list(request, asked("/articles", request.query_params))


def _list(request: Request, wanted: Asked) -> Response:
    view = view_of(wanted)
    with desk_of(request).reading() as db:
        known: Known = {}
        number = total(db, view, COUNT_TO, known)
        shown, older, decisions = (
            _ranked(db, view, desk_of(request).taught)
            if wanted.ranked
            else _newest(db, view, known)
        )
        values = {
            "asked": wanted,
            "rows": _rows(db, wanted, shown),
            "older": older,
            "total": number,
            "decisions": decisions,
            "enough": ENOUGH,
            "facets": _facets(db, wanted, number, known),
            "facet_most": FACET_MOST,
            "filters": [name for name in NAMES if name not in ("q", "before", "order")],
            "topics": topics_of(db),
        }
        return render(request, db, "list.html", values)


def _newest(db: Database, view: View, known: Known) -> tuple[list[Ranked], str | None, int]:
    shown = page(db, view, known)
    return [Ranked(one) for one in shown.articles], shown.older, 0


def _ranked(db: Database, view: View, taught: Taught) -> tuple[list[Ranked], str | None, int]:
    """The first page of the newest thousand in the order verdicts suggest; what is decided makes
    room for the next."""
    newest = page(db, replace(view, before=None, chosen=replace(view.chosen, limit=RANKED)))
    preference, decisions = preference_of(db, taught)
    return rank(newest.articles, preference, view.chosen.limit), None, decisions


def _rows(db: Database, wanted: Asked, found_ones: Sequence[Ranked]) -> list[Row]:
    ids = [one.stored.id for one in found_ones]
    said = excerpts(db, wanted["q"], ids) if wanted["q"] else {}
    return [
        Row(
            one.stored,
            found(said[one.stored.id]) if one.stored.id in said else excerpt(one.stored.article),
            conflicting(db, one.stored.id),
            one.moved,
        )
        for one in found_ones
    ]


def _facets(
    db: Database, wanted: Asked, number: Total, known: Known
) -> Mapping[str, Sequence[Facet]]:
    """What the list can be narrowed to, counted within it; of a list too long to be counted
    everything there is, without counts. Of provinces the name is shown instead of the code."""
    whole = not wanted.inbox and not wanted.narrowed
    within = {} if whole else every_facet(db, view_of(wanted), known=known)
    found: dict[str, Sequence[Facet]] = {}
    for dimension in DIMENSIONS:
        counted = within.get(dimension)
        if counted is None:
            counts = whole and not number.more
            counted = _everything(db, dimension, FACET_MOST if counts else 1)
            counted = counted if counts else [replace(facet, count=0) for facet in counted]
        if dimension == "province":
            counted = sorted(
                (replace(one, label=provinces().get(one.value, one.value)) for one in counted),
                key=lambda one: one.label,
            )
        chosen = wanted[dimension]
        if chosen and all(one.value != chosen for one in counted):
            counted = [*counted, Facet(chosen, provinces().get(chosen, chosen), 0)]
        found[dimension] = counted
    return found


def _everything(db: Database, dimension: Dimension, most: int) -> list[Facet]:
    if dimension == "outlet":
        return outlet_facets(db, most)
    if dimension == "province":
        return province_facets(db, list(provinces()), most)
    if dimension == "region":
        return []  # more than five hundred: they are offered where a list is short enough to count
    return tag_facets(db, dimension, most)
