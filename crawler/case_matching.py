"""Finds the items that belong to a case without naming the KPK, and says by which words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import ahocorasick_rs

from crawler.affairs import GENERIC, KINDS, speaks_of
from crawler.case_items import Item
from crawler.case_scores import CaseMatch, Said, scored
from crawler.case_words import ACTING_FOR, COMMON_NAMES, FORMER, OFFICE, SINGLE
from crawler.offices import office_of
from store.case_records import Case

ABOUT = 0.5
# An OTT's trial and appeals take about a year and a half; a case a person confirmed stays.
LASTS = timedelta(days=548)
# A case is known from a little before its first evidence: the other items of those days.
BEFORE = timedelta(days=30)


class CaseFinder:
    """Finds what active cases are called; build it once for a set of cases."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = tuple(cases)
        self._meanings: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, case in enumerate(cases):
            for kind, form in called(case):
                self._meanings[form].append((place, kind))
        self._needles = list(self._meanings)
        self._automaton = ahocorasick_rs.AhoCorasick(self._needles)

    def find(self, item: Item, on: date) -> CaseMatch | None:
        """The case an item of that day belongs to, or None."""
        said = self._said(item)
        best: CaseMatch | None = None
        loose = []
        for place, case in enumerate(self.cases):
            if on < case.first_on - BEFORE or not is_active(case, on):
                continue
            met = [*said[place], *_affairs(case, item)]
            if not met:
                continue
            evidence = _Evidence(case, item, met)
            if evidence.is_certain():
                match = scored(case, met)
                if match.score >= ABOUT and (best is None or match.score > best.score):
                    best = match
            elif evidence.is_likely():
                loose.append((case, met))
        if best is None and len(loose) == 1:
            match = scored(*loose[0])
            best = match if match.score >= ABOUT else None
        return best

    def _said(self, item: Item) -> Mapping[int, list[Said]]:
        found: dict[int, list[Said]] = defaultdict(list)
        for sentence in item.sentences:
            text = sentence.text
            for key, low, high in self._automaton.find_matches_as_indexes(text, overlapping=True):
                if text[low - 1 : low].isalnum() or text[high : high + 1].isalnum():
                    continue
                form = self._needles[key]
                for place, kind in self._meanings[form]:
                    found[place].append(Said(kind, form, sentence, low, high))
        return found


def is_active(case: Case, on: date) -> bool:
    """Whether a case still tells: a confirmed one until a person ends it, an open one for 18
    months after its latest evidence."""
    return case.status == "confirmed" or (case.status == "open" and case.last_on + LASTS >= on)


def called(case: Case) -> tuple[tuple[str, str], ...]:
    """What of a case is sought in a text as it stands, with its kind: names, shortened names
    ("alias"), firms, initials, places."""
    found: dict[str, str] = {}
    for form in case.forms("person"):
        found[form] = "person"
        words = form.split()
        if len(words) > 2:
            for alias in (f"{words[0]} {words[1]}", f"{words[0]} {words[-1]}"):
                if not set(alias.split()) <= COMMON_NAMES:
                    found.setdefault(alias, "alias")
    for form in case.forms("company"):
        found.setdefault(form, "company")
    for form in case.forms("region"):
        found.setdefault(form, "region")
    for form in case.forms("initials"):
        found.setdefault(form.lower(), "initials")
    return tuple((kind, form) for form, kind in found.items())


def _affairs(case: Case, item: Item) -> Iterable[Said]:
    for sentence in item.sentences:
        if not sentence.legal:
            continue
        for affair in case.forms("affair"):
            if affair in KINDS:
                offence = KINDS[affair].search(sentence.text)
                if offence:
                    yield Said("kind", affair, sentence, *offence.span())
            elif speaks_of(affair, sentence.words):
                yield Said("affair", affair, sentence, *_span(affair, sentence.text))


