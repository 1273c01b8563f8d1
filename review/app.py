"""The application: which address leads where, and what a refusal looks like."""

from __future__ import annotations

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from review import actions, login
from review.desk import Desk, desk_of, person_of
from review.digest import digest
from review.door import Door
from review.health import ask, health
from review.items import evidence, item, item_text
from review.lists import articles, inbox
from review.outlets import outlets, switch
from review.pages import HERE, render, texts_for
from review.pictures import pictures
from review.saved import alert, forget, keep, saved, silence
from review.security import LOOPBACK_NAMES, Guard
from review.takeaway import MEDIA, evidence_file, export, feed
from store.database import StoreError

POST = ["POST"]
ROUTES = [
    Route("/", inbox),
    Route("/articles", articles),
    *(Route(f"/{name}.{kind}", export) for name in ("inbox", "articles") for kind in MEDIA),
    Route("/inbox.atom", feed),
    Route("/articles.atom", feed),
    Route("/items/{id:int}", item),
    Route("/items/{id:int}/text.json", item_text),
    Route("/items/{id:int}/evidence.json", evidence),
    Route("/items/{id:int}/evidence.zip", evidence_file),
    Route("/saved", saved),
    Route("/digest", digest),
    Route("/pictures", pictures),
    Route("/health", health),
    Route("/outlets", outlets),
    Route("/outlets/jobs", actions.action(ask), methods=POST),
    Route("/outlets/switch", actions.action(switch), methods=POST),
    Route("/items/{id:int}/verdict", actions.action(actions.verdict), methods=POST),
    Route("/items/{id:int}/star", actions.action(actions.star), methods=POST),
    Route("/items/{id:int}/note", actions.action(actions.note), methods=POST),
    Route("/items/{id:int}/tag", actions.action(actions.tag), methods=POST),
    Route("/items/{id:int}/correct", actions.action(actions.correct), methods=POST),
    Route("/verdicts", actions.action(actions.verdicts), methods=POST),
    Route("/saved/keep", actions.action(keep), methods=POST),
    Route("/saved/{id:int}/remove", actions.action(forget), methods=POST),
    Route("/saved/{id:int}/alert", actions.action(alert), methods=POST),
    Route("/alerts/remove", actions.action(silence), methods=POST),
    Route("/undo", actions.action(actions.undo), methods=POST),
    Route("/language", actions.speak, methods=POST),
    Route("/zone", actions.set_clock, methods=POST),
    Route(login.PAGE, login.login),
    Route(login.SENT, login.send, methods=POST),
    Route(login.OUT, login.logout, methods=POST),
]


def build(
    desk: Desk,
    hosts: Collection[str] = LOOPBACK_NAMES,
    *,
    login_needed: bool = False,
    https: bool = False,
) -> Starlette:
    """The application over this desk, for requests that name one of these hosts. login_needed:
    people log in, and act under their own names instead of the desk's; https: browsers reach it
    by https only, through a proxy."""
    door = Door(desk, https) if login_needed else None
    app = Starlette(
        routes=[*ROUTES, Mount("/static", StaticFiles(directory=HERE / "static"), name="static")],
        middleware=[
            Middleware(Guard, hosts=hosts, https=https),
            Middleware(login.Doorkeeper, door=door),
        ],
        exception_handlers={HTTPException: refused, StoreError: failed},
    )
    # An address that ends in a slash is another one: a redirect made of it could lead elsewhere.
    app.router.redirect_slashes = False
    app.state.desk = desk
    app.state.door = door
    return app


def refused(request: Request, error: Exception) -> Response:
    """What was asked for is not there, or not possible."""
    assert isinstance(error, HTTPException)
    answer = _problem(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def failed(request: Request, error: Exception) -> Response:
    """The store said no: an unknown article, a locked file, a question that takes too long."""
    return _problem(request, 409, str(error) if _is_let_in(request) else "the database is busy")


def _is_let_in(request: Request) -> bool:
    """Whether the frame of a page, with what waits, is for these eyes."""
    return request.app.state.door is None or person_of(request) is not None


def _problem(request: Request, status: int, why: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": why}, status)
    if not _is_let_in(request):
        return PlainTextResponse(f"{why}\n", status)
    t = texts_for(request)
    said = t("not_found_why") if status == 404 else why
    try:
        with desk_of(request).reading() as db:
            values = {"title": t("not_found" if status == 404 else "problem"), "why": said}
            return render(request, db, "problem.html", values, status)
    except StoreError as error:  # not even the frame of a page can be read
        return Response(f"{why}\n{error}\n", status, media_type="text/plain")
