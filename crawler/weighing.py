"""Weighs each sentence that names the topic, by where it stands and what the text is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.bystanders import is_bystander
from crawler.matches import Hit, Scope
from crawler.opinions import Shape
from crawler.story import Setting, setting_of
from crawler.terms import HINTS, NAMES, OWN

# How much a sentence weighs by where it stands; a title or an acting lead is enough by itself,
# one sentence further down is not, three are (four behind the fifth paragraph).
IN_TITLE, IN_FIRST, IN_SECOND, FURTHER_DOWN, LATE = 0.95, 0.75, 0.38, 0.28, 0.2
# A story of a case or of a programme that says only late whose it is: as good as a lead.
WHOSE = IN_FIRST
ACTING = 1.4
TAKING_PART = 1.25
BY_THE_WAY = 0.3
ACTING_BY_THE_WAY = 0.6
FALSE_OFFICER = 0.3
OTHERS_STORY = 0.4
UNSUPPORTED = 0.25
STRAY = 0.25
# How near a "pernah" or "tembusan" must stand to colour a name, in characters.
NEAR = 60
# "Mereka ternyata pegawai KPK": says late of whom the story told.
REVEALED = "acts.revealed"
# Acts that give a case to the KPK, and words that only wish it did.
HANDLING = frozenset(("handled", REVEALED))
WISHED = re.compile(r"\b(?:ber|me|meng)?(?:harap|minta|n?desak|n?dorong|n?tantang)", re.IGNORECASE)
# Whoever argues names nothing in a lead: each paragraph of an opinion weighs alike.
IN_OPINION = 0.34


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hit, what its sentence weighs (0-1) and the rule by which it does."""

    hit: Hit
    weight: float
    rule: str


def weigh(anchors: Sequence[Hit], hits: Sequence[Hit], shape: Shape, on: date) -> list[Weighed]:
    """The anchors with their weights on a day; hits are all terms met in a text of that shape."""
    nearby: dict[Scope, list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.term.kind in ("act", "passing", "fake") or hit.term.id in HANDLING:
            nearby[hit.scope].append(hit)
    spoken = [(hit, *_manner(hit, nearby[hit.scope])) for hit in anchors]
    titled = [manner for hit, _, manner in spoken if hit.passage.index is None]
    aside = bool(titled) and all(manner == ":by-the-way" for manner in titled)
    named = any(hit.term.kind in NAMES for hit in anchors)
    setting = setting_of(
        anchors, [hit for hit in hits if not is_bystander(hit, named)], shape, aside
    )
    weighed = []
    for hit, factor, manner in spoken:
        if hit.term.kind in HINTS and not (setting.alone or _has_name_beside(hit, anchors)):
            continue
        place, whose = _place_weight(hit, setting, manner, nearby[hit.scope])
        weight = hit.term.weight_on(on) * place * factor
        weight *= _setting_factor(hit, setting, manner)
        weighed.append(Weighed(hit, min(weight, IN_TITLE), f"{hit.term.id}{manner or whose}"))
    return weighed


def _has_name_beside(hint: Hit, anchors: Sequence[Hit]) -> bool:
    return any(hit.term.kind in NAMES and hit.scope == hint.scope for hit in anchors)


def _place_weight(
    hit: Hit, setting: Setting, manner: str, nearby: Sequence[Hit]
) -> tuple[float, str]:
    index = hit.passage.index
    if index is None:
        return IN_TITLE, ""
    index = max(0, index - setting.shape.lead)
    place = (IN_FIRST, IN_SECOND, FURTHER_DOWN, FURTHER_DOWN, FURTHER_DOWN, LATE)[min(index, 5)]
    if setting.shape.opinion:
        place = max(place, IN_OPINION)
    owner = (setting.trial and hit.term.kind in NAMES and _handles(hit, nearby)) or (
        setting.programme and hit.term.kind in OWN
    )
    owner = owner or (setting.alone and setting.concerned and _reveals(hit, nearby))
    if owner and place < WHOSE and manner in ("", ":acting"):
        return WHOSE, ":whose"
    return place, ""


def _reveals(hit: Hit, nearby: Sequence[Hit]) -> bool:
    return any(act.term.id == REVEALED and _overlap(act, hit) for act in nearby)


def _handles(hit: Hit, nearby: Sequence[Hit]) -> bool:
    """Whether the sentence gives the case to the KPK; to wish that it took it is no such thing."""
    if WISHED.search(hit.passage.text[max(0, hit.start - NEAR) : hit.start]):
        return False
    return any(act.term.id in HANDLING and _overlap(act, hit) for act in nearby)


def _overlap(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _manner(hit: Hit, nearby: Sequence[Hit]) -> tuple[float, str]:
    """How the sentence speaks of it: acting, by the way, or as false officers."""
    if any(other.term.kind == "fake" for other in nearby):
        return FALSE_OFFICER, ":false"
    acts = [
        other.term.weight
        for other in nearby
        if other.term.kind == "act" and other.start < hit.end and hit.start < other.end
    ]
    passing = [other for other in nearby if other.term.kind == "passing" and _colours(other, hit)]
    plainly = any(other.term.weight == 1 for other in passing)
    covered = any(
        other.term.weight == 1 and other.start < hit.end and hit.start < other.end
        for other in passing
    )
    if passing and acts and not covered and (not plainly or max(acts) == 1):
        return ACTING_BY_THE_WAY, ""
    if passing:
        return BY_THE_WAY, ":by-the-way"
    if acts:
        return ACTING if max(acts) == 1 else TAKING_PART, ":acting"
    return 1.0, ""


def _colours(passing: Hit, hit: Hit) -> bool:
    """Whether words said by the way reach a name: near it, and in a title only plain ones."""
    if hit.passage.index is None:
        return passing.term.weight == 1
    return passing.start - hit.end < NEAR and hit.start - passing.end < NEAR


def _setting_factor(hit: Hit, setting: Setting, manner: str) -> float:
    factor = 1.0
    if setting.others_story and not (hit.passage.index == 0 and manner == ":acting"):
        factor *= OTHERS_STORY
    if setting.false_officers and manner == "" and hit.passage.index is not None:
        factor *= OTHERS_STORY
    if not setting.supported:
        factor *= UNSUPPORTED
    if setting.stray and hit.term.kind in NAMES:
        factor *= STRAY
    return factor
