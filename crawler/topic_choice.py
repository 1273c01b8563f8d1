"""Of which topic an article is, where more than one is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.regions import Gazetteer
from crawler.relevance import Judgement, judge
from crawler.tagging import tag
from crawler.topics import Topic
from store.records import Article

STRENGTH = {"not": 0, "mentions": 1, "about": 2}


def of_strongest_topic(article: Article, others: Sequence[Topic], gazetteer: Gazetteer) -> Article:
    """An article judged for the KPK, cases included, as the topic has it to which it is most:
    about goes before mentions, and where two are equal the KPK before the others, then the higher
    score, then the earlier topic. Relevance, score, reasons and tags are those of that topic."""
    if not others or article.relevance == "about":
        return article
    paragraphs = article.text.split("\n")
    topic, judgement = max(
        (
            (topic, judge(article.title, paragraphs, topic.vocabulary, article.published_day))
            for topic in others
        ),
        key=_strength,
    )
    if STRENGTH[judgement.relevance] <= STRENGTH[article.relevance]:
        return article
    return replace(
        article,
        topic=topic.slug,
        relevance=judgement.relevance,
        score=judgement.score,
        reasons=judgement.reasons,
        tags=tag(
            article.title,
            paragraphs,
            article.province,
            topic.vocabulary,
            gazetteer,
            article.published_day,
        ),
    )


def _strength(judged: tuple[Topic, Judgement]) -> tuple[int, float]:
    return STRENGTH[judged[1].relevance], judged[1].score
