"""Tells in a millisecond which pages cannot belong to any active case."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence

from crawler.affairs import rare
from crawler.case_matching import called, everyday_names, sounding
from crawler.case_spellings import SHORTENED, sounded
from crawler.case_words import CaseWords
from crawler.prefilter import Prefilter
from crawler.terms import Vocabulary
from store.case_records import Case

UNSPELT = frozenset(SHORTENED.values())
MARKS = (b"\xff\xfe", b"\xfe\xff")


class CaseSieve:
    """Built from what the active cases are called; build it once."""

    def __init__(self, cases: Sequence[Case], words: CaseWords) -> None:
        nothing = Vocabulary(())
        common = everyday_names(words)
        forms = [pair for case in cases for pair in called(case)]
        affairs = {form for case in cases for form in case.forms("affair")} - words.offences.keys()
        matters = {word for form in affairs for word in form.split()}
        people = {piece for case in cases for piece in _pieces(sounding(case, common))}
        telling = {form for kind, form in forms if kind in ("company", "region")}
        telling |= {word for form in affairs for word in rare(form, words)}
        self._telling = Prefilter(nothing, telling)
        self._former = Prefilter(nothing, words.former_forms)
        self._matters = Prefilter(nothing, matters - words.generic | {"jual"})
        self._courts = Prefilter(nothing, (*words.legal_forms, *words.aftermath_forms))
        self._people = Prefilter(nothing, people)

    def may_matter(self, bodies: Sequence[bytes]) -> bool:
        """Whether an item, given as the bytes of its pages, could belong to one of the cases.
        False is certain."""
        if not _any(self._courts, bodies):
            return False
        if _any(self._telling, bodies):
            return True
        # Without name and place, a case is known by a former office and the matter.
        if _any(self._former, bodies) and _any(self._matters, bodies):
            return True
        return _any(self._people, [as_sounded(body) for body in bodies])


def as_sounded(body: bytes) -> bytes:
    """A page with its words spelt as names are compared."""
    text = body.decode("utf-16" if body[:2] in MARKS else "utf-8", errors="replace")
    return sounded(html.unescape(text).lower()).encode("utf-8", errors="replace")


def _pieces(names: Mapping[str, str]) -> Iterator[str]:
    """Of every name the longest part that a page spells out: "m" may be Muhammad there. A first
    name with an initial counts only with a place, which the page must name as well."""
    for name, kind in names.items():
        if kind != "initialled":
            spelt = (
                " | " if word in UNSPELT or len(word) == 1 else f" {word} " for word in name.split()
            )
            yield " ".join(max("".join(spelt).split("|"), key=len).split())


def _any(part: Prefilter, bodies: Sequence[bytes]) -> bool:
    return any(part.may_matter(body) for body in bodies)
