"""Making a page out of a template: what every page shows, and the filters templates use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import HTMLResponse

from review.desk import Desk, desk_of, person_of
from review.highlights import excerpt, marked_text, marked_title, quoted, visible
from review.security import is_path, web_address
from review.texts import LANGUAGES, ZONES, Texts, language, provinces, texts
from store.filters import INBOX
from store.views import View, count
from store.watching import (
    is_crawling,
    last_crawled_at,
    only_replayed,
    overdue_since,
    watching_pid,
)

HERE = Path(__file__).parent
COOKIE = "pantau_language"
CLOCK = "pantau_zone"
# Outlets are asked every hour or two; after this long something is wrong with the crawling.
STALE = timedelta(hours=6)
COUNT_TO = 9_999
READER_ZONE = "Asia/Jakarta"


@cache
def templates() -> Environment:
    """The templates; what they print is escaped, what they misspell is an error."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,  # else each page looks at each file
    )
    found.filters |= {
        "visible": visible,
        "web_address": web_address,
        "excerpt": excerpt,
        "marked_text": marked_text,
        "marked_title": marked_title,
        "quoted": quoted,
        "said": said,
    }
    found.globals |= {"provinces": provinces(), "stamps": stamps()}
    return found


def load_templates() -> None:
    """Read every template now, so that the first reader does not wait for it."""
    found = templates()
    for name in found.list_templates():
        found.get_template(name)


def said(value: str | None) -> Mapping[str, str]:
    """The parts of an entry's value that is JSON; of one whose words were redacted none, the
    value itself as its label."""
    try:
        parts = json.loads(value or "")
    except ValueError:
        parts = None
    known = parts if isinstance(parts, dict) else {"label": value or ""}
    return {"field": "", "value": "", "label": ""} | {k: v or "" for k, v in known.items()}


@cache
def stamps() -> Mapping[str, str]:
    """A mark of the content of each static file, so that browsers may keep it."""
    files = sorted((HERE / "static").iterdir())
    return {file.name: sha256(file.read_bytes()).hexdigest()[:12] for file in files}


def texts_for(request: Request) -> Texts:
    """The words in the reader's language, and times in the reader's zone."""
    accepted = request.headers.get("accept-language", "")
    chosen = request.cookies.get(CLOCK)
    words = texts(language(request.cookies.get(COOKIE), accepted))
    return replace(words, clock=chosen if chosen in ZONES else None)


def render(
    request: Request, db: Database, template: str, values: Mapping[str, object], status: int = 200
) -> HTMLResponse:
    """The page: the template with these values and what every page shows (navigation, how many
    items wait, the banner)."""
    t, person = texts_for(request), person_of(request)
    shared = {
        "t": t,
        "zones": list(ZONES),
        "other_language": next(code for code in LANGUAGES if code != t.code),
        "here": here(request),
        "path": request.url.path,
        "waiting": count(db, View(INBOX), COUNT_TO + 1),
        "count_to": COUNT_TO,
        "banner": banner(db, t, desk_of(request)),
        "reviewer": desk_of(request).reviewer,
        "person": person,
        "may_act": person is None or person.role == "reviewer",
    }
    text = templates().get_template(template).render(**shared, **values)
    answer = HTMLResponse(text, status)
    answer.headers["Content-Language"] = t.code
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def here(request: Request) -> str:
    """Path and query of the page asked for, to come back to it."""
    query = request.url.query
    address = request.url.path + (f"?{query}" if query else "")
    return address if is_path(address) else "/"


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above every page; calm when nothing is wrong."""

    words: str
    calm: bool


def banner(db: Database, t: Texts, desk: Desk) -> Banner | None:
    """What a reader must know before trusting an empty list: that nothing is being collected, or
    that nothing was for long."""
    now, latest = desk.now(), last_crawled_at(db)
    lives = watching_pid(desk.path) is not None
    when = t.moment(latest, READER_ZONE) if latest is not None else ""
    late = latest is not None and now - latest > STALE
    if lives:
        waits = overdue_since(db, now)
        hangs = late and waits is not None and now - waits > STALE
        return Banner(t("banner_stalled", when=when), calm=False) if hangs else None
    if latest is None:
        return Banner(t("never_crawled"), calm=False)
    if is_crawling(db):
        return None
    if only_replayed(db):
        return Banner(t("banner_replayed"), calm=True)
    return Banner(t("stale" if late else "banner_unwatched", when=when), calm=not late)
