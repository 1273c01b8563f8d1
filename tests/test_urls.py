"""Addresses: one spelling for one article, and what an address tells by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.outlet_keys import FAMILIES
from crawler.urls import BadURL, canonicalise, identity, is_article_url, same_site

BACAKORAN = "https://koran.bacakoran.example/read/55562/palembang-dan-musi-rawas"
WORDPRESS = "https://kabar.example/2025/04/30/pejabat-pemkot-ikuti-rakor"


@pytest.mark.parametrize(
    "address",
    [
        "https://koran.bacakoran.example/amp/55562/palembang-dan-musi-rawas",
        "https://koran.bacakoran.example/amp/55562/palembang-dan-musi-rawas/16",
        "http://KORAN.bacakoran.example//read/55562/palembang-dan-musi-rawas/15/",
        BACAKORAN + "/30?utm_source=x&fbclid=y#isi",
        "//koran.bacakoran.example:443/read/55562/palembang-dan-musi-rawas",
    ],
)
def test_amp_parts_and_trackers_of_bacakoran_fall_together(address: str) -> None:
    assert canonicalise(address, "bacakoran") == BACAKORAN


@pytest.mark.parametrize(
    "tail", ["/", "/amp", "/amp/?pgrelated=5", "?amp=1", "?amp=1%2F", "/2/?amp=1", "/?noamp=mobile"]
)
def test_duplicates_of_a_wordpress_permalink_fall_together(tail: str) -> None:
    assert (
        canonicalise(
            "http://www.kabar.example/2025/04/30/pejabat-pemkot-ikuti-rakor" + tail, "wordpress"
        )
        == WORDPRESS
    )


def test_short_links_and_index_php_stay() -> None:
    assert (
        canonicalise("http://kabar.example/?p=153625&utm_medium=x", "wordpress")
        == "https://kabar.example/?p=153625"
    )
    address = "https://kabar.example/index.php/2025/04/30/rakor-di-kota"
    assert canonicalise(address + "/", "wordpress") == address


def test_families_drop_their_own_part_marks() -> None:
    assert (
        canonicalise("https://kota.inews.example/amp/12/judul/2", "inews")
        == "https://kota.inews.example/read/12/judul"
    )
    assert (
        canonicalise("https://kota.inews.example/read/12/judul/all", "inews")
        == "https://kota.inews.example/read/12/judul"
    )
    assert (
        canonicalise("https://k.tribun.example/amp/2025/10/12/judul?page=all", "tribun")
        == "https://k.tribun.example/2025/10/12/judul"
    )
    assert (
        canonicalise("https://b.example/2025/08/judul.html?m=1", "blogger")
        == "https://b.example/2025/08/judul.html"
    )
    assert (
        canonicalise("https://m.antara.example/amp/berita/77/judul", "antara")
        == "https://antara.example/berita/77/judul"
    )


def test_an_archive_by_month_is_no_part_of_an_article() -> None:
    assert (
        canonicalise("https://kabar.example/2025/04/", "wordpress")
        == "https://kabar.example/2025/04"
    )


def test_odd_hosts_and_paths_are_spelled_one_way() -> None:
    assert (
        canonicalise("https://u:p@BÜCHER.example/a b/é/%7e/%zz", "custom")
        == "https://xn--bcher-kva.example/a%20b/%C3%A9/~/%25zz"
    )
    assert canonicalise("https:\\\\kabar.example\\a\\..\\b", "custom") == "https://kabar.example/b"
    assert canonicalise("https://kabar.example:8080/x", "custom") == "https://kabar.example:8080/x"


def test_a_backslash_does_not_hide_the_real_host() -> None:
    assert not same_site("https://evil.example\\@kabar.example/", ["kabar.example"])
    assert not same_site("https://kabar.example@evil.example/", ["kabar.example"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kabar.example/x",
        "mailto:a@b.example",
        "https://",
        "https://a b/",
        "https://a:99999/",
        "https://" + "é" * 300 + "/",
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(BadURL) as refusal:
        canonicalise(text, "custom")
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("address", "family", "expected"),
    [
        (BACAKORAN + "/15", "bacakoran", "koran.bacakoran.example#55562"),
        ("https://a.disway.example/banten/read/34866/judul", "disway", "a.disway.example#34866"),
        (
            "https://www.detik.example/sumbagsel/hukum/d-7654321/judul?single=1",
            "detik",
            "detik.example#7654321",
        ),
        ("https://t.tribun.example/maluku-utara/91580/judul", "tribun", "t.tribun.example#91580"),
        (
            "https://r.jawapos.example/bogor/2477309604/judul?page=2",
            "promedia",
            "r.jawapos.example#2477309604",
        ),
        ("https://p.example/hukum/pr-128765432/judul", "promedia", "p.example#pr-128765432"),
        ("https://b.jpnn.example/berita/4567/judul", "jpnn", "b.jpnn.example#4567"),
        (
            "https://s.idn.example/news/sulsel/judul-00-abcde-fghijk",
            "idntimes",
            "s.idn.example#00-abcde-fghijk",
        ),
        (WORDPRESS + "/amp/", "wordpress", WORDPRESS),
    ],
)
def test_identity_is_the_number_where_the_family_has_one(
    address: str, family: str, expected: str
) -> None:
    assert identity(address, family) == expected


def test_mirrors_are_the_same_site_and_other_subdomains_are_not() -> None:
    assert same_site("http://m.kabar.example/x", ["www.kabar.example"])
    assert not same_site("https://bali.kabar.example/x", ["kabar.example"])
    assert not same_site("nonsense", ["kabar.example"])


@pytest.mark.parametrize(
    ("path", "family", "expected"),
    [
        ("/tag/kpk/", "wordpress", False),
        ("/kategori/458/lampung-raya", "bacakoran", False),
        ("/listtag/12/kpk", "bacakoran", False),
        ("/?s=KPK", "wordpress", False),
        ("/rakor-kpk/feed/", "wordpress", False),
        ("/wp-admin/post.php", "wordpress", False),
        ("/login", "custom", False),
        ("/2025/04/30", "wordpress", False),
        ("/wp-content/uploads/a.jpg", "wordpress", False),
        ("/", "custom", False),
        ("/read/55562/palembang", "bacakoran", True),
        ("/2025/04/30/pejabat-pemkot-ikuti-rakor/", "wordpress", True),
        ("/?p=153625", "wordpress", True),
        ("/2025/08/pimpin-rakor.html", "blogger", True),
        ("/daerah", "custom", None),
    ],
)
def test_an_address_hints_at_its_kind(path: str, family: str, expected: bool | None) -> None:
    assert is_article_url("https://kabar.example" + path, family) is expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "amp",
                "read",
                "2",
                "15",
                "55562",
                "a-b",
                "x.html",
                "..",
                "all",
                "page",
                "%41",
                "é",
                "",
            ]
        ),
        max_size=6,
    ),
    st.sampled_from(["", "?page=2", "?amp=1&p=3", "?m=1", "?utm_x=1&q=%2e", "#f"]),
    st.sampled_from(["www.", "m.amp.", "", "www.m."]),
    st.sampled_from(FAMILIES),
)
def test_canonicalising_twice_changes_nothing(
    parts: list[str], query: str, prefix: str, family: str
) -> None:
    once = canonicalise(f"http://{prefix}kabar.example/" + "/".join(parts) + query, family)
    assert canonicalise(once, family) == once


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.sampled_from(FAMILIES))
def test_any_text_is_an_address_or_is_refused(text: str, family: str) -> None:
    for address in (text, "https://" + text, "https://kabar.example/" + text):
        try:
            once = canonicalise(address, family)
        except BadURL:
            continue
        assert canonicalise(once, family) == once
        assert is_article_url(address, family) in (True, False, None)
