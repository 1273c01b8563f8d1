"""Items that belong to a case by several small signs: who, which office, what, where, in court."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import groupby

import pytest

from benchmarks.cases import Rules, found_in, lines
from crawler.affairs import objects_in
from crawler.case_items import MAX_READ, readable
from crawler.case_places import short_forms
from crawler.cases import join, match
from store.case_records import CaseTerm
from tests.test_cases import CASES, KPK, ON, REGIONS, WORDS, found, taught

MUCH_LATER = ON + timedelta(days=200)
# Two suspects of one matter, a road with a name of its own, a nickname, a deputy to be.
ROAD = join(
    (),
    taught(
        "KPK Tahan Bupati Muara Contoh",
        "KPK menahan Bupati Muara Contoh Darsalim Wiraguna, yang akrab disapa Bang Salim, dan"
        " Kepala Dinas PUPR Muara Contoh Yusrandi Palgunadi sebagai tersangka suap proyek jalan"
        " Lembah–Tanggul.",
        "Kontraktor Budiarga alias Gembul juga ditahan.",
    ),
)


@pytest.mark.parametrize(
    ("title", "paragraph"),
    [
        ("Ruang Kadis PUPR Disegel", "Ruang kerja Kadis PUPR Muara Contoh masih disegel."),
        ("Wabup Pimpin Apel", "Wakil Bupati Muara Contoh menjadi Plt setelah bupati ditahan."),
        ("Gudang Gembul Digeledah", "Petugas membawa berkas jalan Lembah–Tanggul."),
        ("Relawan Gelar Doa", "Relawan mendoakan Bang Salim di lapangan Muara Contoh."),
        ("Yusrandi Menangis", "Yusrandi mengaku menyetor kepada Darsalim di depan hakim."),
        ("Fee Jalan Lembah-Tanggul", "Saksi mengungkap fee jalan Lembah-Tanggul dalam sidang."),
        ("Kantor PUPR Digeledah", "Kantor Dinas PU Muara Contoh digeledah empat jam."),
        (
            "Kuasa Hukum Bicara",
            "Darsalim Wiragunna, kata pengacara, siap disidang di Muara Contoh.",
        ),
    ],
)
def test_small_signs_add_up(title: str, paragraph: str) -> None:
    assert found(title, paragraph, cases=ROAD)


@pytest.mark.parametrize(
    ("title", "paragraphs"),
    [
        ("Kadis Sosial Diperiksa", ["Kadis Sosial Muara Contoh diperiksa soal bantuan, Senin."]),
        ("Plt Bupati Buka Lomba", ["Plt Bupati Muara Contoh membuka lomba perahu."]),
        ("Jalan Lembah-Tanggul Longsor", ["Jalan Lembah–Tanggul di Muara Contoh longsor."]),
        ("Darsalim Panen Kopi", ["Darsalim (52), petani Muara Contoh, panen kopi."]),
        ("Yusrandi Hamid Dituntut", ["Terdakwa Yusrandi Hamid dituntut. Yusrandi menangis."]),
        (
            "Klub Perahu Cari Donatur",
            [
                "Klub perahu Muara Contoh mencari donatur.",
                "Kas kosong sejak Darsalim Wiraguna ditahan, kata pengurus.",
                "Latihan tetap digelar.",
            ],
        ),
        ("Maling Ditahan", ["Maling di Kabupaten Muara Contoh ditahan. Keluarga korban lega."]),
    ],
)
def test_one_sign_or_a_word_by_the_way_is_not_enough(title: str, paragraphs: list[str]) -> None:
    assert not found(title, *paragraphs, cases=ROAD)


def test_who_stands_in_is_news_only_after_the_arrest() -> None:
    text = "Wakil Bupati Muara Contoh menjadi Plt karena pimpinannya ditahan."
    assert found("Wabup Pimpin Apel", text, cases=ROAD)
    assert not found("Wabup Pimpin Apel", text, on=MUCH_LATER, cases=ROAD)


def test_the_evidence_names_the_signs() -> None:
    case = match(
        "Ruang Kadis PUPR Disegel",
        ["Ruang kerja Kadis PUPR Muara Contoh masih disegel."],
        ROAD,
        ON,
        WORDS,
    )
    assert case is not None
    assert case.score >= 0.5
    assert any("Kadis PUPR" in reason.quote for reason in case.reasons)


def test_an_office_is_learned_with_its_institution() -> None:
    assert CaseTerm("office", "kepala dinas pupr: muara contoh") in ROAD[0].terms


def test_what_is_built_is_learned_by_its_name() -> None:
    assert objects_in("suap proyek jalan Lembah–Tanggul", WORDS) == ("jalan lembah tanggul",)
    assert objects_in("Jalan Muara Contoh rusak", WORDS, ["muara contoh"]) == ()


def test_a_place_with_a_direction_has_short_names() -> None:
    assert "gorut" in set(short_forms("gorontalo utara"))
    assert "matim" in set(short_forms("manggarai timur"))
    assert not set(short_forms("muara contoh"))


def test_a_shortened_name_is_the_same_case() -> None:
    later = taught(
        "Jaksa KPK Dakwa Darsalim",
        "Jaksa KPK mendakwa terdakwa Salimin Darsalim Wiraguna menerima suap.",
        on=date(2025, 9, 1),
    )
    assert len(join(ROAD, later)) == 1


def test_only_so_much_of_a_text_is_read() -> None:
    assert sum(map(len, readable(["a" * 50_000, "b" * 50_000, "c"]))) == MAX_READ


@pytest.mark.parametrize(
    "unit",
    [
        "Terdakwa Rahmat Wiradinata disidang di Tipikor, kata hakim. ",
        "Kadis PUPR Muara Contoh ditahan, proyek irigasi sidang. ",
        "Wiradinata Hamid. ",
    ],
)
def test_a_text_of_nothing_but_signs_is_read_in_a_moment(unit: str) -> None:
    start = time.process_time()
    match("Sidang suap", [unit * (200_000 // len(unit))], CASES, ON, WORDS)
    assert time.process_time() - start < 2


def test_streams_written_apart_are_told_apart() -> None:
    rules = Rules(KPK, REGIONS, WORDS)
    answers = [
        (line.about, about)
        for _, stream in groupby(lines(), key=lambda line: (line.group, line.stream))
        for line, about in found_in(list(stream), rules)
    ]
    assert answers.count((True, False)) <= 4, "follow-ups missed"
    assert answers.count((False, True)) <= 1, "others found"
