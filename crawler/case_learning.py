"""What an item on an act of the KPK teaches: suspects, their offices, the matter, the firms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crawler.affairs import KINDS, affairs_in, kinds_in
from crawler.case_words import (
    ACCUSED,
    BRIBE,
    LEGAL_EVENTS,
    NO_ACT,
    SINGLE,
    SPEAKER_AFTER,
    SPEAKER_BEFORE,
    SUSPECT,
    WITNESS,
)
from crawler.names import Named, Person, companies_in, names_in, short_mentions
from crawler.offices import offices_in
from crawler.passages import Passage, fold, passages_of
from crawler.relevance import Judgement
from crawler.rival_agencies import acts_of_others, names_an_agency
from store.case_records import CaseEvidence, CaseTerm, TermKind
from store.records import Tag

OF_A_CASE = "case:"
INITIALS = re.compile(r"\s?\(([A-Z]{2,4})\)")
# "1. Rahmat Wiradinata, Bupati ..", "Rahmat Wiradinata selaku ..;" below "tersangka, yakni:".
LIST_ITEM = re.compile(r"\W{0,9}(?:\d{1,2}|[a-z])?[.)]?\s{0,9}[A-Z][^.:]{3,200}[;,.]?(?: dan)?$")
# How a sentence goes on about those just called suspects.
LIKEWISE = re.compile(
    r"(?:mereka|satu|dua|tiga|empat|lima|enam|tujuh|kedua|ketiga|keempat"
    r"|kelima|para tersangka|masing|yakni|yaitu|adapun|selain|di antaranya|lainnya"
    r"|sementara|juga|lalu|kemudian|tersangka)"
)
THE_CASE = re.compile(r"(?:dalam |pada )?(?:kasus|perkara) (?:ini|itu|tersebut)\b")
LEAD = 3
# A review of the year names many regions' heads; its sentences are not one case.
ROUNDUP = 3


@dataclass(frozen=True, slots=True)
class _Sentence:
    passage: Passage
    start: int
    end: int
    text: str
    acts: bool


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What one item, or one paragraph of a review of the year, says of a case."""

    suspects: tuple[Person, ...]
    offices: tuple[tuple[str, str], ...]
    sentences: tuple[_Sentence, ...]


def learn(
    title: str,
    paragraphs: Sequence[str],
    judgement: Judgement,
    tags: Sequence[Tag],
    on: date,
    url: str,
) -> tuple[CaseEvidence, ...]:
    """What an item judged about, on the day on, teaches of cases: nothing unless it tells of an
    act against somebody. An item that a case itself made relevant keeps that case alive and
    teaches no new words, so that a mistake does not grow."""
    if judgement.relevance != "about":
        return ()
    by_case = {r.rule.partition(":")[2]: r for r in judgement.reasons if r.rule.startswith("case:")}
    if by_case:
        return tuple(
            CaseEvidence(slug, slug, (), url, on, reason.quote) for slug, reason in by_case.items()
        )
    events = [tag.slug for tag in tags if tag.kind == "event"]
    if not events or events[0] not in LEGAL_EVENTS or NO_ACT.search(fold(title).lower):
        return ()
    passages = passages_of(title, paragraphs)
    named = names_in(passages, [t.evidence for t in tags if t.kind == "region"])
    sentences = _sentences(passages, judgement)
    people = {fold(tag.evidence).lower for tag in tags if tag.kind == "person"}
    lessons = _lessons(sentences, named, people)
    regions = _region_names(tags)
    return tuple(
        evidence
        for lesson in lessons
        if (evidence := _evidence(lesson, named, regions, url, on)) is not None
    )


def _sentences(passages: Sequence[Passage], judgement: Judgement) -> list[_Sentence]:
    topic = {
        fold(_text_of(passages, r.paragraph)[r.start : r.end]).lower for r in judgement.reasons
    }
    others = acts_of_others(passages)
    found: list[_Sentence] = []
    listing = accusing = False
    for passage in passages:
        listing = listing and LIST_ITEM.match(passage.text) is not None
        for start, end in passage.sentences:
            text = fold(passage.text[start:end]).lower
            said = SUSPECT.search(text) is not None or (accusing and LIKEWISE.match(text))
            ours = any(word in text for word in topic) if others else True
            acts = listing or (bool(said) and ours and not NO_ACT.search(text))
            acts = acts and not names_an_agency(text)
            found.append(_Sentence(passage, start, end, text, acts))
            accusing = acts and passage.index is not None
        listing = listing or (accusing and passage.text.rstrip().endswith(":"))
    return found


def _text_of(passages: Sequence[Passage], index: int | None) -> str:
    place = 0 if index is None else index + 1
    return passages[place].text if place < len(passages) else ""


