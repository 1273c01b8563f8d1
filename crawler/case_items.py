"""An item as cases are sought in it: sentences, what kind of talk each is, who else is accused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.case_words import ACCUSED, FORMER, LEGAL, OFFICE, OTHER_LIFE, SPHERE
from crawler.names import Named, names_in
from crawler.passages import Folded, Passage, fold, passages_of
from crawler.rival_agencies import acts_of_others

OF_A_REGENCY = re.compile(r"\b(?:bupati|kabupaten|pemkab|wali ?kota|pemkot|kades|desa)\b")
# How near before a name "terdakwa" or "eks bupati .." makes it an accused one's, in characters.
NEAR = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the title or of a paragraph; start counts within the passage. legal: it
    speaks of investigation, court or prison."""

    passage: Passage
    start: int
    folded: Folded
    words: frozenset[str]
    legal: bool

    @property
    def text(self) -> str:
        return self.folded.lower

    @property
    def quote(self) -> str:
        end = self.start + self.folded.origin(len(self.text) - 1) + 1 if self.text else self.start
        return self.passage.text[self.start : end].strip()


@dataclass(frozen=True, slots=True)
class Item:
    """sphere: it speaks of corruption at all. other_life: of elections, sports or other crimes,
    titled_so: in its title. accused: everybody it names beside "tersangka" or "eks bupati".
    places: those beside "Bupati", "Kabupaten" .."""

    sentences: tuple[Sentence, ...]
    sphere: bool
    other_life: bool
    titled_so: bool
    accused: frozenset[str]
    places: frozenset[str]


def item_of(title: str, paragraphs: Sequence[str]) -> Item | None:
    """The item, or None when it cannot be a case's: it never speaks of courts or investigators,
    or it is the story of another agency."""
    passages = passages_of(title, paragraphs)
    sentences = tuple(
        _sentence(passage, start, end) for passage in passages for start, end in passage.sentences
    )
    if not any(sentence.legal for sentence in sentences) or acts_of_others(passages):
        return None
    named = names_in(passages)
    head = sentences[0].text
    return Item(
        sentences=sentences,
        sphere=any(SPHERE.search(sentence.text) for sentence in sentences),
        other_life=any(OTHER_LIFE.search(sentence.text) for sentence in sentences),
        titled_so=OTHER_LIFE.search(head) is not None,
        accused=_accused(named),
        places=_places(sentences, named),
    )


def _sentence(passage: Passage, start: int, end: int) -> Sentence:
    folded = fold(passage.text[start:end])
    words = frozenset(re.findall(r"\w+", folded.lower))
    return Sentence(passage, start, folded, words, LEGAL.search(folded.lower) is not None)


def _accused(named: Named) -> frozenset[str]:
    found = set()
    for person in named.persons:
        text = person.passage.text
        before = fold(text[max(0, person.start - NEAR) : person.start]).lower
        after = fold(text[person.end : person.end + 30]).lower
        beside = before.rpartition(". ")[2]
        office = OFFICE.search(beside) and FORMER.search(beside)
        if ACCUSED.search(beside) or office or re.match(r",? (?:\w+ )?(?:eks|mantan) ", after):
            found.add(person.form)
    return frozenset(found)


def _places(sentences: Sequence[Sentence], named: Named) -> frozenset[str]:
    found: set[str] = set()
    for sentence in sentences:
        for cue in OF_A_REGENCY.finditer(sentence.text):
            rest = sentence.text[cue.end() : cue.end() + 50].lstrip()
            found.update(place for place in named.places if rest.startswith(place))
    return frozenset(found)
