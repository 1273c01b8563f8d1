"""The prefilter may let too much through, never too little."""

from __future__ import annotations

import html
import json
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crawler.prefilter import Prefilter
from crawler.relevance import judge
from crawler.terms import Term, Vocabulary, load_vocabulary

KPK = load_vocabulary()
PREFILTER = Prefilter(KPK)
ON = date(2025, 6, 15)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Tim KPK tiba</p>",
        "<p>K<b>PK</b> tiba</p>",
        "<p>K<!-- iklan -->PK tiba</p>",
        "<p>K&shy;P&#8203;K tiba</p>",
        "<p>&#75;&#80;&#x4B; tiba</p>",
        "<p>Komisi&nbsp;<br>Pemberantasan <i>Kor</i>upsi</p>",
        "<p>komisi anti-<span>rasuah</span></p>",
        "<p>KOMISI ANTI RASUAH</p>",
        '<meta property="og:title" content="Rakor KPK">',
        '{"headline": "Rakor KP\\u00adK"}',
        '{"content": "\\u003cb\\u003eK\\u003c/b\\u003ePK"}',
        "<p>laluKPK</p>",
        "<p>Terjaring <em>operasi</em>\ntangkap&#160;tangan</p>",
    ],
)
def test_a_page_that_names_the_kpk_somehow_passes(body: str) -> None:
    assert PREFILTER.may_matter(body.encode())


def test_a_page_in_an_old_charset_passes() -> None:
    assert PREFILTER.may_matter("Komisi\u00a0Pemberantasan Korupsi".encode("cp1252"))
    assert PREFILTER.may_matter("Rakor KPK".encode("utf-16"))


@pytest.mark.parametrize(
    "body", [b"", b"<p>Panen raya untuk PKK desa</p>", b"<style>a{padding-bottom:1px}</style>"]
)
def test_a_page_without_any_anchor_is_skipped(body: bytes) -> None:
    assert not PREFILTER.may_matter(body)


def test_the_name_of_an_active_case_passes() -> None:
    prefilter = Prefilter(KPK, ["jembatan Wai Lunga"])
    assert prefilter.may_matter(b"<p>Kasus jembatan <b>Wai</b> Lunga</p>")


def test_an_empty_vocabulary_lets_nothing_through() -> None:
    assert not Prefilter(Vocabulary(())).may_matter(b"KPK")


def test_a_vocabulary_of_one_word_needs_no_phrases() -> None:
    only = Vocabulary((Term("kpk", "entity", ("KPK",)),))
    assert Prefilter(only).may_matter(b"rakor kpk")


FORMS = [form for term in KPK.anchors for form in term.forms]
NOISE = st.sampled_from(
    [
        "&shy;",
        "\u200b",
        "<b>",
        "</b>",
        "<!-- x -->",
        "<wbr>",
        "<span class='a'>",
        "</span>",
        "&#173;",
    ]
)
FILL = st.sampled_from(
    ["rapat bupati", "tersangka suap", "inspektorat desa", "laporan kasus korupsi", "<br>"]
)


@st.composite
def broken_pages(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and a page that shows it with markup and invisible signs inside its words."""
    words = draw(st.lists(st.one_of(st.sampled_from(FORMS), FILL.map(str)), min_size=1, max_size=4))
    text = " ".join(words).replace("<br>", "")
    page = "".join(
        (draw(NOISE) if draw(st.integers(0, 6)) == 0 else "")
        + ("&nbsp;" if char == " " and draw(st.booleans()) else html.escape(char))
        for char in text
    )
    return text, f"<html><body><nav>Beranda</nav><p>{page}</p></body></html>"


@settings(max_examples=200, deadline=None)
@given(case=broken_pages())
def test_whatever_is_judged_about_passes(case: tuple[str, str]) -> None:
    text, page = case
    assume(judge("", [text], KPK, ON).relevance == "about" or judge(text, [], KPK, ON).score > 0)
    assert PREFILTER.may_matter(page.encode())
    assert PREFILTER.may_matter(json.dumps({"content": page}).encode())


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=400))
def test_any_bytes_get_an_answer(body: bytes) -> None:
    assert PREFILTER.may_matter(body) in (True, False)
