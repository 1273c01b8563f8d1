"""Weighs what an item says of a case as one bundle: who, which office, what, where, in court."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher

from crawler.affairs import names_itself
from crawler.case_evidence import AFTERMATH, Evidence, matters_of
from crawler.case_items import Holder
from crawler.case_scores import Said
from crawler.case_singles import is_alone
from crawler.case_spellings import key

# What each kind of words is worth; an item with ENOUGH of two independent kinds is the case's.
WHO = {"person": 3.0, "alias": 2.0, "initialled": 2.0, "short": 1.5, "given": 1.0, "initials": 1.0}
EVERYDAY_NAME, ANOTHER_NAME, ANOTHERS = 2.0, 2.0, -1.0
# How alike two words must be to be one name misspelt.
ALIKE = 0.7
POST, DEPUTY, BARE_OFFICE, CALLED = 2.0, 2.0, 1.0, 1.0
AFFAIR, AFFAIR_BY_ITSELF, EVERYDAY_AFFAIR, COMPANY, KIND = 2.0, 3.0, 1.0, 2.0, 0.5
WHERE, IN_COURT, AROUND_IT, OF_CORRUPTION = 1.0, 1.0, 1.0, 1.0
ENOUGH = 4.0
AROUND_NOTHING = ("region", "kind", "matter")
# A text may be made of nothing but one name; a few tell as much.
MOST = 12
HIS_DEPUTY = re.compile(r"\bwakilnya\b")
DEPUTIES = {"wakil bupati": "bupati", "wakil wali kota": "wali kota", "wakil gubernur": "gubernur"}


def bears_the_case(evidence: Evidence, on: date) -> bool:
    """Whether what the item says adds up to the case: no single sign is enough, two independent
    ones with their place or a court are. What it met is added to the evidence."""
    if not evidence.met or evidence.by_the_way:
        return False
    who, names, named = _who(evidence)
    posts = (*_posts(evidence, on), *_searched(evidence))
    office = max((worth for _, worth in posts), default=0.0)
    if evidence.is_elsewhere or (not named and evidence.accuses_others):
        return False
    matters = matters_of(evidence.case, evidence.item, evidence.words)
    evidence.met += [*matters, *(said for said, _ in posts)]
    what = _what(evidence)
    item = evidence.item
    if item.other_life and what < AFFAIR and (item.titled_so or not _is_headed(evidence)):
        return False
    if not (named or office or what >= AFFAIR or _is_of_court(evidence)):
        return False
    around = _around(evidence)
    called = CALLED if _is_called_in_court(evidence) or _is_done_to_the_firm(evidence) else 0.0
    if not (who or office or called or (item.sphere and any(s.legal for s in item.sentences))):
        return False
    where = WHERE if "region" in evidence.kinds else 0.0
    kinds = sum(worth > KIND for worth in (who, office, what, where)) + (names > 1)
    kinds += (named and around > IN_COURT) or called > 0
    told = who + office + what + where + around + called
    return bool(kinds >= 2 and who + office + what >= AFFAIR and told >= ENOUGH)


def _who(evidence: Evidence) -> tuple[float, int, bool]:
    """What the names are worth, how many are named, and whether one is said in full."""
    best: dict[str, float] = {}
    taken = {said.sentence for said in evidence.met if said.kind in ("person", "alias")}
    for said in _few(evidence, WHO):
        worth = WHO[said.kind]
        if said.kind in ("short", "given"):
            if said.kind == "given" and said.sentence in taken:
                continue
            worth = _alone(said, evidence)
        if said.kind == "person" and set(said.form.split()) <= evidence.common:
            worth = EVERYDAY_NAME
        bearer = evidence.bearer_of(said.form)
        if worth == ANOTHERS:
            best[bearer] = ANOTHERS if best.get(bearer, 0.0) < WHO["alias"] else best[bearer]
        elif best.get(bearer) != ANOTHERS or worth >= WHO["alias"]:
            best[bearer] = max(worth, best.get(bearer, 0.0))
    worths = sorted((worth for worth in best.values() if worth > 0), reverse=True)
    total = worths[0] + (ANOTHER_NAME if len(worths) > 1 else 0.0) if worths else 0.0
    return total, len(worths), bool(worths) and worths[0] >= WHO["person"]


def _alone(said: Said, evidence: Evidence) -> float:
    """What one word is worth as a name: something where it stands alone, more where what follows
    sounds like the rest of the suspect's name, and nothing in the whole item once it is part of
    another's."""
    if is_alone(said, evidence.case, evidence.words):
        return WHO[said.kind]
    rest = said.sentence.text[said.high : said.high + 30].split()
    full = evidence.bearer_of(said.form).split()
    if said.kind == "given" and rest and said.form in full[:-1]:
        following = full[full.index(said.form) + 1]
        if SequenceMatcher(None, key(rest[0].strip(".,")), following).ratio() >= ALIKE:
            return WHO["alias"]
    # In a title every word may have a capital.
    titled = said.sentence.passage.index is None
    return ANOTHERS if said.kind == "given" and not titled else 0.0


