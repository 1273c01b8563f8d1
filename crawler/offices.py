"""Offices and the places they are of: "eks Bupati Muara Contoh"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from crawler.case_words import ACTING_FOR, OFFICE, OFFICES, WITNESS

COMPASS = re.compile(r" \(\w+\) (timur|selatan|utara|barat|tengah|barat daya|tenggara)\b")


def offices_in(folded: str, places: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The offices a folded sentence names with a place: ("bupati", "muara contoh"). Who only stands
    in for another, or is a witness, does not count."""
    matches = list(OFFICE.finditer(folded))
    for match, following in zip_longest(matches, matches[1:]):
        before = folded[: match.start()]
        if ACTING_FOR.search(before[-20:]) or WITNESS.search(before[-20:]):
            continue
        end = min(match.end() + 90, following.start() if following else len(folded))
        place = place_within(folded[match.end() : end], places)
        if place is not None:
            yield office_of(match), place


def office_of(match: re.Match[str]) -> str:
    """The office a match of OFFICE stands for, by its plain name."""
    return tuple(OFFICES)[int((match.lastgroup or "o0")[1:])]


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
