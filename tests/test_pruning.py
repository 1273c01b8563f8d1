"""Pruning takes every link to another story out of a page and no sentence with it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import lxml.html
import pytest
from lxml.html import HtmlElement, HTMLParser

from crawler.cleaning import clean
from crawler.extraction import extract
from crawler.pruning import prune
from crawler.rules import RulesError, load_rules

DATA = Path(__file__).parent / "data"
RULES = load_rules()
VARIANTS = tomllib.loads((DATA / "related_links.toml").read_text(encoding="utf-8"))["variant"]
SENTENCES = (DATA / "real_sentences.txt").read_text(encoding="utf-8").splitlines()

BEFORE = [
    "REKAAN, Warta.example – Pemerintah Kabupaten Rekaan mengikuti rapat koordinasi pencegahan "
    "korupsi yang digelar Komisi Pemberantasan Korupsi (KPK) di aula bupati, Rabu (30/4/2025).",
    "Rapat itu dihadiri para kepala dinas dan camat dari seluruh kabupaten.",
]
AFTER = [
    "“Kami siap memperbaiki tata kelola aset daerah,” ujar Sekda Rekaan seusai rapat.",
    "Ia menambahkan bahwa pendataan aset akan selesai pada akhir tahun ini juga.",
]
TITLE = "Pemkab Rekaan Ikuti Rakor KPK"
WRAPPERS = {
    "wpberita": (
        '<article class="post-9 post type-post tag-kpk category-berita"><header class='
        f'"entry-header"><h1 class="entry-title">{TITLE}</h1></header>'
        '<div class="entry-content entry-content-single clearfix">{body}</div>'
        '<footer class="entry-footer"><span class="tags-links"><a rel="tag" href="/t">kpk</a>'
        "</span></footer></article>"
    ),
    "disway": (
        f'<h1 class="text-black">{TITLE}</h1><div class="post-info">'
        '<span class="date">Rabu 30-04-2025,16:32 WIB</span></div>'
        '<div class="post text-black-1">{body}<ul class="list-inline"><li>'
        '<a href="/listtag/1/kpk">#kpk</a></li></ul></div>'
    ),
    "tribun": (
        f'<h1 id="arttitle">{TITLE}</h1>'
        '<div class="side-article txt-article multi-fontsize editcontent">{body}</div>'
        '<div class="side-article mb5"><a href="/x">Sesuai Minatmu</a></div>'
    ),
    "unknown": f'<div class="zz1"><h1>{TITLE}</h1>' + '<div class="q7">{body}</div></div>',
}
FAMILY = {"wpberita": "wordpress", "disway": "disway", "tribun": "tribun", "unknown": "custom"}


def tree_of(html: str) -> HtmlElement:
    return lxml.html.fromstring(html, parser=HTMLParser(huge_tree=False))


def page(wrapper: str, middle: str) -> HtmlElement:
    paragraphs = ["".join(f"<p>{p}</p>" for p in part) for part in (BEFORE, AFTER)]
    body = WRAPPERS[wrapper].format(body=f"{paragraphs[0]}{middle}{paragraphs[1]}")
    return tree_of(
        f"<html><head><title>{TITLE}</title></head><body><nav><ul>"
        '<li><a href="/">Beranda</a></li></ul></nav>'
        f'<main>{body}</main><div class="sidebar"><h4>Terpopuler</h4><ul><li><a href="/z">KPK '
        "Geledah Kantor Dinas Khayal</a></li></ul></div><footer>Redaksi Pedoman Siber</footer>"
        "</body></html>"
    )


def read(tree: HtmlElement, family: str) -> list[str]:
    prune(tree, RULES, family)
    lines = extract(tree, "https://warta.example/rakor/", RULES)
    return list(clean(lines, RULES, TITLE, ["Warta"]).paragraphs)


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: str(variant["id"]))
def test_a_link_to_another_story_leaves_and_its_neighbours_stay(
    variant: dict[str, object], wrapper: str
) -> None:
    keep = variant.get("keep", [])
    assert isinstance(keep, list)
    got = read(page(wrapper, str(variant["html"])), FAMILY[wrapper])
    assert got == [*BEFORE, *keep, *AFTER]


def test_there_are_variants_enough() -> None:
    assert len(VARIANTS) >= 40
    assert len(SENTENCES) >= 60


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_begins_like_boilerplate_survives(sentence: str) -> None:
    for wrapper in WRAPPERS:
        assert read(page(wrapper, f"<p>{sentence}</p>"), FAMILY[wrapper]) == [
            *BEFORE,
            sentence,
            *AFTER,
        ]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_such_a_sentence_survives_with_a_link_inside(sentence: str) -> None:
    words = sentence.split()
    linked = " ".join([*words[:2], f'<a href="/l">{words[2]}</a>', *words[3:]])
    assert sentence in read(page("wpberita", f"<p>{linked}</p>"), "wordpress")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_such_a_sentence_survives_as_the_first_or_last_of_an_article(sentence: str) -> None:
    lines = [*BEFORE, *AFTER]
    assert list(clean([sentence, *lines], RULES, "", []).paragraphs) == [sentence, *lines]
    assert list(clean([*lines, sentence], RULES, "", []).paragraphs) == [*lines, sentence]


# --------------------------------------------------------------------- guard and record

STORY = "".join(f"<p>{line}</p>" for line in (*BEFORE, *AFTER))


def kept(html: str, family: str = "custom", drop: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """What is left of the text, and the rules that cut."""
    tree = tree_of(f"<html><body>{html}</body></html>")
    removed = prune(tree, RULES, family, drop)
    return " ".join(tree.text_content().split()), [removal.rule for removal in removed]


@pytest.mark.parametrize(
    "wrong", ["related-news", "share", "sidebar", "comments", "caption", "popular", "baca-juga"]
)
def test_an_element_with_most_of_the_prose_is_never_cut(wrong: str) -> None:
    for html in (
        f'<div class="{wrong}">{STORY}</div>',
        f'<div class="entry-content"><div class="{wrong}">{STORY}</div></div>',
        f'<div class="{wrong}"><div class="entry-content">{STORY}</div></div>',
        f'<div class="entry-content {wrong}">{STORY}</div>',
    ):
        text, _ = kept(html)
        assert AFTER[-1] in text


def test_the_tags_of_an_article_among_its_classes_cut_nothing() -> None:
    text, rules = kept(f'<article class="post tag-share category-popular">{STORY}</article>')
    assert AFTER[-1] in text
    assert rules == []


def test_an_outlets_own_selectors_are_cut_and_kept_as_removals() -> None:
    html = f'<div class="entry-content">{STORY}<div class="promo"><p>Beli   koran.</p></div></div>'
    text, rules = kept(html, drop=(".promo > p",))
    assert "Beli" not in text
    assert rules == ["drop"]


def test_an_outlets_selector_cannot_cut_the_article() -> None:
    selectors = (".entry-content", "body", "html")
    text, _ = kept(f'<div class="entry-content">{STORY}</div>', drop=selectors)
    assert AFTER[0] in text
    assert AFTER[1] in text


def test_a_selector_that_is_none_is_named() -> None:
    with pytest.raises(RulesError, match="p >"):
        kept("<p>x</p>", drop=("p > > ",))


def test_an_appended_story_is_cut_even_when_it_is_longer() -> None:
    more = "<p>Cerita lain tentang KPK dan bupati khayal yang panjang sekali.</p>" * 40
    text, rules = kept(
        f'<article><h1>A</h1><div class="entry-content">{STORY}</div></article>'
        f'<article><h1>B</h1><div class="entry-content">{more}</div></article>'
    )
    assert "Cerita lain" not in text
    assert AFTER[-1] in text
    assert rules == ["second-article"]


def test_a_removal_is_one_line_of_at_most_five_hundred_characters() -> None:
    tree = tree_of(
        f'<html><body><div class="entry-content">{STORY}<div class="baca-juga">Baca\n  Juga'
        + "<p>Judul lain</p>" * 99
        + "</div></div></body></html>"
    )
    (removal,) = prune(tree, RULES, "custom")
    assert removal.text.startswith("Baca Juga Judul lain")
    assert len(removal.text) == 500
    assert removal.paragraph is None


def test_menus_and_sidebars_are_not_among_the_removals() -> None:
    html = (
        '<nav><a href="/">Beranda</a></nav><div class="sidebar">Terpopuler</div>'
        f'<div class="entry-content">{STORY}<figure><img><figcaption>Suasana rapat</figcaption>'
        "</figure></div><footer>Redaksi</footer>"
    )
    text, rules = kept(html)
    assert rules == ["caption"]
    assert "Terpopuler" not in text


def test_a_family_rule_holds_for_its_family_only() -> None:
    html = f'<div class="entry-content">{STORY}<p class="baca">Warga membaca papan itu.</p></div>'
    assert kept(html, "tribun")[1] == ["related"]
    assert kept(html, "wordpress")[1] == []
