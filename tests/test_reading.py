"""The reading path on small pages: what is kept of them, and how the outlet filed them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.filing import is_filed_as_paid, of_this_desk
from crawler.metadata import Metadata
from crawler.outlets import Outlet
from crawler.reading import (
    SAVED_PAGE,
    Occasion,
    PageInput,
    Tools,
    load_tools,
    read_pages,
    read_summary,
)
from store.records import Candidate

NOW = datetime(2025, 5, 1, tzinfo=UTC)
OUTLET = Outlet("contoh", "Contoh", "https://contoh.example/", "wordpress", "16")
PAGE = "https://contoh.example/kpk-tahan-kepala-dinas"
HINT = Candidate(PAGE, PAGE, "KPK Tahan Kepala Dinas", None, "KPK menahan seorang kepala dinas.")
PROSE = "<p>KPK menahan seorang kepala dinas di Muara Contoh pada Rabu (30/4/2025).</p>" * 3


@pytest.fixture(scope="module")
def tools() -> Tools:
    return load_tools()


@pytest.mark.parametrize(
    ("title", "meta"),
    [
        ("Bupati Lantik Camat", Metadata(section="Advertorial")),
        ("Bupati Lantik Camat", Metadata(keywords=("Pemkab", "PARIWARA"))),
        ("ADV: Bupati Lantik Camat", Metadata()),
        ("(Advertorial) Bupati Lantik Camat", Metadata()),
    ],
)
def test_an_item_filed_as_paid_is_an_advertorial(title: str, meta: Metadata, tools: Tools) -> None:
    assert is_filed_as_paid(title, meta, tools.rules)


def test_a_title_about_advertising_is_no_advertorial(tools: Tools) -> None:
    meta = Metadata(section="Ekonomi", keywords=("iklan layanan masyarakat",))
    assert not is_filed_as_paid("Iklan Layanan KPK Tayang di Bus", meta, tools.rules)


def test_a_saved_page_is_read_whatever_it_is_about(tools: Tools) -> None:
    body = b"<h1>Panen Raya</h1><article>" + b"<p>Petani memanen padi di sawah.</p>" * 9
    reading = read_pages([PageInput(PAGE, body)], Occasion(OUTLET, HINT, NOW), tools, SAVED_PAGE)
    assert reading.ending == "off_topic"
    assert reading.article is not None
    assert reading.article.title == "Panen Raya"


def test_a_crawled_page_about_something_else_leaves_no_article(tools: Tools) -> None:
    body = b"<h1>Panen Raya</h1><article>" + b"<p>Petani memanen padi di sawah.</p>" * 9
    reading = read_pages([PageInput(PAGE, body)], Occasion(OUTLET, HINT, NOW), tools)
    assert (reading.ending, reading.article) == ("off_topic", None)


def test_metadata_only_keeps_title_and_summary_of_the_source(tools: Tools) -> None:
    reading = read_summary(Occasion(OUTLET, HINT, NOW), tools)
    assert reading.article is not None
    assert reading.article.text == "KPK menahan seorang kepala dinas."
    assert reading.article.relevance == "about"


def test_a_desk_is_told_by_its_dateline_or_its_category() -> None:
    desk = Outlet(
        "desk", "Desk", "https://a.example/", "wordpress", "36",
        only_dateline=("Kabar Banten",), only_category=("Banten",),
    )  # fmt: skip
    assert of_this_desk("KABAR BANTEN | Daerah - Gubernur", Metadata(), desk)
    assert of_this_desk("Gubernur", Metadata(section="banten"), desk)
    assert not of_this_desk("Gubernur Banten", Metadata(section="Jawa Tengah"), desk)


def test_an_article_without_a_date_counts_from_when_it_was_seen(tools: Tools) -> None:
    body = f"<h1>KPK Tahan Kepala Dinas</h1><article>{PROSE}</article>".encode()
    reading = read_pages(
        [PageInput(PAGE, body)], Occasion(OUTLET, Candidate(PAGE, PAGE), NOW), tools
    )
    assert reading.article is not None
    assert (reading.article.published_source, reading.article.published_at) == ("first_seen", NOW)


FULL = "".join(f"<p>KPK menahan kepala dinas ke-{n} di Muara Contoh, Rabu.</p>" for n in range(9))


def test_a_page_that_scripts_fill_is_read_from_its_feed(tools: Tools) -> None:
    hint = Candidate(PAGE, PAGE, "KPK Tahan Kepala Dinas", None, None, FULL + "BACA JUGA: Lain")
    shell = b"<html><body><h1>KPK Tahan Kepala Dinas</h1><div id=app></div></body></html>"
    reading = read_pages([PageInput(PAGE, shell)], Occasion(OUTLET, hint, NOW), tools)
    assert reading.article is not None
    assert len(reading.article.text.split("\n")) == 9
    assert "BACA JUGA" not in reading.article.text


def test_a_whole_page_goes_before_its_feeds_teaser(tools: Tools) -> None:
    hint = Candidate(PAGE, PAGE, "KPK Tahan Kepala Dinas", None, None, "<p>KPK menahan [...]</p>")
    page = f"<h1>KPK Tahan Kepala Dinas</h1><article>{FULL}</article>".encode()
    reading = read_pages([PageInput(PAGE, page)], Occasion(OUTLET, hint, NOW), tools)
    assert reading.article is not None
    assert len(reading.article.text.split("\n")) == 9
