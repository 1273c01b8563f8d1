"""What a reviewer does: verdicts, stars, notes, tags, corrections, undo; by form or by key.

A form comes back to the list it was sent from; the page's own module asks for JSON.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from review.desk import Desk, desk_of
from review.pages import CLOCK, COOKIE
from review.security import is_path
from review.texts import LANGUAGES, ZONES
from store.articles import count_articles, get_article
from store.filters import INBOX
from store.records import Verdict
from store.reviews import correct as correct_field
from store.reviews import undo as undo_latest
from store.triage import (
    add_label,
    articles_of_step,
    decide_all,
    note_once,
    remove_label,
    star_once,
)

MOST_FIELDS = 1100
YEAR = 365 * 24 * 3600
Answer = dict[str, object]
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: to which article, its fields, and the name its sender gave the step
    so that sending it twice does no harm."""

    article_id: int
    form: FormData

    def __getitem__(self, name: str) -> str:
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    @property
    def step(self) -> str | None:
        """The step's name."""
        return self["step"][:64] or None

    @property
    def ids(self) -> list[int]:
        """The articles of a step that is about several. 400 for what is no number."""
        found = self.form.getlist("id")
        if not all(isinstance(one, str) and one.isdecimal() and len(one) < 19 for one in found):
            raise HTTPException(400, "an article's number is missing")
        return [int(str(one)) for one in found]


def action(act: Callable[[Desk, Sent], Answer]) -> Handler:
    """A handler that does this with what was sent, then answers with JSON or leads back. A way
    back that leaves this page is refused before anything is done."""

    async def handle(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        sent = Sent(int(request.path_params.get("id", 0)), form)
        back = sent["back"] or "/"
        if not is_path(back):
            raise HTTPException(400, "a form leads back to a page of this host only")
        if sent.article_id >= 2**63:
            raise HTTPException(404)
        try:
            answer = await run_in_threadpool(act, desk_of(request), sent)
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse(answer)
        return RedirectResponse(back, 303)

    return handle


def verdict(desk: Desk, sent: Sent) -> Answer:
    """One verdict on one article, with a note if there is one."""
    return _decided(desk, [sent.article_id], sent)


def verdicts(desk: Desk, sent: Sent) -> Answer:
    """One verdict on many articles, as one step."""
    return _decided(desk, sent.ids, sent)


def _decided(desk: Desk, ids: list[int], sent: Sent) -> Answer:
    with desk.writing() as db:
        said = cast(Verdict, sent["verdict"])
        number = decide_all(db, ids, said, desk.reviewer, desk.now(), batch=sent.step)
        return {"decided": number, "waiting": count_articles(db, INBOX)}


def star(desk: Desk, sent: Sent) -> Answer:
    """Star (value 1) or unstar (0)."""
    if sent["value"] not in ("0", "1"):
        raise ValueError("a star is 1 or 0")
    with desk.writing() as db:
        starred = sent["value"] == "1"
        star_once(db, sent.article_id, starred, desk.reviewer, desk.now(), sent.step)
    return {"starred": starred}


def note(desk: Desk, sent: Sent) -> Answer:
    """Add a note."""
    with desk.writing() as db:
        text = sent["text"][:10_000]
        note_once(db, sent.article_id, text, desk.reviewer, desk.now(), sent.step)
    return {"noted": True}


def tag(desk: Desk, sent: Sent) -> Answer:
    """Add a tag of the reviewer's own, or take one off (remove: its slug)."""
    with desk.writing() as db:
        if sent["remove"]:
            remove_label(db, sent.article_id, sent["remove"], desk.reviewer, desk.now(), sent.step)
        else:
            add_label(db, sent.article_id, sent["label"], desk.reviewer, desk.now(), sent.step)
    return {"tagged": True}


def correct(desk: Desk, sent: Sent) -> Answer:
    """Put a person's value over what was read."""
    with desk.writing() as db:
        value = sent["value"].strip()[:1000] or None
        if value is None and sent["field"] in ("date", "title"):
            raise ValueError("a date and a title are never empty")
        correct_field(db, sent.article_id, sent["field"], value, desk.reviewer, desk.now())
    return {"corrected": True}


def undo(desk: Desk, _: Sent) -> Answer:
    """Take back the reviewer's latest step; the answer says how its articles stand now."""
    with desk.writing() as db:
        undone = undo_latest(db, desk.reviewer, desk.now())
        if undone is None:
            return {"undone": None, "items": [], "waiting": count_articles(db, INBOX)}
        found = [get_article(db, one) for one in articles_of_step(db, undone.id)]
        items = [
            {"id": one.id, "verdict": one.verdict, "starred": one.starred}
            for one in found
            if one is not None
        ]
        return {"undone": undone.action, "items": items, "waiting": count_articles(db, INBOX)}


async def speak(request: Request) -> Response:
    """Choose the language of the page, for a year."""
    form = await request.form(max_files=0, max_fields=10)
    back, code = str(form.get("back") or "/"), form.get("language")
    if not is_path(back) or code not in LANGUAGES:
        raise HTTPException(400, "no such language, or a way back that leaves this host")
    answer = RedirectResponse(back, 303)
    answer.set_cookie(COOKIE, str(code), max_age=YEAR, httponly=True, samesite="strict")
    return answer


async def set_clock(request: Request) -> Response:
    """Choose the zone of times (WIB, WITA, WIT; anything else: of each outlet), for a year."""
    form = await request.form(max_files=0, max_fields=10)
    back, zone = str(form.get("back") or "/"), str(form.get("zone") or "")
    if not is_path(back):
        raise HTTPException(400, "a way back that leaves this host")
    answer = RedirectResponse(back, 303)
    if zone in ZONES:
        answer.set_cookie(CLOCK, zone, max_age=YEAR, httponly=True, samesite="strict")
    else:
        answer.delete_cookie(CLOCK, httponly=True, samesite="strict")
    return answer
