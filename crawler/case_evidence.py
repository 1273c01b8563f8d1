"""Weighs what an item says of one case: whether it is this case's story and no other's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from crawler.affairs import names_itself, speaks_of
from crawler.case_items import Holder, Item
from crawler.case_scores import Said
from crawler.case_singles import is_alone
from crawler.case_spellings import WORD, key, key_of
from crawler.case_words import CaseWords
from store.case_records import Case

# How long a deputy's words on the arrest are news of the case.
AFTERMATH = timedelta(days=60)
# What an item without a court may say often while it tells of something else.
STANDING = frozenset(("tersangka", "terpidana"))
BY_THE_WAY = ("region", "kind", "initials", "given", "affair", "matter")


class Evidence:
    """What an item says of one case, weighed as a whole. met is all of it, kinds what kinds of
    words it has."""

    def __init__(
        self, case: Case, item: Item, said: list[Said], words: CaseWords, common: frozenset[str]
    ) -> None:
        self.case, self.item, self.words, self.common = case, item, words, common
        self.own_offices = frozenset(o.partition(": ")[0] for o in case.forms("office"))
        self.met = [*said, *affairs_of(case, item, words)]
        self.kinds = {said.kind for said in self.met}
        if not self.met:
            return
        offices = tuple(self._offices())
        self.met += [said for said in offices if said.kind in ("office", "deputy")]
        self.bare_office = any(said.kind == "bare office" for said in offices)
        self.kinds |= {said.kind for said in self.met}
        self.named = {said.form for said in self.met if said.kind == "person"}
        self.in_court = any(
            said.sentence.legal
            for said in self.met
            if said.kind in ("person", "alias", "short", "initialled", "company")
        )

    def is_certain(self, on: date) -> bool:
        """Whether it is this case and no other: a suspect's name in court with anything else of
        the case, or the office with its place and the matter."""
        item, kinds = self.item, self.kinds
        if not kinds or self.by_the_way:
            return False
        if item.other_life and "affair" not in kinds and not (item.sphere and not item.titled_so):
            return False
        if self.named and self._is_of_the_named():
            return True
        return not self.accuses_others and (
            (self.in_court and self._is_of_the_half_named())
            or ("region" in kinds and self._is_of_the_office(on))
        )

    def is_likely(self) -> bool:
        """Whether it would do if no other case fitted as well: a former office without its place
        and the matter, or the matter and the place in court, or a matter like no other."""
        if "affair" not in self.kinds or self.item.other_life or self.accuses_others:
            return False
        told = [s for s in self.met if s.kind == "affair" and s.sentence.words & self.words.court]
        if not told or self.is_elsewhere:
            return False
        if "region" in self.kinds or self.bare_office:
            return True
        return self.item.sphere and any(
            names_itself(said.form, said.sentence.words, self.words) for said in told
        )

    def _is_of_the_named(self) -> bool:
        kinds = self.kinds
        if "affair" in kinds:
            return True
        if not self.in_court:
            return False
        if "office" in kinds or len(self.named) > 1 or "company" in kinds:
            return True
        if self.is_elsewhere:
            return False
        if "region" in kinds and self.item.sphere:
            return True
        return not all(set(name.split()) <= self.common for name in self.named)

    def _is_of_the_half_named(self) -> bool:
        kinds = self.kinds
        if "initialled" in kinds and "region" in kinds and self.item.sphere:
            return True
        if "alias" in kinds and self._is_of_an_alias():
            return True
        if "short" in kinds and self._is_of_a_single_name():
            return True
        if "company" not in kinds:
            return False
        return "affair" in kinds or (self.item.sphere and not self.is_elsewhere)

    def _is_of_the_office(self, on: date) -> bool:
        kinds = self.kinds
        if "deputy" in kinds and on <= self.case.first_on + AFTERMATH:
            return True
        return "office" in kinds or ("initials" in kinds and "affair" in kinds)

    def _is_of_an_alias(self) -> bool:
        if self.kinds & {"affair", "office"}:
            return True
        return self.item.sphere and "region" in self.kinds and not self.is_elsewhere

    def _is_of_a_single_name(self) -> bool:
        """A name of one word is anybody's: it must stand by itself, behind no other's office, and
        the item must be about corruption, here or in this matter."""
        shorts = [said for said in self.met if said.kind == "short"]
        body = [said for said in shorts if said.sentence.passage.index is not None]
        if not body or not all(is_alone(said, self.case, self.words) for said in body):
            return False
        if not self.item.sphere and not self.kinds & {"affair", "office"}:
            return False
        if self.is_elsewhere:
            return False
        if self.kinds & {"affair", "office", "region"} or self.bare_office:
            return True
        rare = not self.common.issuperset(said.form for said in body)
        return rare and any(self.words.accused.search(said.sentence.text) for said in body)

    @property
    def is_elsewhere(self) -> bool:
        own = set(self.case.forms("region"))
        return bool(self.item.places - own) and "region" not in self.kinds and bool(own)

    @property
    def accuses_others(self) -> bool:
        if not self.item.accused:
            return False
        accused = self.item.accused - set(self.case.forms("region"))
        names = [_words(form) for form in self.case.forms("person")]
        whole = {word for name in names for word in name}
        own = {word for name in names for word in (name - self.common or name)}
        return bool(accused and own) and not any(
            own & said or (len(said) == 1 and said <= whole) for said in map(_words, accused)
        )

    def _offices(self) -> Iterator[Said]:
        """The case's offices in a sentence of court or with "eks": with their place ("office"),
        without ("bare office"), or held by who stands in after the arrest ("deputy")."""
        own = self.own_offices
        regions = {id(said.sentence) for said in self.met if said.kind == "region"}
        for holder in self.item.holders:
            if holder.office in own and holder.told and not self.is_another_head(holder):
                kind = self._kind_of(holder, id(holder.sentence) in regions)
                if kind:
                    yield Said(kind, holder.office, holder.sentence, holder.low, holder.high)

    def is_another_head(self, holder: Holder) -> bool:
        """Of the case's "kepala dinas pupr" a "kepala dinas sosial" is no colleague."""
        if not holder.institution or f"{holder.office} {holder.institution}" in self.own_offices:
            return False
        return any(office.startswith(f"{holder.office} ") for office in self.own_offices)

    def bearer_of(self, form: str) -> str:
        """The suspect, as a key, whom a form met means; the form itself if that is open."""
        wanted = set(form.split())
        names = [key_of(name) for name in self.case.forms("person")]
        return next((name for name in names if wanted <= set(name.split())), form)

    @property
    def by_the_way(self) -> bool:
        """Whether the case is only mentioned: its people and offices in one sentence further
        down, which tells of no hearing, and nothing else in the item speaks of a court, an
        investigation or an arrest."""
        told = {id(s.sentence): s.sentence for s in self.met if s.kind not in BY_THE_WAY}
        if len(told) != 1:
            return False
        only = next(iter(told.values()))
        if only.passage.index in (None, 0) or only.words & self.words.court - STANDING:
            return False
        return not any(s.legal and id(s) not in told for s in self.item.sentences)

    def _kind_of(self, holder: Holder, placed: bool) -> str:
        if holder.acting:
            return "deputy" if placed and holder.arrest else ""
        if placed and (holder.former or holder.office in self.words.single):
            return "office"
        return "bare office" if holder.former else ""


