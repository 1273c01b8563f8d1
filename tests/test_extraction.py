"""Extraction reads every paragraph of a page of each family, no word more and none less."""

from __future__ import annotations

import time
import tomllib
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from crawler.cleaning import clean
from crawler.extraction import extract
from crawler.pruning import prune
from crawler.rules import load_rules

RULES = load_rules()
DATA = Path(__file__).parent / "data"
PAGES = tomllib.loads((DATA / "family_pages.toml").read_text(encoding="utf-8"))["page"]
TITLE = "Pemkab Rekaan Perbaiki Tata Kelola Aset Bersama KPK"
LINES = [
    "REKAAN, Warta.example – Pemerintah Kabupaten Rekaan mengikuti rapat koordinasi pencegahan "
    "korupsi bersama Komisi Pemberantasan Korupsi (KPK), Rabu (30/4/2025).",
    "Rapat itu dihadiri para kepala dinas.",
    "“Kami siap,” ujarnya.",
    "Delapan Area Perbaikan",
    "Menurut Sekda, ada delapan area yang diperbaiki, mulai dari perencanaan, penganggaran, "
    "pengadaan barang dan jasa, perizinan, hingga pengelolaan barang milik daerah.",
    "“Kami siap,” ujarnya.",
    "Ya.",
    "Ia menambahkan bahwa pendataan aset akan selesai pada akhir tahun ini, lalu diserahkan "
    "kepada inspektorat untuk diperiksa sebelum dilaporkan ke KPK.",
    "Pemkab Rekaan menargetkan nilai survei penilaian integritas naik menjadi 78 pada 2026.",
]
TAGGED = [f"<h3>{x}</h3>" if x == LINES[3] else f"<p>{x}</p>" for x in LINES]
PIECES = {
    "{title}": TITLE,
    "{head}": "".join(TAGGED[:5]),
    "{tail}": "".join(TAGGED[5:]),
    "{lines}": "<br><br>".join(LINES),
    "{divs}": "".join(f"<div>{x}</div><div><br></div>" for x in LINES),
    "{cards}": "".join(
        f'<article class="item"><h4><a href="/x{n}">Judul Berita Khayal Nomor {n} Hari Ini</a></h4>'
        f"<p>Ringkasan berita khayal nomor {n} yang cukup panjang untuk dibaca orang.</p></article>"
        for n in range(6)
    ),
    "{other}": "".join(
        f"<p>Cerita lain nomor {n} tentang KPK dan Bupati Khayal yang panjang.</p>"
        for n in range(30)
    ),
}


def filled(html: str) -> str:
    for name, piece in PIECES.items():
        html = html.replace(name, piece)
    return html


def tree_of(html: str) -> HtmlElement:
    return lxml.html.fromstring(html, parser=HTMLParser(huge_tree=False))


def page(body: str) -> str:
    cards = PIECES["{cards}"]
    return (
        f"<!doctype html><html><head><title>{TITLE} - Warta</title></head><body><header><nav>"
        f"<a href='/'>Beranda</a> <a href='/k'>Hukum</a></nav></header>{body}<aside>"
        f"<h4>Terpopuler</h4>{cards}</aside><footer>Tentang Kami Pedoman Media Siber</footer>"
        "</body></html>"
    )


def read(html: str, family: str = "custom") -> list[str]:
    tree = tree_of(html)
    prune(tree, RULES, family)
    lines = extract(tree, "https://warta.example/1", RULES)
    return list(clean(lines, RULES, TITLE, ["Warta"]).paragraphs)


@pytest.mark.parametrize("shape", PAGES, ids=lambda shape: str(shape["name"]))
def test_a_page_of_the_family_gives_its_lines_and_nothing_else(shape: dict[str, str]) -> None:
    assert read(page(filled(shape["html"])), shape["family"]) == LINES


@pytest.mark.parametrize("shape", PAGES, ids=lambda shape: str(shape["name"]))
def test_a_wrong_family_costs_no_word(shape: dict[str, str]) -> None:
    assert read(page(filled(shape["html"])), "custom") == LINES


SENTENCES = (DATA / "real_sentences.txt").read_text(encoding="utf-8").splitlines()
VARIANTS = [
    variant["html"]
    for variant in tomllib.loads((DATA / "related_links.toml").read_text(encoding="utf-8"))[
        "variant"
    ]
    if "keep" not in variant
]
UNLINKED = [html for html in VARIANTS if "<a" not in html]


