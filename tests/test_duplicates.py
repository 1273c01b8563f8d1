"""Copies, siblings and related articles: the rules, pair by pair, and the traps around them."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.duplicates import as_article, cases, judge
from benchmarks.release_edits import edited, lead_rewritten
from benchmarks.releases import Release, documents, first_words
from crawler.duplicates import comparable, compare, fingerprint
from crawler.regions import Gazetteer, load_gazetteer
from store.records import Article

DAY = timedelta(days=1)
BACKGROUND = (
    "Perkara ini bermula dari operasi tangkap tangan yang digelar tim penyidik KPK pada Senin"
    " (3/3/2025) di sebuah rumah makan. Dalam operasi itu penyidik menyita uang tunai Rp1,2 miliar"
    " yang diduga merupakan bagian dari komitmen biaya proyek pembangunan jalan lingkar.",
    "Tiga orang lalu menjadi tersangka, yaitu mantan kepala dinas pekerjaan umum, seorang"
    " pejabat pembuat komitmen, dan direktur perusahaan pemenang lelang. Ketiganya disangka"
    " melanggar Pasal 12 huruf a atau Pasal 11 Undang-Undang Pemberantasan Tindak Pidana Korupsi"
    " juncto Pasal 55 ayat 1 ke-1 KUHP dan ditahan selama dua puluh hari pertama di Rutan Cabang"
    " KPK untuk kepentingan penyidikan lebih lanjut sambil berkas perkaranya dilengkapi.",
)
NEWS = (
    "Penyidik KPK memeriksa delapan anggota dewan sebagai saksi pada Senin (10/3/2025). Mereka"
    " ditanya soal pembahasan anggaran jalan lingkar dan pertemuan di sebuah hotel pada akhir tahun"
    " lalu. Juru bicara lembaga itu mengatakan pemeriksaan berlangsung sejak pagi hingga petang.",
    "Sidang perdana perkara jalan lingkar dijadwalkan pekan depan, kata panitera, Rabu (19/3/2025)."
    " Jaksa sudah melimpahkan surat dakwaan setebal dua ratus halaman bersama barang bukti. Majelis"
    " hakim akan dipimpin ketua pengadilan sendiri dan sidang terbuka bagi umum serta wartawan.",
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.fixture(scope="module")
def originals(gazetteer: Gazetteer) -> list[Article]:
    return [as_article(release, gazetteer) for release in documents().values()]


def story(title: str, *paragraphs: str, day: date = date(2025, 3, 10)) -> Article:
    release = Release(title, paragraphs, day, "16", (), "16", ())
    return as_article(release, GAZETTEER)


GAZETTEER = load_gazetteer()


def kind(one: Article, other: Article, outlets: tuple[str, str] = ("satu", "dua")) -> str:
    """The relation's kind; the same whichever comes first."""
    a, b = comparable(one, outlets[0]), comparable(other, outlets[1])
    relation, back = compare(a, b), compare(b, a)
    assert (relation is None) == (back is None)
    if relation is None or back is None:
        return "none"
    assert relation.kind == back.kind
    return relation.kind


def test_copies_are_found_and_other_offices_are_not_merged(gazetteer: Gazetteer) -> None:
    figures = judge(cases(3, gazetteer, seed=5))
    assert figures.share_of_copies(True) >= 0.99
    assert figures.share_of_copies(False) <= 0.005


def test_a_text_is_a_copy_of_itself(originals: list[Article]) -> None:
    for article in originals:
        relation = compare(comparable(article, "satu"), comparable(article, "dua"))
        assert relation is not None
        assert (relation.kind, relation.containment, relation.conflicts) == ("copy", 1.0, ())


def test_two_documents_have_nothing_in_common(originals: list[Article]) -> None:
    assert {kind(one, other) for one in originals for other in originals if one != other} == {
        "none"
    }


def test_the_evidence_names_what_speaks_against_one_text(originals: list[Article]) -> None:
    text = originals[0].text.replace("30/4/2025", "14/5/2025").replace("Mie Go", "Contoh Andaian")
    other = replace(originals[0], text=text, event_date=date(2025, 5, 14))
    relation = compare(comparable(originals[0], "satu"), comparable(other, "dua"))
    assert relation is not None
    assert relation.kind == "sibling"
    assert relation.conflicts == ("event day 2025-04-30 / 2025-05-14",)
    assert relation.evidence.endswith(relation.conflicts[0])


