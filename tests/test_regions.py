"""Regions: every official and press name, shared names, and the region an item is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.regions import Gazetteer, load_gazetteer, main_region
from crawler.terms import VocabularyError


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def codes(gazetteer: Gazetteer, text: str, province: str | None = None) -> list[str | None]:
    return [place.code for place in gazetteer.find(text, province)]


def test_all_38_provinces_and_514_regencies_are_known(gazetteer: Gazetteer) -> None:
    kinds = [region.kind for region in gazetteer.regions.values()]
    assert (kinds.count("province"), len(kinds) - kinds.count("province")) == (38, 514)


def test_every_regency_is_found_by_its_official_name(gazetteer: Gazetteer) -> None:
    for region in gazetteer.regions.values():
        if region.kind != "province":
            assert codes(gazetteer, f"Rapat di {region.name}, Rabu.") == [region.code], region


def test_every_kabupaten_is_found_by_its_short_prefix(gazetteer: Gazetteer) -> None:
    for region in gazetteer.regions.values():
        if region.kind == "regency":
            for before in ("Kab. ", "Kab ", "Bupati ", "Pemkab ", "Wabup "):
                assert codes(gazetteer, f"{before}{region.bare} hadir") == [region.code], region


def test_every_city_is_found_beside_its_mayor(gazetteer: Gazetteer) -> None:
    for region in gazetteer.regions.values():
        if region.kind == "city":
            for before in ("Wali Kota ", "Walikota ", "Pemkot ", "Pemko ", "Wawako "):
                assert codes(gazetteer, f"{before}{region.bare} hadir") == [region.code], region


def test_every_province_is_found_beside_its_governor(gazetteer: Gazetteer) -> None:
    for region in gazetteer.regions.values():
        if region.kind == "province":
            for before in ("Provinsi ", "Gubernur ", "Pemprov "):
                assert codes(gazetteer, f"{before}{region.name} hadir") == [region.code], region


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sekda Pangkalpinang", "19.71"),
        ("Pemko Palangka Raya", "62.71"),
        ("di Lubuklinggau", "16.73"),
        ("di Tanjungpinang", "21.72"),
        ("di Pagaralam", "16.72"),
        ("di Baubau", "74.72"),
        ("di Bau-Bau", "74.72"),
        ("Sekda OKU", "16.01"),
        ("Bupati OKU Timur", "16.08"),
        ("Bupati Muratara", "16.13"),
        ("Pemkab Muba", "16.06"),
        ("Pemkab PALI", "16.12"),
        ("Bupati Mitra", "71.07"),
        ("Bupati Koltim", "74.11"),
        ("DPRD Polman", "76.04"),
        ("Pemkab Kukar", "64.02"),
        ("Bupati HSU", "63.08"),
        ("Bupati Tubaba", "18.12"),
        ("Bupati Tanjabtim", "15.07"),
        ("Gubernur NTB", "52"),
        ("Pemprov Kepri", "21"),
        ("Sumsel", "16"),
        ("se-Sumatera Selatan", "16"),
        ("DKI Jakarta", "31"),
        ("BATURAJA - Sekda", "16.01"),
        ("TIMIKA - Sekda", "94.04"),
        ("kota prabumulih", "16.74"),
        ("Kabupaten\u00a0Musi  Rawas Utara", "16.13"),
    ],
)
def test_press_names_and_abbreviations_are_known(
    gazetteer: Gazetteer, text: str, code: str
) -> None:
    assert codes(gazetteer, text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Batu pertama diletakkan",
        "Sabang hingga ujung timur negeri",
        "Buru pelaku",
        "Polda Metro Jaya",
        "Pati Polri",
        "seni Solo gitar",
        "mitra kerja dan oi",
        "Puncak acara digelar",
        "Kota tua di seribu pulau",
        "Jalan Palembang nomor 5",
        "KPK di Kuningan",
        "uang seribu rupiah",
    ],
)
def test_a_common_word_is_no_region_without_a_cue(gazetteer: Gazetteer, text: str) -> None:
    assert codes(gazetteer, text) == []


def test_a_common_word_is_a_region_beside_its_office(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Wali Kota Batu dan Bupati Buru") == ["35.79", "81.04"]


@pytest.mark.parametrize(
    ("text", "province", "code"),
    [
        ("Bogor", None, None),
        ("Bupati Bogor", None, "32.01"),
        ("Wali Kota Bogor", None, "32.71"),
        ("Solok", "13", None),
        ("Pemkab Solok", None, "13.02"),
        ("Banjar", None, None),
        ("Banjar", "63", "63.03"),
        ("Bima", "52", None),
        ("Gorontalo", None, None),
        ("Gubernur Gorontalo", None, "75"),
        ("Kabupaten Gorontalo", None, "75.01"),
        ("Kota Jayapura", None, "91.71"),
        ("Bupati Mura", "16", "16.05"),
        ("Bupati Mura", "62", "62.12"),
    ],
)
def test_a_shared_name_is_settled_or_left_open(
    gazetteer: Gazetteer, text: str, province: str | None, code: str | None
) -> None:
    assert codes(gazetteer, text, province) == [code]


def test_the_province_right_behind_a_name_outweighs_the_outlets(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Banjar, Kalsel", "32")[0] == "63.03"


def test_a_bare_name_follows_the_same_name_said_in_full(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Kota Cirebon rapat. Nilai Cirebon naik.") == ["32.74", "32.74"]


def test_a_list_inherits_its_first_cue(gazetteer: Gazetteer) -> None:
    found = codes(gazetteer, "Kabupaten Seluma dan Lebong, serta Kota Bengkulu")
    assert found == ["17.05", "17.07", "17.71"]


def test_a_dateline_is_a_cue_for_a_common_word(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Rakor\nTUAL - Sekda hadir") == ["81.72"]


def test_the_longest_name_wins(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "Kabupaten Bone Bolango") == ["75.03"]


def test_a_place_gives_the_offsets_of_its_words(gazetteer: Gazetteer) -> None:
    text = "Hadir  Bupati\u00a0Musi Rawas."
    (place,) = gazetteer.find(text, None)
    assert text[place.start : place.end] == place.words == "Musi Rawas"


@pytest.mark.parametrize(
    ("title", "text", "province", "code"),
    [
        ("Wako Prabumulih Hadiri Rakor", "Rakor di Griya Agung, Palembang.", "16", "16.74"),
        ("Gubernur Banten Tegaskan Komitmen", "Hadir bupati se-Provinsi Banten.", "36", "36"),
        ("Dua daerah Sumsel dipilih", "Kota Palembang dan Kabupaten Musi Rawas.", "16", "16"),
        ("Bupati Ponorogo Diperiksa", "JAKARTA - Bupati Ponorogo diperiksa.", "35", "35.02"),
        ("Malang raih nilai tinggi", "Nilai Malang naik.", "35", "35"),
        ("KPK gelar rapat", "Rapat diikuti semua pihak.", "16", None),
        ("OTT Bupati Kolaka Timur", "Bupati Kolaka Timur dibawa ke Jakarta.", "31", "74.11"),
    ],
)
def test_the_main_region_is_what_the_item_is_about(
    gazetteer: Gazetteer, title: str, text: str, province: str, code: str | None
) -> None:
    assert main_region(title, [text], None, province, gazetteer) == code


def test_a_dateline_tells_the_region_when_nothing_else_does(gazetteer: Gazetteer) -> None:
    assert main_region("Rakor", ["Rapat dibuka."], "BATURAJA", "16", gazetteer) == "16.01"


def test_the_regency_of_a_dateline_beats_a_province_said_once(gazetteer: Gazetteer) -> None:
    paragraphs = ["Sekda Kota Pangkalpinang hadir.", "Rakor se-Bangka Belitung digelar."]
    assert main_region("Rakor", paragraphs, "PANGKALPINANG", "19", gazetteer) == "19.71"


def test_an_alias_of_no_region_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "regions.toml"
    file.write_text('[names]\n"99.99" = ["Antah"]\n', encoding="utf-8")
    with pytest.raises(VocabularyError, match="99"):
        load_gazetteer(file)


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300), province=st.sampled_from([None, "16", "31", "xx"]))
def test_any_text_is_read_and_spans_lie_within_it(text: str, province: str | None) -> None:
    for place in GAZETTEER.find(text + " Kota Solok " + text, province):
        assert 0 <= place.start < place.end <= 2 * len(text) + 12
    main_region(text, [text], text, province, GAZETTEER)


GAZETTEER = load_gazetteer()
