"""What pages say of themselves, on small pages in the shape of the families."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import TooLarge, Unreadable, parse
from crawler.metadata import Metadata, read_metadata

PAGES = Path(__file__).parent / "data" / "metadata"


def of_file(name: str, url: str, outlet: str, family: str) -> Metadata:
    return read_metadata(parse((PAGES / name).read_bytes(), None).tree, url, outlet, (), family)


def of_text(
    html: str, outlet: str = "Kabar Contoh", url: str = "https://kabar.example/judul"
) -> Metadata:
    return read_metadata(parse(html.encode(), None).tree, url, outlet, (), "wordpress")


def clues(meta: Metadata) -> list[tuple[str, str]]:
    return [(clue.source, clue.raw) for clue in meta.clues]


def test_a_bacakoran_page_is_read_without_any_jsonld() -> None:
    meta = of_file(
        "bacakoran.html", "https://koran-contoh.example/read/1/wakil", "Koran Contoh", "bacakoran"
    )
    assert meta.title == "Wakil Wali Kota Contoh Hadiri Rakor"
    assert clues(meta) == [("page", "Kamis 13 Nov 2025 - 16:20 WIB")]
    assert (meta.byline, meta.editor) == ("Prabu Contoh", "Dahlia Contoh")
    assert meta.generic_byline == "koran-contoh.example"
    assert meta.section == "Pemerintahan"
    assert meta.keywords == ("rakor", "kota contoh", "kpk")


def test_a_wordpress_page_is_read_through_its_plugins_mistakes() -> None:
    url = "https://kabar-contoh.example/2025/04/30/rakor-aset-digelar/"
    meta = of_file("wordpress.html", url, "Kabar Contoh", "wordpress")
    assert meta.title == "Rakor “Aset” Digelar"
    assert meta.canonical == "https://kabar-contoh.example/2025/04/30/rakor-aset-digelar"
    assert (meta.byline, meta.generic_byline) == ("Tirta Wulandari", "Redaksi")
    assert (meta.section, meta.keywords) == ("Daerah", ("BMD", "KPK RI", "Aset"))
    assert meta.image_caption == "Suasana rakor di aula."
    assert meta.page_type == "NewsArticle"


def test_clues_stand_in_the_order_of_trust_without_modifications() -> None:
    url = "https://kabar-contoh.example/2025/04/30/rakor-aset-digelar/"
    found = clues(of_file("wordpress.html", url, "Kabar Contoh", "wordpress"))
    assert found == [
        ("jsonld", "2025-04-30T17:12:45+00:00"),
        ("meta", "2025-04-30T17:12:45+00:00"),
        ("page", "2025-05-01T00:12:45+07:00"),
        ("page", "1 Mei 2025"),
        ("url", url),
    ]


def test_a_detik_page_gives_its_writer_without_the_desk() -> None:
    meta = of_file(
        "detik.html", "https://d.example/sumbagsel/hukum/d-1/bupati", "detikSumbagsel", "detik"
    )
    assert (meta.byline, clues(meta)) == ("Nama Contoh", [("page", "Jumat, 25 Jul 2025 07:40 WIB")])


def test_a_promedia_page_speaks_through_its_data_layer() -> None:
    meta = of_file(
        "promedia.html", "https://r.example/daerah/2477309604/wali", "Radar Contoh", "promedia"
    )
    assert clues(meta)[0] == ("meta", "2026-02-24 08:50:51")
    assert (meta.byline, meta.editor, meta.section) == ("Sari Contoh", "Wira Contoh", "Daerah")


def test_a_bare_page_gives_the_date_line_and_not_the_event() -> None:
    meta = of_file("plain.html", "https://p.example/news/baca/1/sekda", "Portal Contoh", "custom")
    assert clues(meta) == [("page", "Kamis, 16 Oktober 2025 - 13:07 WIB")]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Judul Berita - Kabar Contoh", "Judul Berita"),
        ("Judul Berita | kabar.example", "Judul Berita"),
        ("Kabar Contoh: Judul Berita Hari Ini", "Judul Berita Hari Ini"),
        ("Judul Berita - Daerah Kabar Contoh", "Judul Berita"),
        ("Judul Berita - Halaman 2 - Kabar Contoh", "Judul Berita"),
        ("Judul &amp;quot;Berita&amp;quot; &ndash; Kabar Contoh", 'Judul "Berita"'),
        ("KPK: Bupati Contoh - Tersangka", "KPK: Bupati Contoh - Tersangka"),
        ("Kabar Contoh", "Kabar Contoh"),
    ],
)
def test_the_outlets_name_leaves_the_title(title: str, expected: str) -> None:
    assert of_text(f"<title>{title}</title><p>isi</p>").title == expected


def test_a_logo_in_an_h1_is_not_the_title() -> None:
    head = "<title>Judul Berita Contoh - Kabar Contoh</title>"
    body = "<h1><a href='/'>News</a></h1><h2>Judul Berita Contoh</h2>"
    assert of_text(head + body).title == "Judul Berita Contoh"


def test_the_themes_title_outranks_an_edited_search_title() -> None:
    head = "<meta property='og:title' content='Ini Dia 5 Fakta'>"
    body = "<h1 class='entry-title'>Bupati Contoh Hadiri Rakor</h1>"
    assert of_text(head + body).title == "Bupati Contoh Hadiri Rakor"


def test_a_page_without_any_title_has_an_empty_one() -> None:
    assert of_text("<p>isi</p>").title == ""


def test_a_canonical_that_is_the_front_page_says_nothing() -> None:
    assert (
        of_text("<link rel='canonical' href='https://kabar.example/'><p>isi</p>").canonical is None
    )


def test_an_update_alone_is_no_publication() -> None:
    page = "<h1>Judul Berita</h1><span class='date'>Diperbarui 3 Mei 2025 10:00 WIB</span>"
    assert clues(of_text(page)) == []


@pytest.mark.parametrize(
    "shape",
    [
        "<li class='related'>{}</li>",
        "<aside>{}</aside>",
        "<div id='comments'>{}</div>",
        "<div class='widget'>{}</div>",
    ],
)
def test_dates_of_other_articles_are_no_clues(shape: str) -> None:
    card = shape.format(
        "<time datetime='2025-05-03'>3 Mei 2025</time><span class='date'>3 Mei 2025</span>"
    )
    assert clues(of_text(f"<div><h1>Judul Berita</h1><p>isi</p></div>{card}")) == []


def test_a_page_as_large_as_allowed_is_read_soon() -> None:
    page = (
        "<title>a</title><h1>Judul</h1>"
        + "<p class='date'>1 Mei 2025 <a href='/tag/x'>x</a></p>" * 9_000
    )
    tree = parse(page.encode(), None).tree
    start = time.perf_counter()
    read_metadata(tree, "https://kabar.example/x", "Kabar", (), "wordpress")
    assert time.perf_counter() - start < 3


FRAGMENTS = st.sampled_from(
    [
        "<h1>",
        "</h1>",
        "<div class='date author related'>",
        "<time datetime=''>",
        "<meta property='og:title' content='",
        "'>",
        "<title>",
        "<a rel=tag href='//['>",
        "Reporter: ",
        "1 Mei 2025 WIB",
        "<link rel=canonical href='http://[x'>",
        "<script type='application/ld+json'>{\"@type\":",
        "</script>",
        "&#x110000;",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(FRAGMENTS | st.text(max_size=8), max_size=30),
    st.text(max_size=12),
    st.text(max_size=12),
)
def test_any_page_can_be_read(pieces: list[str], name: str, url: str) -> None:
    with suppress(Unreadable, TooLarge):
        tree = parse("".join(pieces).encode("utf-8", "replace"), None).tree
        read_metadata(tree, "https://" + url, name, (name,), "custom")
