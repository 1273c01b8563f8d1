"""Tells an agency at work in a story from one that only stands by."""

from __future__ import annotations

import re

from crawler.matches import Hit

# How far before its name the words that make an agency a bystander are sought, in characters.
REACH = 60
ONCE_OF = re.compile(r"\b(?:mantan|eks|bekas|oknum) (?:\w+ ){0,2}$", re.IGNORECASE)
# "Polisi berjaga di gerbang", "sidang dijaga polisi": keeping order, no agency at work.
GUARDED = re.compile(r"\b(?:dijaga|dikawal)(?: \w+){0,3} (?:\w+ )?$", re.IGNORECASE)
# "Diperiksa di Mapolres", "ruang Satreskrim dipakai": the KPK works in rooms it is lent.
LENT = re.compile(r"\b(?:di|ke|ruang|aula|gedung|markas)(?: \w+)? $", re.IGNORECASE)
GUARDING = re.compile(
    r"(?: (?!dan |menyita|menahan)\w+){0,3} (?:berjaga|menjaga|mengatur|mengawal|pengamanan"
    r"|meminjam\w+)\b",
    re.IGNORECASE,
)


def is_bystander(hit: Hit, named: bool) -> bool:
    """Whether another agency is named only as where somebody once was ("terdakwa mantan Kajari"),
    as keeping order, or (where the KPK is named) as the place of what happens."""
    if hit.term.kind != "other":
        return False
    before = hit.passage.text[max(0, hit.start - REACH) : hit.start]
    if ONCE_OF.search(before) or GUARDED.search(before) or (named and LENT.search(before)):
        return True
    return GUARDING.match(hit.passage.text, hit.end) is not None