def _few(evidence: Evidence, kinds: dict[str, float]) -> Iterator[Said]:
    seen: dict[str, int] = {}
    for said in evidence.met:
        if said.kind in kinds:
            seen[said.form] = seen.get(said.form, 0) + 1
            if seen[said.form] <= MOST:
                yield said


def _posts(evidence: Evidence, on: date) -> Iterator[tuple[Said, float]]:
    """The case's offices as far as the item tells that their holder is meant: with the place or
    the institution, as the one arrested, or by who stands in."""
    own, item = evidence.own_offices, evidence.item
    regions = {id(said.sentence) for said in evidence.met if said.kind == "region"}
    for holder in item.holders[: 8 * MOST]:
        post = f"{holder.office} {holder.institution}"
        said = Said("post", holder.office, holder.sentence, holder.low, holder.high)
        if _stands_in(holder, own) and item.arrested and on <= evidence.case.first_on + AFTERMATH:
            yield said, DEPUTY
        elif holder.acting:
            continue
        elif holder.institution and post in own and holder.told:
            yield said, POST if id(holder.sentence) in regions or holder.former else BARE_OFFICE
        elif holder.office in own and (holder.former or holder.arrest):
            placed = id(holder.sentence) in regions and holder.office in evidence.words.single
            if not evidence.is_another_head(holder):
                yield said, POST if placed else BARE_OFFICE


def _searched(evidence: Evidence) -> Iterator[tuple[Said, float]]:
    """Where the office of a suspect's institution is searched or sealed, with its place."""
    own = {office.rpartition(" ")[2] for office in evidence.own_offices}
    for said in [said for said in evidence.met if said.kind == "region"][:MOST]:
        text = said.sentence.text
        if evidence.words.searched.search(text):
            for name in own & evidence.words.institutions.keys():
                if met := evidence.words.institutions[name].search(text):
                    yield Said("post", name, said.sentence, *met.span()), POST


def _is_called_in_court(evidence: Evidence) -> bool:
    """Whether a sentence of court has the first words of a longer name, and no more of one."""
    return any(
        said.sentence.legal
        and evidence.bearer_of(said.form).startswith(f"{said.form} ")
        and is_alone(said, evidence.case, evidence.words)
        for said in _few(evidence, {"alias": 0.0})
    )


def _is_done_to_the_firm(evidence: Evidence) -> bool:
    """Whether a firm of the case is searched or sealed, or its people are arrested."""
    words = evidence.words
    return any(
        words.searched.search(said.sentence.text) or words.arrest.search(said.sentence.text)
        for said in _few(evidence, {"company": COMPANY})
    )


def _is_of_court(evidence: Evidence) -> bool:
    """Whether an item speaks of a court, or in more than one word of what follows an arrest:
    "relawan" alone may be anybody's."""
    sentences, pattern = evidence.item.sentences, evidence.words.aftermath
    after = {met[0] for s in sentences if s.aftermath for met in pattern.finditer(s.text)}
    return len(after) > 1 or any(s.legal for s in sentences)


def _stands_in(holder: Holder, own: frozenset[str]) -> bool:
    if holder.arrest and HIS_DEPUTY.search(holder.sentence.text):
        return f"wakil {holder.office}" in own
    return (holder.acting and holder.office in own) or DEPUTIES.get(holder.office) in own


def _what(evidence: Evidence) -> float:
    worth = COMPANY if "company" in evidence.kinds else 0.0
    words = evidence.words
    for said in evidence.met:
        if said.kind in ("affair", "matter"):
            met = set(said.form.split()) & said.sentence.words
            if names_itself(said.form, said.sentence.words, words):
                return AFFAIR_BY_ITSELF
            rare = met - words.generic - words.everyday
            telling = rare or len(met) > 2 or {"jual", "beli"} <= met
            worth = max(worth, AFFAIR if telling else EVERYDAY_AFFAIR)
        elif said.kind == "kind":
            worth = max(worth, KIND)
    return worth


def _around(evidence: Evidence) -> float:
    """What the talk around it is worth: court or arrest beside the names, corruption at all."""
    beside = {id(s.sentence) for s in evidence.met if s.kind not in AROUND_NOTHING}
    legal = aftermath = False
    sentences = evidence.item.sentences
    for place, sentence in enumerate(sentences):
        if id(sentence) in beside:
            near = sentences[max(0, place - 1) : place + 2]
            legal = legal or any(s.legal for s in near)
            aftermath = aftermath or any(s.aftermath for s in near)
    worth = IN_COURT if legal else (AROUND_IT if aftermath else 0.0)
    return worth + (OF_CORRUPTION if evidence.item.sphere else 0.0)


def _is_headed(evidence: Evidence) -> bool:
    """Whether the title names a suspect."""
    return any(
        said.sentence.passage.index is None and said.kind in ("person", "alias")
        for said in evidence.met
    )
