"""Judges whether two articles are one text: a copy, a sibling from the same template, or related.

The rules and their numbers stand in findings.md (Near-duplicates): no threshold on the text alone
tells an edited copy from the same release of another regency; a conflict of day or place does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from crawler.conflicts import (
    FAR_APART,
    Facts,
    conflicts,
    facts_of,
    published_apart,
    tells_of_later,
)
from crawler.shingles import (
    Shingled,
    containment,
    fingerprint,
    longest_own_run,
    own_opening,
    resemblance,
    shingled,
    words_of,
)
from store.records import Article

__all__ = ["Comparable", "Relation", "comparable", "compare", "fingerprint"]

Kind = Literal["copy", "sibling", "related"]

SAME_TEXT = 0.6  # containment of word triples from which two texts are one release
AGREED = 0.5  # the same, when title, region and time agree: a release edited heavily
DAYS_OF_A_RELEASE = 4  # within which outlets take it over
IN_PART = 0.25  # from which they have a passage in common
SHARED_TRIPLES = 12  # fewer are a name and its titles, whatever their share
# A brief inside a long story stands for a part of it only: it may not hide the rest, nor tie two
# stories to each other. A release shortened to 40 % is still the release.
OF_THE_LONGER = 0.3
# An opening of one's own, as part of the text and in words. A little makes another story of it
# when it brings another day; much does by itself, for the rest is the background of a case,
# repeated in each story of it.
SOME_NEWS = (0.15, 25)
MUCH_NEWS = (0.3, 40)
SAME_TITLE = 0.5  # of the shorter title's words: a rewritten lead, not another story
NEARLY_EQUAL = 0.9  # resemblance of one outlet's text put up twice
EQUAL = 0.98  # of a text put up again long after
ADDED_WORDS = 15  # in a row: one outlet's story went on; fewer are a correction
# Of a text this short one sentence is a large part, and outlets end on sentences of their own.
SHORT = 60
OF_A_SHORT_TEXT = 0.85


@dataclass(frozen=True)
class Comparable:
    """An article made ready to be compared with others. No slots: its facts, which few
    comparisons ask for, are read once and kept."""

    outlet: str
    article: Article
    text: Shingled

    @cached_property
    def facts(self) -> Facts:
        """What the text says of when, where and who."""
        return facts_of(self.article)


@dataclass(frozen=True, slots=True)
class Relation:
    """How two articles belong together. containment is the part of the shorter one's word
    triples that stands in the other, 0 to 1; evidence tells a person what was shared and what
    speaks against one text; conflicts are the latter alone."""

    kind: Kind
    containment: float
    evidence: str
    conflicts: tuple[str, ...] = ()


def comparable(article: Article, outlet: str) -> Comparable:
    """The article of that outlet (its slug), ready to be compared. A title alone is compared as
    if it were the text."""
    return Comparable(outlet, article, shingled(article.text.strip() or article.title))


def compare(a: Comparable, b: Comparable) -> Relation | None:
    """How the two belong together, None if they do not; the order does not matter.

    A *copy* has at least .6 of its word triples in the other and nothing speaks against one
    event; with a conflict of day, place or people it is a *sibling*; from .25, or when only
    background or a brief is shared, the two are *related*.
    """
    share = containment(a.text, b.text)
    shared = len(a.text.triples & b.text.triples)
    if share < IN_PART or shared < min(SHARED_TRIPLES, _fewer(a, b)):
        return None
    said = f"{share:.0%} of the shorter text"
    if share < AGREED or (share < SAME_TEXT and not _agree(a, b)):
        return Relation("related", share, said)
    against = _against(a, b)
    if reason := _only_in_part(a, b, share, bool(against)):
        return Relation("related", share, f"{said}; {reason}")
    if against:
        return Relation("sibling", share, "; ".join((said, *against)), against)
    if a.outlet == b.outlet and not _put_up_twice(a, b):
        return Relation("related", share, f"{said}; another version at the same outlet")
    return Relation("copy", share, said)


def _fewer(a: Comparable, b: Comparable) -> int:
    return min(len(a.text.triples), len(b.text.triples))


def _against(a: Comparable, b: Comparable) -> tuple[str, ...]:
    """Conflicts, to which a long time between two unlike publications counts."""
    against = conflicts(a.facts, b.facts)
    apart = published_apart(a.facts, b.facts)
    if not against and apart > FAR_APART and resemblance(a.text, b.text) < EQUAL:
        return (f"published {apart} days apart",)
    return against


def _only_in_part(a: Comparable, b: Comparable, share: float, conflicting: bool) -> str | None:
    """Why a large common part does not make one text of two; None if it does."""
    shorter, longer = sorted((a, b), key=lambda side: (len(side.text.words), side.text.words))
    if len(shorter.text.words) < OF_THE_LONGER * len(longer.text.words):
        return "a brief within a longer story"
    titled_alike = _titles_agree(a.article.title, b.article.title)
    if _fewer(a, b) < SHORT and not titled_alike and share < OF_A_SHORT_TEXT:
        return "short texts with passages in common"
    earlier, later = sorted(
        (shorter, longer), key=lambda side: (side.article.published_at, side is longer)
    )
    if not _opens_anew(later, earlier, SOME_NEWS):
        return None
    if conflicting or a.outlet == b.outlet or tells_of_later(later.facts, earlier.facts):
        both = _opens_anew(earlier, later, SOME_NEWS)
        return "only the background is shared" if both else "a follow-up to the earlier story"
    apart = published_apart(a.facts, b.facts)
    if not _opens_anew(later, earlier, MUCH_NEWS) or (titled_alike and not apart):
        return None
    if _opens_anew(earlier, later, MUCH_NEWS):
        return "only the background is shared"
    return "a follow-up to the earlier story" if apart and later is longer else None


def _opens_anew(one: Comparable, other: Comparable, least: tuple[float, int]) -> bool:
    share, words = least
    own = own_opening(one.text, other.text.triples)
    return own >= max(words, share * len(one.text.words))


def _put_up_twice(a: Comparable, b: Comparable) -> bool:
    """One outlet's text under two addresses: the same in all but a few words and in every
    number. Otherwise its story went on, or it fills in a form of its own."""
    numbers_a, numbers_b = (
        {word for word in (*words_of(side.article.title), *side.text.words) if word.isdigit()}
        for side in (a, b)
    )
    added = max(longest_own_run(a.text, b.text.triples), longest_own_run(b.text, a.text.triples))
    return (
        _fewer(a, b) >= SHORT
        and numbers_a == numbers_b
        and added < ADDED_WORDS
        and resemblance(a.text, b.text) >= NEARLY_EQUAL
    )


def _agree(a: Comparable, b: Comparable) -> bool:
    """Told within days of each other, under nearly one title, of one region; an event day that
    differs is a conflict anyway."""
    near = published_apart(a.facts, b.facts) <= DAYS_OF_A_RELEASE
    region = a.facts.region is not None and a.facts.region == b.facts.region
    return near and region and _titles_agree(a.article.title, b.article.title)


def _titles_agree(a: str, b: str) -> bool:
    words_a, words_b = set(words_of(a)), set(words_of(b))
    fewer = min(len(words_a), len(words_b))
    return bool(fewer) and len(words_a & words_b) >= SAME_TITLE * fewer
