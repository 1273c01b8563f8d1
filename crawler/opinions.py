"""Tells a column of opinion from a report, for a column has no lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# "OPINI: ..", "Tajuk | ..", "Surat Pembaca - ..": how outlets head what is not a report.
HEADED = re.compile(
    r"\W*(?:opini|kolom|tajuk(?: rencana)?|surat pembaca|editorial|esai|perspektif"
    r"|analisis|gagasan)\s*[:|\]\u2013\u2014-]",
    re.IGNORECASE,
)
# "Oleh: Marlina Tegar Buana (dosen)": a first paragraph of its own, no sentence.
BYLINE = re.compile(r"\s*(?:Oleh|OLEH|Penulis|PENULIS)\s*:?\s+[A-Z][^.!?]{2,119}$")


@dataclass(frozen=True, slots=True)
class Shape:
    """How many paragraphs a text has, which of them is its lead, and whether it argues an
    opinion."""

    paragraphs: int
    lead: int
    opinion: bool


def shape_of(title: str, paragraphs: Sequence[str]) -> Shape:
    """The shape of an item's cleaned text: a line that only says who wrote it is no lead."""
    byline = len(paragraphs) > 1 and BYLINE.match(paragraphs[0]) is not None
    return Shape(len(paragraphs), int(byline), byline or HEADED.match(title) is not None)
