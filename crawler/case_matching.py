"""Finds the items that belong to a case without naming the KPK, and says by which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import ahocorasick_rs

from crawler.case_bundles import bears_the_case
from crawler.case_evidence import Evidence
from crawler.case_items import Item, Sentence
from crawler.case_places import is_that_place, short_forms
from crawler.case_scores import CaseMatch, Said, scored
from crawler.case_spellings import key, spellings
from crawler.case_words import CaseWords
from store.case_records import Case

ABOUT = 0.5
# An OTT's trial and appeals take about a year and a half; a case a person confirmed stays.
LASTS = timedelta(days=548)
# A case is known from a little before its first evidence: the other items of those days.
BEFORE = timedelta(days=30)
# Where one name says two things of a case, what it says more surely counts.
SURER = ("person", "alias", "short", "initialled", "given")
Meanings = Mapping[str, Sequence[tuple[int, str]]]


class CaseFinder:
    """Finds what active cases are called; build it once for a set of cases."""

    def __init__(self, cases: Sequence[Case], words: CaseWords) -> None:
        self.cases, self.words = tuple(cases), words
        self.common = everyday_names(words)
        names: dict[str, list[tuple[int, str]]] = defaultdict(list)
        others: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, case in enumerate(cases):
            for form, kind in sounding(case, self.common).items():
                names[f" {form} "].append((place, kind))
            for kind, form in called(case):
                others[form].append((place, kind))
        self._names, self._others = _Needles(names), _Needles(others)
        self._matters = _Matters(cases, words)

    def find(self, item: Item, on: date) -> CaseMatch | None:
        """The case an item of that day belongs to, or None."""
        said = self._said(item)
        near = said.keys() | self._matters.near(item)
        best: CaseMatch | None = None
        loose: list[tuple[Case, Evidence]] = []
        for place in sorted(near):
            case = self.cases[place]
            if on < case.first_on - BEFORE or not is_active(case, on):
                continue
            evidence = Evidence(case, item, said.get(place, []), self.words, self.common)
            match = _match_of(evidence, on)
            if match is not None:
                if match.score >= ABOUT and (best is None or match.score > best.score):
                    best = match
            elif evidence.is_likely():
                loose.append((case, evidence))
        if best is None and loose:
            best = _only(loose)
        return best

    def _said(self, item: Item) -> Mapping[int, list[Said]]:
        found: dict[int, list[Said]] = defaultdict(list)
        for sentence in item.sentences:
            for place, said in self._others_in(sentence):
                found[place].append(said)
            sounded = sentence.sounded
            for form, low, high, meanings in self._names.within(sounded.text):
                span = sounded.span(low + 1, high - 1)
                for place, kind in meanings:
                    found[place].append(Said(kind, form.strip(), sentence, *span))
        return found

    def _others_in(self, sentence: Sentence) -> Iterator[tuple[int, Said]]:
        text = sentence.text
        for form, low, high, meanings in self._others.within(text):
            if text[low - 1 : low].isalnum() or text[high : high + 1].isalnum():
                continue
            for place, kind in meanings:
                if kind == "initials" and not is_written_large(sentence, low, high):
                    continue
                if kind != "region" or is_that_place(self.cases[place], text, low, high):
                    yield place, Said(kind, form, sentence, low, high)


def is_written_large(sentence: Sentence, low: int, high: int) -> bool:
    """Whether a folded span of a sentence stands in capitals: "ARS", not "ars"."""
    start = sentence.start + sentence.folded.origin(low)
    return sentence.passage.text[start : start + high - low].isupper()


def initials_of(name: str) -> str:
    """How the press may shorten a name of three words or more: "ars"; "" for shorter ones."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


class _Needles:
    """Forms to seek, and what each of them means."""

    def __init__(self, meanings: Meanings) -> None:
        self._forms, self._meanings = list(meanings), meanings
        self._automaton = ahocorasick_rs.AhoCorasick(self._forms)

    def within(self, text: str) -> Iterator[tuple[str, int, int, Sequence[tuple[int, str]]]]:
        for found, low, high in self._automaton.find_matches_as_indexes(text, overlapping=True):
            yield self._forms[found], low, high, self._meanings[self._forms[found]]


class _Matters:
    """Which cases an item may be about by its words."""

    def __init__(self, cases: Sequence[Case], words: CaseWords) -> None:
        self._cases: dict[str, set[int]] = defaultdict(set)
        for place, case in enumerate(cases):
            for affair in set(case.forms("affair")) - words.offences.keys():
                for word in set(affair.split()) - words.generic | ({"jual"} & set(affair.split())):
                    self._cases[word].add(place)

    def near(self, item: Item) -> set[int]:
        said = {word for s in item.sentences if s.legal for word in s.words} & self._cases.keys()
        return {place for word in said for place in self._cases[word]}


def _match_of(evidence: Evidence, on: date) -> CaseMatch | None:
    """The match if the item is surely of the case; a bundle counts whatever its sentences weigh."""
    if evidence.is_certain(on):
        match = scored(evidence.case, evidence.met)
        if match.score >= ABOUT:
            return match
    if not bears_the_case(evidence, on):
        return None
    match = scored(evidence.case, evidence.met)
    return replace(match, score=max(match.score, ABOUT))


def everyday_names(words: CaseWords) -> frozenset[str]:
    """The keys of words that say too little as names: "agus", "hakim"."""
    return frozenset(key(word) for word in words.common_names | words.inner_names)


def is_active(case: Case, on: date) -> bool:
    """Whether a case still tells: a confirmed one until a person ends it, an open one for 18
    months after its latest evidence."""
    return case.status == "confirmed" or (case.status == "open" and case.last_on + LASTS >= on)


def sounding(case: Case, common: frozenset[str]) -> Mapping[str, str]:
    """The keys by which a case's people may be called, each with what it is worth: "person",
    "alias", "short" or "initialled"."""
    found: dict[str, str] = {}
    for form in case.forms("person"):
        for kind, name in spellings(form, common):
            found[name] = min(kind, found.get(name, kind), key=SURER.index)
    return found


def called(case: Case) -> tuple[tuple[str, str], ...]:
    """What else of a case is sought in a text as it stands, with its kind: firms, places,
    initials."""
    found: dict[str, str] = {}
    for form in case.forms("company"):
        found.setdefault(form, "company")
        bare = form.partition(" ")[2]
        if " " in bare:
            found.setdefault(bare, "company")
    for form in case.forms("region"):
        for name in (form, *short_forms(form)):
            found.setdefault(name, "region")
    for form in (*case.forms("initials"), *map(initials_of, case.forms("person"))):
        if len(form) > 1:
            found.setdefault(form.lower(), "initials")
    return tuple((kind, form) for form, kind in found.items())


def _only(loose: Sequence[tuple[Case, Evidence]]) -> CaseMatch | None:
    """The one case that fits; of several the one whose place is named."""
    placed = [pair for pair in loose if "region" in pair[1].kinds]
    fitting = placed or loose
    if len(fitting) != 1:
        return None
    match = scored(fitting[0][0], fitting[0][1].met)
    return match if match.score >= ABOUT else None