def test_a_date_without_its_year_is_the_same_date(originals: list[Article]) -> None:
    other = replace(originals[0], text=originals[0].text.replace("30/4/2025", "30/4"))
    assert kind(originals[0], other) == "copy"


def test_a_corrected_figure_leaves_a_copy_a_copy() -> None:
    one = story("Nilai MCP Naik", f"Nilai MCP tahun ini 87,15 persen. {' '.join(BACKGROUND)}")
    other = replace(one, text=one.text.replace("87,15", "78,51"))
    assert kind(one, other) == "copy"


def test_villages_of_one_regency_with_one_template_are_siblings() -> None:
    text = (
        "Tim KPK menilai Desa {0} sebagai calon percontohan. Kepala desa {0} menyambut tim di balai"
        " pertemuan dan memaparkan transparansi anggaran, layanan warga dan pengawasan masyarakat."
        " Penilaian mencakup lima komponen dan delapan belas indikator yang dibuktikan dokumen."
    )
    one, other = (story("Desa Dinilai", text.format(name)) for name in ("Sukaandai", "Tirtamisal"))
    assert kind(one, other) == "sibling"


def test_other_names_throughout_are_a_sibling_even_without_day_and_region() -> None:
    text = (
        "Bank {0} dan KPK bertemu membahas pencegahan korupsi. Direktur bank itu, {1}, berkata"
        " laporan harta sudah lengkap. Menurut {1}, pegawai Bank {0} wajib menolak gratifikasi dan"
        " melapor dalam tiga puluh hari kerja kepada unit pengendalian yang dibentuk tahun lalu."
    )
    one = story("Bank Bertemu KPK", text.format("Andaianjaya", "Misalnugraha"))
    other = story("Bank Bertemu KPK", text.format("Contohraya", "Umpamawati"))
    assert kind(one, other) == "sibling"


def test_a_brief_within_a_long_story_is_only_related(originals: list[Article]) -> None:
    for article in originals:
        brief = " ".join(article.text.split()[:60])
        assert kind(article, replace(article, text=brief)) == "related"


def test_two_briefs_of_the_same_words_are_copies(originals: list[Article]) -> None:
    brief = replace(originals[0], text=" ".join(originals[0].text.split()[:30]))
    assert kind(brief, replace(brief, title="Ringkas")) == "copy"


@pytest.mark.parametrize("outlets", [("satu", "dua"), ("satu", "satu")])
def test_stories_that_share_only_the_background_of_a_case_are_related(
    outlets: tuple[str, str],
) -> None:
    one = story("Delapan Anggota Dewan Diperiksa", NEWS[0], *BACKGROUND)
    other = story("Sidang Segera Digelar", NEWS[1], *BACKGROUND, day=date(2025, 3, 19))
    assert kind(one, other, outlets) == "related"


def test_a_follow_up_that_repeats_the_whole_earlier_story_is_related() -> None:
    earlier = story("KPK Tahan Tiga Orang", *BACKGROUND, day=date(2025, 3, 4))
    later = story("Delapan Anggota Dewan Diperiksa", NEWS[0], *BACKGROUND)
    assert kind(earlier, later) == "related"


def test_an_outlets_own_lead_does_not_hide_a_copy(gazetteer: Gazetteer) -> None:
    for release in documents().values():
        taken = edited(lead_rewritten(release, random.Random(1)), random.Random(2), 0.03)
        assert kind(as_article(release, gazetteer), as_article(taken, gazetteer)) == "copy"


def test_a_longer_version_at_the_same_outlet_is_no_copy(originals: list[Article]) -> None:
    longer = replace(originals[0], text=f"{originals[0].text}\n{NEWS[1][:200]}")
    assert kind(originals[0], longer, ("satu", "satu")) == "related"
    assert kind(originals[0], longer) == "copy"
    assert kind(originals[0], replace(originals[0], title="Lagi"), ("satu", "satu")) == "copy"


