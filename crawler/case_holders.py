"""Who holds an office: whether a row of capitals behind it is its place or a person."""

from __future__ import annotations

import re
from collections.abc import Set

from crawler.case_runs import Person, Run
from crawler.case_words import CaseWords
from crawler.passages import fold

# Behind these stands a region known by name, or somebody.
HELD = re.compile(
    r"\b(?:bupati|wabup|wali ?kota|wawali|gubernur|wagub|sekda|sekretaris daerah|ketua dprd|bkd"
    r"|kadis\w*|kabid(?: \w+){0,3}|kepala (?:dinas|badan|bk\w+|bp\w+)(?: \w+){0,4}|bkpsdm)"
    r"(?: nonaktif| non aktif| terpilih)? $|\bnon ?aktif $"
)
# "Bupati Muara Contoh Rahmat Wiradinata Tersangka": even a title says who.
CALLED_SO = re.compile(r" (?:Resmi |Jadi |Sebagai )*(?:Tersangka|Terdakwa)\b")
OF_NO_NAME = re.compile(r"\w+(?:kan|nya)|berstatus|menyandang|menjadi|kembali")
LONGEST = 4
# "Bupati Muara Contoh, H. Rahmat Wiradinata": the first is the place.
HOLDER = re.compile(r"(?: periode [\d-]+)?,? (?:(?:H|Hj|Ir|Dr|dr|Drs)\. ?)*[A-Z][a-z]+ [A-Z]")


def known_prefix(run: Run, places: Set[str]) -> int:
    """How many of the first words are a known place; where one of two words stands further in
    ("Energi Muara Contoh Wahyudin"), all up to its end."""
    for length in range(len(run.words), 0, -1):
        if run.form(0, length) in places:
            return length
    for begin in range(1, len(run.words) - 1):
        for end in range(len(run.words), begin + 1, -1):
            if run.form(begin, end) in places:
                return end
    return 0


def is_introduced(run: Run) -> bool:
    """Whether a row of a word or two is a place since who holds the office follows it."""
    after = HOLDER.match(run.passage.text, run.spans[-1][1])
    return len(run.words) <= 2 and after is not None


def is_held(run: Run, known: set[str]) -> bool:
    """Whether a row behind the office of a region's head or of an agency's is a person."""
    if run.cue not in ("office", "place") or known_prefix(run, known):
        return False
    start = run.spans[0][0]
    if is_introduced(run):
        return False
    return HELD.search(fold(run.passage.text[max(0, start - 60) : start]).lower) is not None


def _is_title(word: str, words: CaseWords) -> bool:
    """Whether a word before a name is a title, or a first part of it too short for a row: "I"."""
    bare = word.rstrip(".")
    return len(bare) == 1 or bare in words.titles or bare == "anak"


def is_titled(person: Person, places: set[str], words: CaseWords) -> bool:
    """Whether what a title has behind an office and its place is surely a name."""
    text, said = person.passage.text, person.form.split()
    if not CALLED_SO.match(text, person.end) or not 1 < len(said) <= LONGEST:
        return False
    before = fold(text[max(0, person.start - 60) : person.start]).lower
    office = words.office.search(before)
    if not office:
        return False
    between = " ".join(w for w in before[office.end() :].split() if not _is_title(w, words))
    return between in places and not any(
        word in known or OF_NO_NAME.fullmatch(word)
        for word in said
        for known in (words.stopped, words.generic, words.skipped, words.court)
    )
