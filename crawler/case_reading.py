"""Where reading meets cases: what a case makes of an article, and what an article teaches."""

from __future__ import annotations

from dataclasses import replace

from crawler.case_learning import learn
from crawler.cases import CaseReader
from crawler.relevance import Judgement
from store.case_records import CaseEvidence
from store.records import Article


def with_case(article: Article, reader: CaseReader) -> Article:
    """The article as the active cases show it: tagged with the case it belongs to, and about the
    topic, with the case's words as its reasons, if it was not already. An article without a date
    of its own is taken to be no younger than the latest evidence."""
    on = article.published_day
    if article.published_source == "first_seen" and reader.cases:
        on = min(on, max(case.last_on for case in reader.cases))
    found = reader.match(article.title, article.text.split("\n"), on)
    if found is None:
        return article
    tagged = replace(article, tags=(*article.tags, found.tag))
    if article.relevance == "about":
        return tagged
    return replace(
        tagged, relevance="about", score=found.score, reasons=(*found.reasons, *article.reasons)
    )


def taught_by(article: Article, url: str) -> tuple[CaseEvidence, ...]:
    """What an article teaches of cases; nothing if it is not about the topic."""
    judgement = Judgement(article.relevance, article.score, article.reasons)
    paragraphs = article.text.split("\n")
    return learn(article.title, paragraphs, judgement, article.tags, article.published_day, url)
