"""A person's corrections: they stand beside what was read, and stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.articles import get_article, list_articles, revisions, save_article
from store.corrections import FIELDS, corrections
from store.database import StoreError
from store.doctor import check
from store.filters import Filter
from store.records import Article
from store.reviews import correct, decide, history, undo
from store.search import search
from tests.test_store_samples import ARTICLE, DAY, NOW, URL, numbered, sample_store

VALUES = {
    "date": "2025-04-28",
    "place": "Muara Contoh",
    "byline": None,
    "region": "19.01",
    "title": "Wali Kota Randu Ikut Rakor",
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        save_article(db, "kabar", URL, ARTICLE, NOW)
        yield db


def article(db: Database) -> Article:
    stored = get_article(db, 1)
    assert stored is not None
    return stored.article


def correct_all(db: Database) -> None:
    for field, value in VALUES.items():
        correct(db, 1, field, value, "Rina", NOW)


def test_every_field_shows_the_persons_value(db: Database) -> None:
    correct_all(db)
    seen = article(db)
    assert (seen.place, seen.byline, seen.region) == ("Muara Contoh", None, "19.01")
    assert seen.title == VALUES["title"]
    assert (seen.published_day, seen.published_precision) == (date(2025, 4, 28), "day")
    # Midnight in the outlet's zone, WIB; what was read of the page keeps its source.
    assert seen.published_at == datetime(2025, 4, 27, 17, tzinfo=UTC)
    assert seen.published_source == ARTICLE.published_source


def test_the_machines_value_stands_beside_with_who_and_when(db: Database) -> None:
    correct_all(db)
    found = {c.field: c for c in corrections(db, 1)}
    assert list(found) == list(FIELDS)
    assert (found["place"].machine, found["place"].by, found["place"].at) == ("Randu", "Rina", NOW)
    assert found["date"].machine == "2025-04-30T10:15:00Z"
    assert found["title"].machine == ARTICLE.title


def test_a_time_keeps_its_minutes(db: Database) -> None:
    correct(db, 1, "date", "2025-04-28T08:30:00+09:00", "Rina", NOW)
    assert article(db).published_at == datetime(2025, 4, 27, 23, 30, tzinfo=UTC)
    assert article(db).published_day == date(2025, 4, 28)
    assert article(db).published_precision == "time"


def test_corrections_survive_a_revision_and_undo_shows_the_latest_reading(db: Database) -> None:
    correct_all(db)
    revised = replace(
        ARTICLE, title="Judul Baru", text="Teks baru.", place="Teluk", region="19.02", byline="Tia"
    )
    assert save_article(db, "kabar", URL, revised, NOW + DAY).kind == "revised"
    assert (article(db).title, article(db).place) == (VALUES["title"], "Muara Contoh")
    assert article(db).text == "Teks baru."
    assert revisions(db, 1)[-1].title == "Judul Baru"
    while undo(db, "Rina", NOW) is not None:
        pass
    assert article(db) == revised
    assert check(db, NOW) == []


def test_a_corrected_title_is_no_edit_of_the_outlet(db: Database) -> None:
    correct(db, 1, "title", "Judul lain", "Rina", NOW)
    assert save_article(db, "kabar", URL, ARTICLE, NOW + DAY).kind == "same"
    assert article(db).title == "Judul lain"


def test_undo_brings_back_the_correction_before(db: Database) -> None:
    correct(db, 1, "place", "Muara", "Rina", NOW)
    correct(db, 1, "place", "Teluk", "Bayu", NOW)
    assert undo(db, "Bayu", NOW) is not None
    assert article(db).place == "Muara"
    assert undo(db, "Rina", NOW) is not None
    assert article(db).place == "Randu"


def test_lists_and_search_go_by_the_corrected_values(db: Database) -> None:
    save_article(db, "kabar", URL + "-2", numbered(5), NOW)
    correct(db, 1, "date", "2025-05-01", "Rina", NOW)
    correct(db, 1, "title", "Bimtek Perpustakaan", "Rina", NOW)
    assert [stored.id for stored in list_articles(db, Filter())] == [1, 2]
    assert [stored.id for stored in search(db, "perpustakaan")] == [1]
    assert search(db, "hadiri") == []


def test_the_log_tells_who_corrected_and_verdicts_are_not_touched(db: Database) -> None:
    decide(db, 1, "relevant", "Bayu", None, NOW)
    correct(db, 1, "place", "Muara", "Rina", NOW)
    assert [(entry.by, entry.action) for entry in history(db, 1)] == [
        ("Bayu", "verdict"),
        ("Rina", "correct"),
    ]
    stored = get_article(db, 1)
    assert stored is not None and stored.verdict == "relevant"


def test_a_date_of_a_person_ends_the_doubts_about_it(db: Database) -> None:
    doubtful = replace(ARTICLE, date_conflict="page says 29 April")
    save_article(db, "kabar", URL, doubtful, NOW)
    correct(db, 1, "date", "2025-04-29", "Rina", NOW)
    assert article(db).date_conflict is None
    undo(db, "Rina", NOW)
    assert article(db).date_conflict == "page says 29 April"


def test_an_unknown_field_or_article_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="'text' cannot be corrected"):
        correct(db, 1, "text", "x", "Rina", NOW)
    with pytest.raises(StoreError, match="no article 99"):
        correct(db, 99, "place", "x", "Rina", NOW)
