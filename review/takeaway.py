"""What a reader takes away: a list as a file or a feed, and the evidence of one article."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, TextIO, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from review.desk import desk_of
from review.feed import atom
from review.view import Asked, asked, view_of
from store.citations import write_ris
from store.evidence import write_evidence
from store.export import write_csv, write_jsonl
from store.records import StoredArticle
from store.spreadsheet import TooManyRows, write_xlsx
from store.views import every, page

SPOOL = 4_000_000  # bytes of a file kept in memory before it goes to disk
CHUNK = 65_536
EXPORT_S = 120.0
# Spreadsheets of Indonesian desks read UTF-8 only when the file begins with this mark.
BOM = "\ufeff"
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "ris": "application/x-research-info-systems",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WRITERS: dict[str, Callable[[Iterable[StoredArticle], TextIO], None]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "ris": write_ris,
}


def export(request: Request) -> Response:
    """The list, whole from its beginning, as the kind of file its address names; `bom=1` for
    spreadsheets that read CSV."""
    wanted, kind = _asked_file(request)
    with _spool() as out, desk_of(request).reading(EXPORT_S) as db:
        found = every(db, view_of(wanted))
        if kind == "xlsx":
            try:
                write_xlsx(found, out)
            except TooManyRows as error:
                raise HTTPException(413, str(error)) from error
        else:
            lines = io.TextIOWrapper(out, encoding="utf-8", newline="")
            if kind == "csv" and request.query_params.get("bom") == "1":
                lines.write(BOM)
            WRITERS[kind](found, lines)
            lines.detach()
    return _download(out, f"pantau.{kind}", MEDIA[kind])


def feed(request: Request) -> Response:
    """The list's first page as an Atom feed."""
    wanted, _ = _asked_file(request)
    with desk_of(request).reading() as db:
        shown = page(db, view_of(wanted)).articles
    origin = f"{request.url.scheme}://{request.headers['host']}"
    text = atom(shown, wanted, origin, desk_of(request).now())
    return Response(text, media_type="application/atom+xml")


def evidence_file(request: Request) -> Response:
    """Everything kept of an article in one ZIP. The pages in it are as they were fetched: they
    are handed over as a file, never shown."""
    article_id, desk = request.path_params["id"], desk_of(request)
    if article_id >= 2**63:
        raise HTTPException(404)
    with _spool() as out, desk.reading(EXPORT_S) as db:
        if not write_evidence(db, article_id, out, desk.reviewer, desk.now()):
            raise HTTPException(404)
    return _download(out, f"pantau-{article_id}.zip", "application/zip")


def _asked_file(request: Request) -> tuple[Asked, str]:
    """The list a file's address asks for (/inbox.csv, /articles.atom), and the kind of file."""
    name, _, kind = request.url.path.strip("/").partition(".")
    query = {key: value for key, value in request.query_params.items() if key != "before"}
    return asked("/" if name == "inbox" else "/articles", query), kind


@contextmanager
def _spool() -> Iterator[BinaryIO]:
    """A file to fill and then send; closed here only when filling it fails."""
    out = cast(BinaryIO, SpooledTemporaryFile(SPOOL, "w+b"))  # noqa: SIM115
    try:
        yield out
    except BaseException:
        out.close()
        raise


def _download(out: BinaryIO, name: str, media: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_parts(out), media_type=media, headers=headers)


def _parts(out: BinaryIO) -> Iterator[bytes]:
    out.seek(0)
    with out:
        while part := out.read(CHUNK):
            yield part
