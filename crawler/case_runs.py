"""Capitalised words in a row: what a name may be cut from, and how each row is introduced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.case_capitals import DATELINE, is_plain, is_shouted, may_be_a_name
from crawler.case_words import CaseWords
from crawler.passages import Passage, fold

WORD = re.compile(r"[^\W\d_][\w'’]*(?:-\w+)*\.?")
PARTICLES = frozenset(("bin", "binti", "al", "el"))
COMPANY = re.compile(r"\b(?:PT|CV|UD)\.? ((?:[A-Z][\w&'-]*\.? ?){1,5})")
# "S.E.", "M.Si", "S.Sos.": degrees written with dots.
DEGREE = re.compile(r"\b[A-Z][a-z]{0,3}\.(?:[A-Z][A-Za-z]{0,4}\b\.?)+")
# "CT-Scan", "Rp5".
NO_NAME = re.compile(r"\d|^[A-Z]{2,}-")
# "Direktur PT Karya Contoh Abadi Hasan Wiraguna": behind so many words of a firm, who heads it.
HEADED = re.compile(r"\b(?:[Dd]irektur|[Dd]irut|[Kk]omisaris|[Bb]os|[Pp]emilik)(?: [Uu]tama)? $")
FIRM_WORDS, FIRM_AND_NAME = 3, 5
CAPITALISED = re.compile(r"(?: ?[A-Z][\w'’-]*)+")
NEXT_NAME = re.compile(r",? (?:H\. |Hj\. |Ir\. )?[A-Z]| ?\(")
# Behind these stands what is headed: "Kadis Perkim".
OF_A_HEAD = re.compile(r"\b(?:[Kk]adis|[Dd]inas|[Bb]adan|[Kk]epala|[Kk]abid|[Kk]abag|[Bb]idang) $")
# "Bupati Muara Contoh nonaktif Rahmat Wiradinata": the place has been said.
HOLDER = re.compile(r"([A-Z]\w+) (?:[Nn]on-?[Aa]ktif|[Tt]erpilih) $")
LONGEST = 8


@dataclass(frozen=True, slots=True)
class Person:
    """A name without titles where it stands; start and end are code points within the passage."""

    name: str
    passage: Passage
    start: int
    end: int

    @property
    def form(self) -> str:
        return fold(self.name).lower


@dataclass(frozen=True, slots=True)
class Run:
    """A row of capitalised words. cue: what stands before it: "strict" and "city" a
    place, "office" a place or a person, "place" mostly a place, "" nothing in particular."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    passage: Passage
    cue: str

    def form(self, begin: int = 0, end: int | None = None) -> str:
        return fold(" ".join(self.words[begin:end])).lower

    def person(self, begin: int = 0) -> Person:
        name = " ".join(self.words[begin:])
        return Person(name, self.passage, self.spans[begin][0], self.spans[-1][1])


def runs_in(passage: Passage, common: set[str], words: CaseWords) -> Iterator[Run]:
    """The rows of a passage. common are the words the text writes small; they open a sentence
    without being names."""
    reader = _Reader(passage, common, words)
    for match in WORD.finditer(passage.text):
        yield from reader.take(match)
    yield from reader.close()


class _Reader:
    def __init__(self, passage: Passage, common: set[str], words: CaseWords) -> None:
        self.passage, self.common, self.words = passage, common, words
        self.shouted = is_shouted(passage.text)
        self.openings = {start for start, _ in passage.sentences}
        opening = DATELINE.match(passage.text) if passage.index == 0 else None
        barred = [*COMPANY.finditer(passage.text), *DEGREE.finditer(passage.text)]
        barred += [opening] if opening else []
        self.barred = {place for match in barred for place in range(*match.span())}
        for match in COMPANY.finditer(passage.text):
            self.barred -= set(range(firm_end(passage.text, match), match.end()))
        self.row: list[str] = []
        self.spans: list[tuple[int, int]] = []

    def close(self) -> Iterator[Run]:
        if self.row:
            cue = cue_before(self.passage.text, self.spans[0][0], self.words)
            yield Run(tuple(self.row), tuple(self.spans), self.passage, cue)
        self.row, self.spans = [], []

    def take(self, match: re.Match[str]) -> Iterator[Run]:
        text, start = self.passage.text, match.start()
        if start in self.barred:
            yield from self.close()
            return
        if self.spans and (text[self.spans[-1][1] : start] != " " or len(self.row) >= LONGEST):
            yield from self.close()
        word, end = match[0], match.end()
        short = len(word) <= 4 and word[:1].isupper()
        if word.endswith(".") and not short:
            word, end = word[:-1], end - 1
        bare = word.rstrip(".").lower()
        if not self.is_of_a_name(word, bare, start):
            yield from self.close()
            return
        self.row.append(word.title() if len(bare) > 1 and word.isupper() else word)
        self.spans.append((start, end))
        if match[0].endswith(".") and not short:
            yield from self.close()

    def is_of_a_name(self, word: str, bare: str, start: int) -> bool:
        words, inside = self.words, bool(self.row)
        if bare in PARTICLES and inside:
            return True
        if inside and bare in words.inner_names and self.passage.index is not None:
            return word[:1].isupper() and not self.shouted
        if not word[:1].isupper() or bare in words.never_names or bare in words.titles:
            return False
        if self.is_of_an_office(word, bare, start):
            return False
        if (len(bare) == 1 and not inside) or (inside and bare in words.degrees):
            return False
        if self.shouted:
            return not is_plain(bare, words)
        if len(bare) > 1 and word.isupper():
            return may_be_a_name(self.passage.text, start, start + len(word), words)
        return not (start in self.openings and bare in self.common)

    def is_of_an_office(self, word: str, bare: str, start: int) -> bool:
        """Whether a word is an office, what it heads ("Kadis Perkim"), or no word of a name."""
        if NO_NAME.search(word) or self.words.office.fullmatch(bare):
            return True
        before = self.passage.text[max(0, start - 30) : start]
        bodies = self.words.institutions.values()
        headed = not self.row and OF_A_HEAD.search(before) is not None
        return headed and any(body.fullmatch(bare) for body in bodies)


def firm_end(text: str, firm: re.Match[str]) -> int:
    """Where the name of a firm, as COMPANY met it, ends and its head's begins."""
    whole = CAPITALISED.match(text, firm.start(1))
    if whole is None or not HEADED.search(text[max(0, firm.start() - 30) : firm.start()]):
        return firm.end()
    found = list(re.finditer(r"\S+", whole[0]))
    if len(found) < FIRM_AND_NAME or NEXT_NAME.match(text, whole.end()):
        return firm.end()
    return whole.start() + found[FIRM_WORDS - 1].end()


def cue_before(text: str, start: int, words: CaseWords) -> str:
    """How what begins at start is introduced (see Run)."""
    before = fold(text[max(0, start - 60) : start]).lower
    if re.search(r"\b(?:h|hj|dr|drs|dra|ir|prof)\. ?$", before):
        return ""
    holder = HOLDER.search(text[max(0, start - 40) : start])
    if holder and not words.office.search(holder[1].lower()):
        return ""
    if words.strictly_a_place.search(before):
        return "strict"
    if words.of_an_office.search(before):
        return "office"
    if before.endswith(" kota "):
        return "city"
    return "place" if words.of_a_place.search(before) else ""
