"""Judges whether an item is about the KPK, only mentions it, or means something else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

from crawler.matches import Hit, read
from crawler.opinions import shape_of
from crawler.passages import Passage
from crawler.terms import HINTS, NAMES, OWN, Vocabulary, is_full_name
from crawler.weighing import NEAR, Weighed, weigh
from store.records import Reason, Relevance

ABOUT = 0.5
MAX_REASONS = 8

# The words an acronym stands for, before its bracket or an "atau".
WRITTEN_OUT = re.compile(r"((?:\w+ ){1,6}\w+),? (?:\(|atau |disingkat |alias )[\"“]?$")
# The name that follows an epithet within the same clause.
NAMED = re.compile(r"\s+[\"“]?([A-Z][\w-]+)")
OUR_NAMES = frozenset(("KPK", "RI", "Republik", "Indonesia", "Setyo", "Jakarta", "Kuningan"))

# "Komunitas Pecinta Kopi (KPK)": any other reading of the three letters, given by the text itself.
RIVAL = re.compile(
    r"\b(Komisi)\s+(Pemilihan)\s+(\w+)\s*\(\s*KPK\s*\)"
    r"|\b(K[\w-]+)\s+(?:(?:dan|di|untuk|the)\s+)?(P[\w-]+)\s+(?:(?:dan|di|untuk)\s+)?(K[\w-]+)"
    r"(?:\s+\w+){0,2}\s*(?:\(|,? atau |,? disingkat |,? alias )\s*[\"“]?(?:[A-Z]+-)?KPK\b"
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


def judge(title: str, paragraphs: Sequence[str], vocabulary: Vocabulary, on: date) -> Judgement:
    """How far an item is about the topic, and why. Give it cleaned text: what stands in a "Baca
    juga" line counts like any other sentence. on is the day of the item; terms outside their
    years weigh less. Reasons' offsets are code points within title (None) or paragraph."""
    reading = read(title, paragraphs, vocabulary)
    anchors = _anchors(reading.passages, reading.hits)
    weighed = weigh(anchors, reading.hits, shape_of(title, paragraphs), on)
    best: dict[tuple[int | None, int], Weighed] = {}
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


def _reason(item: Weighed) -> Reason:
    hit = item.hit
    return Reason(item.rule, hit.quote, hit.passage.index, hit.start, hit.end)


def _anchors(passages: Sequence[Passage], hits: Sequence[Hit]) -> list[Hit]:
    """The hits that speak of the KPK, without what a look-alike covers."""
    full_name = any(is_full_name(hit.term) for hit in hits)
    masks: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for hit in hits:
        # School maths or Pakistan explain "KPK" only where nobody writes the name in full.
        if hit.term.kind == "trap" and not (hit.term.within == "text" and full_name):
            masks[hit.passage.index].append((hit.start, hit.end))
    rival = not full_name and (
        any(hit.term.kind == "trap" and hit.term.weight == 0 for hit in hits)
        or any(_has_rival(passage.text) for passage in passages)
    )
    free = [
        hit
        for hit in hits
        if not any(s < hit.end and hit.start < e for s, e in masks[hit.passage.index])
    ]
    foreign = [hit for hit in free if hit.term.kind == "foreign"]
    spelled = {hit.term.slug for hit in free if _is_spelled_otherwise(hit, free)}
    others: set[str] = set()
    if not any(hit.term.kind == "entity" for hit in free):
        others = _others_epithets(hits, free)
    kept: list[Hit] = []
    for hit in free:
        if hit.term.kind not in (*NAMES, *OWN, *HINTS) or hit.term.weight == 0:
            continue
        if hit.term.kind == "entity" and _is_abroad(hit, foreign):
            continue
        if hit.term.kind == "programme" and hit.term.slug in spelled:
            continue
        if hit.term.kind == "epithet" and hit.term.slug in others:
            continue
        if rival and hit.term.kind == "entity" and hit.term.slug == "kpk":
            continue
        kept.append(hit)
    return _at_home(kept, foreign)


def _has_rival(text: str) -> bool:
    for match in RIVAL.finditer(text):
        words = [group.lower() for group in match.groups() if group]
        if not (words[0].startswith("komis") and words[2].startswith("korup")):
            return True
    return False


def _others_epithets(hits: Iterable[Hit], free: Sequence[Hit]) -> set[str]:
    """The epithets that every paragraph using them gives to another body: so does the title."""
    own = {(hit.passage.index, hit.start) for hit in free if not _is_another_body(hit)}
    said = [hit for hit in hits if hit.term.kind == "epithet" and hit.passage.index is not None]
    kept = {hit.term.slug for hit in said if (hit.passage.index, hit.start) in own}
    return {hit.term.slug for hit in said} - kept


def _is_another_body(hit: Hit) -> bool:
    """ "Lembaga antikorupsi Suluh Nusa": the epithet of the KPK, made another body's by a name. A
    title, which may capitalise every word, tells nothing."""
    if hit.term.kind != "epithet" or hit.passage.index is None:
        return False
    name = NAMED.match(hit.passage.text, hit.end)
    return name is not None and name[1] not in OUR_NAMES


def _is_spelled_otherwise(hit: Hit, hits: Iterable[Hit]) -> bool:
    """ "Millennial Coffee Project (MCP)": an acronym of ours the text itself gives to another."""
    if hit.term.kind != "programme" or not hit.words.isupper():
        return False
    text = hit.passage.text
    before = WRITTEN_OUT.search(text[: hit.start])
    if before is None:
        return False
    words = before[1].split()[-len(hit.words) :]
    if "".join(word[0] for word in words).upper() != hit.words:
        return False
    start = before.start(1) + before[1].rindex(words[0])
    return not any(
        other.passage is hit.passage and other.start < hit.start and start < other.end
        for other in hits
        if other.term.kind == "programme" and other.start != hit.start
    )


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
