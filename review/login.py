"""Logging in and out, and the doorkeeper that stands before every other route."""

from __future__ import annotations

import math
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from review.door import Door, RefusedError
from review.pages import here, templates, texts_for
from review.security import SAFE_METHODS, is_path
from review.texts import Texts
from store.database import StoreError
from store.people import LONGEST_NAME, Person
from store.sessions import LIFE

PAGE, SENT, OUT = "/login", "/login/send", "/logout"
# Open to whoever has no session; besides these only the page's own two files and its icon.
OPEN = frozenset({PAGE, SENT})
OPEN_FILES = "/static/"
# What a reader may send: only what is about the reader's own browser.
READERS = frozenset({SENT, OUT, "/language", "/zone"})
MOST_BYTES = 8192
MOST_FIELDS = 20


class Doorkeeper:
    """Lets through who has a session that lives, as that person; sends everybody else to log in.
    A route that is not named here is closed. With no door everybody passes (loopback)."""

    def __init__(self, app: ASGIApp, door: Door | None) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if self.door is None or scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            person = await _person(self.door, request)
            refusal = _refusal(request, person)
        except RefusedError as error:
            person, refusal = None, _not_let_in(request, error)
        except StoreError:
            person, refusal = None, PlainTextResponse("who you are cannot be looked up now", 503)
        if person is None or refusal is not None:
            await (refusal or PlainTextResponse("", 401))(scope, receive, send)
            return
        scope.setdefault("state", {})["person"] = person
        await self.app(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether a path is answered to whoever asks."""
    return path in OPEN or path.startswith(OPEN_FILES)


async def login(request: Request) -> Response:
    """The page to log in at; who is logged in goes on to where the address leads back."""
    door, back = _door(request), _back(request.query_params.get("back"))
    if await door.person(request) is not None:
        return RedirectResponse(back, 303)
    # A browser that comes by a link of another site brings no SameSite=Strict cookie. It is told
    # to ask once more, now from a page of ours, and then brings it.
    strange = request.headers.get("sec-fetch-site") == "cross-site"
    again = _to_login(back) if strange else None
    return _page(request, 200, {"back": back, "again": again})


async def send(request: Request) -> Response:
    """Log in with the form's name and password: a new session, whatever cookie came with it."""
    fields = await _fields(request)
    back = fields.get("back") or "/"
    if not is_path(back):
        raise HTTPException(400, "a form leads back to a page of this host only")
    door = _door(request)
    try:
        token = await door.log_in(request, fields.get("name", ""), fields.get("password", ""))
    except RefusedError as error:
        return _not_let_in(request, error, back)
    await door.log_out(request)
    answer = RedirectResponse(back, 303)
    answer.set_cookie(
        door.cookie,
        token,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=door.https,
    )
    return answer


async def logout(request: Request) -> Response:
    """End the session, here and in the file."""
    if not is_path((await _fields(request)).get("back") or "/"):
        raise HTTPException(400, "a form leads back to a page of this host only")
    door = _door(request)
    await door.log_out(request)
    answer = RedirectResponse(PAGE, 303)
    answer.delete_cookie(door.cookie, httponly=True, samesite="strict", secure=door.https)
    return answer


async def _person(door: Door, request: Request) -> Person | None:
    person = await door.person(request)
    if person is None and _is_feed(request):
        person = await door.feed_reader(request)
    return person


def _refusal(request: Request, person: Person | None) -> Response | None:
    """The answer to who may not do this; None: let through."""
    unsafe = request.method not in SAFE_METHODS
    if person is None:
        if not unsafe and _is_browser(request):
            return RedirectResponse(_to_login(here(request)), 303)
        return _not_let_in(request, RefusedError(401))
    if unsafe and person.role != "reviewer" and request.url.path not in READERS:
        why = texts_for(request)("people_reads_only")
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"error": why}, 403)
        return PlainTextResponse(why, 403)
    return None


def _not_let_in(request: Request, error: RefusedError, back: str = "/") -> Response:
    """What a form, the page's module or a feed reader that is not let in gets to see."""
    t = texts_for(request)
    tried = request.url.path == SENT or "authorization" in request.headers
    words = {401: "people_wrong" if tried else "people_who", 429: "people_wait"}
    why = t(words.get(error.status, "people_crowded"), length=_length(t, error.wait_s))
    answer: Response
    if _is_browser(request) or request.url.path == SENT:
        answer = _page(request, error.status, {"back": back, "why": why})
    elif _is_feed(request):
        answer = PlainTextResponse(why, error.status)
        if error.status == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="Pantau", charset="UTF-8"'
    else:
        answer = JSONResponse({"error": why}, error.status)
    if error.wait_s:
        answer.headers["Retry-After"] = str(error.wait_s)
    return answer


def _length(t: Texts, seconds: int) -> str:
    if seconds < 100:
        return t("unit_seconds", n=seconds)
    return t("unit_minutes", n=math.ceil(seconds / 60))


def _page(request: Request, status: int, values: Mapping[str, object]) -> HTMLResponse:
    t = texts_for(request)
    shown = {"t": t, "why": None, "again": None, "longest_name": LONGEST_NAME, **values}
    answer = HTMLResponse(templates().get_template("login.html").render(shown), status)
    answer.headers["Content-Language"] = t.code
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def _door(request: Request) -> Door:
    """404 where nobody logs in."""
    door: Door | None = request.app.state.door
    if door is None:
        raise HTTPException(404)
    return door


async def _fields(request: Request) -> dict[str, str]:
    """The form's fields; read here, because anybody at all may send it. 413 for a large one."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "a form of this page is smaller")
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise HTTPException(400, "this is no form") from error


def _back(address: str | None) -> str:
    return address if address and is_path(address) else "/"


def _to_login(back: str) -> str:
    return PAGE if back == "/" else f"{PAGE}?{urlencode({'back': back})}"


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _is_feed(request: Request) -> bool:
    return request.method in SAFE_METHODS and request.url.path.endswith(".atom")
