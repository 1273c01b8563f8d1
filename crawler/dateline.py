"""Reads place and brand from the words that open an article: "PALEMBANG, SUMATERAEKSPRES.ID-"."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from crawler.headline import folded
from crawler.hygiene import tidy

MAX_HEAD = 110  # code points; the longest dateline met has 60

# Written in capitals also inside a sentence (facts/outlets.md, abbreviations of regions).
_ABBREVIATED = """OKU OKI OI OKUT OKUS PALI NTB NTT DIY DKI DKJ TTS TTU SBD KSB KLU HSU HSS HST
    PPU KTT IKN RI MBD SBB SBT"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_AGENCIES = frozenset(["antara", "antaranews", "kbrn", "rri", "detikcom", "ant", "cnnindonesia"])
_DOMAIN = r"(?:[A-Za-z0-9][\w-]*\.)+(?:com|co|id|net|org|news|tv|info|my|web|press|online)"
_IS_DOMAIN = re.compile(rf"\s*{_DOMAIN}\s*", re.IGNORECASE)
_DOMAIN_HEAD = re.compile(  # "SORONG, iNewssorongraya.idKomisi ..": the domain ends at a capital
    rf"((?:[A-Z][\w'’.-]*(?:\s[A-Z][\w'’.-]*){{0,3}}\s?,\s?)?{_DOMAIN})\s?(?=[A-Z“\"])"
)
_MEDIA = re.compile(
    r"radar|pos\b|post\b|news|ekspre?s|online|harian|media|kabar|warta|suara|tribun|\btv\b|koran"
    r"|jurnal|berita|tempo|info\b|fokus|lensa|metro|sindo|okezone|viva|republika|rakyat\b|kompas",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"\b(?:pemerintah|pemkot|pemkab|pemprov|pemda|bupati|wali|walikota|gubernur|wakil|ketua|kepala"
    r"|komisi|kpk|ott|dprd|dpr|dinas|sekda|sekretaris|menteri|presiden|kejaksaan|kejari|kejati|kajari"
    r"|polda|polres|polri|tim|jaksa|hakim|mantan|eks|calon|terdakwa|tersangka|direktur|direktorat|pj"
    r"|plt|plh|bank|pt|cv|kasus|dugaan|korupsi|rapat|rakor|program|badan|partai|advertorial|adv"
    r"|breaking|foto|video|opini|editorial|catatan|update|eksklusif|para|sebanyak|dalam|pada|untuk"
    r"|dan|yang|di|ke|dari|akan|senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|baca|penulis"
    r"|reporter|editor|oleh|mcp|mcsp|spi|lhkpn|apbd|asn|bumd|bpk|bpkp|kementerian|kemendagri)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[A-Z][\w'’.]*(?:[\s-]+[A-Z][\w'’.]*){0,3}")
# A dash parts a dateline from its text if it is long, doubled, beside a space, or glued to a
# brand or to capitals before a new sentence.
_DASH = re.compile(
    r"\s*,?\s*(?:[–—―]|-{2,}|\|\||(?<=\s)[-|](?=\s)|(?<=[\s,)])-(?=\S)|(?<=\S)-(?=\s)"
    r"|(?<=[A-Z)])-(?=[A-Z“\"][a-z])|:(?=\s))"
)
_SPLIT = re.compile(r"\s*[,|/()\[\]]\s*")


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where a text says it was written and for whom. place is in ordinary case."""

    place: str | None = None
    brand: str | None = None


def read_dateline(first_paragraph: str, brands: Sequence[str]) -> Dateline:
    """The dateline that opens a paragraph, empty if none does; brands are the names the outlet
    uses there. The paragraph stays as it is.

    A place counts beside a brand or in capitals; a single place in ordinary case only before a
    dash and a new sentence ("Palembang - Dua ..").
    """
    text = tidy(first_paragraph[: 4 * MAX_HEAD])[: 2 * MAX_HEAD]
    known = {plain for brand in brands if len(plain := folded(brand)) >= 3} | _AGENCIES
    for head, rest, firm in _heads(text, known):
        dateline = _read_head(head, rest, known, firm)
        if dateline.place or dateline.brand:
            return dateline
    return Dateline()


def _heads(text: str, known: Set[str]) -> list[tuple[str, str, bool]]:
    """What may be the dateline and the text after it: up to each of the first dashes, then up to
    a brand glued to the text. The last value is False where only a brand can prove it (a colon)."""
    dashes = zip(_DASH.finditer(text, 2, MAX_HEAD), range(3), strict=False)
    heads = [(text[: at.start()], text[at.end() :].lstrip(), ":" not in at[0]) for at, _ in dashes]
    glued = _DOMAIN_HEAD.match(text)
    if glued:
        heads.append((glued[1], text[glued.end() :], False))
    if _IS_DOMAIN.fullmatch(text) or folded(text) in known:
        heads.append((text, "", False))
    return heads


def _read_head(head: str, rest: str, known: Set[str], firm: bool) -> Dateline:
    parts = [part for each in _SPLIT.split(head) if (part := each.strip(" .:-–—"))]
    if not parts or len(parts) > 5 or len(head.split()) > 12:
        return Dateline()
    brand = _brand(parts, known)
    others = [part for part in parts if part != brand]
    if brand is not None and "|" in head:
        return Dateline(None, brand)  # "Wartain Banten | Pemerintahan | 12 Agustus 2025 –"
    place = next((part for part in others if _may_place(part)), None)
    if brand is not None:
        return Dateline(_softened(place) if place else None, brand)
    if not firm or not rest or place is None or place != others[0] or len(others) > 2:
        return Dateline()
    starts_anew = rest[0].isupper() or rest[0].isdigit() or rest[0] in "“\"'‘”"
    shouted = place.isupper() and len(place) > 2
    if shouted or (starts_anew and all(map(_may_place, others))):
        return Dateline(_softened(place))
    return Dateline()


def _brand(parts: Sequence[str], known: Set[str]) -> str | None:
    """The part that is a brand: one we know, a domain, or what sounds like a paper's name."""
    for part in parts:
        if folded(part) in known or _IS_DOMAIN.fullmatch(part):
            return part
    for part in parts:
        plain = folded(part)
        if any(len(brand) > 5 and brand in plain for brand in known) and len(part.split()) <= 5:
            return part
        named = len(parts) > 1 or (part.isupper() and " " in part)
        named = named and not _NO_PLACE.search(part)
        if named and part[:1].isupper() and len(part.split()) <= 4 and _MEDIA.search(part):
            return part
    return None


def _may_place(part: str) -> bool:
    if not _PLACE.fullmatch(part) or len(part) > 40 or any(map(str.isdigit, part)):
        return False
    return len(part) > 1 and not _NO_PLACE.search(part) and not part.endswith("nya")


def _softened(place: str) -> str:
    """Capitals made ordinary, except abbreviations: "OKU TIMUR" is "OKU Timur"."""

    def soften(found: re.Match[str]) -> str:
        word = found[0]
        return word if word in _ABBREVIATIONS or not word.isupper() else word.capitalize()

    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", soften, place)
