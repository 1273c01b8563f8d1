"""Relevance: what counts, what is only named by the way, and what merely looks like the KPK."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.relevance import ABOUT, Judgement, judge
from crawler.terms import load_vocabulary
from tests.local_web import FIXTURES

KPK = load_vocabulary()
ON = date(2025, 6, 15)


def judged(title: str, *paragraphs: str, on: date = ON) -> Judgement:
    return judge(title, paragraphs, KPK, on)


def relevance(title: str, *paragraphs: str) -> str:
    return judged(title, *paragraphs).relevance


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_five_documents_are_about(number: str) -> None:
    (file,) = (FIXTURES / "documents").glob(f"{number}-*.txt")
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith("BACA JUGA")]
    assert relevance("", *own) == "about"


@pytest.mark.parametrize(
    "title",
    [
        "Bupati Lahat Hadiri Rakor KPK",
        "KPK Tahan Dua Tersangka Suap Proyek",
        "Pemkab Bahas Capaian MCSP",
        "Wali Kota Sambut Komisi Pemberantas Korupsi",
        "Bupati Temui Komisi Pemberantassan Korupsi",
        "Rapat bersama K.P.K di Kaimana",
        "KPK-RI Tinjau Pelayanan",
        "Bupati bicara, laluKPK beri catatan",
        "Babak baru: KPKmenahan dua orang",
        "Komisi Antirasuah Panggil Sekda",
        "Lembaga anti-rasuah sita aset",
        "Nagari Ini Wakili Sumbar di Ajang Desa Antikorupsi",
    ],
)
def test_a_title_that_names_the_kpk_is_about(title: str) -> None:
    assert relevance(title) == "about"


@pytest.mark.parametrize(
    "text",
    [
        "KPKNL Pontianak melelang kendaraan dinas yang terkait perkara korupsi.",
        "DKPKP membagikan bibit ikan tanpa korupsi.",
        "Suku Dinas KPKP memeriksa hewan.",
        "KPPU dan KPU menggelar rapat soal suap.",
        "AKPK menggelar dialog antikorupsi.",
        "KPK dari 12 dan 18 dicari dengan faktorisasi prima, lalu FPB.",
        "Kelipatan persekutuan terkecil (KPK) dua bilangan.",
        "Polisi KPK menangkap tersangka di Peshawar, Khyber Pakhtunkhwa.",
        "LSM KPK Nusantara menyoroti dugaan korupsi jalan.",
        "Ketua DPD KPK Tipikor melantik pengurus.",
        "Wartawan Koran KPK dikeroyok saat meliput kasus suap.",
        "Komite Pemantau Korupsi (KPK) Cianjur menyoroti jalan. Ketua KPK Cianjur bicara.",
        "Klub Pecinta Kopi (KPK) membagi kopi. Ketua KPK senang.",
        "Karang Pemuda Kampung, disingkat KPK, bersih-bersih sungai. Anggota KPK hadir.",
        "Komisi Pemilihan Kampus (KPK) melantik wakil ketua KPK.",
        "Layanan OTT video streaming makin digemari pejabat.",
        "Tim Saber Pungli Polda melakukan operasi tangkap tangan terhadap lurah.",
        "Kejari OTT kepala dinas dan menahan satu tersangka korupsi.",
        "Badan antirasuah Malaysia, SPRM, menahan mantan menteri.",
        "Lembaga antikorupsi Hong Kong ICAC menangkap dua puluh orang.",
        "Server MCP menghubungkan asisten AI dengan data.",
        "Juru parkir memakai rompi oranye.",
        "Gedung Koperasi Desa Merah Putih dibangun.",
    ],
)
def test_a_look_alike_is_not(text: str) -> None:
    assert relevance("Kabar hari ini", text) == "not"


def test_a_look_alike_does_not_hide_the_kpk_itself() -> None:
    text = "LSM KPK Nusantara melaporkan dugaan suap ke Komisi Pemberantasan Korupsi (KPK)."
    assert relevance("LSM Laporkan Bupati ke KPK", text) == "about"


def test_a_late_mention_in_the_story_of_a_prosecutor_is_a_mention() -> None:
    assert (
        relevance(
            "Kejari Tahan Mantan Kades",
            "Kejaksaan Negeri menahan mantan kepala desa.",
            "Kerugian Rp700 juta.",
            "Surat itu ditembuskan kepada KPK.",
        )
        == "mentions"
    )


def test_a_candidates_wealth_report_said_once_is_a_mention() -> None:
    paragraphs = (
        "Calon bupati itu petani bawang sebelum masuk dewan.",
        "Ia gemar bersepeda.",
        "Berdasarkan LHKPN KPK, hartanya Rp2,4 miliar.",
    )
    assert relevance("Profil Calon Bupati Nomor Urut 2", *paragraphs) == "mentions"


def test_false_officers_are_the_polices_story() -> None:
    title, text = "Petugas KPK Gadungan Diringkus", "Polisi meringkus tiga orang yang mengaku KPK."
    assert relevance(title, text) == "mentions"


def test_the_kpk_warning_of_false_officers_is_about() -> None:
    text = "KPK mengimbau warga waspada. KPK menegaskan tidak pernah meminta uang."
    assert relevance("Marak KPK Gadungan, KPK Imbau Warga Melapor", text) == "about"


def test_saying_one_is_ready_to_be_called_is_not_a_false_officer() -> None:
    text = "Ia mengaku siap dipanggil KPK dalam kasus suap proyek."
    assert relevance("Sekda: Saya Siap", text) == "about"


def test_a_hidden_case_is_found_by_its_epithet() -> None:
    paragraphs = ("Kadis terjaring operasi tangkap tangan komisi antirasuah, Kamis malam.",)
    assert relevance("Kadis PU Diterbangkan ke Jakarta", *paragraphs) == "about"


def test_singapore_dollars_do_not_make_an_epithet_foreign() -> None:
    text = "Penyidik lembaga antikorupsi menyita dolar Singapura dari ruang kerja bupati."
    assert relevance("Penyidik Sita Koper", text) == "about"


def test_a_foreign_guest_of_the_kpk_is_about() -> None:
    text = "Delegasi SPRM Malaysia berkunjung ke KPK untuk belajar pengelolaan aset."
    assert relevance("SPRM Malaysia Belajar ke KPK", text) == "about"


def test_the_old_name_of_a_programme_still_counts_after_its_time() -> None:
    old, new = (
        judged("Rapat MCP", "Inspektorat membahas MCP.", on=day).score
        for day in (date(2026, 3, 1), date(2023, 3, 1))
    )
    assert ABOUT <= old < new


def test_a_reason_quotes_the_sentence_and_points_at_the_words() -> None:
    text = "Rapat dibuka bupati. Tim KPK hadir bersama inspektur. Rapat ditutup."
    (reason,) = judged("Rapat", text).reasons
    assert reason.paragraph == 0
    assert text[reason.start : reason.end] == "KPK"
    assert reason.quote == "Tim KPK hadir bersama inspektur."


def test_a_reason_in_the_title_has_no_paragraph() -> None:
    (reason,) = judged("Rakor KPK").reasons
    assert (reason.paragraph, reason.start, reason.end) == (None, 6, 9)


def test_offsets_hold_where_invisible_characters_stand() -> None:
    text = "Tim  K\u00adPK dan Komisi\u00a0Pemberantasan  Korupsi menahan tersangka."
    for reason in judged("", text).reasons:
        assert text[reason.start : reason.end].replace("\u00ad", "") in (
            "KPK",
            "Komisi\u00a0Pemberantasan  Korupsi",
        )


def test_what_is_not_relevant_has_no_reasons() -> None:
    assert judged("Panen Raya", "Petani memanen padi.") == Judgement("not", 0.0, ())


PIECES = """KPK|kpk|laluKPK|Komisi Pemberantasan|Korupsi|antirasuah|MCP|LHKPN|Kejari|Polda|Malaysia
pernah|mengaku petugas|ditahan oleh|rakor|(KPK)|tersangka.|\u00ad|\u00a0|İ|Klub Pecinta Kopi"""
WORDS = st.sampled_from(PIECES.replace("\n", "|").split("|"))


@settings(max_examples=200, deadline=None)
@given(
    title=st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=8).map(" ".join)),
    paragraphs=st.lists(
        st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=25).map(" ".join)), max_size=5
    ),
)
def test_any_text_gets_a_score_and_reasons_that_lie_within_it(
    title: str, paragraphs: list[str]
) -> None:
    result = judge(title, paragraphs, KPK, ON)
    assert 0 <= result.score <= 1
    assert (result.relevance == "about") == (result.score >= ABOUT)
    for reason in result.reasons:
        source = title if reason.paragraph is None else paragraphs[reason.paragraph]
        assert 0 <= reason.start < reason.end <= len(source)
        assert reason.quote in source
        assert source[reason.start : reason.end].strip() in reason.quote