def _span(affair: str, text: str) -> tuple[int, int]:
    """From the first to the last of the affair's words where they stand closest together."""
    words = [re.escape(word) for word in affair.split() if re.search(rf"\b{word}\b", text)]
    places = [m.span() for m in re.finditer(rf"\b(?:{'|'.join(words)})\b", text)]
    telling = [s for s in places if text[s[0] : s[1]] not in GENERIC] or places
    low, high = telling[0]
    near = [s for s in places if abs(s[0] - high) < 40 or abs(low - s[1]) < 40]
    return min(s[0] for s in near), max(s[1] for s in near)


class _Evidence:
    """What an item says of one case, weighed as a whole."""

    def __init__(self, case: Case, item: Item, met: list[Said]) -> None:
        self.case, self.item, self.met = case, item, met
        self.kinds = {said.kind for said in met}
        self.offices = tuple(_offices(case, item, met))
        met.extend(said for said in self.offices if said.kind == "office")
        self.named = {said.form for said in met if said.kind == "person"}
        self.in_court = any(
            said.sentence.legal for said in met if said.kind in ("person", "alias", "company")
        )

    def is_certain(self) -> bool:
        """Whether it is this case and no other: a suspect's name in court with anything else of
        the case, or the office with its place and the matter."""
        item, kinds = self.item, self.kinds
        if item.other_life and "affair" not in kinds and not (item.sphere and not item.titled_so):
            return False
        affair = "affair" in kinds
        office = any(said.kind == "office" for said in self.offices)
        if self.named and self.in_court:
            if affair or office or len(self.named) > 1 or "company" in kinds:
                return True
            if self._is_elsewhere():
                return False
            return ("region" in kinds and item.sphere) or not self._is_common()
        if self._accuses_others():
            return False
        if "alias" in kinds and self.in_court and (affair or office):
            return True
        if "company" in kinds and self.in_court:
            return affair or (item.sphere and not self._is_elsewhere())
        placed = office or "initials" in kinds
        return placed and "region" in kinds and (affair or office)

    def is_likely(self) -> bool:
        """Whether it would do if no other case fitted as well: a former office without its place
        and the matter, or the matter and the place in court."""
        if self.item.other_life or self._accuses_others() or "affair" not in self.kinds:
            return False
        if self._is_elsewhere():
            return False
        told = [s for s in self.met if s.kind == "affair"]
        if "region" in self.kinds:
            return any(said.sentence.words & COURT for said in told)
        return any(said.kind == "bare office" for said in self.offices) and any(
            said.sentence.words & COURT for said in told
        )

    def _is_common(self) -> bool:
        """Whether the name alone may be anybody's: all of it everyday names."""
        return all(set(name.split()) <= COMMON_NAMES for name in self.named)

    def _is_elsewhere(self) -> bool:
        own = set(self.case.forms("region"))
        return bool(self.item.places - own) and "region" not in self.kinds and bool(own)

    def _accuses_others(self) -> bool:
        own = {word for form in self.case.forms("person") for word in form.split()}
        if not self.item.accused or not own:
            return False
        return not any(set(name.split()) & (own - COMMON_NAMES) for name in self.item.accused)


COURT = frozenset(
    "sidang persidangan terdakwa saksi hakim jaksa jpu vonis divonis dakwaan tipikor pleidoi"
    " tuntutan dituntut eksepsi terpidana tersangka penyidik penggeledahan diperiksa bersaksi"
    " kesaksian replik duplik pledoi putusan majelis banding kasasi didakwa".split()
)


def _offices(case: Case, item: Item, met: Sequence[Said]) -> Iterable[Said]:
    """The case's offices in a sentence of court or with "eks": with their place ("office") or
    without ("bare office")."""
    own = {tuple(form.split(": ", 1)) for form in case.forms("office")}
    regions = {id(said.sentence) for said in met if said.kind == "region"}
    for sentence in item.sentences:
        former = FORMER.search(sentence.text) is not None
        if not (former or sentence.legal):
            continue
        for match in OFFICE.finditer(sentence.text):
            office = office_of(match)
            if not any(office == name for name, _ in own):
                continue
            if ACTING_FOR.search(sentence.text[: match.start()]):
                continue
            if id(sentence) in regions and (former or office in SINGLE):
                yield Said("office", office, sentence, match.start(), match.end())
            elif former:
                yield Said("bare office", office, sentence, match.start(), match.end())
