"""The five documents as releases: what the duplicates benchmark and its tests edit."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DOCUMENTS = Path(__file__).parents[1] / "fixtures" / "documents"
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()
DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
FIRST = "Arjuna Bramantya Citrawati Darsono Endarwati Fajriansyah Gentala Hamzanwadi".split()
LAST = "Sukaandai Wiracontoh Misalnugraha Ibaratsyah Umpamawati Lakonegoro Kisahputra".split()
DATE = re.compile(r"\((?:(\w+), )?(\d{1,2})/(\d{1,2})/(\d{4})\)|\b\d{1,2} Agustus \d{4}")


@dataclass(frozen=True, slots=True)
class Release:
    """A text with the day it speaks of and what a template would fill in: the forms of its main
    place (code) and of its people."""

    title: str
    paragraphs: tuple[str, ...]
    day: date
    province: str
    places: tuple[str, ...]
    code: str
    people: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        return len(self.text.split())


_KNOWN = {
    "000": (
        "Pejabat Pemkot Ikuti Rakor Pemberantasan Korupsi Pengelolaan BMD Bersama KPK RI",
        date(2025, 4, 30), "19", ("Kota Pangkalpinang", "Pangkalpinang"), "19.71", ("Mie Go",),
    ),
    "001": (
        "Wakil Wali Kota Prabumulih Hadiri Rakor KPK, Tegaskan Komitmen Tata Kelola Bersih",
        date(2025, 11, 13), "16", ("Kota Prabumulih", "Prabumulih"), "16.74",
        ("Franky Nasril", "Franky"),
    ),
    "002": (
        "Rakor Pimpinan Program Pemberantasan Korupsi Dihadiri Pj Sekda OKU",
        date(2023, 3, 21), "16", ("Baturaja OKU", "OKU"), "16.01", ("Dharmawan Irianto",),
    ),
    "003": (
        "Gubernur Banten Tegaskan Komitmen Wujudkan Pemerintahan Akuntabel dan Partisipatif",
        date(2025, 8, 12), "36", ("Banten",), "36",
        ("Andra Soni", "A Dimyati Natakusumah", "Bang Andra"),
    ),
    "004": (
        "Palembang dan Musi Rawas Calon Daerah Percontohan Antikorupsi di Sumsel",
        date(2024, 8, 12), "16", ("Kota Palembang", "Palembang"), "16.71",
        ("Edward Candra",),
    ),
}  # fmt: skip


def documents() -> dict[str, Release]:
    """The five documents without their titles and BACA JUGA lines, by number."""
    found = {}
    for file in sorted(DOCUMENTS.glob("*.txt")):
        title, day, province, places, code, people = _KNOWN[file.name[:3]]
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        kept = [line for line in lines if line and not line.startswith(("BACA JUGA", title))]
        found[file.name[:3]] = Release(title, tuple(kept), day, province, places, code, people)
    return found


def first_words(paragraphs: Sequence[str], share: float) -> list[str]:
    left = int(share * sum(len(p.split()) for p in paragraphs))
    kept = []
    for paragraph in paragraphs:
        words = paragraph.split()[:left]
        left -= len(words)
        if words:
            kept.append(" ".join(words))
    return kept


def long_day(release: Release) -> str:
    day = release.day
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def name(rng: random.Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"
