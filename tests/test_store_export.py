"""What leaves the store: the contract's JSON word for word, and cells that cannot run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store.articles import get_article, save_article
from store.copies import link
from store.export import KEYS, article_json, write_csv, write_jsonl
from store.records import Article, StoredArticle
from store.reviews import decide
from tests.test_store_samples import ARTICLE, NOW, URL, sample_store

CONTRACT = (
    "id url outlet title text published_at published_precision published_source event_date "
    "date_conflict first_seen_at byline place province region advertorial topic relevance score "
    "reasons tags verdict starred notes copies siblings revision removed"
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def stored(article: Article = ARTICLE, outlet: str = "kabar") -> StoredArticle:
    zone = "Asia/Jakarta" if outlet == "kabar" else "Asia/Jayapura"
    return StoredArticle(1, URL, outlet, "Nama", zone, article, NOW, 1)


def cells(article: StoredArticle) -> dict[str, str]:
    stream = io.StringIO(newline="")
    write_csv([article], stream)
    stream.seek(0)
    (row,) = csv.DictReader(stream)
    return row


def test_the_keys_are_the_contracts_in_its_order() -> None:
    assert " ".join(article_json(stored())) == CONTRACT


def test_times_carry_the_outlets_offset() -> None:
    assert article_json(stored())["published_at"] == "2025-04-30T17:15:00+07:00"
    assert article_json(stored())["first_seen_at"] == "2025-05-01T08:00:00+07:00"
    assert article_json(stored(outlet="warta"))["published_at"] == "2025-04-30T19:15:00+09:00"


def test_a_day_is_a_day() -> None:
    article = replace(ARTICLE, published_precision="day", published_source="dateline")
    assert article_json(stored(article))["published_at"] == "2025-04-30"


def test_an_article_is_the_contracts_json_word_for_word(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    for name in ("salin", "saudara"):
        save_article(db, "warta", f"https://warta.example/{name}", ARTICLE, NOW)
    link(db, (2, 1), "copy", 0.9, "3-gram")
    link(db, (1, 3), "sibling", 0.7, "3-gram")
    decide(db, 1, "relevant", "Rina", "kutipan", NOW)
    found = get_article(db, 1)
    assert found is not None
    assert json.loads(json.dumps(article_json(found))) == {
        "id": 1,
        "url": URL,
        "outlet": "kabar",
        "title": ARTICLE.title,
        "text": ARTICLE.text,
        "published_at": "2025-04-30T17:15:00+07:00",
        "published_precision": "time",
        "published_source": "jsonld",
        "event_date": "2025-04-30",
        "date_conflict": None,
        "first_seen_at": "2025-05-01T08:00:00+07:00",
        "byline": "Dona",
        "place": "Randu",
        "province": "19",
        "region": "19.71",
        "advertorial": False,
        "topic": "kpk",
        "relevance": "about",
        "score": 0.875,
        "reasons": [
            {"rule": "name", "quote": "KPK", "paragraph": 0, "start": 54, "end": 57},
            {"rule": "event", "quote": "Rakor", "paragraph": None, "start": 20, "end": 25},
        ],
        "tags": [
            {"kind": "region", "slug": "19.71", "label": "Kota Randu", "evidence": "RANDU"},
            {
                "kind": "programme",
                "slug": "rakor",
                "label": "Rakor",
                "evidence": "rapat koordinasi",
            },
        ],
        "verdict": "relevant",
        "starred": False,
        "notes": [{"at": "2025-05-01T08:00:00+07:00", "by": "Rina", "text": "kutipan"}],
        "copies": ["https://warta.example/salin"],
        "siblings": ["https://warta.example/saudara"],
        "revision": 1,
        "removed": [
            {"rule": "byline", "text": "*(dona).", "paragraph": 1},
            {"rule": "related", "text": "BACA JUGA: Harga Cabai", "paragraph": None},
        ],
    }


def test_lists_are_never_null() -> None:
    bare = article_json(stored(replace(ARTICLE, reasons=(), tags=(), removed=())))
    for key in ("reasons", "tags", "notes", "copies", "siblings", "removed"):
        assert bare[key] == []


def test_jsonl_is_one_object_a_line() -> None:
    stream = io.StringIO()
    write_jsonl([stored(), stored(replace(ARTICLE, title="Baris\u2028lain – é"))], stream)
    lines = stream.getvalue().removesuffix("\n").split("\n")
    assert [json.loads(line)["title"] for line in lines] == [ARTICLE.title, "Baris\u2028lain – é"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_could_run_gets_an_apostrophe(start: str) -> None:
    title = start + 'HYPERLINK("http://jahat.example","klik")'
    row = cells(stored(replace(ARTICLE, title=title, byline=start)))
    assert row["title"] == "'" + title
    assert row["byline"] == "'" + start


def test_a_table_has_a_header_and_plain_cells() -> None:
    row = cells(stored())
    assert list(row) == list(KEYS)
    assert (row["id"], row["starred"], row["date_conflict"], row["score"]) == (
        "1",
        "false",
        "",
        "0.875",
    )
    assert row["tags"] == "region:Kota Randu; programme:Rakor"
    assert json.loads(row["removed"])[0]["rule"] == "byline"
    assert row["copies"] == ""


def test_addresses_in_a_cell_are_parted() -> None:
    row = cells(replace(stored(), copies=("https://a.example/1", "https://b.example/2")))
    assert row["copies"] == "https://a.example/1; https://b.example/2"


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_no_title_whatever_makes_a_cell_that_runs(title: str) -> None:
    value = cells(stored(replace(ARTICLE, title=title)))["title"]
    assert not value.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert value.removeprefix("'") == title.removeprefix("'")
