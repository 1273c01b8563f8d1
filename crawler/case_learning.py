"""What an item on an act of the KPK teaches: suspects, their offices, the matter, the firms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crawler.affairs import affairs_in, kinds_in, objects_in, telling_words
from crawler.case_acts import Telling, tellings_of
from crawler.case_items import readable
from crawler.case_nicknames import nicknames_of
from crawler.case_words import CaseWords
from crawler.configuration import MAIN_TOPIC
from crawler.names import Named, Person, companies_in, names_in, short_mentions
from crawler.offices import SPLIT, institution_of, office_of, offices_in
from crawler.passages import fold, passages_of
from crawler.rival_agencies import names_an_agency
from store.case_records import CaseEvidence, CaseTerm
from store.records import Article, Tag

OF_A_CASE = "case:"
INITIALS = re.compile(r"\s?\(([A-Z]{2,4})\)")
THE_CASE = re.compile(r"(?:dalam |pada )?(?:kasus|perkara) (?:ini|itu|tersebut)\b")
LEAD = 3
# How far before a suspect's name the office stands, in characters.
BESIDE = 60
# How far back in a sentence what somebody is called still counts, in characters.
REACH = 600
# A review of the year names many regions' heads; its sentences are not one case.
ROUNDUP = 3


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What one item, or one paragraph of a review of the year, says of a case."""

    suspects: tuple[Person, ...]
    offices: tuple[tuple[str, str], ...]
    sentences: tuple[Telling, ...]


def learn(article: Article, url: str, words: CaseWords) -> tuple[CaseEvidence, ...]:
    """What an article judged about teaches of cases: nothing unless it tells of an act against
    somebody. One that a case itself made relevant keeps that case alive and teaches no new words,
    so that a mistake does not grow."""
    if article.relevance != "about" or article.topic != MAIN_TOPIC:
        return ()
    on, tags = article.published_day, article.tags
    by_case = {r.rule.partition(":")[2]: r for r in article.reasons if r.rule.startswith(OF_A_CASE)}
    if by_case:
        return tuple(
            CaseEvidence(slug, slug, (), url, on, reason.quote) for slug, reason in by_case.items()
        )
    if words.events.isdisjoint(tag.slug for tag in tags if tag.kind == "event"):
        return ()
    if words.no_act.search(fold(article.title).lower):
        return ()
    passages = passages_of(article.title, readable(article.text.split("\n")))
    named = names_in(passages, words, [t.evidence for t in tags if t.kind == "region"])
    sentences = tellings_of(passages, article.reasons, words)
    people = {fold(tag.evidence).lower for tag in tags if tag.kind == "person"}
    regions = _region_names(tags)
    lessons = _lessons(sentences, named, people, {forms[0] for forms in regions.values()}, words)
    return tuple(
        evidence
        for lesson in lessons
        if (evidence := _evidence(lesson, named, regions, (url, on), words)) is not None
    )


def _lessons(
    told: Sequence[Telling], named: Named, officials: set[str], regions: set[str], words: CaseWords
) -> Iterator[_Lesson]:
    acting = [sentence for sentence in told if sentence.acts]
    short = (p for s in acting for p in short_mentions(named, s.passage, s.start, s.end))
    people = (*named.persons, *named.singles, *short)
    suspects = [
        (sentence, person)
        for sentence in acting
        for person in people
        if _is_suspect(person, sentence, words) and person.form not in officials
    ]
    offices = [(s, office) for s in acting for office in offices_in(s.text, named.places, words)]
    offices += _implied(regions, offices, suspects, words)
    heads = {place for _, (office, place) in offices if office in words.single}
    if len(heads) < ROUNDUP:
        people = tuple(p for _, p in suspects)
        yield _Lesson(people, tuple(o for _, o in offices), _told(told, words))
        return
    for passage in dict.fromkeys(sentence.passage for sentence in acting):
        yield _Lesson(
            tuple(p for s, p in suspects if s.passage is passage),
            tuple(o for s, o in offices if s.passage is passage),
            tuple(s for s in told if s.passage is passage),
        )


def _implied(
    regions: set[str],
    offices: Sequence[tuple[Telling, tuple[str, str]]],
    suspects: Sequence[tuple[Telling, Person]],
    words: CaseWords,
) -> list[tuple[Telling, tuple[str, str]]]:
    """The offices right before a suspect's name ("Sekda Gusti Rahmadian") without their place, as
    those of the one place that the other offices are of; a head's else of the only region that
    the item names, never of a camat's district."""
    of_all = {place for _, (_, place) in offices}
    of_heads = {place for _, (office, place) in offices if office in words.single}
    found = []
    for sentence, person in suspects:
        begin = max(sentence.start, person.start - BESIDE)
        before = fold(person.passage.text[begin : person.start]).lower
        named = list(words.office.finditer(before))
        if named and not SPLIT.search(before[named[-1].end() :]):
            office, body = office_of(named[-1], words), institution_of(before, named[-1], words)
            places = (of_heads or regions) if office in words.single else of_all
            titles = dict.fromkeys((f"{office} {body}".strip(), office))
            for place in places if len(places) == 1 else ():
                found += [(sentence, (title, place)) for title in titles]
    known = {office for _, office in offices}
    return [(sentence, office) for sentence, office in found if office not in known]


