"""Whether the prosecutors or the police act in a text, or only lend a room, a guard, a cell."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.case_words import AGENCY_ACT, AGENCY_AS_PLACE, AGENCY_WORD, AGENCYS_PEOPLE
from crawler.passages import Passage, fold

# An act of theirs further down is told by the way.
LEAD = 3


def names_an_agency(folded: str) -> bool:
    """Whether a folded sentence speaks of another agency itself, not of its premises or guards."""
    return AGENCY_WORD.search(AGENCY_AS_PLACE.sub(" ", folded)) is not None


def acts_of_others(passages: Sequence[Passage]) -> bool:
    """Whether an item is another agency's story: it acts in the title or the first paragraphs, or
    its prosecutors or investigators are named anywhere."""
    for passage in passages:
        for start, end in passage.sentences:
            text = AGENCY_AS_PLACE.sub(" ", fold(passage.text[start:end]).lower)
            if AGENCYS_PEOPLE.search(text):
                return True
            early = passage.index is None or passage.index < LEAD
            if early and AGENCY_WORD.search(text) and AGENCY_ACT.search(text):
                return True
    return False
