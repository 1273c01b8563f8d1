"""Title and paragraphs as matching reads them: folded to one spelling, cut into sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MAX_SEARCHED = 200_000  # code points; the longest of 181 real articles has 53,372
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# One character for one: every kind of space is a space, every kind of hyphen too, so that
# "anti-korupsi" and "anti korupsi" are one form.
SAME = str.maketrans(
    dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\t\n\r\f\v-\u2010\u2011\u2012", " ")
    | dict.fromkeys("\u2018\u2019\u02bc`", "'")
)
UNEVEN = re.compile(rf"[{INVISIBLE}]|[\s\u00a0]{{2,}}")
SENTENCE_END = re.compile(r"[.!?][\"”’')]*\s+(?=[\"“‘(]?[A-Z0-9])")
# fmt: off
ABBREVIATIONS = frozenset((
    "drs", "dr", "ir", "prof", "hj", "no", "nomor", "jl", "jln", "st", "sh", "pol", "kab", "prov",
    "kec", "kel", "tgl", "gg", "alm", "bpk", "sdr", "tn", "ny", "dkk", "kh", "komjen", "irjen",
    "brigjen", "kombes", "akbp", "kompol", "ipda", "iptu", "moh", "muh", "mohd", "mhd", "tb",
))
# fmt: on
LAST_WORD = re.compile(r"(\w+)\W*$")


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """The title (index None) or a paragraph, with its sentences as code-point spans."""

    index: int | None
    text: str
    sentences: tuple[tuple[int, int], ...]

    def sentence_at(self, offset: int) -> int:
        starts = [start for start, _ in self.sentences]
        return max(0, bisect_right(starts, offset) - 1)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable: lower case, one kind of space, nothing invisible. places maps its
    offsets back to the text's (None: they are the same)."""

    lower: str
    places: tuple[int, ...] | None

    def origin(self, offset: int) -> int:
        return offset if self.places is None else self.places[offset]

    def place_of(self, origin: int) -> int:
        """The folded offset of the first character kept from origin on."""
        return origin if self.places is None else bisect_left(self.places, origin)


def fold(text: str) -> Folded:
    """The text as matching sees it; never raises, whatever the characters."""
    if UNEVEN.search(text) is None:
        return Folded(_lower(text.translate(SAME)), None)
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char in INVISIBLE:
            continue
        if char.isspace() and kept and kept[-1].isspace():
            continue
        kept.append(char)
        places.append(place)
    places.append(len(text))
    return Folded(_lower("".join(kept).translate(SAME)), tuple(places))


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters (the Turkish dotted I) grow when lowered; offsets must not move.
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of the sentences; a title like "Drs." or "Brigjen (Pol)" does not end one."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in SENTENCE_END.finditer(text):
        word = LAST_WORD.search(text[max(start, end.start() - 20) : end.start()])
        if word and (word[1].lower() in ABBREVIATIONS or len(word[1]) == 1):
            continue
        spans.append((start, end.end()))
        start = end.end()
    spans.append((start, len(text)))
    return tuple(spans)


def passages_of(title: str, paragraphs: Sequence[str]) -> tuple[Passage, ...]:
    """The title and the paragraphs, ready to be searched: the first MAX_SEARCHED code points of
    them, which no article exceeds and no hostile page should."""
    title_passage = Passage(None, title, ((0, len(title)),))
    body: list[Passage] = []
    left = MAX_SEARCHED
    for number, text in enumerate(paragraphs):
        if left <= 0:
            break
        head = text[:left]
        left -= len(head)
        body.append(Passage(number, head, split_sentences(head)))
    return (title_passage, *body)
