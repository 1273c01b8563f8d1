"""Reads the paragraphs of an article from a page's tree, every word of them and in order."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence

import trafilatura
from lxml.html import HtmlElement

from crawler.alignment import article_lines
from crawler.containers import known_containers
from crawler.hygiene import tidy
from crawler.rules import Rules
from crawler.segments import Segment, segments

# trafilatura's diagnostics about pages it cannot read are not news to anyone.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_KEY = re.compile(r"\W+")
_SENTENCE_END = re.compile(r"[.!?…:;][\"”’')\]*]*$")
_LIST_ITEM = re.compile(r"(?:\d{1,2}[.)]|[a-z][.)]|[-–•*])\s")
# A known body is a fragment when it holds less than AGREEMENT of the words trafilatura found
# and trafilatura found CONTAINED of its words.
AGREEMENT = 0.5
CONTAINED = 0.7
# trafilatura takes quadratic time in tiny elements; beyond this a known body is enough.
ELEMENTS = 8000
CELL = 120
# A page without a known body and with less text than this holds no article.
LEAST_TEXT = 80


def extract(tree: HtmlElement, url: str, rules: Rules) -> tuple[str, ...]:
    """The paragraphs and headings of the article on a pruned page, or in a fragment of one, in
    order, white space collapsed, characters repaired; empty when there is no article. url only
    helps trafilatura. The tree is left as it is."""
    body = known_containers(tree, rules)
    known = [segment for part in body for segment in segments(part)]
    if known and sum(1 for _ in tree.iter()) > ELEMENTS:
        return tuple(_render(known))
    reference = _reference(tree, url)
    lines = _render(article_lines(known, reference, known=True)) if known else []
    if lines and not _is_fragment_of(lines, reference):
        return tuple(lines)
    found = _render(article_lines(segments(tree), reference, known=False))
    if not found or _is_fragment_of(found, reference):
        found = reference
    return tuple(found) if sum(map(len, found)) >= LEAST_TEXT else ()


def _reference(tree: HtmlElement, url: str) -> list[str]:
    """What trafilatura takes for the article, line by line; empty when it gives up."""
    try:
        document = trafilatura.bare_extraction(
            tree, url=url or None, favor_precision=True, include_comments=False, include_tables=True
        )
    except (ValueError, TypeError, AttributeError, RecursionError):
        return []
    text = getattr(document, "text", None) or ""
    return [line for line in map(tidy, text.split("\n")) if line]


def _is_fragment_of(lines: Sequence[str], reference: Sequence[str]) -> bool:
    """Whether lines are a lesser part of the reference, which then is nearer the truth; lines it
    does not hold are not measured by it."""
    wanted = Counter(_KEY.split(" ".join(reference).lower()))
    have = Counter(_KEY.split(" ".join(lines).lower()))
    both = (wanted & have).total()
    return both < AGREEMENT * wanted.total() and both >= CONTAINED * have.total()


def _render(found: Sequence[Segment]) -> list[str]:
    """The lines of the segments; a sentence broken in two and the short cells of a table's row
    are one, and a line that is nothing but another story's title is none."""
    lines: list[list[str]] = []
    row: HtmlElement | None = None
    for segment in found:
        text = segment.text
        if not text or (segment.linked > 0.9 and _reads_like_a_title(text)):
            continue
        last, row = row, segment.block.getparent() if segment.cell and len(text) < CELL else None
        same_row = row is not None and row is last
        if lines and (same_row or (segment.breaks and _goes_on(lines[-1][-1], text, segment))):
            lines[-1].append(text)
        else:
            lines.append([text])
    return [" ".join(line) for line in lines]


def _reads_like_a_title(text: str) -> bool:
    return len(text.split()) >= 4 and not _SENTENCE_END.search(text)


def _goes_on(before: str, text: str, segment: Segment) -> bool:
    """Whether text after line breaks is the same sentence, or the one its dateline opens."""
    if before[-1:] in "-–—":
        return len(before.split()) <= 8
    return segment.breaks == 1 and not _SENTENCE_END.search(before) and not _LIST_ITEM.match(text)