def _lessons(
    sentences: Sequence[_Sentence], named: Named, officials: set[str]
) -> Iterator[_Lesson]:
    acting = [sentence for sentence in sentences if sentence.acts]
    short = (p for s in acting for p in short_mentions(named, s.passage, s.start, s.end))
    people = (*named.persons, *short)
    suspects = [
        (sentence, person)
        for sentence in acting
        for person in people
        if _is_suspect(person, sentence) and person.form not in officials
    ]
    offices = [(s, office) for s in acting for office in offices_in(s.text, named.places)]
    heads = {place for _, (office, place) in offices if office in SINGLE}
    if len(heads) < ROUNDUP:
        told = tuple(p for _, p in suspects)
        yield _Lesson(told, tuple(o for _, o in offices), _told(sentences))
        return
    for passage in dict.fromkeys(sentence.passage for sentence in acting):
        yield _Lesson(
            tuple(p for s, p in suspects if s.passage is passage),
            tuple(o for s, o in offices if s.passage is passage),
            tuple(s for s in sentences if s.passage is passage),
        )


def _told(sentences: Sequence[_Sentence]) -> tuple[_Sentence, ...]:
    """The sentences that tell the matter: those with an act first, then lead and title."""
    lead = [
        s
        for s in sentences
        if not s.acts
        and ((s.passage.index or 0) < LEAD or THE_CASE.match(s.text))
        and not names_an_agency(s.text)
    ]
    acting = [s for s in sentences if s.acts]
    body = [s for s in acting if s.passage.index is not None]
    return (*body, *(s for s in acting if s.passage.index is None), *lead)


def _is_suspect(person: Person, sentence: _Sentence) -> bool:
    if person.passage is not sentence.passage:
        return False
    if not sentence.start <= person.start < sentence.end:
        return False
    before = fold(person.passage.text[sentence.start : person.start]).lower
    after = fold(person.passage.text[person.end : person.end + 40]).lower
    accused = list(ACCUSED.finditer(before))
    witness = list(WITNESS.finditer(before))
    if WITNESS.search(sentence.text) and not accused:
        return False
    if accused and (not witness or witness[-1].end() < accused[-1].start()):
        near = before[accused[-1].end() :]
    else:
        near = before
    return not SPEAKER_BEFORE.search(near[-70:]) and not SPEAKER_AFTER.match(after)


def _region_names(tags: Sequence[Tag]) -> Mapping[str, tuple[str, ...]]:
    """For every form of a region's name that the item uses, all its forms."""
    names: dict[str, tuple[str, ...]] = {}
    for tag in tags:
        if tag.kind == "region":
            label = re.sub(r"^(?:kabupaten|kota) (?:administrasi )?", "", fold(tag.label).lower)
            forms = (fold(tag.evidence).lower, label)
            names |= dict.fromkeys(forms, forms)
    return names


def _evidence(
    lesson: _Lesson,
    named: Named,
    regions: Mapping[str, tuple[str, ...]],
    url: str,
    on: date,
) -> CaseEvidence | None:
    if not lesson.suspects and not lesson.offices:
        return None
    terms: dict[CaseTerm, None] = {}

    def add(kind: TermKind, form: str) -> None:
        terms.setdefault(CaseTerm(kind, form), None)

    for person in lesson.suspects:
        add("person", person.form)
    known = {person.form for person in lesson.suspects}
    for person in named.persons:
        initials = INITIALS.match(person.passage.text, person.end)
        if initials and person.form in known:
            add("initials", initials[1])
    for office, place in lesson.offices:
        for form in regions.get(place, (place,)):
            add("office", f"{office}: {form}")
            add("region", form)
    for sentence in lesson.sentences:
        for affair in affairs_in(sentence.text, named.places):
            add("affair", affair)
        if sentence.acts:
            for kind in kinds_in(sentence.text):
                add("affair", kind)
        if sentence.acts or BRIBE.search(sentence.text):
            for company in companies_in(sentence.passage.text[sentence.start : sentence.end]):
                add("company", company)
    slug, name = _called(tuple(terms))
    acts = (s for s in lesson.sentences if s.acts)
    quote = next((s.passage.text[s.start : s.end].strip() for s in acts), "")
    return CaseEvidence(slug, name, tuple(terms), url, on, quote)


def _called(terms: Sequence[CaseTerm]) -> tuple[str, str]:
    """The slug and the name of a case: its matter (else its first suspect) and its place."""
    place = next((t.form for t in terms if t.kind == "region"), "")
    who = next((t.form.title() for t in terms if t.kind == "person"), "")
    matters = sorted((t.form for t in terms if t.kind == "affair"), key=KINDS.__contains__)
    matter = " ".join(matters[0].split()[:4]).capitalize() if matters else who
    name = f"{matter} {place.title()}".strip()
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-"), name
