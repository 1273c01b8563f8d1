"""Says in words why a page is not kept: what it names, and what that means there."""

from __future__ import annotations

from crawler.matches import Hit, read
from crawler.outlets import Outlet
from crawler.term_keys import ANCHORS
from crawler.terms import Vocabulary
from store.records import Article

MOST = 5  # sentences quoted
LONGEST = 200  # code points of a quote


def why_not(article: Article | None, vocabulary: Vocabulary, outlet: Outlet) -> list[str]:
    """Lines for a person: why this page is no article about the topic. article is the page read
    all the same; None: it could not be."""
    if article is None:
        return ["The page names nothing of the vocabulary, or holds no text to judge."]
    if article.relevance != "not":
        wanted = ", ".join((*outlet.only_dateline, *outlet.only_category))
        return [
            f"It is about the topic, but not of this desk: {outlet.slug} takes only what opens "
            f"with or is filed under {wanted}."
        ]
    hits = read(article.title, article.text.split("\n"), vocabulary).hits
    named = [hit for hit in hits if hit.term.kind in ANCHORS]
    if not named:
        return ["Neither title nor text names the KPK, its units, programmes or people."]
    traps = [hit for hit in hits if hit.term.kind == "trap"]
    lines = [f"The letters mean something else here ({quoted(hit)})" for hit in traps[:MOST]]
    if lines:
        return lines
    lines = [f"In passing, or not Indonesia's KPK ({quoted(hit)})" for hit in named[:MOST]]
    return [
        *lines,
        f"Its score is {article.score:g}; an article is kept for naming the KPK itself.",
    ]


def quoted(hit: Hit) -> str:
    """The term a hit is of, and the sentence it stands in."""
    return f"{hit.term.id}: “{hit.quote[:LONGEST]}”"
