"""Kinds of revisions, and articles that a correction of their outlet puts before people again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.articles import get_article, list_articles, revisions, save_article
from store.doctor import check
from store.filters import INBOX
from store.records import Article, StoredArticle
from store.reviews import decide, undo
from store.revisions import Edit
from tests.test_store_samples import ARTICLE, DAY, NOW, URL, sample_store

OTHER = replace(ARTICLE, title="Pemkot Randu Hadiri Rakor", text=ARTICLE.text + "\nRalat: besok.")
OFF = replace(OTHER, relevance="mentions", score=0.2, reasons=())


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def save(db: Database, *versions: Article) -> list[str]:
    return [
        save_article(db, "kabar", URL, article, NOW + n * DAY).kind
        for n, article in enumerate(versions)
    ]


def edits(db: Database) -> list[Edit]:
    return [revision.edit for revision in revisions(db, 1)]


def only(db: Database) -> StoredArticle:
    stored = get_article(db, 1)
    assert stored is not None
    return stored


def test_a_counter_in_the_text_makes_a_cosmetic_revision_that_nobody_is_told_of(
    db: Database,
) -> None:
    counted = replace(ARTICLE, text=ARTICLE.text + " Dibaca 1.204 kali")
    assert save(db, ARTICLE, counted) == ["new", "cosmetic"]
    assert edits(db) == [Edit("first"), Edit("cosmetic")]
    assert only(db).article.text == counted.text
    assert check(db, NOW) == []


def test_a_new_title_alone_is_told_from_a_new_text(db: Database) -> None:
    retitled = replace(ARTICLE, title="Pemkot Randu Absen dari Rakor")
    retold = replace(retitled, text="RANDU – Wali kota tidak hadir.")
    assert save(db, ARTICLE, retitled, retold) == ["new", "revised", "revised"]
    assert edits(db)[1:] == [Edit("title"), Edit("text")]


def test_a_version_that_comes_back_names_the_earlier_one(db: Database) -> None:
    assert save(db, ARTICLE, OTHER, ARTICLE) == ["new", "revised", "revised"]
    assert edits(db)[1:] == [Edit("text"), Edit("reverted", 1)]


def test_a_version_that_comes_back_with_another_counter_is_back_too(db: Database) -> None:
    save(db, ARTICLE, OTHER, replace(ARTICLE, text=ARTICLE.text + " Dibaca 90 kali"))
    assert edits(db)[-1] == Edit("reverted", 1)


def test_a_correction_that_takes_an_article_off_the_topic_is_reviewed_again(db: Database) -> None:
    save(db, ARTICLE)
    decide(db, 1, "relevant", "Rina", None, NOW)
    assert list_articles(db, INBOX) == []
    save_article(db, "kabar", URL, OFF, NOW + DAY)
    (stored,) = list_articles(db, INBOX)
    assert (stored.verdict, stored.article.relevance) == ("new", "mentions")
    note = stored.notes[-1]
    assert (note.by, note.at) == ("pantau", NOW + DAY)
    assert "revision 2 (a changed text) turned it from about to mentions" in note.text
    decide(db, 1, "irrelevant", "Rina", None, NOW + DAY)
    assert list_articles(db, INBOX) == []


def test_an_undecided_article_does_not_leave_the_inbox_by_a_correction(db: Database) -> None:
    save(db, ARTICLE, OFF)
    assert [stored.id for stored in list_articles(db, INBOX)] == [1]


def test_a_correction_that_brings_an_article_to_the_topic_is_reviewed_again(db: Database) -> None:
    save(db, OFF)
    decide(db, 1, "irrelevant", "Rina", None, NOW)
    save_article(db, "kabar", URL, ARTICLE, NOW + DAY)
    assert only(db).verdict == "new"
    assert "from mentions to about" in only(db).notes[-1].text


def test_reopening_is_in_the_log_and_undoing_ones_own_verdict_does_not_close_it(
    db: Database,
) -> None:
    save(db, ARTICLE)
    decide(db, 1, "relevant", "Rina", None, NOW)
    save_article(db, "kabar", URL, OFF, NOW + DAY)
    undo(db, "Rina", NOW + DAY)
    assert only(db).verdict == "new"
    assert check(db, NOW) == []


@pytest.mark.parametrize(
    "changed",
    [
        replace(ARTICLE, relevance="mentions", score=0.2),
        replace(ARTICLE, text=ARTICLE.text + " Dibaca 9 kali", relevance="mentions"),
    ],
)
def test_what_is_no_edit_of_the_outlet_reopens_nothing(db: Database, changed: Article) -> None:
    save(db, ARTICLE)
    decide(db, 1, "relevant", "Rina", None, NOW)
    save_article(db, "kabar", URL, changed, NOW + DAY)
    assert (only(db).verdict, only(db).notes) == ("relevant", ())
