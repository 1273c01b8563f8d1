"""Whether a place's name in a text is the place of a case, or another's that begins like it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from store.case_records import Case

# "Ogan Komering Ulu Selatan", "Bandung Barat": other places.
FURTHER = re.compile(
    r" (?:\(\w+\) )?(timur|selatan|utara|barat daya|barat|tengah|tenggara|raya|ilir|induk|hulu)\b"
)
OF_A_CITY = re.compile(r"\b(?:(?<!ibu )kota|pemkot|pemko)(?: nonaktif)? $")
OF_A_REGENCY = re.compile(r"\b(?:kabupaten|kab\.?|pemkab|bupati|wabup)(?: nonaktif)? $")
COMPASS = {"timur": "tim", "utara": "ut", "selatan": "sel", "barat": "bar", "tengah": "teng"}
CITY, REGENCY = ("wali kota", "wakil wali kota"), ("bupati", "wakil bupati")


def short_forms(place: str) -> Iterator[str]:
    """How the press may shorten a place with a direction: "gorut", "matim", "konsel"."""
    words = place.split()
    if len(words) == 2 and words[1] in COMPASS:
        end = COMPASS[words[1]]
        yield from (words[0][:length] + end for length in (2, 3) if length + len(end) > 4)
        yield from (words[0][:3] + end[:1] + "a" for _ in range(end == "ut"))


def is_that_place(case: Case, folded: str, low: int, high: int) -> bool:
    """Whether a case's place, met from low to high, is not part of a longer name and not the city
    beside the regency of the same name."""
    form = folded[low:high]
    further = FURTHER.match(folded, high)
    if further and f"{form} {further[1]}" not in case.forms("region"):
        return False
    before = folded[max(0, low - 30) : low]
    offices = {office.partition(": ")[0] for office in case.forms("office")}
    if OF_A_CITY.search(before) and offices.intersection(REGENCY):
        return not offices.isdisjoint(CITY)
    if OF_A_REGENCY.search(before) and offices.intersection(CITY):
        return not offices.isdisjoint(REGENCY)
    return True
