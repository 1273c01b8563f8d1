"""Datelines: place and brand at the head of a text, and sentences that only look like one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dateline import Dateline, read_dateline

BRANDS = (
    "AksaraNewsroom.ID",
    "KORANPRABUMULIHPOS.COM",
    "Radar Oku raya",
    "Wartain Banten",
    "SUMATERAEKSPRES.ID",
    "Radar Bogor",
    "Riau Online",
)


@pytest.mark.parametrize(
    ("text", "place", "brand"),
    [
        ("PANGKALPINANG, AksaraNewsroom.ID — Sekretaris", "Pangkalpinang", "AksaraNewsroom.ID"),
        ("PRABUMULIH, KORANPRABUMULIHPOS.COM — Pemkot", "Prabumulih", "KORANPRABUMULIHPOS.COM"),
        ("Baturaja OKU ,Radar Oku raya ,- Penjabat Sekda", "Baturaja OKU", "Radar Oku raya"),
        ("Wartain Banten | Pemerintahan | 12 Agustus 2025 – Gubernur", None, "Wartain Banten"),
        ("PALEMBANG,SUMATERAEKSPRES.ID-Dua daerah", "Palembang", "SUMATERAEKSPRES.ID"),
        ("Ambon (ANTARA) - Komisi", "Ambon", "ANTARA"),
        ("Bandarlampung, Lampung (ANTARA News) - Petugas", "Bandarlampung", "ANTARA News"),
        ("JAKARTA, DISWAY.ID -Kamu", "Jakarta", "DISWAY.ID"),
        ("RADAR BOGOR– Menjelang", None, "RADAR BOGOR"),
        ("bali.jpnn.com, DENPASAR - Komisi", "Denpasar", "bali.jpnn.com"),
        ("TRIBUNTERNATE.COM,SOFIFI — Gubernur", "Sofifi", "TRIBUNTERNATE.COM"),
        ("SORONG, iNewssorongraya.idKomisi Pemberantasan", "Sorong", "iNewssorongraya.id"),
        ("Bandar Lampung (Lampost.co) — KPK", "Bandar Lampung", "Lampost.co"),
        ("Palembang - Dua daerah", "Palembang", None),
        ("RIAU ONLINE, PEKANBARU-Komisi", "Pekanbaru", "RIAU ONLINE"),
        ("KOMPAS.com - Komisi", None, "KOMPAS.com"),
        ("KBRN, Palembang: Komisi", "Palembang", "KBRN"),
        ("OKU TIMUR, RO – Bupati", "OKU Timur", None),
        ("BAU-BAU - Wali kota", "Bau-Bau", None),
    ],
)
def test_datelines_of_the_families_are_read(
    text: str, place: str | None, brand: str | None
) -> None:
    assert read_dateline(text, BRANDS) == Dateline(place, brand)


@pytest.mark.parametrize(
    "text",
    [
        "Pemerintah Kota Palembang - melalui Inspektorat - hadir.",
        "Pemerintah Kota Palembang - Sumatera Selatan",
        "KPK - lembaga antirasuah itu - menahan bupati.",
        "OTT KPK - Bupati ditangkap",
        "Bupati OKU, Teddy Contoh - yang hadir",
        "Ruas Palembang-Betung akan dibangun",
        "Setyo Contoh: Korupsi adalah musuh",
        "Palembang – ibu kota Sumsel – menjadi",
        "“Kami – siap” kata dia",
        "Sebanyak 20 orang — termasuk bupati — ditangkap",
        "BREAKING NEWS: KPK",
        "",
        "-",
    ],
)
def test_ordinary_sentences_have_no_dateline(text: str) -> None:
    assert read_dateline(text, BRANDS) == Dateline()


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="AaBb .,-–—|:()/IDcom", max_size=300),
    st.lists(st.text(max_size=12), max_size=3),
)
def test_any_text_can_be_asked_for_its_dateline(text: str, brands: list[str]) -> None:
    read_dateline(text, brands)
