"""Tags: programmes, events, areas, people, regions, each with its evidence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.regions import load_gazetteer
from crawler.tagging import korsup_of, tag
from crawler.terms import load_vocabulary
from store.records import Tag
from tests.local_web import FIXTURES

KPK = load_vocabulary()
REGIONS = load_gazetteer()
ON = date(2025, 6, 15)


def tags(title: str, *paragraphs: str, province: str | None = "16", on: date = ON) -> list[Tag]:
    return list(tag(title, paragraphs, province, KPK, REGIONS, on))


def slugs(kind: str, found: list[Tag]) -> list[str]:
    return [item.slug for item in found if item.kind == kind]


@pytest.mark.parametrize(
    ("number", "province", "programmes", "events", "main"),
    [
        ("000", "19", {"bmd"}, {"rakor"}, "19.71"),
        ("001", "16", {"mcp", "spi"}, {"rakor"}, "16.74"),
        ("002", "16", {"mcp"}, {"rakor"}, "16.01"),
        ("003", "36", {"mcsp"}, {"komitmen", "rakor"}, "36"),
        ("004", "16", {"percontohan-kabkota-antikorupsi"}, {"sosialisasi"}, "16"),
    ],
)
def test_the_five_documents_carry_their_labels(
    number: str, province: str, programmes: set[str], events: set[str], main: str
) -> None:
    (file,) = (FIXTURES / "documents").glob(f"{number}-*.txt")
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith("BACA JUGA")]
    found = tags("", *own, province=province)
    assert programmes <= set(slugs("programme", found))
    assert events <= set(slugs("event", found))
    assert slugs("region", found)[0] == main
    assert slugs("korsup", found) == ["korsup-ii"]


def test_the_two_model_regencies_are_tagged_beside_their_province() -> None:
    found = tags("", "Kota Palembang dan Kabupaten Musi Rawas di Provinsi Sumsel dinilai KPK.")
    assert set(slugs("region", found)) == {"16", "16.71", "16.05"}


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("KPK Gelar OTT di Sumsel", "ott"),
        ("KPK Tetapkan Bupati Tersangka", "tersangka"),
        ("KPK Tahan Mantan Sekda", "penahanan"),
        ("KPK Geledah Kantor PUPR", "penggeledahan"),
        ("KPK Periksa Camat Sebagai Saksi", "pemeriksaan-saksi"),
        ("Jaksa KPK Tuntut Kadis 6 Tahun dalam Sidang", "sidang"),
        ("Bupati Hadiri Rakor KPK", "rakor"),
        ("KPK Beri Bimtek Antikorupsi", "sosialisasi"),
        ("Kepala Daerah Teken Komitmen Antikorupsi di Depan KPK", "komitmen"),
        ("Skor MCSP Lahat Tertinggi", "penghargaan"),
        ("Pejabat Belum Lapor LHKPN", "pelaporan"),
        ("Warga Laporkan Bupati ke KPK", "aspirasi"),
        ("DPR Bahas Revisi UU KPK", "kelembagaan"),
    ],
)
def test_each_of_the_thirteen_events_is_told_from_a_title(title: str, event: str) -> None:
    assert event in slugs("event", tags(title))


def test_the_main_event_is_the_one_in_the_title() -> None:
    found = tags("Bupati Hadiri Rakor KPK", "KPK menahan tersangka usai OTT tahun lalu.")
    assert slugs("event", found)[0] == "rakor"


def test_a_prosecutors_search_is_no_event_of_the_kpk() -> None:
    paragraphs = (
        "Bupati mengikuti rakor KPK.",
        "Anggaran dibahas.",
        "Kejati menggeledah kantor dinas, lalu menyita koper.",
    )
    assert slugs("event", tags("Rakor KPK", *paragraphs)) == ["rakor"]


def test_evidence_is_the_words_of_the_text() -> None:
    (programme,) = (item for item in tags("Skor  mcsp Lahat naik") if item.kind == "programme")
    assert (programme.label, programme.evidence) == ("MCSP", "mcsp")


def test_the_short_name_speaks_for_its_programme_once() -> None:
    found = tags("Nilai SPI", "Survei Penilaian Integritas (SPI) KPK diumumkan.")
    assert slugs("programme", found) == ["spi"]


def test_mcp_of_software_is_no_programme() -> None:
    assert slugs("programme", tags("Server MCP untuk Asisten AI")) == []


def test_a_leader_is_tagged_only_while_in_office() -> None:
    text = "Ketua KPK Setyo Budiyanto membuka rapat."
    assert slugs("person", tags("Rapat", text)) == ["setyo-budiyanto"]
    assert slugs("person", tags("Rapat", text, on=date(2023, 5, 1))) == []


def test_areas_are_tagged() -> None:
    text = "KPK menilai manajemen ASN, pengadaan barang dan jasa, serta optimalisasi pajak daerah."
    assert set(slugs("area", tags("Rapat", text))) == {"asn", "pengadaan", "pajak"}


@pytest.mark.parametrize(
    ("province", "number"), [("11", "I"), ("16", "II"), ("33", "III"), ("74", "IV"), ("95", "V")]
)
def test_the_korsup_region_follows_from_the_province(province: str, number: str) -> None:
    assert korsup_of(province) == number


def test_every_province_lies_in_one_korsup_region() -> None:
    provinces = [code for code, region in REGIONS.regions.items() if region.kind == "province"]
    assert all(korsup_of(code) for code in provinces)


def test_the_text_never_decides_the_korsup_region() -> None:
    found = tags("Rakor KPK", "Direktur Korsup Wilayah I KPK hadir di Kalteng.", province="62")
    assert slugs("korsup", found) == ["korsup-iii"]


def test_without_a_province_there_is_no_korsup_region() -> None:
    assert slugs("korsup", tags("Rakor KPK", province=None)) == []


@settings(max_examples=100, deadline=None)
@given(title=st.text(max_size=80), paragraphs=st.lists(st.text(max_size=200), max_size=4))
def test_any_text_is_tagged_without_a_tag_twice(title: str, paragraphs: list[str]) -> None:
    found = tags(title + " KPK OTT", *paragraphs)
    keys = [(item.kind, item.slug) for item in found]
    assert len(keys) == len(set(keys))
    assert all(item.evidence for item in found)
