"""The names of Indonesia's regions and where a text says them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import ahocorasick_rs

from crawler.passages import fold

Kind = Literal["province", "regency", "city"]
Strength = Literal["name", "cued", "seat"]

# What stands before a name and says which of its bearers is meant. The longest cue is 18 letters.
BEFORE = 26
CUES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("province", re.compile(r"\b(?:provinsi|prov\.?|gubernur|wagub|cagub|pemprov)\s$")),
    ("regency", re.compile(r"\b(?:kabupaten|kab\.?|pemkab|(?:wa|ca)?bup(?:ati)?)\s$")),
    (
        "city",
        re.compile(
            r"\b(?:kota(?: administrasi)?|pemko(?:t|ta)?|walikota|wawali|wali kota|walkot"
            r"|wa(?:wa|wal)?ko|kotamadya|balai ?kota)\s$"
        ),
    ),
)
EITHER = re.compile(r"\bkabupaten ?/ ?kota\s$|\bkab/kota\s$")
SEAT_OF = re.compile(
    r"\b(?:dprd|polres(?:ta|tabes)?|kejari|sekda|pemda|rsud|inspektorat|inspektur|kpu|bawaslu|pn"
    r"|pengadilan negeri|kejaksaan negeri|lapas|rutan|kodim|bkd|bappeda|dinas \w+)\s$"
)
PLACED = re.compile(r"\b(?:di|ke|dari|asal|se|wilayah|warga|masyarakat)\s$")
NOT_A_PLACE = re.compile(
    r"\b(?:jalan|jl\.?|jln\.?|nasi|rumah makan|rm|sate|simpang|gunung|danau|sungai|selat|laut"
    r"|universitas|bank|pt|cv|persib|korporasi|koperasi)\s$"
)
LINK = re.compile(r"(?:,| dan|, dan|, serta| serta| maupun| hingga)\s$")
APPOSITION = re.compile(r"\s?[,(]?\s?(?:provinsi |prov\.? )?")
DASH = re.compile(r"\s?(?:[-–—|]|, )")
OFFICIAL = re.compile(r"(Kabupaten|Kota)(?: Administrasi)? (.+)")
MIN_JOINED = 7


@dataclass(frozen=True, slots=True)
class Region:
    """A province, regency (kabupaten) or city (kota) with its official name."""

    code: str
    name: str
    kind: Kind

    @property
    def bare(self) -> str:
        """The name without Kabupaten or Kota."""
        match = OFFICIAL.fullmatch(self.name)
        return match[2] if match else self.name

    @property
    def province(self) -> str:
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Place:
    """A name met in a text. code is None while several regions could be meant (candidates);
    cued tells that "Bupati", "Kota" .. stood before it; start and end are code points."""

    code: str | None
    candidates: tuple[str, ...]
    start: int
    end: int
    words: str
    cued: bool = False
    seat: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    codes: tuple[str, ...]
    low: int
    high: int
    cue: Kind | None
    seat: bool


class Gazetteer:
    """The names of all regions, searchable; build it once with load_gazetteer. names are all of
    them as they are sought, in lower case."""

    def __init__(
        self,
        regions: Iterable[Region],
        names: Iterable[tuple[str, str, Strength]],
        words: Iterable[str] = (),
        hard: Iterable[str] = (),
    ) -> None:
        self.regions: Mapping[str, Region] = {region.code: region for region in regions}
        self._hard = frozenset(hard)
        self._words = frozenset(words) | self._hard
        self._names: dict[str, dict[str, tuple[str, Strength]]] = defaultdict(dict)
        for region in self.regions.values():
            self._add(region.bare, region.code, "name")
            joined = region.bare.replace(" ", "").replace("-", "")
            if region.bare.count(" ") + region.bare.count("-") == 1 and len(joined) >= MIN_JOINED:
                self._add(joined.capitalize(), region.code, "name")
            for group in ("Kepulauan ", "Pulau ", "Kep. "):
                rest = region.bare.removeprefix(group)
                if rest != region.bare and len(rest) >= 5 and rest.lower() != "seribu":
                    self._add(rest, region.code, "name")
        for name, code, strength in names:
            self._add(name, code, strength)
        self._keys = list(self._names)
        self.names = frozenset(self._keys)
        self._automaton = ahocorasick_rs.AhoCorasick(self._keys)

    def _add(self, name: str, code: str, strength: Strength) -> None:
        self._names[fold(name).lower].setdefault(code, (name, strength))

    def name_of(self, code: str) -> str:
        """The official name ("Kota Pangkal Pinang"), or the code itself if there is no such."""
        region = self.regions.get(code)
        return region.name if region else code

    def find(self, text: str, province: str | None = None) -> tuple[Place, ...]:
        """Every region named, in order. province is the outlet's and settles names that two
        provinces share; a name that stays open keeps its candidates and has no code."""
        folded = fold(text)
        found = self._scan(text, folded.lower, folded.places, province)
        settled = _settle(found, province, self.regions, folded.lower)
        return tuple(
            Place(
                code=codes[0] if len(codes) == 1 else None,
                candidates=codes,
                start=folded.origin(item.low),
                end=folded.origin(item.high - 1) + 1,
                words=text[folded.origin(item.low) : folded.origin(item.high - 1) + 1],
                cued=item.cue is not None,
                seat=item.seat,
            )
            for item, codes in zip(found, settled, strict=True)
        )

    def _scan(
        self, text: str, lower: str, places: tuple[int, ...] | None, province: str | None
    ) -> list[_Found]:
        spans = [
            (low, high, self._keys[key])
            for key, low, high in self._automaton.find_matches_as_indexes(lower, overlapping=True)
            if not lower[low - 1 : low].isalnum() and not lower[high : high + 1].isalnum()
        ]
        found: list[_Found] = []
        last_end = 0
        for low, high, key in sorted(spans, key=lambda span: (span[0], -span[1])):
            if low < last_end:
                continue
            start = low if places is None else places[low]
            end = high if places is None else places[high]
            placed = _is_dateline(text, start, end)
            item = self._accept(key, (low, high), lower, text[start], (found, province, placed))
            if item is not None:
                found.append(item)
                last_end = high
        return found

    def _accept(
        self,
        key: str,
        span: tuple[int, int],
        lower: str,
        initial: str,
        context: tuple[list[_Found], str | None, bool],
    ) -> _Found | None:
        (low, high), (found, province, dateline) = span, context
        before = lower[max(0, low - BEFORE) : low]
        cue = _cue(before)
        if cue is None and found and LINK.fullmatch(lower[found[-1].high : low]):
            cue = found[-1].cue
        strong = cue is not None or dateline or SEAT_OF.search(before) is not None
        if not strong and (initial.islower() or NOT_A_PLACE.search(before)):
            return None
        codes = []
        for code, (_, strength) in self._names[key].items():
            at_home = province == code[:2]
            placed = (at_home or key not in self._hard) and PLACED.search(before) is not None
            if (strength == "cued" and not (strong or at_home)) or (
                strength == "name" and key in self._words and not (strong or placed)
            ):
                continue
            codes.append(code)
        if not codes:
            return None
        fitting = tuple(code for code in codes if self.regions[code].kind == cue)
        seat = all(self._names[key][code][1] == "seat" for code in codes)
        return _Found(fitting or tuple(codes), low, high, cue, seat)


def _is_dateline(text: str, start: int, end: int) -> bool:
    """ "SORONG - Wali Kota ..": capitals that open a paragraph, and a dash behind them."""
    opens = not text[:start].rpartition("\n")[2].strip()
    return opens and text[start:end].isupper() and DASH.match(text, end) is not None


def _cue(before: str) -> Kind | None:
    if EITHER.search(before):
        return None
    for kind, pattern in CUES:
        if pattern.search(before):
            return kind
    return None


OF_REGENCY = re.compile(r"\b(?:bupati|wabup|pemkab|kabupaten)\b")
OF_CITY = re.compile(r"\b(?:wali ?kota|wawako|wawali|pemkot|pemko)\b")


def _settle(
    found: list[_Found], province: str | None, regions: Mapping[str, Region], lower: str
) -> list[tuple[str, ...]]:
    """The candidates of each name, narrowed by what the rest of the text makes plain."""
    settled = [item.codes for item in found]
    sure = {codes[0] for codes in settled if len(codes) == 1}
    home = {province} if province else {code[:2] for code in sure}
    lead: Kind | None = None
    if bool(OF_REGENCY.search(lower)) != bool(OF_CITY.search(lower)):
        lead = "regency" if OF_REGENCY.search(lower) else "city"
    for place in range(len(settled)):
        named = _province_after(found, place, lower)
        for keep in (
            lambda code, named=named: code[:2] == named,
            lambda code: code[:2] in home,
            lambda code: code in sure,
            lambda code: regions[code].kind == lead,
        ):
            fitting = tuple(code for code in settled[place] if keep(code))
            settled[place] = fitting or settled[place]
    return settled


def _province_after(found: Sequence[_Found], place: int, lower: str) -> str | None:
    """The province said right behind a name: "Banjar, Kalsel" or "Solok (Sumatera Barat)"."""
    if place + 1 >= len(found) or len(found[place + 1].codes[0]) != 2:
        return None
    gap = lower[found[place].high : found[place + 1].low]
    return found[place + 1].codes[0] if APPOSITION.fullmatch(gap) else None
