"""Releases as other offices fill in the same template: siblings, never copies."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from benchmarks.release_edits import edited, shortened
from benchmarks.releases import DATE, DAYS, Release, name
from crawler.gazetteer import Gazetteer


def elsewhere(release: Release, rng: random.Random, gazetteer: Gazetteer) -> Release:
    """Another place of the same kind and other people, on the same day: half of them neighbours
    in the same province."""
    whole = "." not in release.code
    kinds = ("province",) if whole else ("regency", "city")
    near = rng.random() < 0.5 and not whole
    choice = [
        region
        for region in gazetteer.regions.values()
        if region.kind in kinds
        and region.bare not in release.text
        and region.province != "31"
        and (not near or region.province == release.province)
    ]
    region = rng.choice(choice)
    swaps = [(form, region.name if form[:4] == "Kota" else region.bare) for form in release.places]
    swaps += [(form.upper(), region.bare.upper()) for form in release.places]
    swaps.append(("Wali Kabupaten", "Bupati"))
    people = [(person, name(rng)) for person in release.people]
    return filled(replace(release, province=region.province), swaps + people)


def another_day(release: Release, rng: random.Random) -> Release:
    """The same office's next release of the kind, weeks or months later."""
    day = release.day + timedelta(days=rng.randint(7, 200))
    later = replace(release, day=day)
    dated = f"({DAYS[day.weekday()]}, {day.day}/{day.month}/{day.year})"
    return replace(later, paragraphs=tuple(DATE.sub(dated, p) for p in release.paragraphs))


def with_a_date(release: Release) -> Release:
    """The release, its day told if it does not tell it: a template that tells it always does."""
    if DATE.search(release.text):
        return release
    day = release.day
    told = f" Kegiatan berlangsung {DAYS[day.weekday()]} ({day.day}/{day.month}/{day.year})."
    first = release.paragraphs[0] + told
    return replace(release, paragraphs=(first, *release.paragraphs[1:]))


def filled(release: Release, swaps: Sequence[tuple[str, str]]) -> Release:
    def swap(text: str) -> str:
        for old, new in swaps:
            text = re.sub(rf"\b{re.escape(old)}\b", new, text)
        return text

    return replace(
        release, title=swap(release.title), paragraphs=tuple(map(swap, release.paragraphs))
    )


Fill = Callable[[Release, random.Random, Gazetteer], Release]
SIBLINGS: dict[str, Fill] = {
    "another place, same day": elsewhere,
    "another day": lambda r, rng, g: another_day(r, rng),
    "another place and day": lambda r, rng, g: another_day(elsewhere(r, rng, g), rng),
    "another place, 5 % edited": lambda r, rng, g: edited(elsewhere(r, rng, g), rng, 0.05),
    "another place, shortened": lambda r, rng, g: shortened(elsewhere(r, rng, g), rng, 0.6),
    "another day, 5 % edited": lambda r, rng, g: edited(another_day(r, rng), rng, 0.05),
}
