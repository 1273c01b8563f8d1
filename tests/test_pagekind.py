"""Articles are told from everything else a news site answers, and never thrown away."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import TooLarge, Unreadable, parse
from crawler.pagekind import page_kind

URL = "https://kabar.example/2025/04/30/pejabat-pemkot-ikuti-rakor"
SENTENCE = (
    "Pemerintah kota menegaskan komitmennya dalam tata kelola yang bersih dan terbuka bagi warga. "
)
PROSE = f"<div class='isi'>{('<p>' + SENTENCE * 2 + '</p>') * 8}</div>"
CARDS = (
    "<div class='list'>"
    + f"<div class='card'><h2><a href='/x'>Judul berita lain</a></h2><p>{SENTENCE}</p></div>" * 10
    + "</div>"
)


def kind(
    body: str,
    url: str = URL,
    title: str = "Pejabat Ikuti Rakor",
    status: int = 200,
    classes: str = "",
) -> str:
    page = f"<html><head><title>{title}</title></head><body class='{classes}'>{body}</body></html>"
    return page_kind(parse(page.encode(), None).tree, url, status, title)


@pytest.mark.parametrize(
    "body",
    [
        PROSE,
        PROSE + CARDS,
        f"<form id='aspnet'>{PROSE}</form>",
        "<div class='post-body'>" + f"<div>{SENTENCE * 2}</div><br>" * 6 + "</div>",
        f"<td>{SENTENCE * 2}<br><br>{SENTENCE * 3}</td>",
        f"<div><p>{SENTENCE * 2}</p></div>",
    ],
)
def test_running_text_is_an_article(body: str) -> None:
    assert kind(body) == "article"


@pytest.mark.parametrize(
    "title",
    [
        "Akses Ditolak, Warga Protes",
        "Mayat Tidak Ditemukan, SAR Dihentikan",
        "404 Desa Terima Dana",
        "Tag: Kata Baru",
        "Access Denied",
    ],
)
def test_an_article_is_not_judged_by_its_title_alone(title: str) -> None:
    assert kind(PROSE, title=title) == "article"


def test_an_article_survives_an_odd_address_and_theme() -> None:
    assert kind(PROSE, url="https://kabar.example/tag/kpk/rakor", classes="archive") in (
        "article",
        "index_page",
    )
    assert (
        kind(
            PROSE,
            url="https://kabar.example/kategori/berita/rakor-kpk",
            classes="single single-post",
        )
        == "article"
    )
    assert kind(PROSE, url="https://kabar.example/foto/rakor-kpk-di-kota") == "article"


@pytest.mark.parametrize(
    ("url", "title", "classes"),
    [
        ("https://kabar.example/tag/kpk", "Tag: KPK", "archive tag"),
        ("https://kabar.example/kategori/458/lampung-raya", "Lampung Raya", ""),
        ("https://kabar.example/?s=KPK", "Hasil pencarian: KPK", "search search-results"),
        ("https://kabar.example/author/budi", "Budi", "archive author"),
        ("https://kabar.example/", "Kabar Contoh", "home blog"),
    ],
)
def test_listings_are_index_pages(url: str, title: str, classes: str) -> None:
    assert kind(CARDS, url=url, title=title, classes=classes) == "index_page"


def test_a_login_page_is_no_article() -> None:
    assert (
        kind(
            "<form><input name='u'><input type='password'></form><p>Masuk ke akun</p>",
            title="Masuk",
        )
        == "index_page"
    )


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", "<p>Checking your browser before accessing the site.</p>"),
        ("Attention Required! | Cloudflare", "<p>Sorry, you have been blocked</p>"),
        ("Sucuri WebSite Firewall - Access Denied", "<p>Access Denied</p>"),
        ("kabar.example", "<script src='/cdn-cgi/challenge-platform/x.js'></script>"),
        ("Access denied", "<p>Error 1015. You are being rate limited</p>"),
    ],
)
def test_block_pages_with_a_good_status_are_seen(title: str, body: str) -> None:
    assert kind(body, title=title) == "blocked"


def test_a_refusing_status_without_an_article_is_a_block() -> None:
    assert kind("<p>Forbidden</p>", status=403, title="x") == "blocked"


@pytest.mark.parametrize(
    "title",
    [
        "Halaman tidak ditemukan",
        "404 Page Not Found",
        "Page not found - Kabar Contoh",
        "Oops! Halaman Tidak Ditemukan",
        "Artikel tidak ditemukan",
    ],
)
def test_soft_404s_are_gone(title: str) -> None:
    assert kind("<p>Silakan kembali ke beranda.</p>", title=title) == "gone"


def test_the_status_404_and_410_are_gone_whatever_the_page_says() -> None:
    assert (kind(PROSE, status=404), kind(PROSE, status=410)) == ("gone", "gone")


def test_pictures_with_captions_are_a_gallery() -> None:
    body = "<img src='a.jpg'><p>Suasana rakor.</p>" * 8
    assert kind(body, url="https://kabar.example/foto/rakor-di-kota-contoh") == "gallery"


def test_a_film_without_text_is_a_gallery() -> None:
    linked = '<script type="application/ld+json">{"@type":"VideoObject"}</script>'
    url = "https://kabar.example/video/rakor-di-kota-contoh"
    assert kind("<iframe src='/v'></iframe>" + linked, url=url) == "gallery"


@pytest.mark.parametrize(
    "body",
    [
        "<div id='root'></div><script src='/a.js'></script>",
        "<div id='__next'>Loading</div>",
        "<p></p>",
    ],
)
def test_shells_without_text_are_empty(body: str) -> None:
    assert kind(body) == "empty"


PIECES = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        SENTENCE,
        "<h2><a href=x>",
        "<img>",
        "<input type=password>",
        "<iframe>",
        "<script>",
        "<nav>",
        "<ul><li>",
        "404",
        "Tag: ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES | st.text(max_size=10), min_size=1, max_size=40),
    st.text(max_size=20),
    st.sampled_from([200, 403, 404, 500]),
)
def test_any_page_has_a_kind(pieces: list[str], url: str, status: int) -> None:
    with suppress(Unreadable, TooLarge):
        tree = parse("".join(pieces).encode("utf-8", "replace"), None).tree
        assert page_kind(tree, url, status, "".join(pieces)[:300]) in (
            "article",
            "index_page",
            "gallery",
            "blocked",
            "empty",
            "gone",
        )
