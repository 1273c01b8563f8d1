"""Cleaning leaves an article's own lines word for word, and says what it took and why."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.cleaning import Cleaned, clean
from crawler.hygiene import tidy
from crawler.rules import SHIPPED_RULES, RulesError, load_rules

RULES = load_rules()
DOCUMENTS = Path(__file__).parents[1] / "fixtures" / "documents"
STORY = [
    "REKAAN, Warta.example – Pemkab Rekaan mengikuti rapat koordinasi bersama KPK.",
    "Rapat itu dihadiri para kepala dinas dan camat dari seluruh kabupaten.",
    "“Kami siap memperbaiki tata kelola aset daerah,” ujar Sekda Rekaan.",
]
LAST = "Pendataan aset akan selesai pada akhir tahun ini."
BRANDS = ["Wartain Banten", "AksaraNewsroom.ID"]


def cleaned(*lines: str, title: str = "", before: list[str] | None = None) -> Cleaned:
    return clean([*(STORY if before is None else before), *lines], RULES, title, BRANDS)


def document(number: str) -> list[str]:
    (path,) = DOCUMENTS.glob(f"{number}-*.txt")
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


# ------------------------------------------------------------------- the five documents


def test_the_first_document_loses_only_its_advertorial_mark() -> None:
    lines = document("000")
    got = clean(lines, RULES, "", BRANDS)
    assert got.paragraphs == (*lines[:-1], lines[-1].removesuffix(" (ADV/*)"))
    assert got.paragraphs[-1].endswith("Kepulauan Bangka Belitung.")
    assert got.advertorial
    assert got.byline is None
    assert [(r.rule, r.text, r.paragraph) for r in got.removed] == [("advertorial", "(ADV/*)", 6)]


def test_the_second_document_loses_title_caption_and_links() -> None:
    lines = document("001")
    got = clean(lines, RULES, lines[0], [])
    related = [line for line in lines if line.startswith("BACA JUGA:")]
    assert got.paragraphs == tuple(line for line in lines[2:] if line not in related)
    assert [(r.rule, r.text) for r in got.removed] == [
        ("title-repeat", lines[0]),
        ("caption", lines[1]),
        *(("baca-juga", line) for line in related),
    ]
    assert [r.paragraph for r in got.removed] == [0, 0, 5, 5]


def test_the_third_document_loses_its_reporters_code() -> None:
    lines = document("002")
    got = clean(lines, RULES, "", [])
    assert got.paragraphs == (*lines[:-1], lines[-1].removesuffix("*(dona)."))
    assert got.paragraphs[-1].endswith("”tandas Didik.")
    assert got.byline == "dona"
    assert got.removed[-1].text == "*(dona)."


def test_the_fourth_document_keeps_its_dateline_and_loses_its_signature() -> None:
    lines = document("003")
    got = clean(lines, RULES, "", BRANDS)
    assert got.paragraphs == (*lines[:-1], lines[-1].removesuffix("(WartainBanten)"))
    assert got.paragraphs[0].startswith("Wartain Banten | Pemerintahan | 12 Agustus 2025 –")
    assert got.byline == "WartainBanten"
    assert clean(lines, RULES, "", []).paragraphs == got.paragraphs


def test_the_fifth_document_loses_its_links_only() -> None:
    lines = document("004")
    got = clean(lines, RULES, "", [])
    assert got.paragraphs == tuple(x for x in lines if not x.startswith("BACA JUGA:"))
    assert len(got.removed) == 3


# ------------------------------------------------------------------------------- tails

TAILS = [
    # what stands after the last sentence, byline, editor, advertorial
    (" (ADV/*)", None, None, True),
    (" (ADV)", None, None, True),
    ("(ADV)", None, None, True),
    (" (Advertorial)", None, None, True),
    (" (adv/hms)", None, None, True),
    (" (hms)", None, None, True),
    (" (Humas)", None, None, True),
    ("*(dona).", "dona", None, False),
    (" (dona)", "dona", None, False),
    (" (*)", None, None, False),
    (" ***", None, None, False),
    ("***", None, None, False),
    (" **", None, None, False),
    ("*", None, None, False),
    (" (red)", "red", None, False),
    (" [red]", "red", None, False),
    (" [Hery/Red]", "Hery/Red", None, False),
    (" (Tk12).", "Tk12", None, False),
    (" (to/klik)", "to/klik", None, False),
    (" (WartainBanten)", "WartainBanten", None, False),
    (" (d®amlis).", "d®amlis", None, False),
    (" (kar)", "kar", None, False),
    (" (AS)", "AS", None, False),
    (" (Angki Matu)", "Angki Matu", None, False),
    (" (RF)", "RF", None, False),
    (" (IS/kom)", "IS/kom", None, False),
    (" (csb/csb)", "csb/csb", None, False),
    (" (*/dona)", "dona", None, False),
    (" (dona) ***", "dona", None, False),
    (" (adv/dona)", "dona", None, True),
    (" Editor : Rina Rekaan", None, "Rina Rekaan", False),
    ("Editor: Rina Rekaan", None, "Rina Rekaan", False),
]
TAIL_LINES = [
    ("(dona)", "dona", None, False),
    ("***", None, None, False),
    ("(*)", None, None, False),
    ("adp/ani", "ani", None, True),
    ("#rpg/efm/zro", "rpg/efm/zro", None, False),
    ("(csb/csb)", "csb/csb", None, False),
    ("Editor : Rina Rekaan", None, "Rina Rekaan", False),
    ("Penulis: Rina Rekaan", "Rina Rekaan", None, False),
    ("Penulis. : Rina Rekaan", "Rina Rekaan", None, False),
    ("Penyunting: Dodi Khayal", None, "Dodi Khayal", False),
    ("Pewarta : Rina Rekaan", "Rina Rekaan", None, False),
    ("Reporter: Rina Rekaan", "Rina Rekaan", None, False),
    ("Reporter: Rina Rekaan | Editor: Dodi Khayal", "Rina Rekaan", "Dodi Khayal", False),
    (
        "Pewarta: Rina RekaanEditor: Dodi Khayal Copyright © ANTARA 2026",
        "Rina Rekaan",
        "Dodi Khayal",
        False,
    ),
    ("Oleh: Rina Rekaan, S.Sos", "Rina Rekaan, S.Sos", None, False),
    ("ADVERTORIAL", None, None, True),
    ("(Pariwara)", None, None, True),
]


@pytest.mark.parametrize(("tail", "byline", "editor", "advertorial"), TAILS)
def test_a_mark_after_the_last_sentence_leaves_it_whole(
    tail: str, byline: str | None, editor: str | None, advertorial: bool
) -> None:
    got = cleaned(LAST + tail)
    assert got.paragraphs == (*STORY, LAST)
    assert (got.byline, got.editor, got.advertorial) == (byline, editor, advertorial)
    assert "".join(r.text for r in got.removed).replace(" ", "") == tail.replace(" ", "")


@pytest.mark.parametrize(("line", "byline", "editor", "advertorial"), TAIL_LINES)
def test_a_line_of_credits_leaves_the_text(
    line: str, byline: str | None, editor: str | None, advertorial: bool
) -> None:
    got = cleaned(LAST, line)
    assert got.paragraphs == (*STORY, LAST)
    assert (got.byline, got.editor, got.advertorial) == (byline, editor, advertorial)
    assert [r.text for r in got.removed] == [line]


def test_credits_on_lines_of_their_own_before_the_rights_all_leave() -> None:
    got = cleaned(LAST, "Pewarta : Rina Rekaan", "Editor: Dodi Khayal", "COPYRIGHT © ANTARA 2025")
    assert got.paragraphs == (*STORY, LAST)
    assert (got.byline, got.editor) == ("Rina Rekaan", "Dodi Khayal")


ENDINGS = [
    "Rapat itu digelar Komisi Pemberantasan Korupsi (KPK)",
    "Rapat itu digelar Komisi Pemberantasan Korupsi (KPK).",
    "Dihadiri pimpinan pejabat terkait. (Selasa, 21/3/2023).",
    "Sidang dilanjutkan pekan depan (12/8/2025).",
    "Nilainya turun menjadi 78 (delapan puluh poin).",
    "Ia mengutip undang-undang tentang tindak pidana korupsi (UU Tipikor).",
    "Pengadaan itu dilakukan secara daring (online).",
    "Warga boleh memilih tunai dan nontunai (dan/atau keduanya).",
    "Bagaimana nasib para tersangka itu?",
    "“Kami akan kooperatif,” katanya.",
    "Rekening itu milik istrinya (almarhumah)",
]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_bracket_of_the_last_sentence_stays(ending: str) -> None:
    got = cleaned(ending)
    assert got.paragraphs == (*STORY, ending)
    assert got.byline is None


# ------------------------------------------------------------------------- lines to drop

FURNITURE = [
    "ADVERTISEMENT",
    "- Advertisement -",
    "SCROLL TO RESUME CONTENT",
    "Scroll to continue with content",
    "Advertisement. Scroll to continue reading.",
    "Iklan - Scroll untuk Melanjutkan",
    "Scroll ke bawah untuk melanjutkan membaca",
    "Gulir untuk lanjut baca",
    "banner 300x250",
    "Before content",
    "Halaman Selanjutnya",
    "Halaman 2/2",
    "Halaman : 1 2 Tampilkan Semua",
    "Page: 1 2",
    "Sebarkan artikel ini",
    "Share this article",
    "×",
    "Bagikan ke FacebookBagikan ke XBagikan ke WhatsApp",
    "Cek Berita dan Artikel yang lain di Google News",
    "Temukan Berita Terkini kami di WhatsApp Channel Warta",
    "Ikuti Saluran Resmi Warta di WhatsApp!",
    "Ikuti berita Warta.example di Google News",
    "Dapatkan informasi terkini setiap hari",
    "Add as a preferred source on Google",
    "No Result",
    "View All Result",
    "Post Views: 2,912",
    "oleh -76 Dilihat",
    "OKU42 Dilihat",
    "Copyright © ANTARA 2025",
    "Artikel ini telah tayang di TribunRekaan.example dengan judul Rakor, https://r.example/x",
    "[Gambas:Video 20detik]",
    "Ringkasan Berita:",
    "Baca 10 detik",
    "Discussion about this post",
    "Leave a Reply",
    "Komentar untuk berita ini (0)",
    "Posting Komentar",
    "Tetap Terhubung Dengan Kami:",
    "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI.",
    "Rekomendasi untuk Anda",
    "Bacaan Lainnya",
    "Pos terkait",
    "https://warta.example/kpk-tahan-bupati",
    "-->",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_a_line_of_page_furniture_leaves(line: str) -> None:
    got = clean([*STORY, line, LAST], RULES, "", [])
    assert got.paragraphs == (*STORY, LAST)
    assert [(r.text, r.paragraph) for r in got.removed] == [(line, 3)]


@pytest.mark.parametrize(
    "line",
    ["Kritik saran kami terima di redaksi@warta.example", "Tags: KPK, Rekaan, aset daerah",
     "Sumber: Humas Rekaan", "id kpk,rekaan,aset", "CATATAN REDAKSI: Hak jawab kami layani."],
)  # fmt: skip
def test_a_closing_line_leaves_at_the_end(line: str) -> None:
    assert cleaned(LAST, line).paragraphs == (*STORY, LAST)


FIRST = [
    "Reporter: Rina Rekaan",
    "Penulis: Rina Rekaan | Editor: Dodi Khayal",
    "Oleh Rina Rekaan",
    "By Rina Rekaan",
    "Laporan Wartawan WartaRekaan.com, Rina Rekaan",
    "Laporan Rina Rekaan",
    "RINA REKAAN",
    "Kamis, 16 Oktober 2025 - 13:07 WIB",
    "Foto: Suasana rapat koordinasi di aula bupati",
    "Suasana rapat koordinasi di aula bupati. (Foto: Humas Rekaan)",
    "Suasana rapat koordinasi di aula bupati--",
    "Suasana rapat koordinasi di aula bupati.--Gemini AI",
    "Suasana rapat koordinasi di aula bupati--Nova/Warta.example",
    "Suasana rapat koordinasi di aula bupati.-dok Warta-",
    "Suasana rapat koordinasi di aula bupati.---Qoala.app",
]


@pytest.mark.parametrize("line", FIRST)
def test_a_caption_or_credit_above_the_text_leaves(line: str) -> None:
    assert clean([line, *STORY], RULES, "", []).paragraphs == tuple(STORY)


@pytest.mark.parametrize("line", FIRST[:7])
def test_a_credit_above_the_text_gives_the_byline(line: str) -> None:
    byline = clean([line, *STORY], RULES, "", []).byline
    assert byline is not None
    assert byline.lower() == "rina rekaan"


@pytest.mark.parametrize(
    "first",
    ["PALEMBANG -- Dua daerah di Sumatera Selatan menjadi percontohan kota antikorupsi.",
     "PALEMBANG,WARTA.EXAMPLE-Dua daerah di provinsi Sumsel menjadi percontohan antikorupsi.",
     "KPK -- lembaga antirasuah itu -- menggelar rapat koordinasi di Rekaan pada Rabu.",
     "Ketua KPK hadir di Rekaan (foto bersama menyusul) untuk memimpin rapat koordinasi."],
)  # fmt: skip
def test_a_dateline_and_a_dash_stay(first: str) -> None:
    assert clean([first, *STORY], RULES, "", []).paragraphs == (first, *STORY)


def test_a_title_repeated_in_other_case_and_with_the_outlets_name_leaves() -> None:
    title = "Pemkab Rekaan Ikuti Rakor KPK"
    lines = ["PEMKAB REKAAN IKUTI RAKOR KPK!", "×", "Pemkab Rekaan Ikuti Rakor KPK - Warta", *STORY]
    assert clean(lines, RULES, title, []).paragraphs == tuple(STORY)


def test_an_excerpt_repeated_before_the_text_leaves() -> None:
    assert clean([STORY[0][:60] + " […]", *STORY], RULES, "", []).paragraphs == tuple(STORY)


def test_a_second_story_appended_to_the_first_leaves() -> None:
    more = ["Berita", "Cerita Lain dari Khayal", "Published", "3 tahun ago", "on", "1 Mei 2021",
            "Cerita lain tentang KPK dan bupati yang khayal itu panjang sekali."]  # fmt: skip
    got = cleaned(LAST, *more)
    assert got.paragraphs == (*STORY, LAST)
    assert [r.text for r in got.removed] == more


def test_a_caption_in_the_middle_of_a_sentence_is_no_caption() -> None:
    lines = ["Ia berkata -- lalu diam -- bahwa KPK akan datang.", *STORY]
    assert clean(lines, RULES, "", []).paragraphs == tuple(lines)


def test_empty_lines_leave_without_a_trace() -> None:
    got = clean(["", *STORY, "  "], RULES, "", [])
    assert got.paragraphs == tuple(STORY)
    assert got.removed == ()


# ------------------------------------------------------------------------ characters


@pytest.mark.parametrize(
    ("raw", "repaired"),
    [
        ("ko\u00c2\u00adta", "kota"),
        ("koÂta me\u00c2\u00ad\u00adnetapkan", "kota menetapkan"),
        ("BACA JUGA:Â Sekda", "BACA JUGA: Sekda"),
        ("a\u00a0b\u200bc\ufeff  d\n\te", "a bc d e"),
        ("â€œKamiâ€\x9d kata dia â€“ lalu â€˜diamâ€™", "“Kami” kata dia – lalu ‘diam’"),
        ("“Kami siap” – Rp5 juta é", "“Kami siap” – Rp5 juta é"),
        ("Tata &amp; kelola &#8220;aset&#8221;", "Tata & kelola “aset”"),
        ("AT&T dan R&D; selesai", "AT&T dan R&D; selesai"),
    ],
)
def test_broken_characters_are_repaired(raw: str, repaired: str) -> None:
    assert tidy(raw) == repaired


# ---------------------------------------------------------------------------- bounds


@given(st.lists(st.text(max_size=80), max_size=12), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_cleaning_never_raises_and_never_invents(lines: list[str], title: str) -> None:
    got = clean(lines, RULES, title, ["Warta"])
    whole = " ".join(" ".join(lines).split())
    assert all(
        " ".join(p.split()) in whole for p in got.paragraphs if "(" not in p and "[" not in p
    )
    assert all(0 <= (r.paragraph or 0) <= len(got.paragraphs) for r in got.removed)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_repairing_characters_never_raises(raw: str) -> None:
    assert tidy(raw) == tidy(raw).strip()


@pytest.mark.parametrize(
    "line",
    ["*" * 200_000 + "x", "(" * 200_000, "Baca juga: " * 20_000, " . " * 50_000, "foto: " * 30_000,
     "-" * 100_000, "ikuti whatsapp " * 10_000, "a/" * 100_000, "Published " * 9_000],
)  # fmt: skip
def test_a_hostile_line_costs_no_time(line: str) -> None:
    begun = time.process_time()
    clean([line, *STORY, line], RULES, line[:500], [])
    assert time.process_time() - begun < 1.5


# ---------------------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("containers = 3", "containers"),
        ("[[prune]]\nid = 'x'\ntokns = []", "tokns"),
        ("[[line]]\nid = 'x'\npattern = '('", "line[0].pattern"),
        ("not toml at all", "not TOML"),
    ],
)
def test_a_wrong_rule_is_named_with_its_file_and_key(
    tmp_path: Path, content: str, key: str
) -> None:
    path = tmp_path / "cleaning.toml"
    shipped = SHIPPED_RULES.read_text(encoding="utf-8")
    if key == "containers":
        shipped = shipped.replace("[containers]", "[spare]", 1)
    path.write_text(f"{content}\n{shipped}", encoding="utf-8")
    with pytest.raises(RulesError) as raised:
        load_rules(path)
    assert str(path) in str(raised.value)
    assert key in str(raised.value)


def test_a_missing_file_of_rules_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="cannot be read"):
        load_rules(tmp_path / "none.toml")
