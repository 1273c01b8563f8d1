"""JSON-LD as sites print it, whole and broken."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import parse
from crawler.jsonld import LinkedArticle, read_jsonld

URL = "https://kabar.example/2025/01/02/judul-berita-panjang"


def linked(*blocks: str) -> LinkedArticle:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return read_jsonld(
        parse(f"<html><head>{scripts}</head><body>x</body></html>".encode(), None).tree, URL
    )


HEAD = r'"@type":"NewsArticle","headline":"Kata \"KPK\", kata dia","datePublished":"2025-01-02"'


@pytest.mark.parametrize(
    "block",
    [
        "{" + HEAD + "}",
        "{" + HEAD.replace("\\", "") + ",}",
        "<!--//--><![CDATA[//><!--\n{" + HEAD + "}\n//--><!]]>",
        "/* <![CDATA[ */[{" + HEAD + ",},]/* ]]> */",
        "{" + HEAD.replace('\\"', "&quot;").replace(", kata", ",\nkata") + "};",
        "{" + HEAD + '  "kunci" tanpa titik dua',
    ],
)
def test_broken_blocks_are_read_as_far_as_possible(block: str) -> None:
    read = linked(block)
    assert (read.headline, read.published) == ('Kata "KPK", kata dia', ("2025-01-02",))


def test_a_graph_resolves_its_authors() -> None:
    read = linked(
        '{"@graph":[{"@type":"Article","headline":"A","author":{"@id":"#p"}},'
        '{"@type":"Person","@id":"#p","name":"Budi Contoh"}]}'
    )
    assert read.people == ("Budi Contoh",)


def test_organisations_are_told_from_people() -> None:
    read = linked(
        '{"@type":"Article","headline":"A","author":[{"@type":"Organization","name":"Kabar"},{"@type":"Person","name":"Ani"}]}'
    )
    assert (read.people, read.organisations) == (("Ani",), ("Kabar",))


def test_the_article_of_this_address_outranks_related_ones() -> None:
    read = linked(
        '[{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","headline":"C"}]},{"@type":"NewsArticle","headline":"B","url":"https://kabar.example/lain"}]',
        '{"@type":"NewsArticle","headline":"A","url":"' + URL + '/"}',
    )
    assert read.headline == "A"


def test_a_web_page_alone_gives_its_date_and_no_headline() -> None:
    read = linked(
        '{"@graph":[{"@type":"WebPage","name":"A - Kabar",'
        '"datePublished":"2025-01-02T00:00:00+00:00"}]}'
    )
    assert (read.headline, read.published) == (None, ("2025-01-02T00:00:00+00:00",))


def test_a_modification_is_never_a_publication() -> None:
    assert linked('{"@type":"NewsArticle","dateModified":"2025-01-02"}').published == ()


@pytest.mark.parametrize(
    "block",
    [
        "[" * 200_000,
        '{"a":' * 50_000,
        '"' * 400_000,
        '{"x":"' + '" ' * 200_000,
        '{"datePublished"' + " " * 300_000,
    ],
)
def test_hostile_blocks_end_soon(block: str) -> None:
    start = time.perf_counter()
    linked(block)
    assert time.perf_counter() - start < 2


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='{}[]":,\\ a1@type\n', max_size=200) | st.text(max_size=100))
def test_any_block_can_be_read(block: str) -> None:
    linked(block.replace("<", ""), '{"@type":"NewsArticle",' + block.replace("<", ""))
