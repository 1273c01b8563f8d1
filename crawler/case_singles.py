"""Whether a name of one word is the suspect's: it stands by itself, behind nobody else's office."""

from __future__ import annotations

import re

from crawler.case_capitals import is_shouted
from crawler.case_scores import Said
from crawler.case_words import CaseWords
from crawler.offices import office_of
from crawler.passages import fold
from store.case_records import Case

NEXT = re.compile(r" ([A-Z][\w'’]*\.?)")
LAST = re.compile(r"([A-Z][\w'’]*\.?) $")
# "Suparman, warga ..", "Suparman, 54 tahun": somebody.
ANYBODY = re.compile(r",? (?:\(?\d{2}\b|(?:se)?orang\b|yang merupakan warga\b)")


def is_alone(said: Said, case: Case, words: CaseWords) -> bool:
    """Whether a name met stands alone: no other name before or behind it makes it a longer one,
    no office of somebody else's and no everyday trade stands beside it."""
    sentence = said.sentence
    text = sentence.passage.text
    start = sentence.start + sentence.folded.origin(said.low)
    end = sentence.start + sentence.folded.origin(said.high - 1) + 1
    before, after = text[max(0, start - 60) : start], text[end : end + 40]
    if not is_shouted(text):
        following, leading = NEXT.match(after), LAST.search(before)
        if following and not _is_no_name(following[1], words):
            return False
        if leading and not _is_no_name(leading[1], words) and not _is_placed(before, case):
            return False
    folded = fold(before).lower.rpartition(". ")[2]
    if ANYBODY.match(after) or words.trade.search(folded[-25:] + " " + fold(after).lower[:25]):
        return False
    own = {office.partition(": ")[0] for office in case.forms("office")}
    offices = list(words.office.finditer(folded))
    return not offices or not own or office_of(offices[-1], words) in own


def _is_no_name(word: str, words: CaseWords) -> bool:
    bare = word.rstrip(".").lower()
    if bare in words.never_names or bare in words.titles or bare in words.degrees:
        return True
    return len(bare) < 2 or words.legal.fullmatch(bare) is not None


def _is_placed(before: str, case: Case) -> bool:
    """Whether the words before a name are the case's place: "Bupati Muara Contoh Suparman"."""
    folded = fold(before).lower.rstrip()
    return any(folded.endswith(place) for place in case.forms("region"))
