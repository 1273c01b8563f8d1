"""One article: its text and why it is here, where each fact comes from, what changed, who ran it
too, and what people said of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import pairwise

from sqlite_utils import Database
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from review.charts import Point, along
from review.desk import desk_of
from review.highlights import marked_text, visible
from review.pages import render
from store.articles import find_by_url, get_article
from store.clusters import members
from store.corrections import FIELDS, corrections
from store.edits import Change, folded, word_diff
from store.encoding import to_text
from store.export import article_json
from store.records import StoredArticle
from store.redactions import redaction
from store.reviews import conflicting, history
from store.revisions import Revision, revisions

MOST_RELATED = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A revision and how it differs from the one before it (nothing for the first)."""

    revision: Revision
    title: tuple[Change, ...]
    text: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another article with the same text (copy) or the same template (sibling)."""

    kind: str
    stored: StoredArticle


@dataclass(frozen=True, slots=True)
class Spread:
    """One article of a story: where on the line of time, and how long after the first."""

    stored: StoredArticle
    point: Point
    hours: float


def item(request: Request) -> Response:
    """The page of one article; with `against` also what differs from another one."""
    with desk_of(request).reading() as db:
        stored = _stored(db, request.path_params["id"])
        whole = request.query_params.get("whole") == "1"
        other = _other(db, request.query_params.get("against"))
        values = {
            "stored": stored,
            "steps": _steps(revisions(db, stored.id), whole),
            "whole": whole,
            "related": _related(db, stored),
            "spread": _spread(db, stored),
            "other": other,
            "differs": _changes(stored.article.text, other.article.text) if other else (),
            "history": history(db, stored.id),
            "conflict": conflicting(db, stored.id),
            "corrections": {found.field: found for found in corrections(db, stored.id)},
            "fields": list(FIELDS),
            "redaction": redaction(db, stored.id),
        }
        return render(request, db, "item.html", values)


def item_text(request: Request) -> Response:
    """The clean text as runs, `[[text, rule], ..]` a paragraph, for opening it in a list."""
    with desk_of(request).reading() as db:
        stored = _stored(db, request.path_params["id"])
    paragraphs = [[[run.text, run.rule] for run in part] for part in marked_text(stored.article)]
    return JSONResponse({"id": stored.id, "paragraphs": paragraphs})


def evidence(request: Request) -> Response:
    """What was kept of the article, as one JSON file to take away: text, revisions with their
    times and SHA-256 sums, decisions."""
    desk = desk_of(request)
    with desk.reading() as db:
        stored = _stored(db, request.path_params["id"])
        found = {
            "article": article_json(stored),
            "gone_at": to_text(stored.gone_at) if stored.gone_at else None,
            "revisions": [_evidence(revision) for revision in revisions(db, stored.id)],
            "history": [
                {"at": to_text(r.at), "by": r.by, "action": r.action, "value": r.value}
                for r in history(db, stored.id)
            ],
            "taken_at": to_text(desk.now()),
            "taken_by": desk.reviewer,
        }
    text = json.dumps(found, ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": f'attachment; filename="pantau-{stored.id}.json"'}
    return Response(text, media_type="application/json", headers=headers)


def _evidence(revision: Revision) -> dict[str, object]:
    return {
        "number": revision.number,
        "seen_at": to_text(revision.seen_at),
        "edit": str(revision.edit),
        "title": revision.title,
        "text": revision.text,
        "sha256": sha256(f"{revision.title}\n\0{revision.text}".encode()).hexdigest(),
    }


def _stored(db: Database, article_id: int) -> StoredArticle:
    # Larger numbers than SQLite's would raise.
    stored = get_article(db, article_id) if article_id < 2**63 else None
    if stored is None:
        raise HTTPException(404)
    return stored


def _other(db: Database, against: str | None) -> StoredArticle | None:
    if against is None or not against.isdecimal():
        return None
    return _stored(db, int(against[:20]))


def _steps(found: Sequence[Revision], whole: bool) -> list[Step]:
    """Newest first."""
    steps = [Step(found[0], (), ())] if found else []
    for before, after in pairwise(found):
        title = _changes(before.title, after.title, whole=True)
        steps.append(Step(after, title, _changes(before.text, after.text, whole)))
    return steps[::-1]


def _changes(before: str, after: str, whole: bool = False) -> tuple[Change, ...]:
    changes = word_diff(before, after)
    shown = changes if whole else folded(changes)
    return tuple(Change(change.kind, visible(change.text)) for change in shown)


def _spread(db: Database, stored: StoredArticle) -> list[Spread]:
    """The articles of the story in the order in which they appeared; nothing for one alone."""
    ids = members(db, stored.id)
    if len(ids) < 2:
        return []
    found = [get_article(db, one) for one in ids[:MOST_RELATED]]
    shown = sorted(
        (one for one in found if one is not None), key=lambda one: one.article.published_at
    )
    moments = [one.article.published_at for one in shown]
    return [
        Spread(one, point, (at - moments[0]) / timedelta(hours=1))
        for one, point, at in zip(shown, along(moments), moments, strict=True)
    ]


def _related(db: Database, stored: StoredArticle) -> list[Related]:
    found = [("copy", url) for url in stored.copies] + [("sibling", url) for url in stored.siblings]
    related = [(kind, find_by_url(db, url)) for kind, url in found[:MOST_RELATED]]
    return [Related(kind, one) for kind, one in related if one is not None]