def _words(name: str) -> set[str]:
    return {key(word) for word in WORD.findall(name) if len(word) > 1}


def affairs_of(case: Case, item: Item, words: CaseWords) -> Iterator[Said]:
    """Where an item speaks of a case's matter: the bare offence ("kind") or more ("affair")."""
    affairs = case.forms("affair")
    for sentence in item.sentences:
        if not sentence.legal:
            continue
        for affair in affairs:
            offence = words.offences.get(affair)
            if offence is None:
                if speaks_of(affair, sentence.words, words):
                    yield Said("affair", affair, sentence, *_span(affair, sentence.text, words))
            elif found := offence.search(sentence.text):
                yield Said("kind", affair, sentence, *found.span())


def matters_of(case: Case, item: Item, words: CaseWords) -> Iterator[Said]:
    """Where an item speaks of a case's matter outside of court talk ("matter")."""
    affairs = [form for form in case.forms("affair") if form not in words.offences]
    for sentence in item.sentences:
        for affair in affairs if not sentence.legal else ():
            if speaks_of(affair, sentence.words, words):
                yield Said("matter", affair, sentence, *_span(affair, sentence.text, words))


def _span(affair: str, text: str, words: CaseWords) -> tuple[int, int]:
    """From the first to the last of the affair's words where they stand closest together."""
    said = [re.escape(word) for word in affair.split() if re.search(rf"\b{word}\b", text)]
    places = [m.span() for m in re.finditer(rf"\b(?:{'|'.join(said)})\b", text)]
    telling = [s for s in places if text[s[0] : s[1]] not in words.generic] or places
    low, high = telling[0]
    near = [s for s in places if abs(s[0] - high) < 40 or abs(low - s[1]) < 40]
    return min(s[0] for s in near), max(s[1] for s in near)