def test_an_outlets_own_form_filled_in_anew_is_no_copy(originals: list[Article]) -> None:
    text = f"{originals[0].text} Nilainya 71 poin."
    one = replace(originals[0], text=text)
    other = replace(originals[0], text=text.replace("71", "64"))
    assert kind(one, other, ("satu", "satu")) == "related"
    assert kind(one, other) == "copy"


def test_short_texts_that_end_on_one_sentence_are_only_related() -> None:
    end = (
        "Kegiatan itu diikuti kepala perangkat daerah di ruang rapat kantor dan berlangsung lama"
        " hingga petang hari."
    )
    one = story("KPK Tahan Bupati", f"KPK menahan bupati hari ini juga. {end}")
    other = story("Nilai Naik", f"Nilai pencegahan korupsi kota itu naik. {end}")
    assert kind(one, other) == "related"


def test_half_of_a_split_release_is_a_copy_of_the_whole_only(originals: list[Article]) -> None:
    whole = originals[3]
    paragraphs = whole.text.split("\n")
    head = replace(whole, text="\n".join(first_words(paragraphs, 0.5)))
    tail = replace(whole, text=" ".join(whole.text.split()[-150:]))
    assert kind(whole, head) == "copy"
    assert kind(whole, tail) == "copy"
    assert kind(head, tail) == "none"


def test_the_same_template_months_later_is_a_sibling_without_any_date(
    originals: list[Article],
) -> None:
    undated = originals[1]
    rng = random.Random(4)
    text = " ".join(word for word in undated.text.split() if rng.random() > 0.06)
    later = replace(undated, text=text, published_day=undated.published_day + 60 * DAY)
    assert kind(undated, later) == "sibling"
    assert kind(undated, replace(later, published_source="first_seen")) == "copy"


def test_a_title_alone_is_compared_as_text() -> None:
    title = "Wakil Wali Kota Contoh Hadiri Rakor KPK, Tegaskan Komitmen Tata Kelola Bersih"
    assert kind(story(title), story(title)) == "copy"
    assert kind(story("", ""), story("", "")) == "none"


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    text = next(iter(documents().values())).text
    code = (
        "from benchmarks.releases import documents; from crawler.duplicates import fingerprint;"
        "print(*fingerprint(next(iter(documents().values())).text))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert tuple(map(int, run.stdout.split())) == fingerprint(text)


def test_a_fingerprint_fits_the_database_and_stays_small() -> None:
    for release in documents().values():
        found = fingerprint(release.text)
        assert all(-(2**63) <= value < 2**63 for value in found)
        assert 25 <= len(found) <= 75
        assert found == tuple(sorted(set(found)))


def test_too_few_words_leave_no_fingerprint() -> None:
    assert fingerprint("KPK tahan bupati hari") == ()
    assert fingerprint("") == ()
    assert len(fingerprint("KPK tahan bupati hari ini")) == 1


def test_spelling_of_quotes_and_capitals_leaves_the_fingerprint_as_it_is() -> None:
    text = documents()["003"].text
    retyped = text.translate(str.maketrans("“”–", '""-')).upper()
    assert fingerprint(retyped) == fingerprint(text)


TEXTS: list[Callable[[], st.SearchStrategy[str]]] = [
    lambda: st.text(max_size=200),
    lambda: st.lists(st.sampled_from("KPK Bupati Desa (3/3/2025) Kota 12,5 . Rp di".split())).map(
        " ".join
    ),
]


@settings(max_examples=150, deadline=None)
@given(*(st.one_of(*(make() for make in TEXTS)) for _ in range(4)))
def test_any_two_texts_can_be_compared(one: str, other: str, title: str, more: str) -> None:
    at = datetime(2025, 3, 10, tzinfo=UTC)
    blank = Article("", "", at, at.date(), "time", "feed")
    a = comparable(replace(blank, title=title, text=one + more), "satu")
    b = comparable(replace(blank, title=title, text=other + more), "dua")
    relation, back = compare(a, b), compare(b, a)
    assert (relation and relation.kind) == (back and back.kind)
    if relation is not None:
        assert 0.25 <= relation.containment <= 1
    fingerprint(one + more)
