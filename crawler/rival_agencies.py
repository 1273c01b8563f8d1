"""Whether the prosecutors or the police act in a text, or only lend a room, a guard, a cell."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.case_words import CaseWords
from crawler.passages import Passage, fold

# An act of theirs further down is told by the way.
LEAD = 3


def names_an_agency(folded: str, words: CaseWords) -> bool:
    """Whether a folded sentence speaks of another agency itself, not of its premises or guards."""
    return words.agency.search(words.premises.sub(" ", folded)) is not None


def acts_of_others(passages: Sequence[Passage], words: CaseWords) -> bool:
    """Whether an item is another agency's story: it acts in the title or the first paragraphs, or
    its prosecutors or investigators are named anywhere."""
    for passage in passages:
        for start, end in passage.sentences:
            text = words.premises.sub(" ", fold(passage.text[start:end]).lower)
            if words.agencys_people.search(text):
                return True
            early = passage.index is None or passage.index < LEAD
            if early and words.agency.search(text) and words.agency_act.search(text):
                return True
    return False
