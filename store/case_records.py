"""The values of cases: what one is called, by which words it is known, and what items told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

# person: a suspect's full name · initials: as the press shortens one · office: "bupati: muara
# contoh" · region: a place's name · affair: the words of the matter · company: PT, CV ..
TermKind = Literal["person", "initials", "office", "region", "affair", "company"]
# A case with more words than this would find too much.
MAX_TERMS = 60
CaseStatus = Literal["open", "confirmed", "ended", "merged"]


class CaseTerm(NamedTuple):
    """One thing a case is known by; form is lower case with single spaces. A tuple, because all
    terms of the active cases go to a reading process with every page."""

    kind: TermKind
    form: str


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """What one item teaches of one case: the terms, and the sentence they stand in. slug and name
    are what a new case of it would be called; on is the day of the item; telling are the words by
    which its matter is the same as another's, heads the offices that a place has one of."""

    slug: str
    name: str
    terms: tuple[CaseTerm, ...]
    url: str
    on: date
    quote: str = ""
    telling: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """An affair of the KPK as reading needs it. first_on and last_on are the days of its first
    and latest evidence."""

    slug: str
    name: str
    terms: tuple[CaseTerm, ...]
    first_on: date
    last_on: date
    status: CaseStatus = "open"

    def forms(self, *kinds: TermKind) -> tuple[str, ...]:
        return tuple(term.form for term in self.terms if term.kind in kinds)


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case with what the store adds. renamed: the name is a person's; into: the id of the case
    it was merged into."""

    id: int
    case: Case
    renamed: bool
    into: int | None
    evidence: int


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """An item a case was learned from or recognised in."""

    url: str
    on: date
    quote: str
    article_id: int | None
    seen_at: datetime


def free_slug(lesson: CaseEvidence, taken: set[str]) -> str:
    """The address of a new case: what its first evidence calls it, with the year and a number if
    another case has that."""
    base = lesson.slug or "kasus"
    dated = f"{base}-{lesson.on.year}"
    number = 1
    slug = base
    while slug in taken:
        slug = dated if number == 1 else f"{dated}-{number}"
        number += 1
    return slug
