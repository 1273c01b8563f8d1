"""The sentences of an item, and which of them tell of an act of the KPK against somebody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.case_words import CaseWords
from crawler.passages import Passage, fold
from crawler.rival_agencies import acts_of_others, names_an_agency
from store.records import Reason

# "1. Rahmat Wiradinata, Bupati ..", "Rahmat Wiradinata selaku ..;" below "tersangka, yakni:".
LIST_ITEM = re.compile(
    r"\W{0,9}(?:(?:\d{1,2}|[a-z])[.)]\s{0,9}[A-Z][^:]{3,250}|[A-Z][^.:]{3,200}[;,.]?(?: dan)?)$"
)


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence, as a span of its passage and folded. acts: it tells of an act of the KPK."""

    passage: Passage
    start: int
    end: int
    text: str
    acts: bool


def tellings_of(
    passages: Sequence[Passage], reasons: Sequence[Reason], words: CaseWords
) -> list[Telling]:
    """All sentences in order. Under "tersangka, yakni:" the list below acts as well; where another
    agency acts too, only what names the topic."""
    topic = {fold(_text_of(passages, r.paragraph)[r.start : r.end]).lower for r in reasons} - {""}
    others = acts_of_others(passages, words)
    found: list[Telling] = []
    listing = accusing = False
    for passage in passages:
        listing = listing and LIST_ITEM.match(passage.text) is not None
        for start, end in passage.sentences:
            text = fold(passage.text[start:end]).lower
            likewise = accusing and words.likewise.match(text)
            said = likewise or words.suspect.search(text) is not None
            ours = any(word in text for word in topic) if others else True
            acts = listing or (bool(said) and ours and not words.no_act.search(text))
            acts = acts and not names_an_agency(text, words)
            found.append(Telling(passage, start, end, text, acts))
            accusing = acts and passage.index is not None
        listing = listing or (accusing and passage.text.rstrip().endswith(":"))
    return found


def _text_of(passages: Sequence[Passage], index: int | None) -> str:
    place = 0 if index is None else index + 1
    return passages[place].text if place < len(passages) else ""
