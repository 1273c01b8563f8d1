"""Saved searches: lists kept under a name, each also a feed, and alerts made from them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from review.actions import Answer, Sent
from review.desk import Desk, desk_of
from review.pages import render
from review.security import is_path
from review.view import Asked, asked, view_of
from store.alerts import CHANNEL, RHYTHMS, Rhythm, Rule, add_rule, remove_rule, rules
from store.filters import Filter
from store.saved import SavedSearch, forget_search, save_search, saved_search, saved_searches

LISTS = ("/", "/articles")
# What lists a moment's work, not a subject: a search that is kept is without it.
PASSING = ("before", "order")


def saved(request: Request) -> Response:
    """The saved searches with their feeds, and the alerts there are."""
    with desk_of(request).reading() as db:
        searches = [(one, feed_of(asked_of(one))) for one in saved_searches(db)]
        values = {"searches": searches, "alerts": rules(db), "rhythms": RHYTHMS}
        return render(request, db, "saved.html", values)


def keep(desk: Desk, sent: Sent) -> Answer:
    """Keep the list at an address of this page under a name."""
    wanted = _asked(sent["address"])
    if not wanted.narrowed:
        raise ValueError("there is nothing to keep: the list is not narrowed")
    with desk.writing() as db:
        kept = save_search(db, sent["name"], wanted.address(), desk.reviewer, desk.now())
    return {"saved": kept.id}


def forget(desk: Desk, sent: Sent) -> Answer:
    """Remove a saved search; alerts made from it stay."""
    with desk.writing() as db:
        forget_search(db, sent.article_id)
    return {"saved": None}


def alert(desk: Desk, sent: Sent) -> Answer:
    """Make an alert of a saved search: over which channel, how often, at which hour."""
    if sent["rhythm"] not in RHYTHMS:
        raise ValueError(f"how often is one of {', '.join(RHYTHMS)}")
    if not CHANNEL.fullmatch(sent["channel"]):
        raise ValueError("a channel is named in small letters, digits, - and _")
    hour = sent["hour"] or "7"
    if not hour.isdecimal() or int(hour[:3]) > 23:
        raise ValueError("the hour is from 0 to 23")
    with desk.writing() as db:
        search = saved_search(db, sent.article_id)
        rule = rule_of(search, sent["channel"], sent["rhythm"], int(hour))
        add_rule(db, rule, desk.now())
    return {"alert": rule.name}


def silence(desk: Desk, sent: Sent) -> Answer:
    """Remove an alert."""
    with desk.writing() as db:
        remove_rule(db, sent["name"])
    return {"alert": None}


def rule_of(search: SavedSearch, channel: str, rhythm: Rhythm, hour: int) -> Rule:
    """The alert that tells of what the saved search finds from now on. Verdicts, stars and periods
    are of the past and say nothing of new articles."""
    view = view_of(asked_of(search))
    chosen = view.chosen
    return Rule(
        name=search.name,
        channel=channel,
        query=view.query,
        rhythm=rhythm,
        hour=hour,
        chosen=Filter(
            relevance=chosen.relevance or "about",
            outlet=chosen.outlet,
            province=chosen.province,
            topic=chosen.topic,
        ),
        tags=view.tags,
        region=view.region,
        advertorial=view.advertorial,
    )


def asked_of(search: SavedSearch) -> Asked:
    """The list that a saved search names; one that names none is everything."""
    try:
        return _asked(search.address)
    except ValueError:
        return asked("/articles", {})


def feed_of(wanted: Asked) -> str:
    """The address of the list as an Atom feed."""
    return wanted.address("/inbox.atom" if wanted.inbox else "/articles.atom")


def _asked(address: str) -> Asked:
    if not is_path(address):
        raise ValueError("only a list of this page can be kept")
    parts = urlsplit(address)
    if parts.path not in LISTS:
        raise ValueError("only a list of this page can be kept")
    query = {key: value for key, value in parse_qsl(parts.query) if key not in PASSING}
    return asked(parts.path, query)
