"""The inbox and every other list: as a page, as a file to take away, as a feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import TextIO, cast

from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from review.desk import desk_of
from review.feed import atom
from review.highlights import Run, excerpt, found
from review.pages import COUNT_TO, render
from review.texts import provinces
from review.view import NAMES, Asked, asked, view_of
from store.export import write_csv, write_jsonl
from store.records import StoredArticle
from store.reviews import Review, conflicting
from store.views import (
    FACET_MOST,
    Facet,
    count,
    every,
    excerpts,
    outlet_facets,
    page,
    province_facets,
    tag_facets,
)

SPOOL = 4_000_000  # characters of a file kept in memory before it goes to disk
EXPORT_S = 120.0
# Spreadsheets of Indonesian desks read UTF-8 only when the file begins with this mark.
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Row:
    """An article in a list: what to show of its text, and who disagrees on it."""

    stored: StoredArticle
    shown: tuple[Run, ...]
    conflict: tuple[Review, ...]


def inbox(request: Request) -> Response:
    """What waits for a person, each story once."""
    return _list(request, asked("/", request.query_params))


def articles(request: Request) -> Response:
    """All articles, narrowed by words and filters."""
    return _list(request, asked("/articles", request.query_params))


def _list(request: Request, wanted: Asked) -> Response:
    view = view_of(wanted)
    with desk_of(request).reading() as db:
        shown = page(db, view)
        values = {
            "asked": wanted,
            "rows": _rows(db, wanted, shown.articles),
            "older": shown.older,
            "total": count(db, view, COUNT_TO + 1),
            "facets": _facets(db),
            "facet_most": FACET_MOST,
            "filters": [name for name in NAMES if name not in ("q", "before")],
        }
        return render(request, db, "list.html", values)


def _rows(db: Database, wanted: Asked, found_ones: Sequence[StoredArticle]) -> list[Row]:
    said = excerpts(db, wanted["q"], [one.id for one in found_ones]) if wanted["q"] else {}
    return [
        Row(
            one,
            found(said[one.id]) if one.id in said else excerpt(one.article),
            conflicting(db, one.id),
        )
        for one in found_ones
    ]


def _facets(db: Database) -> Mapping[str, Sequence[Facet]]:
    """What lists can be narrowed to. Of provinces the name is shown instead of the code."""
    named = [
        replace(facet, label=provinces().get(facet.value, facet.value))
        for facet in province_facets(db, list(provinces()))
    ]
    return {
        "outlet": outlet_facets(db),
        "province": sorted(named, key=lambda facet: facet.label),
        "programme": tag_facets(db, "programme"),
        "event": tag_facets(db, "event"),
    }


def export(request: Request) -> Response:
    """The list as CSV or JSON lines, whole from its beginning; `bom=1` for spreadsheets."""
    path, kind = _asked_file(request)
    out = cast(TextIO, SpooledTemporaryFile(SPOOL, "w+", encoding="utf-8", newline=""))  # noqa: SIM115
    with desk_of(request).reading(EXPORT_S) as db:
        found_ones = every(db, view_of(path))
        if kind == "csv":
            if request.query_params.get("bom") == "1":
                out.write(BOM)
            write_csv(found_ones, out)
        else:
            write_jsonl(found_ones, out)
    media = "text/csv" if kind == "csv" else "application/x-ndjson"
    headers = {"Content-Disposition": f'attachment; filename="pantau.{kind}"'}
    return StreamingResponse(_parts(out), media_type=media, headers=headers)


def feed(request: Request) -> Response:
    """The list's first page as an Atom feed."""
    path, _ = _asked_file(request)
    with desk_of(request).reading() as db:
        shown = page(db, view_of(path)).articles
    text = atom(shown, path, request.headers["host"], desk_of(request).now())
    return Response(text, media_type="application/atom+xml")


def _asked_file(request: Request) -> tuple[Asked, str]:
    """The list a file's address asks for (/inbox.csv, /articles.atom), and the kind of file."""
    name, _, kind = request.url.path.strip("/").partition(".")
    query = {key: value for key, value in request.query_params.items() if key != "before"}
    return asked("/" if name == "inbox" else "/articles", query), kind


def _parts(out: TextIO) -> Iterator[str]:
    out.seek(0)
    with out:
        while part := out.read(65_536):
            yield part
