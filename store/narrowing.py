"""What narrows a list, as single conditions in SQL, and where a page of it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from store.encoding import from_text, storable, to_text
from store.filters import View, conditions

Value = str | int
Place = tuple[str, int]  # published_at and id, which order every list
STARRED = "SELECT article_id AS id FROM reviews WHERE action = 'star' AND value = '1'"
TAGGED = (
    "SELECT article_id AS id FROM article_tags WHERE tag_id ="
    " (SELECT id FROM tags WHERE kind = ? AND slug = ?)"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL on articles under the name `a`, with what to bind to it; column is set where the column
    must equal the value; ids is set where other tables name the articles, as SQL for them."""

    sql: str
    values: tuple[Value, ...]
    column: str = ""
    ids: str = ""


def conditions_of(view: View) -> Iterator[Condition]:
    """What narrows the view, but for its words and its place."""
    chosen = replace(view.chosen, starred=None if view.chosen.starred else view.chosen.starred)
    wanted, values = conditions(chosen)
    bound = iter(values)
    for sql in wanted:
        column, _, sign = sql.removeprefix("a.").partition(" ")
        found = tuple(next(bound) for _ in range(sql.count("?")))
        yield Condition(sql, found, column if sign == "= ?" else "")
    if view.region is not None:
        yield Condition("a.region = ?", (storable(view.region),), "region")
    if view.advertorial is not None:
        yield Condition("a.advertorial = ?", (int(view.advertorial),), "advertorial")
    for kind, slug in view.tags:
        check = f"EXISTS ({TAGGED} AND article_id = a.id)"
        yield Condition(check, (storable(kind), storable(slug)), ids=TAGGED)
    if view.chosen.starred:
        check = f"a.starred = 1 AND EXISTS ({STARRED} AND article_id = a.id)"
        yield Condition(check, (), ids=STARRED)


def cursor_of(view: View) -> Place | None:
    """The place after which the view begins; None: at its start, or what `before` says is none."""
    at, _, number = (view.before or "").partition("~")
    try:
        return to_text(from_text(at)), int(number[:18])
    except (ValueError, OverflowError):
        return None
