"""Cleans the lines of an article: what is no sentence of it leaves, and stands in the removals."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.related import RELATED_RULE
from crawler.related_lines import RelatedLines
from crawler.rules import LineRule, Rules
from crawler.tails import Credit, read_byline, read_credits, read_tail
from store.records import Removal

FIRST_CREDITS, LAST_CREDITS = 4, 8
TAIL_LINES = 4
# No line rule is meant for a line of more characters.
LONGEST = 900
_KEY = re.compile(r"[\W_]+")
_BRAND_SUFFIX = re.compile(r"\s+[-–—|]\s+[^-–—|]{2,40}$")
_PUBLISHED = re.compile(r"published\b.{0,30}", re.I)
_SENTENCE = re.compile(r"[.!?”\"]$")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article's own lines and what was taken from among them. A removal's paragraph is the
    index of the kept line before which it stood (their number: after the last)."""

    paragraphs: tuple[str, ...]
    removed: tuple[Removal, ...]
    byline: str | None = None
    editor: str | None = None
    advertorial: bool = False
    credits: tuple[str, ...] = ()


def clean(paragraphs: Sequence[str], rules: Rules, title: str, brands: Sequence[str]) -> Cleaned:
    """The lines without links to other stories, furniture, captions, a repeated title and what
    follows the last sentence; datelines stay, and so does any sentence that only begins like
    one of these. brands are the names an outlet signs with."""
    text = _Text([line.strip() for line in paragraphs])
    _cut_titles(text, title)
    _cut_second_article(text)
    _cut_related(text, rules)
    _cut_furniture(text, rules)
    _cut_repeated_lead(text)
    _cut_credits(text, rules)
    _cut_tails(text, rules, brands)
    return text.cleaned()


@dataclass(slots=True)
class _Text:
    """The lines, the ones still kept, and every cut with the line it came from."""

    lines: list[str]
    cuts: list[tuple[int, int, Removal]] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)

    def kept(self) -> list[int]:
        return [n for n, line in enumerate(self.lines) if line and n not in self.gone]

    def cut(self, n: int, rule: str) -> None:
        """Takes the whole of line n."""
        self.gone.add(n)
        self.cuts.append((n, 0, Removal(rule, self.lines[n])))

    def take(self, n: int, start: int, end: int, rule: str) -> None:
        """Takes the characters start to end of line n, or the line when nothing else is in it."""
        line = self.lines[n]
        before, after = line[:start].rstrip(), line[end:].lstrip()
        if not before and not after:
            self.cut(n, rule)
            return
        self.cuts.append((n, 1 + start, Removal(rule, line[start:end].strip())))
        space = "" if after[:1] in ("", ".", ",", ";", ":", "!", "?", ")") else " "
        self.lines[n] = f"{before}{space}{after}".strip()

    def cleaned(self) -> Cleaned:
        kept = self.kept()
        removed = [
            Removal(cut.rule, cut.text, bisect_left(kept, n + (place > 0)))
            for n, place, cut in sorted(self.cuts, key=lambda entry: entry[:2])
        ]
        names = {kind: self._first(kind) for kind in ("byline", "editor")}
        flagged = any(credit.kind == "advertorial" for credit in self.credits)
        other = [credit.name for credit in self.credits if credit.kind == "other" and credit.name]
        return Cleaned(
            paragraphs=tuple(self.lines[n] for n in kept),
            removed=tuple(removed),
            byline=names["byline"],
            editor=names["editor"],
            advertorial=flagged,
            credits=(*other, *self.notes),
        )

    def _first(self, kind: str) -> str | None:
        return next((c.name for c in self.credits if c.kind == kind and c.name), None)


def _key(text: str) -> str:
    return _KEY.sub("", text).lower()


def _cut_titles(text: _Text, title: str) -> None:
    keys = {_key(title), _key(_BRAND_SUFFIX.sub("", title))} - {""}
    for n in text.kept():
        line = text.lines[n]
        if keys and ({_key(line), _key(_BRAND_SUFFIX.sub("", line))} & keys):
            text.cut(n, "caption" if line.endswith("--") else "title-repeat")


def _cut_second_article(text: _Text) -> None:
    """Zox themes append the next stories: title, "Published", date, text."""
    kept = text.kept()
    sentences = 0
    for place, n in enumerate(kept):
        if sentences >= 3 and _PUBLISHED.fullmatch(text.lines[n]):
            first = place
            while first > place - 3 and not _SENTENCE.search(text.lines[kept[first - 1]]):
                first -= 1
            for other in kept[first:]:
                text.cut(other, "second-article")
            return
        sentences += len(text.lines[n].split()) >= 8


def _cut_related(text: _Text, rules: Rules) -> None:
    related = RelatedLines(rules.related)
    kept = text.kept()
    lines = [text.lines[n] for n in kept]
    for place in related.whole_lines(lines):
        text.cut(kept[place], RELATED_RULE)
    for n in text.kept():
        found = related.inside(text.lines[n])
        if found is not None:
            text.take(n, *found, RELATED_RULE)


def _cut_furniture(text: _Text, rules: Rules) -> None:
    everywhere = [rule for rule in rules.lines if rule.scope == "line"]
    inside = [rule for rule in rules.lines if rule.scope == "inline"]
    for n in text.kept():
        _apply(text, n, everywhere, rules)
        for rule in inside:
            found = None if n in text.gone else rule.pattern.search(text.lines[n])
            if found:
                text.take(n, found.start(), found.end(), rule.id)
    for rule in rules.lines:
        kept = text.kept()
        if rule.scope in ("first", "last"):
            for n in kept[: rule.lines] if rule.scope == "first" else kept[-rule.lines :]:
                _apply(text, n, [rule], rules)


def _apply(text: _Text, n: int, chosen: Sequence[LineRule], rules: Rules) -> None:
    line = text.lines[n]
    words = len(line.split())
    for rule in chosen:
        if words > rule.max_words or len(line) > LONGEST or not rule.pattern.fullmatch(line):
            continue
        if rule.prose and rules.prose.search(line):
            continue
        text.cut(n, rule.id)
        if rule.feeds == "advertorial":
            text.credits.append(Credit("advertorial", ""))
        elif rule.feeds == "credits":
            text.notes.append(line)
        return


def _cut_repeated_lead(text: _Text) -> None:
    """An excerpt or a caption that says the first words of the paragraph under it."""
    for n, following in list(pairwise(text.kept()))[:2]:
        key = _key(text.lines[n].rstrip(" .…[]"))
        if len(key) >= 30 and _key(text.lines[following]).startswith(key):
            text.cut(n, "caption")


def _cut_credits(text: _Text, rules: Rules) -> None:
    kept = text.kept()
    places = sorted({*kept[:FIRST_CREDITS], *kept[-LAST_CREDITS:]})
    for n in places:
        found = read_credits(text.lines[n], rules.tail)
        if found:
            text.credits.extend(found)
            text.cut(n, "credit")
    kept = text.kept()
    for n, following in list(pairwise(kept))[:2]:
        byline = read_byline(text.lines[n], text.lines[following])
        if byline is not None:
            text.credits.append(byline)
            text.cut(n, "byline")


def _cut_tails(text: _Text, rules: Rules, brands: Sequence[str]) -> None:
    for n in text.kept()[-TAIL_LINES:][::-1]:
        for _ in range(5):
            line = text.lines[n]
            last = n == text.kept()[-1]
            tail = read_tail(line, rules.tail, brands, last) if line else None
            if tail is None:
                break
            text.credits.extend(tail.credits)
            text.take(n, tail.start, len(line), tail.rule)
            if n in text.gone:
                break
