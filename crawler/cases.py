"""Cases of the KPK: learned from items that name it, recognised in items that do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from crawler.affairs import GENERIC, KINDS, overlap
from crawler.case_items import item_of
from crawler.case_learning import learn
from crawler.case_matching import CaseFinder, called, is_active
from crawler.case_scores import CaseMatch
from crawler.case_words import FORMER_FORMS, LEGAL_PARTS, SINGLE
from crawler.prefilter import Prefilter
from crawler.terms import Vocabulary
from store.case_records import MAX_TERMS, Case, CaseEvidence, free_slug

__all__ = ["CaseMatch", "CaseReader", "is_active", "join", "learn", "match", "reader_of"]

# Two affairs of one office are one case when they are learned within this time.
SAME_DAYS = timedelta(days=60)


def match(
    title: str, paragraphs: Sequence[str], cases: Sequence[Case], on: date
) -> CaseMatch | None:
    """The case an item of that day belongs to though it does not name the KPK, or None. Give it
    cleaned text and active cases."""
    return CaseReader(tuple(cases)).match(title, paragraphs, on)


@dataclass(frozen=True, slots=True)
class CaseReader:
    """A set of cases made ready to be sought in many items."""

    cases: tuple[Case, ...]
    finder: CaseFinder
    names: Prefilter
    places: Prefilter
    matters: Prefilter
    courts: Prefilter
    former: Prefilter

    def __init__(self, cases: tuple[Case, ...]) -> None:
        forms = [pair for case in cases for pair in called(case)]
        nothing = Vocabulary(())
        names = [form for kind, form in forms if kind in ("person", "alias", "company")]
        places = [form for kind, form in forms if kind == "region"]
        matters = {form for case in cases for form in case.forms("affair")} - KINDS.keys()
        telling = {word for form in matters for word in form.split()} - GENERIC | {"jual"}
        for field, value in (
            ("cases", cases),
            ("finder", CaseFinder(cases)),
            ("names", Prefilter(nothing, names)),
            ("places", Prefilter(nothing, places)),
            ("matters", Prefilter(nothing, telling)),
            ("courts", Prefilter(nothing, LEGAL_PARTS)),
            ("former", Prefilter(nothing, FORMER_FORMS)),
        ):
            object.__setattr__(self, field, value)

    def match(self, title: str, paragraphs: Sequence[str], on: date) -> CaseMatch | None:
        """The case an item of that day belongs to, or None."""
        if not self.cases:
            return None
        item = item_of(title, paragraphs)
        return None if item is None else self.finder.find(item, on)

    def may_matter(self, bodies: Sequence[bytes]) -> bool:
        """Whether an item, given as the bytes of its pages, could belong to one of the cases.
        False is certain."""
        if not self.cases:
            return False
        if any(self.names.may_matter(body) for body in bodies):
            return True
        # Without a name, a case is known by its place in court, or a former office and the matter.
        return any(
            all(any(part.may_matter(body) for body in bodies) for part in both)
            for both in ((self.places, self.courts), (self.former, self.matters))
        )


def reader_of(cases: tuple[Case, ...], kept: dict[str, Any]) -> CaseReader:
    """The reader of these cases, built again only when they changed; kept holds the last one."""
    known = kept.get("cases")
    if not isinstance(known, CaseReader) or known.cases != cases:
        known = kept["cases"] = CaseReader(cases)
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
    suspects = _of(lesson, "person")
    for place, case in enumerate(cases):
        if suspects & set(case.forms("person")):
            return place
    return next((i for i, case in enumerate(cases) if _same_matter(case, lesson)), None)


def _same_matter(case: Case, lesson: CaseEvidence) -> bool:
    offices = _of(lesson, "office") & set(case.forms("office"))
    if not offices:
        return False
    affairs = _of(lesson, "affair")
    if overlap(affairs, case.forms("affair")):
        return True
    near = case.first_on - SAME_DAYS <= lesson.on <= case.last_on + SAME_DAYS
    return near and any(office.partition(": ")[0] in SINGLE for office in offices)


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
