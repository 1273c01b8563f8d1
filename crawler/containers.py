"""Finds the element, or the few parts, in which a page keeps the body of its article."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

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


def known_containers(tree: HtmlElement, rules: Rules) -> list[HtmlElement]:
    """The body of the first article on the page by the names CMSs give it, in parts when an
    article is cut in several; empty when no known name holds prose. A fragment, as feeds carry
    them, is a body itself."""
    found: list[tuple[HtmlElement, int, frozenset[str]]] = []
    for element in tree.iter("div", "article", "section", "main", "td", "span"):
        if not element.attrib:
            continue
        names = rules.containers.intersection(tokens(element))
        if names and len(found) < CANDIDATES:
            found.append((element, prose(element), frozenset(names)))
    apart = frozenset().union(*(rule.tokens for rule in rules.prune))
    found = [entry for entry in found if not _stands_in(entry[0], apart)] or found
    longest = max((length for _, length, _ in found), default=0)
    if longest < LEAST_PROSE:
        return [] if tree.tag == "html" else [tree]
    enough = min(TEASER_SHARE * longest, ARTICLE_PROSE)
    found = [entry for entry in found if entry[1] >= enough]
    first, length, names = found[0]
    for element, inner, inner_names in found[1:]:
        if inner >= (1 - OUTSIDE_SHARE) * length and within(element, [first]):
            first, names = element, inner_names
    return [first, *_further_parts(tree, first, names)]


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
