"""The application: which address leads where, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from review import actions
from review.desk import Desk, desk_of
from review.health import health
from review.items import evidence, item, item_text
from review.lists import articles, export, feed, inbox
from review.pages import HERE, render, texts_for
from review.security import LOOPBACK_NAMES, Guard
from store.database import StoreError

POST = ["POST"]
ROUTES = [
    Route("/", inbox),
    Route("/articles", articles),
    Route("/inbox.csv", export),
    Route("/inbox.jsonl", export),
    Route("/inbox.atom", feed),
    Route("/articles.csv", export),
    Route("/articles.jsonl", export),
    Route("/articles.atom", feed),
    Route("/items/{id:int}", item),
    Route("/items/{id:int}/text.json", item_text),
    Route("/items/{id:int}/evidence.json", evidence),
    Route("/health", health),
    Route("/items/{id:int}/verdict", actions.action(actions.verdict), methods=POST),
    Route("/items/{id:int}/star", actions.action(actions.star), methods=POST),
    Route("/items/{id:int}/note", actions.action(actions.note), methods=POST),
    Route("/items/{id:int}/tag", actions.action(actions.tag), methods=POST),
    Route("/items/{id:int}/correct", actions.action(actions.correct), methods=POST),
    Route("/verdicts", actions.action(actions.verdicts), methods=POST),
    Route("/undo", actions.action(actions.undo), methods=POST),
    Route("/language", actions.speak, methods=POST),
]


def build(desk: Desk, hosts: Collection[str] = LOOPBACK_NAMES) -> Starlette:
    """The application over this desk, for requests that name one of these hosts."""
    app = Starlette(
        routes=[*ROUTES, Mount("/static", StaticFiles(directory=HERE / "static"), name="static")],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={HTTPException: refused, StoreError: failed},
    )
    # An address that ends in a slash is another one: a redirect made of it could lead elsewhere.
    app.router.redirect_slashes = False
    app.state.desk = desk
    return app


def refused(request: Request, error: Exception) -> Response:
    """What was asked for is not there, or not possible."""
    assert isinstance(error, HTTPException)
    answer = _problem(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def failed(request: Request, error: Exception) -> Response:
    """The store said no: an unknown article, a locked file, a question that takes too long."""
    return _problem(request, 409, str(error))


def _problem(request: Request, status: int, why: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": why}, status)
    t = texts_for(request)
    said = t("not_found_why") if status == 404 else why
    try:
        with desk_of(request).reading() as db:
            values = {"title": t("not_found" if status == 404 else "problem"), "why": said}
            return render(request, db, "problem.html", values, status)
    except StoreError as error:  # not even the frame of a page can be read
        return Response(f"{why}\n{error}\n", status, media_type="text/plain")
