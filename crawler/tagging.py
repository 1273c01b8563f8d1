"""Labels an item with programmes, events, areas, people and regions, by the words it uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from crawler.matches import Hit, read
from crawler.regions import Gazetteer, places_in
from crawler.terms import Vocabulary
from store.records import Tag

# Regions of KPK's Korsup, by province (facts/outlets.md section 3: I, II, IV and V confirmed by
# news of 2025, III partly). Outlets err here, so an article's own words are never believed.
KORSUP = {
    "I": ("11", "12", "13", "14", "15", "17", "21"),
    "II": ("16", "18", "19", "31", "32", "36"),
    "III": ("33", "34", "35", "61", "62", "63"),
    "IV": ("64", "65", "71", "72", "73", "74", "75", "76"),
    "V": ("51", "52", "53", "81", "82", "91", "92", "93", "94", "95", "96"),
}
LEAD = 2
MAX_REGIONS = 12
OWN = ("entity", "epithet", "unit", "programme")


def tag(
    title: str,
    paragraphs: Sequence[str],
    province: str | None,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
    on: date,
) -> tuple[Tag, ...]:
    """The tags of an item, main ones first within each kind; evidence is the words in the text.
    province is the outlet's Kemendagri code, on the day of the item."""
    hits = _unmasked(read(title, paragraphs, vocabulary).hits)
    return (
        *_labels("programme", _of_kind(hits, "programme")),
        *_labels("event", _events(hits, vocabulary)),
        *_labels("area", _of_kind(hits, "area")),
        *_labels("person", [hit for hit in _of_kind(hits, "person") if hit.term.in_force(on)]),
        *_regions(title, paragraphs, province, gazetteer),
        *_korsup(province, gazetteer),
    )


def korsup_of(province: str | None) -> str | None:
    """The roman number of the Korsup region a province belongs to, or None."""
    return next((number for number, codes in KORSUP.items() if province in codes), None)


def _unmasked(hits: Sequence[Hit]) -> list[Hit]:
    traps = [hit for hit in hits if hit.term.kind == "trap"]
    return [
        hit
        for hit in hits
        if not any(
            trap.passage is hit.passage and trap.start < hit.end and hit.start < trap.end
            for trap in traps
        )
    ]


def _of_kind(hits: Iterable[Hit], kind: str) -> list[Hit]:
    return [hit for hit in hits if hit.term.kind == kind]


def _labels(kind: str, hits: Iterable[Hit]) -> Iterable[Tag]:
    seen: dict[str, Tag] = {}
    for hit in hits:
        seen.setdefault(hit.term.slug, Tag(kind, hit.term.slug, hit.term.label, hit.words))
    return seen.values()


def _events(hits: Sequence[Hit], vocabulary: Vocabulary) -> list[Hit]:
    """The events an item tells of, the main one first: what the title says, then the lead, then
    the rest; within each the order of the vocabulary (facts/outlets.md 4.4)."""
    order = {term.id: place for place, term in enumerate(vocabulary.of_kind("event"))}
    ours = {hit.scope for hit in hits if hit.term.kind in OWN}
    others = {hit.scope for hit in hits if hit.term.kind == "other"}
    # "Kejati geledah kantor" beside a rakor with KPK is not the KPK's search.
    events = [
        hit for hit in _of_kind(hits, "event") if hit.scope in ours or hit.scope not in others
    ]
    said = Counter(term for term, _ in {(hit.term.slug, hit.scope) for hit in events})
    events = [
        hit
        for hit in events
        if hit.term.weight == 1 or _rank(hit) < LEAD or said[hit.term.slug] > 1 or hit.scope in ours
    ]
    return sorted(events, key=lambda hit: (_rank(hit), order[hit.term.id]))


def _rank(hit: Hit) -> int:
    if hit.passage.index is None:
        return 0
    return 1 if hit.passage.index < LEAD else LEAD


def _regions(
    title: str, paragraphs: Sequence[str], province: str | None, gazetteer: Gazetteer
) -> Iterable[Tag]:
    main, places = places_in(title, paragraphs, province, gazetteer)
    words: dict[str, str] = {}
    for place in places:
        if place.code is not None and (place.code != "31" or place.cued or province == "31"):
            words.setdefault(place.code, place.words)
    codes = sorted(words, key=lambda code: (code != main, list(words).index(code)))
    for code in codes[:MAX_REGIONS]:
        yield Tag("region", code, gazetteer.name_of(code), words[code])


def _korsup(province: str | None, gazetteer: Gazetteer) -> Iterable[Tag]:
    number = korsup_of(province)
    if number is not None and province is not None:
        label = f"Korsup Wilayah {number}"
        yield Tag("korsup", f"korsup-{number.lower()}", label, gazetteer.name_of(province))
