"""How strongly an item speaks of a case, and by which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from crawler.case_items import Sentence
from store.case_records import Case
from store.records import Reason, Tag

# What a sentence is worth by where it stands, and by what it says of the case.
IN_TITLE, IN_FIRST, IN_SECOND, FURTHER_DOWN, LATE = 0.95, 0.75, 0.6, 0.4, 0.25
WITHOUT_COURT = 0.6
WORTH = {
    **{"person": 1.0, "office": 0.95, "company": 0.9, "affair": 0.8, "alias": 0.8, "deputy": 0.8},
    **{"short": 0.8, "initialled": 0.7, "region": 0.5, "given": 0.5, "initials": 0.4},
    **{"post": 0.9, "bare office": 0.5, "matter": 0.6},
}
MAX_REASONS = 6


@dataclass(frozen=True, slots=True)
class CaseMatch:
    """A case an item belongs to. score is 0-1; reasons come strongest first, their rule is
    "case:" and the case's slug, their start and end the words met; tag carries these words."""

    score: float
    reasons: tuple[Reason, ...]
    tag: Tag


@dataclass(frozen=True, slots=True)
class Said:
    """A term of a case met in a sentence, as a folded span within it."""

    kind: str
    form: str
    sentence: Sentence
    low: int
    high: int


def scored(case: Case, met: Sequence[Said]) -> CaseMatch:
    """The sentences that speak of the case, weighed like relevance weighs them."""
    best: dict[int, tuple[float, Said]] = {}
    for said in met:
        weight = WORTH.get(said.kind, 0.0) * _place_weight(said.sentence.passage.index)
        weight *= 1.0 if said.sentence.legal else WITHOUT_COURT
        known = best.get(id(said.sentence))
        if weight and (known is None or weight > known[0]):
            best[id(said.sentence)] = (weight, said)
    ranked = sorted(best.values(), key=lambda pair: -pair[0])
    score = round(1 - prod(1 - weight for weight, _ in ranked), 3)
    reasons = tuple(_reason(case, said) for _, said in ranked[:MAX_REASONS])
    words = reasons[0].quote if reasons else case.name
    if ranked:
        said = ranked[0][1]
        words = said.sentence.passage.text[reasons[0].start : reasons[0].end]
    return CaseMatch(score, reasons, Tag("case", case.slug, case.name, words))


def _place_weight(index: int | None) -> float:
    if index is None:
        return IN_TITLE
    return (IN_FIRST, IN_SECOND, FURTHER_DOWN, FURTHER_DOWN, LATE)[min(index, 4)]


def _reason(case: Case, said: Said) -> Reason:
    sentence = said.sentence
    start = sentence.start + sentence.folded.origin(said.low)
    end = sentence.start + sentence.folded.origin(said.high - 1) + 1
    return Reason(f"case:{case.slug}", sentence.quote, sentence.passage.index, start, end)
