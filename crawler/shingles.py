"""Texts as runs of words that can be compared: word triples, fingerprints, what two texts share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import blake2b

Triple = tuple[str, str, str]

FINGERPRINT_WORDS = 5
# One word 5-gram in sixteen finds candidates well enough (findings, Near-duplicates). A short
# text would keep too few, so it keeps one in four, or all; those it has in common with a long
# text are still the one in sixteen. The opening is what survives when an outlet shortens a
# release, so it is kept one in four as well.
SPARSE, DENSE = 16, 4
FEW = 8
OPENING_WORDS = 120
# Ten shared words within fifteen: prose taken over, edited or not, rather than a set phrase.
TAKEN_OVER = 10
WINDOW = 15

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Shingled:
    """A text's words in order, and the set of its word triples."""

    words: tuple[str, ...]
    triples: frozenset[Triple]


def shingled(text: str) -> Shingled:
    """The text made comparable: letters and digits only, case folded; never raises."""
    words = words_of(text)
    return Shingled(words, frozenset(_triples(words)))


def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, folded to one case and one form of each character."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def fingerprint(text: str) -> tuple[int, ...]:
    """Hashes that texts with common passages have in common: signed 64-bit, sorted, the same in
    every process. Empty for a text of fewer than five words."""
    words = words_of(text)
    hashes = [_hash(words[i : i + FINGERPRINT_WORDS]) for i in range(len(words) - 4)]
    kept = {value for value in hashes if value % SPARSE == 0}
    kept |= {value for value in hashes[:OPENING_WORDS] if value % DENSE == 0}
    if len(kept) < FEW:
        kept |= {value for value in hashes if value % DENSE == 0}
    return tuple(sorted(kept if len(kept) >= FEW else set(hashes)))


def containment(a: Shingled, b: Shingled) -> float:
    """Which part of the triples of the text that has fewer stands in the other too, 0 to 1."""
    fewer = min(len(a.triples), len(b.triples))
    return len(a.triples & b.triples) / fewer if fewer else 0.0


def resemblance(a: Shingled, b: Shingled) -> float:
    """Which part of all triples of both stands in both, 0 to 1: 1 only for equal texts."""
    shared = len(a.triples & b.triples)
    every = len(a.triples) + len(b.triples) - shared
    return shared / every if every else 0.0


def own_opening(text: Shingled, other: AbstractSet[Triple]) -> int:
    """How many words a text has before the first passage it shares with the other; all of them
    if it shares none."""
    covered = _covered(text.words, other)
    shared = sum(covered[:WINDOW])
    for start in range(len(covered)):
        if covered[start] and shared >= min(TAKEN_OVER, len(covered) - start):
            return start
        shared += (covered[start + WINDOW] if start + WINDOW < len(covered) else 0) - covered[start]
    return len(covered)


def longest_own_run(text: Shingled, other: AbstractSet[Triple]) -> int:
    """How many words in a row a text has that the other does not."""
    longest = run = 0
    for shared in _covered(text.words, other):
        run = 0 if shared else run + 1
        longest = max(longest, run)
    return longest


def _covered(words: Sequence[str], other: AbstractSet[Triple]) -> list[int]:
    """1 for each word that stands within a triple of the other text, else 0."""
    covered = [0] * len(words)
    for place, triple in enumerate(_triples(words)):
        if triple in other:
            covered[place] = covered[place + 1] = covered[place + 2] = 1
    return covered


def _triples(words: Sequence[str]) -> Iterable[Triple]:
    return zip(words, words[1:], words[2:], strict=False)


def _hash(words: Sequence[str]) -> int:
    text = " ".join(words).encode("utf-8", "replace")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)
