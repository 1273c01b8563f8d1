"""Judges whether an item is about the KPK, only mentions it, or means something else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

from crawler.matches import Hit, read
from crawler.passages import Passage
from crawler.terms import Vocabulary
from store.records import Reason, Relevance

NAMES = ("entity", "epithet")
OWN = ("programme", "unit")
# They speak of the KPK only where no other agency is at work (4.4: co-handled cases).
HINTS = ("place", "person", "hint")
ABOUT = 0.5
MAX_REASONS = 8

# How much a sentence weighs by where it stands; a title or an acting lead is enough by itself,
# one sentence further down is not, three are (four behind the fifth paragraph).
IN_TITLE, IN_FIRST, IN_SECOND, FURTHER_DOWN, LATE = 0.95, 0.75, 0.38, 0.28, 0.2
ACTING = 1.4
TAKING_PART = 1.25
BY_THE_WAY = 0.3
ACTING_BY_THE_WAY = 0.6
FALSE_OFFICER = 0.3
OTHERS_STORY = 0.5
UNSUPPORTED = 0.4
# How near a "pernah" or "tembusan" must stand to colour a name, in characters.
NEAR = 60

# "Komunitas Pecinta Kopi (KPK)": any other reading of the three letters, given by the text itself.
RIVAL = re.compile(
    r"\b(K[\w-]+)\s+(?:(?:dan|di|untuk|the)\s+)?(P[\w-]+)\s+(?:(?:dan|di|untuk)\s+)?(K[\w-]+)"
    r"(?:\s+\w+){0,2}\s*(?:\(|,? atau |,? disingkat |,? alias )\s*[\"“]?KPK\b"
    r"|\bKPK\s*(?:\(|atau |singkatan dari |kepanjangan dari |alias )\s*"
    r"(K[\w-]+)\s+(P[\w-]+)\s+(K[\w-]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an item is to the topic. score is 0-1, "about" from 0.5; reasons come strongest first.
    A reason's quote is the whole sentence, its start and end are the matched words."""

    relevance: Relevance
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    hit: Hit
    weight: float
    rule: str


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the whole text says that colours each single name in it."""

    others_story: bool
    false_officers: bool
    supported: bool


def judge(title: str, paragraphs: Sequence[str], vocabulary: Vocabulary, on: date) -> Judgement:
    """How far an item is about the topic, and why. Give it cleaned text: what stands in a "Baca
    juga" line counts like any other sentence. on is the day of the item; terms outside their
    years weigh less. Reasons' offsets are code points within title (None) or paragraph."""
    reading = read(title, paragraphs, vocabulary)
    anchors = _anchors(reading.passages, reading.hits)
    weighed = _weigh(anchors, reading.hits, on)
    best: dict[tuple[int | None, int], _Weighed] = {}
    for item in weighed:
        known = best.get(item.hit.scope)
        if known is None or item.weight > known.weight:
            best[item.hit.scope] = item
    score = round(1 - prod(1 - item.weight for item in best.values()), 3)
    ranked = sorted(best.values(), key=lambda item: -item.weight)
    reasons = tuple(_reason(item) for item in ranked[:MAX_REASONS])
    if score >= ABOUT:
        return Judgement("about", score, reasons)
    if any(item.hit.term.kind in (*NAMES, *OWN) for item in weighed):
        return Judgement("mentions", score, reasons)
    return Judgement("not", score, ())


def _reason(item: _Weighed) -> Reason:
    hit = item.hit
    return Reason(item.rule, hit.quote, hit.passage.index, hit.start, hit.end)


def _anchors(passages: Sequence[Passage], hits: Sequence[Hit]) -> list[Hit]:
    """The hits that speak of the KPK, without what a look-alike covers."""
    full_name = any(hit.term.id == "kpk.full" for hit in hits)
    masks: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for hit in hits:
        # School maths or Pakistan explain "KPK" only where nobody writes the name in full.
        if hit.term.kind == "trap" and not (hit.term.within == "text" and full_name):
            masks[hit.passage.index].append((hit.start, hit.end))
    rival = not full_name and any(_has_rival(passage.text) for passage in passages)
    free = [
        hit
        for hit in hits
        if not any(s < hit.end and hit.start < e for s, e in masks[hit.passage.index])
    ]
    foreign = [hit for hit in free if hit.term.kind == "foreign"]
    kept: list[Hit] = []
    for hit in free:
        if hit.term.kind not in (*NAMES, *OWN, *HINTS) or hit.term.weight == 0:
            continue
        if hit.term.kind == "entity" and (rival or _is_abroad(hit, foreign)):
            continue
        kept.append(hit)
    return _at_home(kept, foreign)


