"""Names in capitals: "BUPATI HASAN WIRAGUNA", in a line of capitals or within a sentence."""

from __future__ import annotations

import re

from crawler.case_words import CaseWords
from crawler.passages import Passage, fold

# A line with more letters than this, eight tenths of them capitals, is shouted.
SHORTEST, LONGEST, SHARE = 20, 300, 0.8
VERB = re.compile(r"(?:me(?:ng|m|n|ny|l|r|w)|di|ber|ter|pe(?:ng|m|n|ny|l))\w{4,}|\w+(?:kan|nya)$")
# The place a report opens with: "MUARA CONTOH - ", "KABAR.EXAMPLE, MUARA CONTOH (KABAR) -".
DATELINE = re.compile(
    r"(?:[\w.]+\.\w+ ?[,|–-] ?)?(?P<place>[A-Z]{3,}(?: [A-Z]{3,}){0,2})"
    r"(?:,? ?\([^)]{1,30}\)|, [\w. &-]{2,40}(?= [-–—|]))? ?[-–—|] ?"
)


def is_shouted(text: str) -> bool:
    """Whether a line is written in capitals altogether."""
    letters = [char for char in text[:LONGEST] if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return len(letters) >= SHORTEST and capitals >= SHARE * len(letters)


def dateline_of(passage: Passage) -> str | None:
    """The place in capitals that the first paragraph opens with, in lower case, or None."""
    match = DATELINE.match(passage.text) if passage.index == 0 else None
    return match["place"].lower() if match else None


def is_plain(word: str, words: CaseWords) -> bool:
    """Whether a lower-case word of a shouted line is an ordinary one and no part of a name."""
    for known in (words.stopped, words.generic, words.skipped, words.court):
        if word in known:
            return True
    return VERB.fullmatch(word) is not None or words.legal.fullmatch(word) is not None


def may_be_a_name(text: str, start: int, end: int, words: CaseWords) -> bool:
    """Whether a word in capitals within an ordinary sentence may be of a name: not by itself, and
    behind an office or where somebody is called accused."""
    word = text[start:end]
    if len(word) < 3 or not re.search(r"[AEIOUY]", word):
        return False
    beside = re.compile(r"[A-Z]{3,}").fullmatch
    before, after = (
        text[max(0, start - 60) : start].split(" ")[-2:-1],
        text[end : end + 60].split(" ")[1:2],
    )
    neighbours = [n.strip('.,()"“”') for n in (*before, *after)]
    if not any(beside(n) and n.lower() not in words.never_names for n in neighbours):
        return False
    ahead = fold(text[max(0, start - 70) : start]).lower.rpartition(". ")[2]
    return words.office.search(ahead) is not None or words.accused.search(ahead) is not None
