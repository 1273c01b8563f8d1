"""Where reading meets cases: what a case makes of an article, and what an article teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.case_learning import learn
from crawler.case_words import CaseWords
from crawler.cases import CaseReader, case_of
from crawler.configuration import MAIN_TOPIC
from store.case_records import Case, CaseEvidence
from store.records import Article, Tag


def with_case(article: Article, reader: CaseReader) -> Article:
    """The article as the active cases show it: tagged with the case it belongs to, and about the
    topic, with the case's words as its reasons, if it was not already. An article without a date
    of its own is taken to be no younger than the latest evidence."""
    on = article.published_day
    if article.published_source == "first_seen" and reader.cases:
        on = min(on, max(case.last_on for case in reader.cases))
    found = reader.match(article.title, article.text.split("\n"), on)
    if found is None and not reader.cases:
        return article
    if found is None:
        # What it teaches of a known case makes it that case's as well.
        return filed(article, taught_by(article, "", reader.words), reader.cases)
    tagged = replace(article, tags=(*article.tags, found.tag))
    if article.relevance == "about":
        return tagged
    return replace(
        tagged, relevance="about", score=found.score, reasons=(*found.reasons, *article.reasons)
    )


def filed(article: Article, evidence: Sequence[CaseEvidence], cases: Sequence[Case]) -> Article:
    """The article tagged with the cases that it is evidence of, the ones it began among them."""
    known = {(tag.kind, tag.slug) for tag in article.tags}
    places = (case_of(cases, lesson) for lesson in evidence)
    tags = {
        cases[place].slug: Tag("case", cases[place].slug, cases[place].name, lesson.quote)
        for place, lesson in zip(places, evidence, strict=True)
        if place is not None and ("case", cases[place].slug) not in known
    }
    return replace(article, tags=(*article.tags, *tags.values()))


def taught_by(article: Article, url: str, words: CaseWords) -> tuple[CaseEvidence, ...]:
    """What an article teaches of cases; nothing if it is not about the KPK, whose cases they are:
    that it is about another topic says nothing of them."""
    if article.topic != MAIN_TOPIC:
        return ()
    return learn(article, url, words)