def _has_rival(text: str) -> bool:
    for match in RIVAL.finditer(text):
        words = [group.lower() for group in match.groups() if group]
        if not (words[0].startswith("komis") and words[2].startswith("korup")):
            return True
    return False


def _is_abroad(hit: Hit, foreign: Iterable[Hit]) -> bool:
    """ "KPK Malaysia", "KPK-nya Hong Kong": a sister body, explained to readers at home."""
    return any(
        other.passage is hit.passage
        and hit.passage.text[hit.end : other.start].strip(" -").lower() in ("", "nya", "versi")
        for other in foreign
        if 0 < other.start - hit.end < 12
    )


def _at_home(anchors: list[Hit], foreign: Sequence[Hit]) -> list[Hit]:
    """Without epithets of another country's body: "badan antirasuah Malaysia"."""
    if not foreign or any(hit.term.kind == "entity" for hit in anchors):
        return anchors
    if any(hit.passage.index is None or hit.term.weight for hit in foreign):
        return [hit for hit in anchors if hit.term.kind != "epithet"]
    behind = {(hit.scope, hit.start) for hit in foreign}
    return [
        hit
        for hit in anchors
        if hit.term.kind != "epithet"
        or not any(s == hit.scope and 0 < start - hit.end < NEAR for s, start in behind)
    ]


def _weigh(anchors: Sequence[Hit], hits: Sequence[Hit], on: date) -> list[_Weighed]:
    setting = _setting(anchors, hits)
    nearby: dict[tuple[int | None, int], list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.term.kind in ("act", "passing", "fake"):
            nearby[hit.scope].append(hit)
    alone = not any(hit.term.kind in ("other", "foreign") and hit.term.weight for hit in hits)
    weighed = []
    for hit in anchors:
        if hit.term.kind in HINTS and not (alone or _has_name_beside(hit, anchors)):
            continue
        factor, manner = _manner(hit, nearby[hit.scope])
        weight = hit.term.weight_on(on) * _place_weight(hit.passage.index) * factor
        weight *= _setting_factor(hit, setting, manner)
        weighed.append(_Weighed(hit, min(weight, IN_TITLE), f"{hit.term.id}{manner}"))
    return weighed


def _has_name_beside(hint: Hit, anchors: Sequence[Hit]) -> bool:
    return any(hit.term.kind in NAMES and hit.scope == hint.scope for hit in anchors)


def _place_weight(index: int | None) -> float:
    if index is None:
        return IN_TITLE
    return (IN_FIRST, IN_SECOND, FURTHER_DOWN, FURTHER_DOWN, FURTHER_DOWN, LATE)[min(index, 5)]


def _manner(hit: Hit, nearby: Sequence[Hit]) -> tuple[float, str]:
    """How the sentence speaks of it: acting, by the way, or as false officers."""
    if any(other.term.kind == "fake" for other in nearby):
        return FALSE_OFFICER, ":false"
    acts = [
        other.term.weight
        for other in nearby
        if other.term.kind == "act" and other.start < hit.end and hit.start < other.end
    ]
    by_the_way = hit.passage.index is not None and any(
        other.term.kind == "passing"
        and other.start - hit.end < NEAR
        and hit.start - other.end < NEAR
        for other in nearby
    )
    if acts and by_the_way:
        return ACTING_BY_THE_WAY, ""
    if acts:
        return ACTING if max(acts) == 1 else TAKING_PART, ":acting"
    return (BY_THE_WAY, ":by-the-way") if by_the_way else (1.0, "")


def _setting(anchors: Sequence[Hit], hits: Sequence[Hit]) -> _Setting:
    named = {hit.passage.index for hit in anchors if hit.term.kind in (*NAMES, *OWN)}
    others = {h.passage.index for h in hits if h.term.kind == "other" and h.term.weight == 1}
    early_act = any(
        hit.term.kind == "act" and hit.term.weight == 1 and hit.passage.index in (0, 1)
        for hit in hits
    )
    return _Setting(
        others_story=None not in named and (None in others or (0 in others and not early_act)),
        false_officers=any(
            hit.term.kind == "fake" and hit.passage.index in (None, 0) for hit in hits
        ),
        supported=any(hit.term.kind == "cue" for hit in hits)
        or any(hit.term.kind in OWN or hit.term.id == "kpk.full" for hit in anchors)
        or all(hit.passage.index is None for hit in hits),
    )


def _setting_factor(hit: Hit, setting: _Setting, manner: str) -> float:
    factor = 1.0
    if setting.others_story and not (hit.passage.index == 0 and manner == ":acting"):
        factor *= OTHERS_STORY
    if setting.false_officers and manner == "" and hit.passage.index is not None:
        factor *= OTHERS_STORY
    if not setting.supported:
        factor *= UNSUPPORTED
    return factor
