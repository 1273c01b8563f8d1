"""Finds the element, or the few parts, in which a page keeps the body of its article."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from crawler.rules import Rules
from crawler.segments import prose_below

# A teaser card or a widget in the same class holds less than this share of the longest body.
TEASER_SHARE = 0.35
# .. unless it holds this much, which no teaser does; with less than LEAST_PROSE nothing is a body.
ARTICLE_PROSE = 400
LEAST_PROSE = 80
# An inner body is preferred when less than this share of the prose stands outside it.
OUTSIDE_SHARE = 0.03
CANDIDATES = 60


def tokens(element: HtmlElement) -> list[str]:
    """The names an element goes by: classes, id, itemprop; in lower case."""
    found = (element.get("class") or "").lower().split()
    if element.get("id"):
        found.append(element.get("id").lower())
    if element.get("itemprop"):
        found.append("itemprop=" + element.get("itemprop"))
    return found


def prose(element: HtmlElement) -> int:
    """How many characters below element read like paragraphs."""
    return sum(map(len, prose_below(element)))


def within(element: HtmlElement, ancestors: Sequence[HtmlElement]) -> bool:
    """Whether element is one of ancestors or stands below one."""
    if any(element is other for other in ancestors):
        return True
    return any(parent is other for parent in element.iterancestors() for other in ancestors)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """An element with a body's name; headlines counts the h1 before it."""

    element: HtmlElement
    names: frozenset[str]
    prose: int
    headlines: int


def known_containers(tree: HtmlElement, rules: Rules) -> list[HtmlElement]:
    """The body of the first article on the page by the names CMSs give it, in parts when an
    article is cut in several; empty when no known name holds prose. A fragment, as feeds carry
    them, is a body itself."""
    found = _candidates(tree, rules)
    longest = max((candidate.prose for candidate in found), default=0)
    if longest < LEAST_PROSE:
        return [] if tree.tag == "html" else [tree]
    first = _first_body(found, longest)
    for inner in found[found.index(first) + 1 :]:
        whole = inner.prose >= (1 - OUTSIDE_SHARE) * first.prose
        if whole and within(inner.element, [first.element]):
            first = inner
    return [first.element, *_further_parts(tree, first.element, first.names)]


def _candidates(tree: HtmlElement, rules: Rules) -> list[_Candidate]:
    found: list[_Candidate] = []
    headlines = 0
    for element in tree.iter("div", "article", "section", "main", "td", "span", "h1"):
        headlines += element.tag == "h1"
        names = rules.containers.intersection(tokens(element)) if element.attrib else frozenset()
        if names and element.tag != "h1" and len(found) < CANDIDATES:
            found.append(_Candidate(element, frozenset(names), prose(element), headlines))
    apart = frozenset().union(*(rule.tokens for rule in rules.prune))
    return [candidate for candidate in found if not _stands_in(candidate.element, apart)] or found


def _first_body(found: Sequence[_Candidate], longest: int) -> _Candidate:
    """The first candidate too long for a teaser, or a shorter one of its class under a headline
    of its own: a brief story with a longer one appended."""
    enough = min(TEASER_SHARE * longest, ARTICLE_PROSE)
    first = next(candidate for candidate in found if candidate.prose >= enough)
    for candidate in found[: found.index(first)]:
        own = 0 < candidate.headlines < first.headlines
        if own and candidate.prose >= LEAST_PROSE and candidate.names & first.names:
            return candidate
    return first


def _stands_in(element: HtmlElement, names: frozenset[str]) -> bool:
    """Whether element stands in something the rules cut: a related list, an endless next story."""
    return any(not names.isdisjoint(tokens(parent)) for parent in element.iterancestors())


def _further_parts(
    tree: HtmlElement, first: HtmlElement, names: frozenset[str]
) -> list[HtmlElement]:
    """Bodies in the same class in the same article, up to the next headline."""
    return [body for body, role in same_class(tree, first, names) if role == "part"]


def same_class(
    tree: HtmlElement, first: HtmlElement, names: frozenset[str]
) -> Iterator[tuple[HtmlElement, str]]:
    """The bodies after first in its class, each with its role: a "part" of the same article,
    "second" when a headline or an article element of its own says it is not, else "other"."""
    article = next(first.iterancestors("article"), None)
    near = set(itertools.islice(first.iterancestors(), 3))
    after = headline = False
    inside = {first}
    for element in tree.iter(etree.Element):
        if element is first:
            after = True
        elif not after:
            continue
        elif element.getparent() in inside:
            inside.add(element)
        elif element.tag == "h1":
            headline = True
        elif element.tag == first.tag and names & set(tokens(element)):
            inside.add(element)
            own = next(element.iterancestors("article"), None)
            if headline or own is not article:
                yield element, "second"
            elif article is not None or not near.isdisjoint(element.iterancestors()):
                yield element, "part"
            else:
                yield element, "other"
