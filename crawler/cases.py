"""Cases of the KPK: learned from items that name it, recognised in items that do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from crawler.affairs import overlap
from crawler.case_items import item_of
from crawler.case_learning import learn
from crawler.case_matching import CaseFinder, is_active
from crawler.case_scores import CaseMatch
from crawler.case_sieve import CaseSieve
from crawler.case_spellings import key_of
from crawler.case_words import CaseWords
from store.case_records import MAX_TERMS, Case, CaseEvidence, free_slug

__all__ = ["CaseMatch", "CaseReader", "is_active", "join", "learn", "match", "reader_of"]

# Two affairs of one office are one case when they are learned within this time.
SAME_DAYS = timedelta(days=60)
# And an item that names nobody in full ("jaksa KPK dakwa bupati nonaktif") within this time.
SAME_TRIAL = timedelta(days=365)


def match(
    title: str, paragraphs: Sequence[str], cases: Sequence[Case], on: date, words: CaseWords
) -> CaseMatch | None:
    """The case an item of that day belongs to though it does not name the KPK, or None. Give it
    cleaned text and active cases."""
    return CaseReader(tuple(cases), words).match(title, paragraphs, on)


class CaseReader:
    """A set of cases made ready to be sought in many items."""

    def __init__(self, cases: tuple[Case, ...], words: CaseWords) -> None:
        self.cases, self.words = cases, words
        self._finder, self._sieve = CaseFinder(cases, words), CaseSieve(cases, words)

    def match(self, title: str, paragraphs: Sequence[str], on: date) -> CaseMatch | None:
        """The case an item of that day belongs to, or None."""
        if not self.cases:
            return None
        item = item_of(title, paragraphs, self.words)
        return None if item is None else self._finder.find(item, on)

    def may_matter(self, bodies: Sequence[bytes]) -> bool:
        """Whether an item, given as the bytes of its pages, could belong to one of the cases.
        False is certain."""
        return bool(self.cases) and self._sieve.may_matter(bodies)


def reader_of(cases: tuple[Case, ...], words: CaseWords, kept: dict[str, Any]) -> CaseReader:
    """The reader of these cases, built again only when they changed; kept holds the last one."""
    known = kept.get("cases")
    if not isinstance(known, CaseReader) or known.cases != cases:
        known = kept["cases"] = CaseReader(cases, words)
    return known


def join(cases: Sequence[Case], evidence: Iterable[CaseEvidence]) -> tuple[Case, ...]:
    """The cases with what new items teach: evidence with the same suspect, or of the same office,
    place and matter, makes its case grow (ended ones too: they stay ended); else it begins a new
    one. Slugs are made of the first evidence and never change."""
    joined = list(cases)
    for lesson in evidence:
        place = case_of(joined, lesson)
        if place is not None:
            joined[place] = _grown(joined[place], lesson)
        elif lesson.terms:
            slug = free_slug(lesson, {case.slug for case in joined})
            joined.append(Case(slug, lesson.name, lesson.terms, lesson.on, lesson.on))
    return tuple(joined)


def case_of(cases: Sequence[Case], lesson: CaseEvidence) -> int | None:
    """The place of the case a lesson belongs to, or None: it is a new one's."""
    if not lesson.terms:
        return next((i for i, case in enumerate(cases) if case.slug == lesson.slug), None)
    suspects = {key_of(form) for form in _of(lesson, "person")}
    for place, case in enumerate(cases):
        shared = suspects & {key_of(form) for form in case.forms("person")}
        if any(_is_shortened(a, b) for a in suspects for b in map(key_of, case.forms("person"))):
            return place
        # A name of one word is anybody's.
        if any(" " in name for name in shared):
            return place
        if shared and _of(lesson, "region") & set(case.forms("region")):
            return place
    return next((i for i, case in enumerate(cases) if _same_matter(case, lesson)), None)


def _is_shortened(name: str, other: str) -> bool:
    """Whether one of two names is the other without its first words or its last."""
    short, full = sorted((name.split(), other.split()), key=len)
    if len(short) < 2 or len(short) == len(full):
        return False
    return short in (full[: len(short)], full[-len(short) :])


def _same_matter(case: Case, lesson: CaseEvidence) -> bool:
    offices = _of(lesson, "office") & set(case.forms("office"))
    if not offices:
        return False
    if overlap(lesson.telling, case.forms("affair")):
        return True
    after = SAME_DAYS if any(" " in name for name in _of(lesson, "person")) else SAME_TRIAL
    near = case.first_on - SAME_DAYS <= lesson.on <= case.last_on + after
    return near and not offices.isdisjoint(lesson.heads)


def _of(lesson: CaseEvidence, kind: str) -> set[str]:
    return {term.form for term in lesson.terms if term.kind == kind}


def _grown(case: Case, lesson: CaseEvidence) -> Case:
    terms = tuple(dict.fromkeys((*case.terms, *lesson.terms)))[:MAX_TERMS]
    return replace(
        case,
        terms=tuple(terms),
        first_on=min(case.first_on, lesson.on),
        last_on=max(case.last_on, lesson.on),
    )
