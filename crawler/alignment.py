"""Weighs a page's own lines against what another reader found, and keeps the article's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from crawler.segments import Segment

# An element is where the article lives when it holds this share of what both readers found.
HOME_SHARE = 0.1
MOSTLY_LINKED = 0.6
# The other reader missed the article when it found less than this share of the densest element.
MISSED_SHARE = 0.4
# Less prose than this is no article: an address, a notice.
LEAST_PROSE = 200
LINE_PROSE = 40
CARD_PROSE = 400
LEAST_REFERENCE = 100
# Looking for every line in a longer text would cost seconds; whole lines are compared then.
SEARCHED = 200_000

# A class and the element around it: brothers of one class are one home.
Home = tuple[str, HtmlElement]
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd"}
    | {"blockquote", "center", "pre"}
)
_KEY = re.compile(r"\W+")


def key(text: str) -> str:
    """text without white space, punctuation and case."""
    return _KEY.sub("", text).lower()


def article_lines(found: Sequence[Segment], reference: Sequence[str], known: bool) -> list[Segment]:
    """The segments that are the article's: those the reference holds, and those that live among
    them, such as a short or repeated paragraph the reference lacks. known: found is the body by
    name, so nothing in its homes is doubted; else only what lies between the reference's first
    and last line is, and the densest element stands in for a reference that missed it."""
    lines = [_Line(segment) for segment in found]
    if known and sum(map(len, map(key, reference))) < LEAST_REFERENCE:
        return list(found)
    _hold(lines, reference)
    if not known:
        _drop_cards(lines)
        _hold_densest(lines)
    homes = _weigh(line for line in lines if line.held)
    total = sum(len(line.key) for line in lines if line.held)
    strong = {home for home, weight in homes.items() if weight >= HOME_SHARE * total}
    for line in lines:
        line.at_home = not strong.isdisjoint(line.homes)
    if known:
        return [line.segment for line in lines if line.belongs or line.is_sentence]
    places = [n for n, line in enumerate(lines) if line.held and line.at_home]
    if not places:
        return []
    end = places[-1] + 1
    while end < len(lines) and lines[end].at_home and lines[end].is_sentence:
        end += 1
    inside = lines[places[0] : end]
    return [line.segment for line in inside if line.belongs]


class _Line:
    """A segment, whether the reference holds it, and where it lives."""

    __slots__ = ("at_home", "held", "home", "homes", "key", "linked", "segment")

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.key = key(segment.text)
        self.linked = segment.linked > MOSTLY_LINKED
        self.home, self.homes = _homes(segment)
        self.held = self.at_home = False

    @property
    def belongs(self) -> bool:
        """Whether the reference holds it, or it lives with those and is more than a bare link."""
        return self.held or (
            self.at_home and (not self.linked or self.segment.text.endswith((".", "”", '"')))
        )

    @property
    def is_sentence(self) -> bool:
        """Whether it is a paragraph of the body by its markup and by how it ends."""
        ends = self.segment.text.endswith((".", "?", "!", ":", ";", "”", '"'))
        return ends and not self.linked and self.segment.block.tag in ("p", "blockquote")


def _homes(segment: Segment) -> tuple[HtmlElement, list[Home]]:
    """Where a segment lives: the element its paragraph is a child of, or that element's brothers
    of the same class; a text directly in a div is also a paragraph of the element around it."""
    block = segment.block
    while block.tag in _PARAGRAPHS and block.getparent() is not None:
        block = block.getparent()
    above = block.getparent()
    if above is None:
        return block, [("", block)]
    name = block.get("class") or ""
    homes: list[Home] = [(name, above) if name else ("", block)]
    return block, homes if block is not segment.block else [*homes, (block.tag, above)]


def _hold(lines: Iterable[_Line], reference: Sequence[str]) -> None:
    exact = {key(cell) for line in reference for cell in (line, *line.split("|"))}
    whole = "".join(map(key, reference))
    searched = whole if len(whole) <= SEARCHED else ""
    for line in lines:
        found = line.key in exact or (len(line.key) > 20 and line.key in searched)
        line.held = bool(line.key) and found


def _drop_cards(lines: Iterable[_Line]) -> None:
    """A small element with a linked headline and a sentence is another story's teaser."""
    linked: set[HtmlElement] = set()
    prose: Counter[HtmlElement] = Counter()
    lines = list(lines)
    for line in lines:
        if line.linked and (line.segment.heading or line.segment.bold) and len(line.key) > 12:
            linked.add(line.home)
        prose[line.home] += 0 if line.linked else len(line.key)
    for line in lines:
        if line.home in linked and prose[line.home] < CARD_PROSE:
            line.held = False


def _hold_densest(lines: Sequence[_Line]) -> None:
    """Where the reference missed most of the densest element, holds that instead."""
    plain = [line for line in lines if not line.linked and len(line.key) >= LINE_PROSE]
    homes = _weigh(plain)
    if not homes:
        return
    best, weight = max(homes.items(), key=lambda entry: entry[1])
    found = sum(len(line.key) for line in lines if line.held)
    if weight >= LEAST_PROSE and found < MISSED_SHARE * weight:
        for line in lines:
            line.held = best in line.homes and not line.linked


def _weigh(lines: Iterable[_Line]) -> Counter[Home]:
    """How many characters live in each home."""
    homes: Counter[Home] = Counter()
    for line in lines:
        for home in line.homes:
            homes[home] += len(line.key)
    return homes
