"""Finds the headline of a page: its words without the outlet's name, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.hygiene import tidy

MAX_TITLE = 400  # code points; no headline is as long

_SEPARATOR = re.compile(r"\s+(?:[-–—|»•·~]|::|\|\|)\s+|\s?[|»]\s?")
_PREFIX = re.compile(r"\s*(?:[|»•:]|\s[-–—]|::)\s+")
_PART = re.compile(
    r"(?:halaman|hal\.?|page|laman)\s*(?:\d+|all)(?:\s*(?:of|dari|/)\s*\d+)?", re.IGNORECASE
)
_DOMAIN = re.compile(
    r"(?:\w+\s)?[\w-]+\.(?:com|co|id|net|org|news|tv|info|my|web)(?:\.\w{2,3})?", re.I
)
_KNOWN = re.compile(  # headline classes of the families (facts/cms_families.md)
    r"(?:entry|post|article|single|detail|jeg_post|read|td-post|news|content)[-_]{1,2}(?:header__)?"
    r"title|arttitle|headline|judul|jdl",
    re.IGNORECASE,
)
_SIDE_WORDS = """sidebar aside related relateds terkait popular populer terpopuler terkini terbaru
    latest recent trending footer comment comments komentar respond nav navbar navigation menu mega
    ticker breaking carousel swiper slider owl recommended rekomendasi infinite juga sponsor modal
    popup offcanvas postblock"""
_SIDE = frozenset(_SIDE_WORDS.split())
_SIDE_TAGS = frozenset(["aside", "footer", "nav", "select", "noscript", "template"])
_OWN_FOOT = "entry-footer"  # where WordPress themes put an article's own tags
_MAX_CLIMB = 80


def folded(text: str) -> str:
    """Letters and digits only, without case: for comparing names and titles."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@dataclass(frozen=True, slots=True)
class OwnNames:
    """The names an outlet goes by, folded: whole ones, and single labels of its host."""

    whole: frozenset[str]
    labels: frozenset[str]

    def exactly(self, text: str) -> bool:
        """Whether the text is one of the names and nothing else."""
        plain = folded(text)
        return plain in self.whole or plain in self.labels

    def name(self, text: str) -> bool:
        """Whether the text is the outlet's name, perhaps with a rubric or a region beside it."""
        plain = folded(text)
        if not plain or len(text.split()) > 6:
            return False
        if self.exactly(text):
            return True
        for own in self.whole:
            if len(own) >= 5 and own in plain and len(plain) <= 2 * len(own) + 6:
                return True
            if plain in own and len(plain) >= max(5, 0.6 * len(own)):
                return True
        return False


def own_names(names: Iterable[str], url: str) -> OwnNames:
    """The outlet's names: those given (outlet, brands, og:site_name) and its host's."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        host = ""
    labels = {folded(label) for label in host.split(".")[:-1] if len(label) >= 4}
    whole = {folded(name) for name in [*names, host] if name}
    return OwnNames(frozenset(whole - {""}), frozenset(labels))


def without_outlet(title: str, own: OwnNames) -> str:
    """The title without the outlet's name before or after it, and without "Halaman 2"; the title
    itself if nothing else would be left."""
    text = tidy(title[: 2 * MAX_TITLE])
    cuts = [found for found in _SEPARATOR.finditer(text) if found.start() > 0]
    for cut, after in zip(cuts, [*cuts[1:], None], strict=False):
        segment = text[cut.end() : after.start() if after else len(text)]
        last_words = len(text[cut.end() :].split())
        if last_words <= 10 and (
            own.name(segment) or _PART.fullmatch(segment) or _DOMAIN.fullmatch(segment)
        ):
            text = text[: cut.start()].rstrip()
            break
    before = _PREFIX.search(text)
    if before and own.name(text[: before.start()]) and len(text[before.end() :].split()) > 1:
        text = text[before.end() :]
    return text[:MAX_TITLE].strip()


class Sight(NamedTuple):
    """An element of the page: its number in the page's order, its class and id as they are."""

    element: HtmlElement
    at: int
    marks: str


@dataclass(frozen=True, slots=True)
class Headline:
    """A page's title, and its element if the page shows it. Tells what stands near it; sights
    are all elements of the page, walked once for everyone."""

    title: str
    element: HtmlElement | None = None
    levels: dict[HtmlElement, int] = field(default_factory=dict)
    sights: tuple[Sight, ...] = ()

    def nearness(self, element: HtmlElement) -> int | None:
        """How many levels above the headline what holds both of them is (0: its parent); 99 if
        the page shows none; None if the element is in a sidebar, a menu, a footer, a list of
        other articles or among the comments."""
        if element in self.levels:
            return self.levels[element]
        at: HtmlElement | None = element
        for _ in range(_MAX_CLIMB):
            if at is None or at in self.levels:
                break
            if is_aside(at):
                return None
            at = at.getparent()
        return 99 if at is None else self.levels.get(at, 99)


