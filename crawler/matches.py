"""Where a text says the words of a vocabulary: one pass over title and paragraphs, with offsets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import ahocorasick_rs

from crawler.passages import SAME, Folded, Passage, fold, passages_of
from crawler.terms import Term, Vocabulary

Scope = tuple[int | None, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term met in a passage: start and end are code points within it, sentence counts from 0."""

    term: Term
    passage: Passage
    start: int
    end: int
    sentence: int

    @property
    def words(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def quote(self) -> str:
        """The sentence around the words."""
        start, end = self.passage.sentences[self.sentence]
        return self.passage.text[min(start, self.start) : max(end, self.end)].strip()

    @property
    def scope(self) -> Scope:
        return self.passage.index, self.sentence


class Finder:
    """Finds the terms of a vocabulary; build it once, it holds the search automaton."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._needles: list[str] = []
        self._terms: list[list[tuple[Term, str]]] = []
        places: dict[str, int] = {}
        for term in vocabulary.terms:
            for form in term.plain_forms:
                needle = fold(form).lower
                place = places.setdefault(needle, len(self._needles))
                if place == len(self._needles):
                    self._needles.append(needle)
                    self._terms.append([])
                self._terms[place].append((term, form.translate(SAME)))
        self._automaton = ahocorasick_rs.AhoCorasick(self._needles)
        self._patterns = [
            (term, tuple(re.compile(pattern) for pattern in term.patterns))
            for term in vocabulary.terms
            if term.patterns
        ]

    def find(self, passages: Iterable[Passage]) -> tuple[Hit, ...]:
        """Every term met, in reading order, without those whose needs are not met."""
        passages = tuple(passage for passage in passages if passage.text)
        folds = [fold(passage.text) for passage in passages]
        hits = [
            Hit(term, passage, start, end, passage.sentence_at(start))
            for passage, folded in zip(passages, folds, strict=True)
            for term, start, end in self._plain_spans(passage.text, folded)
        ]
        met = _Met(hits)
        hits = [hit for hit in hits if not hit.term.needs or met.allows(hit.term, hit.scope)]
        hits.extend(self._pattern_hits(dict(zip(passages, folds, strict=True)), met))
        places = {passage.index: place for place, passage in enumerate(passages)}
        hits.sort(key=lambda hit: (places[hit.passage.index], hit.start, -hit.end))
        return tuple(hits)

    def _plain_spans(self, text: str, folded: Folded) -> Iterator[tuple[Term, int, int]]:
        matches = self._automaton.find_matches_as_indexes(folded.lower, overlapping=True)
        for place, low, high in matches:
            start, end = folded.origin(low), folded.origin(high - 1) + 1
            alone = _stands_alone(text, start, end, glued=False)
            for term, form in self._terms[place]:
                if term.case and text[start:end].translate(SAME) != form:
                    continue
                if alone or (term.kind == "entity" and _stands_alone(text, start, end, glued=True)):
                    yield term, start, end

    def _pattern_hits(self, folds: Mapping[Passage, Folded], met: _Met) -> Iterator[Hit]:
        """Patterns are slow, so they are tried only where what they need was met."""
        for term, patterns in self._patterns:
            for passage, low, high in met.stretches(term, folds):
                folded = folds[passage]
                for pattern in patterns:
                    for match in pattern.finditer(folded.lower, low, high):
                        start = folded.origin(match.start())
                        end = folded.origin(match.end() - 1) + 1
                        yield Hit(term, passage, start, end, passage.sentence_at(start))


class _Met:
    """Where each term and kind was met."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._scopes: dict[str, set[Scope]] = defaultdict(set)
        for hit in hits:
            self._scopes[hit.term.id].add(hit.scope)
            self._scopes[hit.term.kind].add(hit.scope)

    def allows(self, term: Term, scope: Scope) -> bool:
        """Whether something the term needs stands near enough to a place."""
        for need in term.needs:
            scopes = self._scopes.get(need, ())
            if term.within == "text":
                near = bool(scopes)
            elif term.within == "sentence":
                near = scope in scopes
            else:
                near = any(index == scope[0] for index, _ in scopes)
            if near:
                return True
        return False

    def stretches(
        self, term: Term, folds: Mapping[Passage, Folded]
    ) -> Iterator[tuple[Passage, int, int]]:
        """The parts of the folded passages in which the term's patterns may be sought."""
        scopes: set[Scope] = set().union(*(self._scopes.get(need, ()) for need in term.needs))
        if term.needs and not scopes:
            return
        indexes = {index for index, _ in scopes}
        for passage, folded in folds.items():
            if not term.needs or term.within == "text":
                yield passage, 0, len(folded.lower)
            elif passage.index not in indexes:
                continue
            elif term.within == "paragraph":
                yield passage, 0, len(folded.lower)
            else:
                for number, (start, end) in enumerate(passage.sentences):
                    if (passage.index, number) in scopes:
                        yield passage, folded.place_of(start), folded.place_of(end)


def _stands_alone(text: str, start: int, end: int, *, glued: bool) -> bool:
    """Whether the span is a word of its own. Tickers glue words ("laluKPK", "KPKmenahan"): a name
    may touch a letter of the other case, but never a capital ("DKPKP")."""
    before, after = text[start - 1 : start], text[end : end + 1]
    free_before = not before.isalnum() or (glued and before.islower() and text[start].isupper())
    if not free_before:
        return False
    if not after.isalnum():
        return True
    if glued and after.islower() and text[end - 1].isupper():
        return True
    rest = text[end : end + 4].lower()
    return rest.startswith("nya") and not rest[3:].isalnum()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with every term met in it."""

    passages: tuple[Passage, ...]
    hits: tuple[Hit, ...]


def read(title: str, paragraphs: Sequence[str], vocabulary: Vocabulary) -> Reading:
    """The terms a text says. An item is judged and then tagged, so the last reading is kept with
    the vocabulary, as is its finder."""
    text = (title, tuple(paragraphs))
    known, reading = vocabulary.derived.get("reading", (None, None))
    if known == text and isinstance(reading, Reading):
        return reading
    finder = vocabulary.derived.get("finder")
    if not isinstance(finder, Finder):
        finder = vocabulary.derived["finder"] = Finder(vocabulary)
    passages = passages_of(title, paragraphs)
    reading = Reading(passages, finder.find(passages))
    vocabulary.derived["reading"] = (text, reading)
    return reading
