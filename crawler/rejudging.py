"""Judges a stored article again by its text alone, when the page it came from is no longer kept."""

from __future__ import annotations

from dataclasses import replace

from crawler.body import Body
from crawler.metadata import Metadata
from crawler.reading import Occasion, Tools, judged
from store.records import Article


def rejudged(article: Article, occasion: Occasion, tools: Tools) -> Article:
    """The article judged, tagged and placed by today's rules; what only its page could tell
    (title, text, dates of publication, byline, what was cut) stays as it was read."""
    paragraphs = tuple(article.text.split("\n")) if article.text else ()
    body = Body(paragraphs, article.removed, article.byline, article.advertorial)
    # The day it came out is known. Said as a feed would say it, it settles what is in force then.
    hint = replace(occasion.hint, published=article.published_at.isoformat())
    fresh = judged(article.title, body, Metadata(), replace(occasion, hint=hint), tools)
    return replace(
        article,
        event_date=fresh.event_date,
        region=fresh.region,
        topic=fresh.topic,
        relevance=fresh.relevance,
        score=fresh.score,
        reasons=fresh.reasons,
        tags=fresh.tags,
    )