def is_aside(element: HtmlElement) -> bool:
    """Whether an element's own tag, class or id says that it is not the article."""
    if element.tag in ("body", "html", "main", "article"):
        return False
    marks = marks_of(element)
    return (element.tag in _SIDE_TAGS and _OWN_FOOT not in marks) or _speaks_of_others(marks)


def marks_of(element: HtmlElement) -> str:
    """An element's class and id, which is where themes say what it is."""
    named, identifier = element.get("class"), element.get("id")
    if identifier is None:
        return (named or "")[:500]
    return f"{named or ''} {identifier}"[:500]


@lru_cache(maxsize=4_096)
def _speaks_of_others(marks: str) -> bool:
    marks = marks.lower().replace(_OWN_FOOT, "")
    if any(mark == "widget" or mark.startswith("widget_") for mark in marks.split()):
        return True  # but not elementor-widget, in which whole articles stand
    return not _SIDE.isdisjoint(re.split(r"[-_\s]+", marks))


def find_headline(tree: HtmlElement, claims: Sequence[str], own: OwnNames) -> Headline:
    """The headline, given what JSON-LD, og:title and <title> claim it is, best first.

    The visible heading that agrees with a claim wins, then a heading the theme marks as the
    title, then the best claim, then any heading. Empty only if the page has no title at all.
    """
    sights = tuple(Sight(each, at, marks_of(each)) for at, each in enumerate(tree.iter()))
    stated = [without_outlet(claim, own) for claim in claims if claim.strip()]
    titles = [title for title in stated if title and not own.exactly(title)]
    first = [each for each, _ in zip(tree.iter("h1"), range(12), strict=False)]
    found = _agreeing(first, titles, own) or _marked(first, own)
    if found is None:
        lower = [each for each, _ in zip(tree.iter("h2", "h3", "h4"), range(60), strict=False)]
        found = _agreeing(lower, titles, own)
    if found is not None:
        return _headline(*found, sights)
    if titles:
        return Headline(titles[0], sights=sights)
    loose = ((without_outlet(words_of(each), own), each) for each in first)
    named = next(((text, each) for text, each in loose if text and not own.exactly(text)), None)
    if named is None:
        return Headline(next(iter(stated), ""), sights=sights)
    return _headline(*named, sights)


def words_of(element: HtmlElement) -> str:
    """An element's visible text, at most a few lines of it."""
    texts: list[str] = []
    for text, _ in zip(element.itertext(), range(60), strict=False):
        parent = getattr(text, "getparent", lambda: None)()
        if parent is None or parent.tag not in ("script", "style"):
            texts.append(text[:1_000])
    return tidy(" ".join(texts))


def _headline(title: str, element: HtmlElement, sights: tuple[Sight, ...]) -> Headline:
    above = {each: level for level, each in enumerate(element.iterancestors())}
    return Headline(title, element, above, sights)


def _agreeing(
    elements: Sequence[HtmlElement], titles: Sequence[str], own: OwnNames
) -> tuple[str, HtmlElement] | None:
    best: tuple[float, str, HtmlElement] | None = None
    for element in elements:
        text = without_outlet(words_of(element), own)
        if not text or is_aside(element):
            continue
        for title in titles:
            score = _agreement(folded(text), folded(title), text, title)
            longer = score == 0.9 and len(text) > 1.25 * len(title)
            if score >= 0.6 and (best is None or score > best[0]):
                best = score, title if longer else text, element
    return best[1:] if best else None


def _agreement(one: str, other: str, text: str, title: str) -> float:
    """1 for the same title, .9 if one holds the other, else the share of words in common."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) >= 12 and (one in other or other in one):
        return 0.9
    words, others = set(text.casefold().split()), set(title.casefold().split())
    return min(0.89, len(words & others) / max(1, len(words | others)))


def _marked(elements: Sequence[HtmlElement], own: OwnNames) -> tuple[str, HtmlElement] | None:
    """The heading that a theme's class, id or microdata calls the title of an article."""
    for element in elements:
        text = without_outlet(words_of(element), own)
        marked = element.get("itemprop") == "headline" or _KNOWN.search(marks_of(element))
        if marked and text and not own.exactly(text) and not is_aside(element):
            return text, element
    return None
