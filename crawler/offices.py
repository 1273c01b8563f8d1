"""Offices and the places they are of: "eks Bupati Muara Contoh"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from crawler.case_words import CaseWords

# How far behind an office its institution stands, in characters.
REACH = 45
SPLIT = re.compile(r"[,.;(]| dan ")
COMPASS = re.compile(r" \(\w+\) (timur|selatan|utara|barat|tengah|barat daya|tenggara)\b")


def offices_in(folded: str, places: frozenset[str], words: CaseWords) -> Iterator[tuple[str, str]]:
    """The offices a folded sentence names with a place: ("bupati", "muara contoh"). Who only stands
    in for another, or is a witness, does not count."""
    matches = list(words.office.finditer(folded))
    for match, following in zip_longest(matches, matches[1:]):
        before = folded[: match.start()]
        if words.acting_for.search(before[-20:]) or words.witness.search(before[-20:]):
            continue
        end = min(match.end() + 90, following.start() if following else len(folded))
        place = place_within(folded[match.end() : end], places)
        if place is not None:
            yield office_of(match, words), place
            institution = institution_of(folded, match, words)
            if institution and office_of(match, words) not in words.single:
                yield f"{office_of(match, words)} {institution}", place


def institution_of(folded: str, match: re.Match[str], words: CaseWords) -> str:
    """By its plain name whose head the office met is ("pupr" of "Kadis PU"), "" if that is not
    said right there."""
    following = words.office.search(folded, match.end(), match.end() + REACH)
    end = following.start() if following else match.end() + REACH
    text = SPLIT.split(folded[match.start() : end], maxsplit=1)[0]
    found = [
        (met.start(), name)
        for name, pattern in words.institutions.items()
        if (met := pattern.search(text))
    ]
    return min(found)[1] if found else ""


def office_of(match: re.Match[str], words: CaseWords) -> str:
    """The office a match of words.office stands for, by its plain name."""
    return words.offices[int((match.lastgroup or "o0")[1:])]


def place_within(text: str, places: frozenset[str]) -> str | None:
    """The first and longest of the places a folded text names as a word of its own."""
    best: tuple[int, int, str] | None = None
    for place in places:
        match = re.search(rf"(?<!\w){re.escape(place)}(?!\w)", text)
        if match and (best is None or (match.start(), -len(place)) < best[:2]):
            best = (match.start(), -len(place), place)
    if best is None:
        return None
    # "Ogan Komering Ulu (OKU) Timur"
    rest = COMPASS.match(text, best[0] + len(best[2]))
    return f"{best[2]} {rest[1]}" if rest else best[2]
