"""inbox, search and show: what the store holds, for a person or for a program."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

from crawler.configuration import MAIN_TOPIC
from scheduler.commands.topics import of_topic
from scheduler.commands.versions import amendments, said_of, show_version
from scheduler.terminal import say, say_json, table, wrapped
from store.articles import get_article, list_articles
from store.database import StoreError, open_store
from store.export import article_json
from store.filters import INBOX, Filter
from store.records import Article, Reason, StoredArticle
from store.reviews import PROGRAM, history
from store.search import search


def inbox(args: argparse.Namespace) -> int:
    """What waits for a person: about the topic, and nobody has decided."""
    topic = of_topic(args)
    db = open_store(args.db)
    try:
        found = list_articles(db, replace(INBOX, limit=args.limit, topic=topic))
    finally:
        db.close()
    show_list(found, args.json, "Nothing new: the inbox is empty.")
    return 0


def search_articles(args: argparse.Namespace) -> int:
    """Articles that hold the words, newest first."""
    chosen = Filter(topic=of_topic(args))
    db = open_store(args.db)
    try:
        found = search(db, " ".join(args.query), limit=args.limit, chosen=chosen)
    finally:
        db.close()
    show_list(found, args.json, "Nothing found.")
    return 0


def show_list(
    found: Sequence[StoredArticle],
    as_json: bool,
    nothing: str,
    more: Callable[[StoredArticle], str] = lambda stored: "",
) -> None:
    """Articles as JSON lines, or a few lines each: the sentence that decided, why it was reopened,
    and what more says of it."""
    if as_json:
        for stored in found:
            say_json(article_json(stored))
        return
    if not found:
        say(nothing)
    for stored in found:
        article = stored.article
        marks = f" [{article.topic}]" if article.topic != MAIN_TOPIC else ""
        marks += " [ADV]" if article.advertorial else ""
        marks += " [date?]" if article.date_conflict else ""
        marks += f" [copies: {len(stored.copies)}]" if stored.copies else ""
        say(f"{stored.id:>5}  {published(stored)}  {stored.outlet_name}{marks}")
        say(wrapped(article.title, "       "))
        reason = deciding(article)
        if reason is not None:
            say(wrapped(f"> {around(article, reason)}", "       "))
        for line in filter(None, (reopened(stored), more(stored))):
            say(wrapped(line, "       "))
        say()
    if found:
        say(f"{len(found)} articles. `pantau show ID` for one, `pantau decide ID relevant`.")


def reopened(stored: StoredArticle) -> str:
    """Why it is here again though somebody had decided; empty if it is not."""
    ours = [note.text for note in stored.notes if note.by == PROGRAM]
    return ours[-1] if ours and stored.verdict == "new" else ""


def deciding(article: Article) -> Reason | None:
    """The reason to show first: one in the text if there is one, since the title stands above."""
    inside = [reason for reason in article.reasons if reason.paragraph is not None]
    return next(iter(inside or article.reasons), None)


def around(article: Article, reason: Reason, width: int = 160) -> str:
    """The words of a reason within what stands around them."""
    text = sentence_source(article, reason)
    begin = max(0, reason.start - width // 2)
    end = min(len(text), reason.end + width // 2)
    before, after = ("..." if begin else ""), ("..." if end < len(text) else "")
    marked = f"{text[begin : reason.start]}**{text[reason.start : reason.end]}**"
    return f"{before}{marked}{text[reason.end : end]}{after}"


def sentence_source(article: Article, reason: Reason) -> str:
    """The title or paragraph a reason points into."""
    if reason.paragraph is None:
        return article.title
    paragraphs = article.text.split("\n")
    return paragraphs[reason.paragraph] if reason.paragraph < len(paragraphs) else reason.quote


def published(stored: StoredArticle) -> str:
    """The publication time in the outlet's zone; a day when only the day is known."""
    article = stored.article
    if article.published_precision == "day":
        return f"{article.published_day:%Y-%m-%d}      "
    return f"{article.published_at.astimezone(ZoneInfo(stored.zone)):%Y-%m-%d %H:%M}"


def show(args: argparse.Namespace) -> int:
    """One article with the reasons it is here, and on request what was cut."""
    db = open_store(args.db)
    try:
        stored = get_article(db, args.id)
        if stored is None:
            raise StoreError(f"no article {args.id} in {args.db}; `pantau inbox` lists them")
        if args.diff or args.revision is not None:
            return show_version(db, args)
        past = history(db, args.id)
        amended = amendments(db, args.id)
    finally:
        db.close()
    if args.json:
        say_json(article_json(stored))
        return 0
    show_head(stored)
    for line in amended:
        say(line)
    show_reasons(stored.article)
    say()
    for paragraph in stored.article.text.split("\n"):
        say(wrapped(paragraph, ""))
        say()
    if args.removed:
        show_removed(stored.article)
    for action in past:
        when = action.at.astimezone(UTC)
        value = f" {said_of(action)}" if action.value else ""
        say(f"{when:%Y-%m-%d %H:%M} UTC  {action.by}: {action.action}{value}")
    return 0


def show_head(stored: StoredArticle) -> None:
    """Title and metadata, each with where it comes from."""
    article = stored.article
    say(article.title)
    say(stored.url)
    say()
    source = f"{published(stored).strip()} {short_zone(stored)} (from: {article.published_source})"
    rows = [
        ("outlet", f"{stored.outlet_name} ({stored.outlet})"),
        ("published", source),
        ("event", str(article.event_date) if article.event_date else "-"),
        ("place", article.place or "-"),
        ("region", article.region or article.province or "-"),
        ("byline", article.byline or "-"),
        ("advertorial", "yes" if article.advertorial else "no"),
        ("tags", ", ".join(tag.label for tag in article.tags) or "-"),
        ("revision", str(stored.revision)),
        ("verdict", stored.verdict),
    ]
    if article.date_conflict:
        rows.insert(3, ("date conflict", article.date_conflict))
    if article.topic != MAIN_TOPIC:
        rows.insert(0, ("topic", article.topic))
    if stored.gone_at:
        rows.append(("gone at source", f"{stored.gone_at:%Y-%m-%d}"))
    table(rows)


def short_zone(stored: StoredArticle) -> str:
    """WIB, WITA or WIT, as its readers call the outlet's zone."""
    moment = stored.article.published_at.astimezone(ZoneInfo(stored.zone))
    return moment.tzname() or stored.zone


def show_reasons(article: Article) -> None:
    """Why we judged as we did: every reason with its sentence and place."""
    say()
    say(f"Judged {article.relevance} (score {article.score:.2f}) because:")
    for reason in article.reasons:
        place = "title" if reason.paragraph is None else f"paragraph {reason.paragraph + 1}"
        say(wrapped(f"- {reason.rule} ({place}): {around(article, reason)}"))


def show_removed(article: Article) -> None:
    """What was cut from the page, by which rule, and where it stood."""
    say(f"Cut from the page: {len(article.removed)}")
    for removal in article.removed:
        place = "page" if removal.paragraph is None else f"before paragraph {removal.paragraph + 1}"
        say(wrapped(f"- {removal.rule} ({place}): {removal.text}"))
    say()