@given(
    st.lists(st.tuples(st.sampled_from(SENTENCES + LINES[1:]), st.sampled_from(["", *VARIANTS])),
             min_size=3, max_size=10, unique_by=lambda pair: pair[0]),
    st.sampled_from(["entry-content", "post text-black-1", "txt-article", "unknown-7"]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_sentences_among_any_links_are_read_word_for_word(
    pairs: list[tuple[str, str]], name: str
) -> None:
    # Under a lead with titles that are no links, nobody can tell a subheading from one more title.
    assume(not any(one[1] in UNLINKED and two[0] == LINES[3] for one, two in pairwise(pairs)))
    inner = "".join(f"<p>{sentence}</p>{related}" for sentence, related in pairs)
    html = f'<h1>{TITLE}</h1><div class="{name}"><p>{LINES[0]}</p>{inner}<p>{LINES[7]}</p></div>'
    expected = [LINES[0], *(sentence for sentence, _ in pairs), LINES[7]]
    assert read(page(html)) == expected


# ------------------------------------------------------------------------- inside a line


def body(html: str) -> list[str]:
    filler = f"<p>{LINES[0]}</p><p>{LINES[4]}</p>"
    got = read(page(f'<div class="entry-content">{filler}{html}<p>{LINES[7]}</p></div>'))
    assert got[:2] == [LINES[0], LINES[4]]
    assert got[-1] == LINES[7]
    return got[2:-1]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>Rapat di Kabupaten<a href='/t'>Magelang</a>selesai.</p>",
         ["Rapat di Kabupaten Magelang selesai."]),
        ("<p>sekaligus menyalurkan<a href='/t'>bantuan sosial</a>, katanya.</p>",
         ["sekaligus menyalurkan bantuan sosial, katanya."]),
        ("<p>Penyidik <a href='/t'>KPK</a>lah yang datang.</p>", ["Penyidik KPKlah yang datang."]),
        ("<p>Rapat (<a href='/t'>KPK</a>), lalu selesai.</p>", ["Rapat (KPK), lalu selesai."]),
        ("<p>Bandar Lampung (\n<a href='/'>Warta.example</a>\n)\n— Rapat digelar.</p>",
         ["Bandar Lampung (Warta.example) — Rapat digelar."]),
        ("<p>Kata<b>tebal</b>menyatu dari sumber.</p>", ["Katatebalmenyatu dari sumber."]),
        ("<p>Satu<wbr>kata dan <x-y>unsur</x-y> asing.</p>", ["Satukata dan unsur asing."]),
        ("<p>Kalimat pertama.<br>Kalimat kedua.</p>", ["Kalimat pertama.", "Kalimat kedua."]),
        ("<p>Kalimat yang dipotong<br>di tengah.</p>", ["Kalimat yang dipotong di tengah."]),
        ("<p><strong>Rekaan</strong> -<br>Rapat digelar.</p>", ["Rekaan - Rapat digelar."]),
        ("Teks tanpa paragraf.<p>Lalu paragraf.</p>Lalu teks lagi.",
         ["Teks tanpa paragraf.", "Lalu paragraf.", "Lalu teks lagi."]),
        ("<ul><li>Butir pertama</li><li>Butir <a href='/x'>kedua</a> di sini</li></ul>",
         ["Butir pertama", "Butir kedua di sini"]),
        ("<blockquote><p>Kutipan dari sidang itu.</p></blockquote>", ["Kutipan dari sidang itu."]),
        ("<table><tr><td>Nama</td><td>Jumlah</td></tr><tr><td>Rina</td><td>3</td></tr></table>",
         ["Nama Jumlah", "Rina 3"]),
        ("<p>me\u00c2\u00adnetapkan â€œkotaâ€\x9d&nbsp;itu.</p>", ["menetapkan “kota” itu."]),
        ("<p>Satu.</p><!--img1--><p>&nbsp;</p><p></p><p>Dua.</p>", ["Satu.", "Dua."]),
        ("<p style='display:none'></p><p>Tiga.</p><div class='ads-slot'>Iklan</div>Empat.",
         ["Tiga.", "Empat."]),
        ("Lima.<div class='baca-juga'><a href='/x'>KPK Tahan Bupati</a></div>Enam.",
         ["Lima.", "Enam."]),
    ],
)  # fmt: skip
def test_words_are_neither_glued_nor_torn(html: str, lines: list[str]) -> None:
    assert body(html) == lines


def test_a_line_that_is_only_another_storys_link_is_left_out() -> None:
    assert body('<p><a href="/x">KPK Periksa Bupati Khayal soal Dana Hibah</a></p>') == []


def test_a_linked_sentence_stays() -> None:
    assert body('<p><a href="/x">KPK memeriksa bupati itu kemarin.</a></p>') == [
        "KPK memeriksa bupati itu kemarin."
    ]


