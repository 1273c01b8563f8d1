"""One spelling for the many of an Indonesian name: oe and u, double letters, M. and Muhammad."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Old and new spelling, and sounds that the press writes either way; in this order.
SAME_SOUND = (
    *(("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "s"), ("sy", "s"), ("sh", "s"), ("ch", "h")),
    *(("kh", "h"), ("dh", "d"), ("th", "t"), ("ae", "ai"), ("ie", "i"), ("x", "ks")),
)
SAME_LETTER = str.maketrans({"f": "p", "v": "p", "q": "k", "z": "s", "y": "i", "'": "", "’": ""})
DOUBLED = tuple((letter * 2, letter) for letter in "abcdefghijklmnoprstuw")
SHORTENED = {
    **dict.fromkeys(("mohamad", "muhamad", "mohamed", "muh", "moh", "mohd", "mhd", "md"), "m"),
    **dict.fromkeys(("abdul", "abdu"), "abd"),
}
WORD = re.compile(r"[^\W\d_][\w'’]*")
# Between the words of one name.
WITHIN_A_NAME = frozenset((" ", ". ", "."))


def sounded(text: str) -> str:
    """A lower-case text with what sounds the same spelt the same."""
    for old, new in SAME_SOUND:
        text = text.replace(old, new)
    text = text.translate(SAME_LETTER)
    for old, new in DOUBLED:
        text = text.replace(old, new)
    return text


@lru_cache(maxsize=50_000)
def key(word: str) -> str:
    """The word of a name, in lower case, as it is compared."""
    same = sounded(word)
    return SHORTENED.get(same, same)


def key_of(name: str) -> str:
    """A name in lower case as it is compared: the keys of its words, single spaces."""
    return " ".join(key(word) for word in WORD.findall(name))


@dataclass(frozen=True, slots=True)
class Sounded:
    """A folded sentence as its words sound, each behind a space and "," for what parts two names.
    starts are the places of the words in text, spans theirs in the sentence."""

    text: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def span(self, low: int, high: int) -> tuple[int, int]:
        """Where in the sentence the words from low to high stand."""
        first, last = bisect_left(self.starts, low), bisect_left(self.starts, high) - 1
        return self.spans[first][0], self.spans[last][1]


def listen(folded: str) -> Sounded:
    """How a folded sentence sounds."""
    parts: list[str] = [" "]
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    length, end = 1, 0
    for match in WORD.finditer(folded):
        if spans and folded[end : match.start()] not in WITHIN_A_NAME:
            parts.append(", ")
            length += 2
        word = key(match[0])
        parts += (word, " ")
        starts.append(length)
        spans.append(match.span())
        length += len(word) + 1
        end = match.end()
    return Sounded("".join(parts), tuple(starts), tuple(spans))


def spellings(form: str, common: frozenset[str]) -> Iterator[tuple[str, str]]:
    """How a person of that name (lower case) may be called, as keys: "person" where that says all
    the name does, "alias" where it says less, "initialled" with initials, "short" for a name of one
    word, "given" for a word of a longer name or two everyday ones. common are everyday keys."""
    words = key_of(form).split()
    if len(words) < 2:
        yield from (("short", word) for word in words if len(word) > 3)
        return
    yield "person", " ".join(words)
    yield from (("given", word) for word in words if len(word) > 3 and word not in common)
    if len(words) > 3:
        yield "person", " ".join(words[:-1])
    if words[0] in ("m", "abd") and len(words) > 2:
        yield ("alias" if set(words[1:]) <= common else "person"), " ".join(words[1:])
    yield "initialled", " ".join((words[0], *(word[0] for word in words[1:])))
    if len(words) > 2:
        yield "initialled", " ".join((words[0], words[1], words[2][0]))
        yield "initialled", " ".join((words[0], words[1][0], *words[2:]))
        for alias in (words[:2], [words[0], words[-1]], words[-2:]):
            if any(len(word) > 3 for word in alias):
                kind = "given" if set(alias) <= common else "alias"
                yield kind, " ".join(alias)
