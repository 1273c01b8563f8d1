"""Takes links to other stories out of the running text: BACA JUGA in all its forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.hygiene import tidy
from crawler.related_lines import reads_like_sentence
from crawler.rules import RelatedRules
from crawler.segments import Segment
from store.records import Removal

RELATED_RULE = "baca-juga"
RECORDED = 500
LINKED_LIST = 12
LONGEST = 600
WINDOW = 120
_OPENING = r"[\s\[(>»•▶►→*|:.Â–—-]*"
_POINT = r"[\sÂ]*(?:[:：>»|→–—]|-(?!\w))+[\sÂ]*"
_CLOSING = r"[\s\])|*»]*"
_SENTENCE_END = re.compile(r"(?:^|[.!?:;”\"’)\]*|…])[\s\[(>»•*Â]*$")


class RelatedPatterns:
    """The rules' leads compiled for whole lines and for places inside one."""

    def __init__(self, rules: RelatedRules) -> None:
        strong, either = rules.strong.pattern, rules.any.pattern
        self.alone = re.compile(rf"{_OPENING}{strong}(?:{_POINT}|[\sÂ.]*){_CLOSING}", re.I)
        self.alone_weak = re.compile(rf"{_OPENING}{either}{_POINT}{_CLOSING}", re.I)
        self.pointed = re.compile(rf"{_OPENING}{strong}{_POINT}", re.I)
        self.begins = re.compile(rf"{_OPENING}{strong}\b", re.I)
        self.pointed_any = re.compile(rf"{_OPENING}{either}{_POINT}", re.I)
        self.inside = re.compile(rf"[\[(>»*\s]*\b{either}{_POINT}$", re.I)
        self.inside_bare = re.compile(rf"[\[(>»*\s]*\b{strong}[\sÂ]*$", re.I)
        self.max_words = rules.max_words


def cut_related(segments: Sequence[Segment], rules: RelatedRules) -> list[Removal]:
    """Takes every link to another story out of the tree the segments belong to and returns what
    was taken, in order. A sentence that merely begins like one stays, link or not."""
    patterns = RelatedPatterns(rules)
    removed: list[Removal] = []
    following = False  # the last line was a lead, or a title under one
    titles = 0
    for n, segment in enumerate(segments):
        flat = _flat(segment)
        if following and titles < LINKED_LIST and _is_title_link(segment, flat):
            removed.append(_take(segment))
            titles += 1
            continue
        following = _leads(segment, flat, segments[n + 1 : n + 2], patterns)
        if following:
            removed.append(_take(segment))
            titles = 0
        elif segment.linked:
            removed.extend(_cut_inside(segment, patterns))
    return removed


def _flat(segment: Segment) -> str:
    """The segment's text in one line, as much of it as a link's line could have."""
    return " ".join(segment.raw.split())[:LONGEST]


def _take(segment: Segment) -> Removal:
    taken = segment.cut(0, len(segment.raw))
    return Removal(RELATED_RULE, tidy(taken)[:RECORDED])


def _is_title_link(segment: Segment, flat: str) -> bool:
    """A line under a lead that is nothing but a link, perhaps with its date, or a rule."""
    bare = flat.strip(" |>»•*–—-")
    if not bare or (bare.startswith(("http://", "https://")) and " " not in bare):
        return True
    share = 0.6 if segment.block.tag == "li" else 0.9
    return segment.linked >= share and 3 <= len(flat.split()) <= 40


def _leads(
    segment: Segment, flat: str, after: Sequence[Segment], patterns: RelatedPatterns
) -> bool:
    """Whether the whole line is a lead, or a lead with its title."""
    linked = segment.linked
    if patterns.alone.fullmatch(flat) or patterns.alone_weak.fullmatch(flat):
        # A bare lead before plain lines is left to the line rules, which see the titles.
        return not after or _is_title_link(after[0], _flat(after[0]))
    short = len(flat.split()) <= patterns.max_words
    begins = patterns.begins.match(flat)
    if linked >= 0.95 and begins and short:
        return True
    pointed = patterns.pointed.match(flat)
    if pointed and (short or linked > 0.7):
        sentence = not linked and reads_like_sentence(flat[pointed.end() :])
        return not sentence and not _sentence_after_link(segment)
    lead = patterns.pointed_any.match(flat) or begins
    if lead is None or not linked:
        return False
    rest = len(flat[lead.end() :].strip(" |.])"))
    in_links = sum(len(slot.text.strip()) for slot in segment.slots if slot.link is not None)
    return rest > 0 and in_links >= 0.9 * rest


def _sentence_after_link(segment: Segment) -> bool:
    """Whether a sentence of the article goes on after the lead's link."""
    linked = [n for n, slot in enumerate(segment.slots) if slot.link is not None]
    if not linked:
        return False
    after = "".join(slot.text for slot in segment.slots[linked[-1] + 1 :])
    return len(after.split()) >= 3 and not after.lstrip().startswith("|")


def _cut_inside(segment: Segment, patterns: RelatedPatterns) -> list[Removal]:
    """Takes leads with their links out of a line that holds sentences too."""
    spans = _link_spans(segment)
    if len(spans) > LINKED_LIST:
        return []
    removed: list[Removal] = []
    for start, end in reversed(spans):
        span = _related_span(segment.raw, start, end, patterns)
        if span is not None:
            removed.append(Removal(RELATED_RULE, tidy(_cut_words(segment, *span))[:RECORDED]))
    return removed[::-1]


def _related_span(
    raw: str, start: int, end: int, patterns: RelatedPatterns
) -> tuple[int, int] | None:
    """From where to where a lead and the link at start to end stand in raw, if it is one."""
    low = max(0, start - WINDOW)
    before, after = raw[low:start], raw[end : end + WINDOW]
    lead = patterns.inside.search(before)
    if lead is None and re.match(r"\s*(?:$|[.!?|\])»])", after):
        lead = patterns.inside_bare.search(before)
    if lead is None and not (patterns.begins.match(raw[start:end]) and _begins_sentence(after)):
        return None
    first = start if lead is None else low + lead.start()
    bracketed = "(" in raw[first:start] or "[" in raw[first:start]
    if not bracketed and first and not _SENTENCE_END.search(raw[max(0, first - WINDOW) : first]):
        return None
    closing = re.match(r"\s*[\])]" if bracketed else r"\s*\|+|\s*\.(?=\s|$)", after)
    return first, end + (closing.end() if closing else 0)


def _begins_sentence(after: str) -> bool:
    rest = after.lstrip(" \n\t\r.|])»")
    return not rest or not rest[0].islower()


def _cut_words(segment: Segment, first: int, last: int) -> str:
    """Cuts first to last and leaves one space where two sentences would touch."""
    raw = segment.raw
    glues = first > 0 and last < len(raw) and raw[last] not in ".,;:!?)"
    if glues and raw[first].isspace() and not raw[first - 1].isspace():
        first += 1
    return segment.cut(first, last)


def _link_spans(segment: Segment) -> list[tuple[int, int]]:
    """Where each link of the segment begins and ends in its raw text."""
    spans: list[tuple[int, int]] = []
    at = 0
    link = None
    for slot in segment.slots:
        end = at + len(slot.text)
        if slot.link is not None and slot.link is link:
            spans[-1] = (spans[-1][0], end)
        elif slot.link is not None:
            spans.append((at, end))
        link = slot.link
        at = end
    return spans
