"""Lists are narrowed by what they hold, kept under a name, ordered by what verdicts teach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from store.alerts import rules, stories
from store.articles import save_article
from store.facets import FACET_MOST, facets_of
from store.filters import Filter
from store.records import Tag
from store.reviews import decide
from store.views import View
from tests.review_client import ReviewServer
from tests.test_store_samples import ARTICLE, DAY, NOW, numbered

MCSP = Tag("programme", "mcsp", "MCSP", "MCSP")


@pytest.fixture
def page(tmp_path: Path) -> Iterator[ReviewServer]:
    server = ReviewServer(tmp_path, more=3)
    other = replace(numbered(9), province="36", region="36.73", tags=(MCSP,), topic="bpk")
    save_article(server.db, "warta", "https://warta.example/mcsp", other, NOW)
    yield server
    server.close()


def options(text: str, name: str) -> list[str]:
    (found,) = re.findall(rf'<select name="{name}">(.*?)</select>', text, re.S)
    return re.findall(r'<option value="[^"]+"[^>]*>([^<]*)</option>', found)


def test_facets_count_within_the_list_that_is_shown(page: ReviewServer) -> None:
    assert options(page.get("/").text, "outlet") == ["Kabar Randu (4)", "Warta Timur (1)"]
    narrowed = page.get("/?province=36").text
    assert options(narrowed, "outlet") == ["Warta Timur (1)"]
    assert options(narrowed, "programme") == ["MCSP (1)"]
    assert options(narrowed, "province") == ["Banten (1)", "Kepulauan Bangka Belitung (4)"]


def test_a_list_can_be_narrowed_to_a_regency(page: ReviewServer) -> None:
    text = page.get("/?province=19").text
    assert options(text, "region") == ["Kota Randu (4)"]
    assert page.get("/?region=19.71").text.count('<li class="row"') == 4
    assert options(page.get("/?region=19.71").text, "region") == ["36.73 (1)", "Kota Randu (4)"]


def test_what_is_chosen_stays_among_the_choices(page: ReviewServer) -> None:
    text = page.get("/?province=11&outlet=kabar").text
    assert "Aceh" in options(text, "province") and 'value="11" selected' in text


def test_a_list_too_long_to_count_offers_everything_without_counts(page: ReviewServer) -> None:
    for number in range(FACET_MOST):
        one = replace(numbered(1), text=f"Teks {number} KPK.")
        save_article(page.db, "kabar", f"https://kabar.example/n{number}", one, NOW)
    assert facets_of(page.db, View(Filter(outlet="kabar")), "programme") is None
    assert options(page.get("/articles?outlet=kabar").text, "programme") == ["MCSP", "Rakor"]


def test_a_topic_can_be_chosen_where_there_is_more_than_one(page: ReviewServer) -> None:
    assert options(page.get("/").text, "topic") == ["bpk", "kpk"]
    assert page.get("/?topic=bpk").text.count('<li class="row"') == 1


def test_the_inbox_is_ranked_only_once_enough_was_decided(page: ReviewServer) -> None:
    text = page.get("/?order=ranked", Accept_Language="en").text
    assert "Ranked from 50 verdicts on; so far there are 0" in text
    assert text.count('<li class="row"') == 5


def test_verdicts_order_the_inbox_and_say_why(page: ReviewServer) -> None:
    for number in range(60):
        wanted = number % 2 == 0
        title = f"Rakor Pencegahan {number}" if wanted else f"Festival Kuliner {number}"
        one = replace(numbered(1), title=title, tags=(MCSP,) if wanted else ())
        url = f"https://kabar.example/v{number}"
        stored = save_article(page.db, "kabar", url, one, NOW).article_id
        decide(page.db, stored, "relevant" if wanted else "irrelevant", "Rina", None, NOW)
    text = page.get("/?order=ranked", Accept_Language="en").text
    titles = re.findall(r"<h2>.*?<bdi>(.*?)</bdi>", text)
    assert titles[0] == "Berita 9" and text.count('<li class="row"') == 5
    assert "Moved by" in text and "MCSP" in text
    assert "In the order that 60 verdicts suggest" in text


def test_a_search_is_kept_with_its_feed_and_removed(page: ReviewServer) -> None:
    sent = {"name": "Banten MCSP", "address": "/articles?province=36&programme=mcsp&before=x"}
    assert page.post("/saved/keep", sent).status == 303
    text = page.get("/saved").text
    assert 'href="/articles?province=36&amp;programme=mcsp"' in text
    feed = "/articles.atom?province=36&programme=mcsp"
    assert feed.replace("&", "&amp;") in text and "Berita 9" in page.get(feed).text
    assert page.post("/saved/keep", sent).status == 409
    page.post("/saved/1/remove")
    assert "Banten MCSP" not in page.get("/saved").text


@pytest.mark.parametrize(
    "address",
    [
        "/articles",
        "//evil.example/?q=a",
        "/health?q=a",
        "https://evil.example/?q=a",
        "",
        "/items/1",
    ],
)
def test_only_a_narrowed_list_of_this_page_can_be_kept(page: ReviewServer, address: str) -> None:
    assert page.post("/saved/keep", {"name": "x", "address": address}).status == 400


def test_a_kept_search_becomes_an_alert_that_finds_what_it_finds(page: ReviewServer) -> None:
    address = "/articles?q=berita&programme=mcsp&region=36.71"
    page.post("/saved/keep", {"name": "Banten", "address": address})
    alert = {"channel": "redaksi", "rhythm": "daily", "hour": "6"}
    assert page.post("/saved/1/alert", alert).status == 303
    (rule,) = rules(page.db)
    assert (rule.name, rule.channel, rule.hour, rule.query) == ("Banten", "redaksi", 6, "berita")
    later = NOW + DAY
    for number, region in enumerate(("36.71", "36.72")):
        one = replace(numbered(20 + number), region=region, tags=(MCSP,))
        save_article(page.db, "warta", f"https://warta.example/b{number}", one, later)
    found = stories(page.db, rule, later + timedelta(hours=1))
    assert [one.article.title for one in found] == ["Berita 20"]
    assert "Banten" in page.get("/saved").text
    page.post("/alerts/remove", {"name": "Banten"})
    assert rules(page.db) == []


@pytest.mark.parametrize(
    "alert",
    [
        {"channel": "Bad Name", "rhythm": "daily"},
        {"channel": "redaksi", "rhythm": "never"},
        {"channel": "redaksi", "rhythm": "daily", "hour": "24"},
        {"channel": "x-secret", "rhythm": "daily"},
    ],
)
def test_an_alert_that_could_not_tell_is_refused(page: ReviewServer, alert: dict[str, str]) -> None:
    page.post("/saved/keep", {"name": "Banten", "address": "/?province=36"})
    assert page.post("/saved/1/alert", alert).status == 400


def test_an_article_of_another_topic_waits_like_any_other(page: ReviewServer) -> None:
    assert "Berita 9" in page.get("/").text
    assert ARTICLE.topic == "kpk"