def _told(sentences: Sequence[Telling], words: CaseWords) -> tuple[Telling, ...]:
    """The sentences that tell the matter: those with an act first, then lead and title."""
    lead = [
        s
        for s in sentences
        if not s.acts
        and ((s.passage.index or 0) < LEAD or THE_CASE.match(s.text))
        and not names_an_agency(s.text, words)
    ]
    acting = [s for s in sentences if s.acts]
    body = [s for s in acting if s.passage.index is not None]
    return (*body, *(s for s in acting if s.passage.index is None), *lead)


def _is_suspect(person: Person, sentence: Telling, words: CaseWords) -> bool:
    if person.passage is not sentence.passage:
        return False
    if not sentence.start <= person.start < sentence.end:
        return False
    begin = max(sentence.start, person.start - REACH)
    before = fold(person.passage.text[begin : person.start]).lower
    after = fold(person.passage.text[person.end : person.end + 40]).lower
    accused = list(words.accused.finditer(before))
    witness = list(words.witness.finditer(before))
    if words.witness.search(sentence.text, 0, REACH) and not accused:
        return False
    if accused and (not witness or witness[-1].end() < accused[-1].start()):
        near = before[accused[-1].end() :]
    else:
        near = before
    if words.speakers.search(near[-70:]) or words.family.search(near[-70:]):
        return False
    return not (words.speech.match(after) or words.speaks_as.match(after))


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
    where: tuple[str, date],
    words: CaseWords,
) -> CaseEvidence | None:
    if not lesson.suspects and not lesson.offices:
        return None
    terms = tuple(
        dict.fromkeys(
            (*_who(lesson, named, words), *_where(lesson, regions), *_what(lesson, named, words))
        )
    )
    slug, name = _called(terms, words)
    acts = (s for s in lesson.sentences if s.acts)
    quote = next((s.passage.text[s.start : s.end].strip() for s in acts), "")
    telling = telling_words((t.form for t in terms if t.kind == "affair"), words)
    single = tuple(f"{office}: " for office in words.single)
    heads = (t.form for t in terms if t.kind == "office" and t.form.startswith(single))
    return CaseEvidence(slug, name, terms, *where, quote, tuple(sorted(telling)), tuple(heads))


def _who(lesson: _Lesson, named: Named, words: CaseWords) -> Iterator[CaseTerm]:
    known = {person.form for person in lesson.suspects}
    for person in lesson.suspects:
        yield CaseTerm("person", person.form)
    passages = dict.fromkeys(sentence.passage for sentence in lesson.sentences)
    short = (p for text in passages for p in short_mentions(named, text, 0, len(text.text)))
    for person in (*named.persons, *named.singles, *short):
        if person.form in known:
            for nickname in nicknames_of(person, words):
                yield CaseTerm("person", nickname)
            initials = INITIALS.match(person.passage.text, person.end)
            if initials:
                yield CaseTerm("initials", initials[1])


def _where(lesson: _Lesson, regions: Mapping[str, tuple[str, ...]]) -> Iterator[CaseTerm]:
    for office, place in lesson.offices:
        for form in regions.get(place, (place,)):
            yield CaseTerm("office", f"{office}: {form}")
            yield CaseTerm("region", form)


def _what(lesson: _Lesson, named: Named, words: CaseWords) -> Iterator[CaseTerm]:
    for sentence in lesson.sentences:
        for affair in affairs_in(sentence.text, words, named.places):
            yield CaseTerm("affair", affair)
        text = sentence.passage.text[sentence.start : sentence.end]
        for thing in objects_in(text, words, (place for _, place in lesson.offices)):
            yield CaseTerm("affair", thing)
        if sentence.acts:
            for kind in kinds_in(sentence.text, words):
                yield CaseTerm("affair", kind)
        if sentence.acts or words.bribe.search(sentence.text):
            for company in companies_in(_without(text, lesson.suspects)):
                yield CaseTerm("company", company)


def _without(text: str, people: Iterable[Person]) -> str:
    """ "PT Pilar Contoh Hasan Wiraguna": the firm ends where the name begins."""
    for name in {person.name for person in people}:
        text = text.replace(name, ",")
    return text


def _called(terms: Sequence[CaseTerm], words: CaseWords) -> tuple[str, str]:
    """The slug and the name of a case: its matter (else its first suspect) and its place."""
    place = next((t.form for t in terms if t.kind == "region"), "")
    who = next((t.form.title() for t in terms if t.kind == "person"), "")
    affairs = (t.form for t in terms if t.kind == "affair")
    matters = sorted(affairs, key=words.offences.__contains__)
    matter = " ".join(matters[0].split()[:4]).capitalize() if matters else who
    name = f"{matter} {place.title()}".strip()
    return re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-"), name
