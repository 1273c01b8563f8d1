"""Making a page out of a template: what every page shows, and the filters templates use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlite_utils import Database
from starlette.requests import Request
from starlette.responses import HTMLResponse

from review.desk import desk_of
from review.highlights import excerpt, marked_text, marked_title, quoted, visible
from review.security import is_path, web_address
from review.texts import LANGUAGES, Texts, language, provinces, texts
from store.filters import INBOX
from store.runs import latest_runs
from store.views import View, count

HERE = Path(__file__).parent
COOKIE = "pantau_language"
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
    )
    found.filters |= {
        "visible": visible,
        "web_address": web_address,
        "excerpt": excerpt,
        "marked_text": marked_text,
        "marked_title": marked_title,
        "quoted": quoted,
    }
    found.globals |= {"provinces": provinces(), "stamps": stamps()}
    return found


@cache
def stamps() -> Mapping[str, str]:
    """A mark of the content of each static file, so that browsers may keep it."""
    files = sorted((HERE / "static").iterdir())
    return {file.name: sha256(file.read_bytes()).hexdigest()[:12] for file in files}


def texts_for(request: Request) -> Texts:
    """The words in the reader's language."""
    accepted = request.headers.get("accept-language", "")
    return texts(language(request.cookies.get(COOKIE), accepted))


def render(
    request: Request, db: Database, template: str, values: Mapping[str, object], status: int = 200
) -> HTMLResponse:
    """The page: the template with these values and what every page shows (navigation, how many
    items wait, the banner)."""
    t = texts_for(request)
    shared = {
        "t": t,
        "other_language": next(code for code in LANGUAGES if code != t.code),
        "here": here(request),
        "path": request.url.path,
        "waiting": count(db, View(INBOX), COUNT_TO + 1),
        "count_to": COUNT_TO,
        "banner": banner(db, t, desk_of(request).now()),
        "reviewer": desk_of(request).reviewer,
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


def banner(db: Database, t: Texts, now: datetime) -> str | None:
    """What a reader must know before trusting an empty list: that nothing is being collected."""
    runs = latest_runs(db, 1)
    if not runs:
        return t("never_crawled")
    latest = runs[0].finished_at or runs[0].started_at
    return t("stale", when=t.moment(latest, READER_ZONE)) if now - latest > STALE else None
