"""An item as cases are sought in it: sentences, what kind of talk each is, who else is accused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from crawler.case_spellings import Sounded, listen
from crawler.case_words import CaseWords
from crawler.names import Named, names_in
from crawler.offices import institution_of, office_of
from crawler.passages import Folded, Passage, fold, passages_of
from crawler.rival_agencies import acts_of_others

OF_A_REGENCY = re.compile(r"\b(?:bupati|kabupaten|pemkab|wali ?kota|pemkot)\b")
# Who is beside an accused one: "sopir kepala dinas nonaktif, Dullah".
ATTENDANT = re.compile(
    r"\b(?:sopir|ajudan|staf|istri|suami|anak|adik|kakak|ibunda|pengacara|kuasa hukum)\b.*,"
)
# How near before a name "terdakwa" or "eks bupati .." makes it an accused one's, in characters.
NEAR = 60
# How much of a text is read for cases, in code points; the longest of 181 articles has 53,372.
MAX_READ, MAX_TITLE, MAX_SENTENCES = 60_000, 2_000, 400


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the title or of a paragraph; start counts within the passage. legal: it
    speaks of investigation, court or prison. aftermath: of what others say and do once somebody
    is arrested. sounded: for its names."""

    passage: Passage
    start: int
    folded: Folded
    words: frozenset[str]
    legal: bool
    aftermath: bool
    sounded: Sounded

    @property
    def text(self) -> str:
        return self.folded.lower

    @property
    def quote(self) -> str:
        end = self.start + self.folded.origin(len(self.text) - 1) + 1 if self.text else self.start
        return self.passage.text[self.start : end].strip()


@dataclass(frozen=True, slots=True)
class Holder:
    """An office named in a sentence of court, of the days after or with "eks", as a folded span
    within it. institution: whose head, where that is said. acting: by who stands in for another;
    arrest: the sentence speaks of one."""

    office: str
    institution: str
    sentence: Sentence
    low: int
    high: int
    former: bool
    acting: bool
    arrest: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Item:
    """sphere: it speaks of corruption at all. other_life: of elections, sports or other crimes,
    titled_so: in its title. accused: everybody it names beside "tersangka" or "eks bupati".
    places: those beside "Bupati", "Kabupaten" ..; arrested: it speaks of an arrest."""

    sentences: tuple[Sentence, ...]
    sphere: bool
    other_life: bool
    titled_so: bool
    accused: frozenset[str]
    places: frozenset[str]
    holders: tuple[Holder, ...]
    arrested: bool


def readable(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs as far as cases are read, whole or cut: what is longer is no article."""
    read: list[str] = []
    left = MAX_READ
    for paragraph in paragraphs:
        if left <= 0:
            break
        read.append(paragraph[:left])
        left -= len(paragraph)
    return read


def item_of(title: str, paragraphs: Sequence[str], words: CaseWords) -> Item | None:
    """The item, or None when it cannot be a case's: it never speaks of courts or investigators,
    or it is the story of another agency."""
    passages = passages_of(title[:MAX_TITLE], readable(paragraphs))
    spans = ((passage, span) for passage in passages for span in passage.sentences)
    sentences = tuple(
        _sentence(passage, *span, words) for passage, span in islice(spans, MAX_SENTENCES)
    )
    if not any(s.legal or s.aftermath for s in sentences) or acts_of_others(passages, words):
        return None
    named = names_in(passages, words)
    head = sentences[0].text
    return Item(
        sentences=sentences,
        sphere=any(words.sphere.search(sentence.text) for sentence in sentences),
        other_life=any(words.other_life.search(sentence.text) for sentence in sentences),
        titled_so=words.other_life.search(head) is not None,
        accused=_accused(named, words),
        places=_places(sentences, named),
        holders=tuple(_holders(sentences, words)),
        arrested=any(words.arrest.search(sentence.text) for sentence in sentences),
    )


def _sentence(passage: Passage, start: int, end: int, words: CaseWords) -> Sentence:
    folded = fold(passage.text[start:end])
    said = frozenset(re.findall(r"\w+", folded.lower))
    legal = words.legal.search(folded.lower) is not None
    aftermath = words.aftermath.search(folded.lower) is not None
    return Sentence(passage, start, folded, said, legal, aftermath, listen(folded.lower))


def _holders(sentences: Sequence[Sentence], words: CaseWords) -> Iterator[Holder]:
    for sentence in sentences:
        text = sentence.text
        former = words.former.search(text) is not None
        if not (former or sentence.legal or sentence.aftermath):
            continue
        arrest = words.arrest.search(text) is not None
        for match in words.office.finditer(text):
            acting = words.acting_for.search(text[max(0, match.start() - 30) : match.start()])
            office, body = office_of(match, words), institution_of(text, match, words)
            told = former or sentence.legal
            yield Holder(
                office, body, sentence, *match.span(), former, acting is not None, arrest, told
            )


def _accused(named: Named, words: CaseWords) -> frozenset[str]:
    found = set()
    for person in (*named.persons, *named.singles):
        text = person.passage.text
        before = fold(text[max(0, person.start - NEAR) : person.start]).lower
        after = fold(text[person.end : person.end + 30]).lower
        beside = before.rpartition(". ")[2]
        office = words.office.search(beside) and words.former.search(beside)
        if (
            words.accused.search(beside)
            or (office and not ATTENDANT.search(beside))
            or re.match(r",? (?:\w+ )?(?:eks|mantan) ", after)
        ):
            found.add(person.form)
    return frozenset(found)


def _places(sentences: Sequence[Sentence], named: Named) -> frozenset[str]:
    found: set[str] = set()
    for sentence in sentences:
        for cue in OF_A_REGENCY.finditer(sentence.text):
            rest = sentence.text[cue.end() : cue.end() + 50].lstrip()
            found.update(place for place in named.places if rest.startswith(place))
    return frozenset(found)