def test_a_fragment_from_a_feed_is_read_like_a_page() -> None:
    fragment = lxml.html.fragment_fromstring("".join(TAGGED), create_parent="div")
    prune(fragment, RULES, "wordpress")
    assert list(extract(fragment, "", RULES)) == LINES


def test_a_short_fragment_from_a_feed_is_read_whole() -> None:
    fragment = lxml.html.fragment_fromstring(
        "<p>Rapat digelar di aula bupati pada hari Rabu.</p><p>Baca juga: <a href='/x'>KPK Tahan"
        " Bupati</a></p>",
        create_parent="div",
    )
    prune(fragment, RULES, "wordpress")
    assert extract(fragment, "", RULES) == ("Rapat digelar di aula bupati pada hari Rabu.",)


def test_a_body_cut_in_parts_by_a_box_is_read_whole() -> None:
    html = (
        f'<article><div class="post__content">{PIECES["{head}"]}</div><div class="k">Iklan</div>'
        f'<div class="post__content">{PIECES["{tail}"]}</div></article>'
    )
    assert read(page(html)) == LINES


def test_reading_leaves_the_tree_as_it_is() -> None:
    tree = tree_of(page(filled(PAGES[0]["html"])))
    before = etree.tostring(tree)
    extract(tree, "", RULES)
    assert etree.tostring(tree) == before


def test_the_same_page_read_often_gives_the_same_text() -> None:
    html = page(filled(PAGES[0]["html"]))
    assert all(read(html) == LINES for _ in range(8))


def test_a_page_without_an_article_gives_nothing() -> None:
    assert (
        read("<html><body><nav><a href='/'>Beranda</a></nav><p>Hubungi kami.</p></body></html>")
        == []
    )


# ------------------------------------------------------------------------------- bounds


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_without_an_error(raw: bytes) -> None:
    try:
        tree = tree_of(raw.decode("utf-8", "replace").replace("\x00", ""))
    except (etree.ParserError, ValueError):
        return
    read_tree(tree)


TAGS = ("p", "div", "a", "br", "strong", "table", "tr", "td", "ul", "li", "h1", "h3", "article")
NAMES = ("", "entry-content", "related", "share", "baca", "caption", "post-content", "x")
TEXTS = (
    "",
    " ",
    "Baca juga:",
    "KPK.",
    "Rapat digelar di aula bupati Rekaan pada hari Rabu itu.",
    "|",
)


@given(
    st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(NAMES), st.sampled_from(TEXTS),
                       st.booleans()), max_size=40)
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_tree_is_read_without_an_error(nodes: list[tuple[str, str, str, bool]]) -> None:
    root = tree_of("<html><body><p>x</p></body></html>")
    at = root.find("body")
    assert at is not None
    for tag, name, text, down in nodes:
        element = etree.SubElement(at, tag, {"class": name} if name else {})
        element.text = element.tail = text
        at = element if down else (at.getparent() if at.getparent() is not None else at)
    read_tree(root)


def read_tree(tree: HtmlElement) -> None:
    prune(tree, RULES, "wordpress")
    clean(extract(tree, "", RULES), RULES, "KPK", ["x"])


BODY = '<div class="entry-content">'
SENTENCE = "<p>Rapat koordinasi pencegahan korupsi di aula.</p>"


@pytest.mark.parametrize(
    "html",
    [
        BODY + "<p>Rapat. </p>" * 6_000,
        BODY + "Rapat koordinasi pencegahan korupsi<br>" * 6_000,
        '<div class="related">' * 200 + SENTENCE * 1_500,
        BODY + "<p>" + "<a href='/x'>Baca juga:</a> " * 6_000,
        BODY + "<p>Rapat " + " " * 400_000 + "<a href='/x'>KPK</a></p>",
        BODY + "<p>" + "|" * 300_000 + "<a href='/x'>KPK</a></p>",
        BODY + '<div class="share">x</div>' * 6_000,
        BODY * 150 + SENTENCE * 1_500,
    ],
    ids=["tiny", "breaks", "deep related", "links", "spaces", "bars", "shares", "deep body"],
)  # fmt: skip
def test_a_hostile_page_costs_seconds_at_most(html: str) -> None:
    tree = tree_of(f"<html><body>{html}</body></html>")
    begun = time.process_time()
    prune(tree, RULES, "wordpress")
    clean(extract(tree, "", RULES), RULES, "KPK", [])
    assert time.process_time() - begun < 3


def test_two_hundred_nested_elements_are_read() -> None:
    inner = "".join(TAGGED)
    assert read(page("<div>" * 200 + inner + "</div>" * 200)) == LINES
