"""Where a split article goes on, and how its parts become one text."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import TooLarge, Unreadable, parse
from crawler.parts import Part, continuation, join_parts

BACAKORAN = "https://koran.example/read/55562/palembang-dan-musi"
AMP = "https://koran.example/amp/55562/palembang-dan-musi"
POST = "https://kabar.example/2025/04/30/pejabat-pemkot-rakor"
INEWS = "https://kota.example/read/123456/judul-berita"
TRIBUN = "https://t.example/maluku-utara/91580/judul-berita"
DETIK = "https://d.example/sumbagsel/hukum/d-7654321/judul"


def goes_on(
    url: str,
    family: str,
    *links: str,
    around: str = "<div class='pagination'>{}</div>",
    text: str = "2",
) -> Part | None:
    page = around.format("".join(f"<a href='{link}'>{text}</a>" for link in links))
    return continuation(parse(f"<body><p>x</p>{page}</body>".encode(), None).tree, url, family)


@pytest.mark.parametrize(
    ("url", "family", "links", "expected"),
    [
        (BACAKORAN, "bacakoran", [BACAKORAN + "/15", BACAKORAN + "/30"], Part(BACAKORAN + "/15")),
        (
            BACAKORAN + "/15",
            "bacakoran",
            [BACAKORAN, BACAKORAN + "/15", BACAKORAN + "/30"],
            Part(BACAKORAN + "/30"),
        ),
        (BACAKORAN + "/30", "bacakoran", [BACAKORAN, BACAKORAN + "/15"], None),
        (AMP, "bacakoran", [AMP + "/16", BACAKORAN + "/15"], Part(AMP + "/16")),
        (POST + "/", "wordpress", [POST + "/2/", POST + "/3/"], Part(POST + "/2/")),
        (POST + "/2/", "wordpress", [POST + "/", POST + "/3/"], Part(POST + "/3/")),
        (
            POST,
            "wordpress",
            [POST + "?page=2", POST + "?page=all"],
            Part(POST + "?page=all", whole=True),
        ),
        (INEWS, "inews", [INEWS + "/2", INEWS + "/all"], Part(INEWS + "/all", whole=True)),
        (INEWS + "/all", "inews", [INEWS + "/2"], None),
        (TRIBUN, "tribun", ["?page=2"], Part(TRIBUN + "?page=2")),
        (DETIK, "detik", ["?page=2", "?single=1"], Part(DETIK + "?single=1", whole=True)),
        (DETIK + "?page=2", "detik", [DETIK, DETIK + "?page=3"], Part(DETIK + "?page=3")),
    ],
)
def test_each_family_goes_on_in_its_way(
    url: str, family: str, links: list[str], expected: Part | None
) -> None:
    assert goes_on(url, family, *links) == expected


@pytest.mark.parametrize(
    "text", ["Selanjutnya", "Halaman Selanjutnya", "Next", "Halaman 2", "Selanjutnya »"]
)
def test_words_alone_lead_on(text: str) -> None:
    assert goes_on(POST, "wordpress", POST + "/2/", around="<p>{}</p>", text=text) == Part(
        POST + "/2/"
    )


def test_other_articles_hosts_and_comments_are_not_the_next_part() -> None:
    assert (
        goes_on(POST, "wordpress", "https://kabar.example/2025/05/01/lain-lagi-sekali/2/") is None
    )
    assert goes_on(POST, "wordpress", POST.replace("kabar", "lain") + "/2/") is None
    assert goes_on(POST, "wordpress", POST + "/comment-page-2/#comments") is None
    assert (
        goes_on(POST, "wordpress", POST + "/2/", around="<div class='comments pagination'>{}</div>")
        is None
    )


def test_a_link_in_the_text_is_not_a_pager() -> None:
    assert (
        goes_on(
            BACAKORAN, "bacakoran", BACAKORAN + "/15", around="<p>{}</p>", text="BACA JUGA: Judul"
        )
        is None
    )


def test_a_listing_is_never_continued() -> None:
    listing = "https://koran.example/kategori/458/lampung-raya"
    assert goes_on(listing, "bacakoran", listing + "/30", listing + "?page=2") is None


def test_parts_are_joined_once_and_in_order() -> None:
    lead = "PALEMBANG - Satu kalimat panjang sekali di sini."
    parts = [
        ["Judul", lead, "Dua."],
        ["Judul", lead[:30] + "...", "Tiga.", "(*)"],
        ["Judul", "Empat.", "(*)"],
    ]
    assert join_parts(parts) == ("Judul", lead, "Dua.", "Tiga.", "(*)", "Empat.")


def test_one_part_is_left_as_it_is() -> None:
    assert join_parts([["a", "a", "b"]]) == ("a", "a", "b")
    assert join_parts([]) == ()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), max_size=8), max_size=4))
def test_joining_invents_nothing_and_keeps_the_first_part(parts: list[list[str]]) -> None:
    joined = join_parts(parts)
    assert set(joined) <= {paragraph for part in parts for paragraph in part}
    assert list(joined[: len(parts[0])] if parts else []) == (parts[0] if parts else [])


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.sampled_from(["bacakoran", "wordpress", "inews", "detik"]),
)
def test_any_link_can_be_looked_at(href: str, url: str, family: str) -> None:
    with suppress(Unreadable, TooLarge):
        tree = parse(
            f"<div class=paging><a href='{href}'>2</a><a href='?page={href}'>3</a></div>".encode(
                "utf-8", "replace"
            ),
            None,
        ).tree
        for address in (url, "https://kabar.example/read/1/" + url):
            continuation(tree, address, family)
