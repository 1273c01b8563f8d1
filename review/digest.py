"""A digest of a period to print or send on: each story once, by province."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from review.desk import desk_of
from review.highlights import Run, excerpt
from review.pages import render, texts_for
from review.texts import Texts, provinces
from review.view import ZONE, Asked, asked, view_of
from store.records import StoredArticle
from store.views import View, every

PERIOD = timedelta(days=7)
MOST = 500  # stories; nobody prints more


@dataclass(frozen=True, slots=True)
class Story:
    """One story of a digest: its leading article, the words that decided, and how many others
    ran it."""

    stored: StoredArticle
    shown: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The stories of one province, the newest first; of no province: those that name none."""

    name: str
    stories: Sequence[Story]


def digest(request: Request) -> Response:
    """The stories about the topic of the last seven days, or of the period, province, verdict, ..
    that the address asks for."""
    now = desk_of(request).now()
    wanted = _with_period(asked("/digest", request.query_params), now)
    with desk_of(request).reading() as db:
        found = list(islice(every(db, _stories(wanted)), MOST + 1))
        chapters = _chapters(found[:MOST], texts_for(request)("no_province"))
        values = {
            "asked": wanted,
            "period": [_said(texts_for(request), wanted[name]) for name in ("since", "until")],
            "chapters": chapters,
            "stories": min(len(found), MOST),
            "more": len(found) > MOST,
            "articles": sum(1 + len(one.copies) for one in found[:MOST]),
            "programmes": _programmes(found[:MOST]),
            "made_at": now,
            "zone": ZONE.key,
        }
        return render(request, db, "digest.html", values)


def _stories(wanted: Asked) -> View:
    view = view_of(wanted)
    verdict = view.chosen.verdict
    # What a person called relevant belongs here whatever the rules thought of it.
    relevance = view.chosen.relevance or (None if verdict == "relevant" else "about")
    return replace(view, chosen=replace(view.chosen, leads_only=True, relevance=relevance))


def _with_period(wanted: Asked, now: datetime) -> Asked:
    if wanted["since"] or wanted["until"]:
        return wanted
    period = {"since": _day(now - PERIOD), "until": _day(now)}
    return Asked(wanted.path, {**wanted.values, **period})


def _said(t: Texts, day: str) -> str:
    """A day of the address as people write it; dots for none."""
    try:
        return t.day(date.fromisoformat(day))
    except ValueError:
        return "…"


def _day(at: datetime) -> str:
    return at.astimezone(ZONE).date().isoformat()


def _chapters(found: Sequence[StoredArticle], nowhere: str) -> list[Chapter]:
    by_province: dict[str, list[Story]] = defaultdict(list)
    for one in found:
        by_province[one.article.province or ""].append(Story(one, excerpt(one.article)))
    names = provinces()
    chapters = [
        Chapter(names.get(code, code), stories) for code, stories in by_province.items() if code
    ]
    chapters.sort(key=lambda chapter: chapter.name)
    return chapters + ([Chapter(nowhere, by_province[""])] if "" in by_province else [])


def _programmes(found: Sequence[StoredArticle]) -> Mapping[str, int]:
    """How many stories name each programme, the most named first."""
    labels = (tag.label for one in found for tag in one.article.tags if tag.kind == "programme")
    return dict(Counter(labels).most_common())
