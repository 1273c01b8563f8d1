"""The review page shows what waits and why, and keeps what a person decides."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from review.conditions import state_of
from review.texts import FOLDER, language
from store.articles import get_article, save_article
from store.condition import Condition
from store.copies import link
from store.records import StoredArticle
from store.reviews import decide, history
from tests.review_client import ReviewServer
from tests.test_store_samples import ARTICLE, DAY, MINUTE, NOW, URL, numbered


@pytest.fixture
def page(tmp_path: Path) -> Iterator[ReviewServer]:
    server = ReviewServer(tmp_path, more=3)
    yield server
    server.close()


def article(page: ReviewServer, number: int = 1) -> StoredArticle:
    stored = get_article(page.db, number)
    assert stored is not None
    return stored


def test_the_inbox_shows_where_when_and_why(page: ReviewServer) -> None:
    text = page.get("/", Accept_Language="id").text
    assert "Kabar Randu" in text and "30 Apr 2025 17.15 WIB" in text and ">Randu<" in text
    assert "bersama <mark>KPK</mark>" in text and ">Rakor</a>" in text
    assert 'id="waiting">4<' in text


def test_the_newest_stands_first(page: ReviewServer) -> None:
    text = page.get("/").text
    assert text.index("Berita 2") < text.index("Berita 1") < text.index("Berita 0")


def test_a_day_without_a_time_says_so(page: ReviewServer) -> None:
    save_article(page.db, "kabar", f"{URL}-d", numbered(9, published_precision="day"), NOW)
    assert "30 Apr 2025 (tanggal saja)" in page.get("/").text


def test_an_outlet_of_the_east_has_its_own_time(page: ReviewServer) -> None:
    save_article(page.db, "warta", f"{URL}-e", numbered(9), NOW)
    assert "30 Apr 2025 19.24 WIT" in page.get("/").text


def test_opening_marks_nothing(page: ReviewServer) -> None:
    for path in ("/", "/items/1", "/items/1/text.json", "/articles"):
        page.get(path)
    assert (article(page).verdict, history(page.db, 1)) == ("new", [])


def test_a_form_decides_and_comes_back(page: ReviewServer) -> None:
    answer = page.post("/items/1/verdict", {"verdict": "relevant", "back": "/?q=kpk"})
    assert (answer.status, answer.headers["location"]) == (303, "/?q=kpk")
    assert article(page).verdict == "relevant"
    assert [entry.by for entry in history(page.db, 1)] == ["Rina"]


def test_the_same_step_sent_twice_is_kept_once(page: ReviewServer) -> None:
    for _ in range(2):
        page.post("/items/1/verdict", {"verdict": "later", "step": "a1"}, Accept="application/json")
        page.post("/items/1/note", {"text": "cek", "step": "a2"}, Accept="application/json")
    assert [entry.action for entry in history(page.db, 1)] == ["verdict", "note"]


def test_marking_many_is_one_step_to_undo(page: ReviewServer) -> None:
    form = {"verdict": "irrelevant", "id": ["1", "2", "3"]}
    answer = page.post("/verdicts", form, Accept="application/json").json()
    assert answer == {"decided": 3, "waiting": 1}
    undone = page.post("/undo", Accept="application/json").json()
    assert [item["id"] for item in undone["items"]] == [1, 2, 3]
    assert undone["waiting"] == 4


def test_undo_goes_back_many_levels(page: ReviewServer) -> None:
    page.post("/items/1/verdict", {"verdict": "relevant"})
    page.post("/items/1/star", {"value": "1"})
    page.post("/items/2/verdict", {"verdict": "later"})
    undone = [page.post("/undo", Accept="application/json").json()["undone"] for _ in range(4)]
    assert undone == ["verdict", "star", "verdict", None]
    assert (article(page).verdict, article(page).starred) == ("new", False)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/items/1/verdict", {"verdict": "maybe"}),
        ("/items/1/star", {"value": "2"}),
        ("/items/1/note", {"text": "  "}),
        ("/items/1/tag", {"label": "!!"}),
        ("/items/1/correct", {"field": "date", "value": "kemarin"}),
        ("/items/1/correct", {"field": "text", "value": "x"}),
        ("/verdicts", {"verdict": "later", "id": "1 or 1"}),
    ],
)
def test_nonsense_is_refused_in_words(page: ReviewServer, path: str, form: dict[str, str]) -> None:
    answer = page.post(path, form, Accept="application/json")
    assert answer.status == 400 and answer.json()["error"]
    assert history(page.db, 1) == []


def test_an_unknown_article_is_a_page_that_says_so(page: ReviewServer) -> None:
    for path in ("/items/99", "/items/99999999999999999999", "/items/1?against=77", "/nowhere"):
        assert page.get(path).status == 404
    assert page.post("/items/99/verdict", {"verdict": "later"}).status == 409


def test_a_tag_of_ones_own_comes_and_goes(page: ReviewServer) -> None:
    page.post("/items/1/tag", {"label": "Perlu Ditindak"})
    assert "Perlu Ditindak" in page.get("/items/1").text
    assert "/items/1" in page.get("/articles?tag=perlu-ditindak").text
    assert "/items/2" not in page.get("/articles?tag=perlu-ditindak").text
    page.post("/items/1/tag", {"remove": "perlu-ditindak"})
    assert '<span class="tag user">' not in page.get("/items/1").text


def test_a_tag_is_taken_back_like_any_other_step(page: ReviewServer) -> None:
    page.post("/items/1/tag", {"label": "Perlu Ditindak", "step": "a"})
    page.post("/items/1/tag", {"label": "Perlu Ditindak", "step": "a"})
    page.post("/items/1/tag", {"remove": "perlu-ditindak"})
    assert [tag.slug for tag in article(page).article.tags if tag.kind == "user"] == []
    page.post("/undo")
    assert [tag.slug for tag in article(page).article.tags if tag.kind == "user"] == [
        "perlu-ditindak"
    ]
    page.post("/undo")
    assert [tag.slug for tag in article(page).article.tags if tag.kind == "user"] == []
    assert "memberi tag “Perlu Ditindak”" in page.get("/items/1").text


def test_a_correction_stands_beside_what_was_read(page: ReviewServer) -> None:
    page.post("/items/1/correct", {"field": "date", "value": "2025-04-28"})
    assert article(page).article.published_day == date(2025, 4, 28)
    text = page.get("/items/1").text
    assert "28 Apr 2025 (tanggal saja)" in text and "diperbaiki Rina" in text


def test_an_item_shows_reasons_facts_and_what_was_cut(page: ReviewServer) -> None:
    text = page.get("/items/1").text
    assert "bersama <mark>KPK</mark>." in text and "data terstruktur halaman" in text
    assert "BACA JUGA: Harga Cabai" in text and "*(dona)." in text
    assert 'href="https://kabar.example/rakor-antikorupsi" target="_blank" rel="noopener' in text


def test_a_revision_shows_its_words(page: ReviewServer) -> None:
    changed = replace(ARTICLE, text=ARTICLE.text.replace("sekda", "bupati"))
    save_article(page.db, "kabar", URL, changed, NOW + DAY)
    text = page.get("/items/1").text
    assert "<del>sekda</del><ins>bupati</ins>" in text


def test_copies_are_counted_and_compared(page: ReviewServer) -> None:
    link(page.db, (1, 2), "copy", 0.98, "sama")
    assert "1 salinan" in page.get("/articles").text
    text = page.get("/items/1?against=2").text
    assert "Salinan" in text and "Yang berbeda" in text


def test_people_who_disagree_are_both_named(page: ReviewServer) -> None:
    decide(page.db, 1, "relevant", "Rina", None, NOW)
    decide(page.db, 1, "irrelevant", "Bayu", None, NOW + MINUTE)
    text = page.get("/items/1").text
    assert "Rina: relevan, Bayu: tidak relevan" in text
    assert "penilaian berbeda" in page.get("/articles").text


def test_a_search_marks_what_it_found_and_narrows(page: ReviewServer) -> None:
    assert "<mark>sekda</mark>" in page.get("/articles?q=sekda").text
    assert "Tidak ada yang cocok" in page.get("/articles?q=sekda+-randu").text
    assert "Tidak ada yang cocok" in page.get("/articles?q=kpk&outlet=warta").text
    assert 'id="item-1"' in page.get("/articles?programme=rakor&since=2025-04-30").text
    assert 'id="item-1"' not in page.get("/articles?until=2025-04-29").text


@pytest.mark.parametrize("query", ["q=%22", "q=*", "before=x~y", "since=9999-99-99", "verdict=x",
                                   "until=9999-12-31", "q=NEAR(a+b)", "region=%00"])  # fmt: skip
def test_any_query_is_legal(page: ReviewServer, query: str) -> None:
    assert page.get(f"/articles?{query}").status == 200


def test_pages_of_a_list_follow_each_other_without_gap(tmp_path: Path) -> None:
    page = ReviewServer(tmp_path, more=60)
    try:
        first = page.get("/").text
        older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        shown = (first + page.get(older).text).count('class="row"')
        assert shown == 61
    finally:
        page.close()


def test_a_list_is_taken_away_whole(page: ReviewServer) -> None:
    rows = list(csv.DictReader(page.get("/inbox.csv").text.splitlines()))
    assert len(rows) == 4 and rows[0]["title"] == "Berita 2"
    assert page.get("/inbox.csv?bom=1").text.startswith("\ufeffid,")
    lines = page.get("/articles.jsonl?q=berita").text.splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["Berita 2", "Berita 1", "Berita 0"]


def test_the_evidence_of_an_item_is_one_file(page: ReviewServer) -> None:
    found = page.get("/items/1/evidence.json").json()
    assert found["article"]["url"] == URL and len(found["revisions"][0]["sha256"]) == 64


def test_an_old_crawl_is_said_on_every_page(page: ReviewServer) -> None:
    assert 'class="banner"' not in page.get("/").text
    page.db.conn.execute("UPDATE runs SET started_at = '2025-04-29T00:00:00Z'")
    for path in ("/", "/items/1", "/health"):
        assert "Pengumpulan terakhir 29 Apr 2025" in page.get(path).text


def test_health_puts_the_worst_first() -> None:
    good = Condition("a", "A", True, last_success_at=NOW, new_7d=3, sources=2)
    assert state_of(good) == "well"
    assert state_of(replace(good, sources_failing=1)) == "partly"
    assert state_of(replace(good, sources_failing=2)) == "failing"
    assert state_of(replace(good, new_7d=0)) == "quiet"
    assert state_of(replace(good, enabled=False, sources_failing=2)) == "off"


def test_the_page_speaks_the_browsers_language_until_told_otherwise(page: ReviewServer) -> None:
    assert '<html lang="id">' in page.get("/").text
    assert '<html lang="en">' in page.get("/", Accept_Language="de, en;q=0.8, id;q=0.5").text
    answer = page.post("/language", {"language": "id", "back": "/health"})
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert '<html lang="id">' in page.get("/", Accept_Language="en", Cookie=cookie).text


def test_a_strange_language_header_is_indonesian() -> None:
    assert language(None, "x;q=y,,;;;q=,fr") == "id"


def test_both_languages_have_the_same_words() -> None:
    words = [tomllib.loads((FOLDER / "texts" / f"{c}.toml").read_text()) for c in ("id", "en")]
    assert words[0].keys() == words[1].keys()
    braces = [{k: str(v).count("{") for k, v in each.items()} for each in words]
    assert braces[0] == braces[1]


def test_starred_items_are_found(page: ReviewServer) -> None:
    page.post("/items/2/star", {"value": "1"})
    text = page.get("/articles?starred=1").text
    assert 'id="item-2"' in text and 'id="item-1"' not in text


def test_times_are_shown_in_the_readers_zone_once_chosen(page: ReviewServer) -> None:
    assert "17.15 WIB" in page.get("/items/1").text
    answer = page.post("/zone", {"zone": "WIT", "back": "/items/1"})
    assert answer.status == 303 and "pantau_zone=WIT" in answer.headers["set-cookie"]
    assert "19.15 WIT" in page.get("/items/1", Cookie="pantau_zone=WIT").text
    assert "17.15 WIB" in page.get("/items/1", Cookie="pantau_zone=Mars").text
    assert 'pantau_zone=""' in page.post("/zone", {"zone": ""}).headers["set-cookie"]
