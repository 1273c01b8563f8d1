"""Verdicts, stars and notes: a log that only grows, and undoing as many steps as one likes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from store.articles import get_article, save_article
from store.database import StoreError, open_store
from store.doctor import check
from store.later_migrations import migrations
from store.outlets import sync_outlets
from store.records import VERDICTS, Note, OutletRow, StoredArticle
from store.reviews import conflicting, correct, decide, history, note, star, undo
from tests.test_store_samples import ARTICLE, MINUTE, NOW, URL, count, sample_store


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        save_article(db, "kabar", URL, ARTICLE, NOW)
        save_article(db, "kabar", URL + "-2", ARTICLE, NOW)
        yield db


def article(db: Database, article_id: int = 1) -> StoredArticle:
    stored = get_article(db, article_id)
    assert stored is not None
    return stored


def test_a_verdict_stands_on_the_article_and_in_the_log(db: Database) -> None:
    decide(db, 1, "relevant", "Rina", None, NOW)
    assert article(db).verdict == "relevant"
    (entry,) = history(db, 1)
    assert (entry.by, entry.at, entry.action, entry.value) == ("Rina", NOW, "verdict", "relevant")


def test_undo_takes_back_step_by_step(db: Database) -> None:
    decide(db, 1, "later", "Rina", None, NOW)
    decide(db, 1, "relevant", "Rina", None, NOW + MINUTE)
    star(db, 2, True, "Rina", NOW + MINUTE)
    steps = []
    while (undone := undo(db, "Rina", NOW)) is not None:
        steps.append((undone.article_id, undone.action, undone.value))
        steps.append((article(db).verdict, article(db, 2).starred))
    assert steps == [
        (2, "star", "1"),
        ("relevant", False),
        (1, "verdict", "relevant"),
        ("later", False),
        (1, "verdict", "later"),
        ("new", False),
    ]


def test_undo_takes_back_only_ones_own(db: Database) -> None:
    decide(db, 1, "relevant", "Rina", None, NOW)
    decide(db, 1, "irrelevant", "Bayu", None, NOW + MINUTE)
    undone = undo(db, "Rina", NOW + 2 * MINUTE)
    assert undone is not None and undone.value == "relevant"
    assert article(db).verdict == "irrelevant"
    undo(db, "Bayu", NOW + 3 * MINUTE)
    assert article(db).verdict == "new"


def test_undoing_shows_the_verdict_of_the_other_person_again(db: Database) -> None:
    decide(db, 1, "relevant", "Rina", None, NOW)
    decide(db, 1, "irrelevant", "Bayu", None, NOW)
    undo(db, "Bayu", NOW)
    assert article(db).verdict == "relevant"


def test_a_verdict_and_its_note_are_undone_together(db: Database) -> None:
    decide(db, 1, "relevant", "Rina", " kutipan penting ", NOW)
    assert article(db).notes == (Note(NOW, "Rina", "kutipan penting"),)
    undone = undo(db, "Rina", NOW)
    assert undone is not None and undone.action == "verdict"
    assert (article(db).verdict, article(db).notes) == ("new", ())
    assert undo(db, "Rina", NOW) is None


def test_history_shows_what_was_undone(db: Database) -> None:
    decide(db, 1, "relevant", "Rina", None, NOW)
    undo(db, "Rina", NOW + MINUTE)
    taken_back, undoing = history(db, 1)
    assert (taken_back.standing, undoing.action, undoing.undoes) == (False, "undo", taken_back.id)


def test_notes_stand_in_the_order_they_were_written(db: Database) -> None:
    note(db, 1, "pertama", "Rina", NOW)
    note(db, 1, "kedua", "Bayu", NOW)
    assert [n.text for n in article(db).notes] == ["pertama", "kedua"]


def test_two_people_who_disagree_are_both_shown_and_the_latest_stands(db: Database) -> None:
    decide(db, 1, "irrelevant", "Rina", None, NOW)
    decide(db, 1, "relevant", "Bayu", None, NOW + MINUTE)
    assert [(r.by, r.value) for r in conflicting(db, 1)] == [
        ("Rina", "irrelevant"),
        ("Bayu", "relevant"),
    ]
    assert article(db).verdict == "relevant"


def test_agreeing_changing_ones_mind_and_resetting_are_no_conflict(db: Database) -> None:
    decide(db, 1, "irrelevant", "Rina", None, NOW)
    decide(db, 1, "relevant", "Rina", None, NOW)
    decide(db, 1, "relevant", "Bayu", None, NOW)
    decide(db, 1, "new", "Sari", None, NOW)
    assert conflicting(db, 1) == ()


def test_a_word_that_is_no_verdict_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="'maybe' is no verdict"):
        decide(db, 1, "maybe", "Rina", None, NOW)  # type: ignore[arg-type]


def test_an_unknown_article_is_refused(db: Database) -> None:
    with pytest.raises(StoreError, match="no article 99"):
        decide(db, 99, "relevant", "Rina", None, NOW)
    assert count(db, "reviews") == 0


def test_an_empty_note_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="empty note"):
        note(db, 1, "  ", "Rina", NOW)


@pytest.mark.parametrize("sql", ["UPDATE reviews SET reviewer = 'Bayu'", "DELETE FROM reviews"])
def test_the_log_cannot_be_rewritten(db: Database, sql: str) -> None:
    decide(db, 1, "relevant", "Rina", None, NOW)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.conn.execute(sql)


def test_replacing_a_row_of_the_log_is_refused_too(db: Database) -> None:
    decide(db, 1, "relevant", "Rina", None, NOW)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.conn.execute(
            "INSERT OR REPLACE INTO reviews(id, article_id, reviewer, at, action, value)"
            " VALUES (1, 1, 'Bayu', '2025-05-01T01:00:00Z', 'verdict', 'later')"
        )


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*VERDICTS, "star", "unstar", "note", "undo"]),
        st.sampled_from(["Rina", "Bayu"]),
        st.sampled_from([1, 2]),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_the_cached_verdict_always_equals_the_log(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int]]
) -> None:
    with closing(open_store(tmp_path_factory.mktemp("log") / "pantau.db")) as db:
        row = OutletRow("kabar", "Kabar", "https://kabar.example/", "custom", "19", "Asia/Jakarta")
        sync_outlets(db, [row], NOW)
        for number in (1, 2):
            save_article(db, "kabar", f"{URL}-{number}", ARTICLE, NOW)
        for action, by, article_id in steps:
            if action == "undo":
                undo(db, by, NOW)
            elif action == "note":
                note(db, article_id, "catatan", by, NOW)
            elif action in ("star", "unstar"):
                star(db, article_id, action == "star", by, NOW)
            else:
                decide(db, article_id, action, by, None, NOW)  # type: ignore[arg-type]
        assert check(db, NOW) == []
        for by in ("Rina", "Bayu"):
            while undo(db, by, NOW) is not None:
                pass
        assert [article(db, n).verdict for n in (1, 2)] == ["new", "new"]


def test_an_older_file_keeps_its_log_when_corrections_come_to_it() -> None:
    older = Database(memory=True)
    older.conn.row_factory = sqlite3.Row
    older.conn.isolation_level = None
    older.conn.execute("PRAGMA foreign_keys = ON")
    migrations.apply(older, stop_before="m011_corrections_redactions_and_kinds_of_revisions")
    older.conn.execute(
        "INSERT INTO outlets(slug, name, home, family, province, zone, created_at, listed_at)"
        " VALUES ('kabar', 'Kabar', 'https://kabar.example/', 'custom', '19', 'Asia/Jakarta',"
        " '2025-05-01T01:00:00Z', '2025-05-01T01:00:00Z')"
    )
    older.conn.execute(
        "INSERT INTO articles(url, outlet, title, published_at, published_day,"
        " published_precision, published_source, first_seen_at, last_seen_at, topic, relevance,"
        " score, content_sha256, text) VALUES ('https://kabar.example/1', 'kabar', 'Judul',"
        " '2025-05-01T01:00:00Z', '2025-05-01', 'time', 'feed', '2025-05-01T01:00:00Z',"
        " '2025-05-01T01:00:00Z', 'kpk', 'about', 0.9, '', 'Teks')"
    )
    decide_as_before = (
        "INSERT INTO reviews(article_id, reviewer, at, action, value, undoes)"
        " VALUES (1, 'Rina', '2025-05-01T01:00:00Z', ?, ?, ?)"
    )
    for row in (("verdict", "relevant", None), ("note", "ya", None), ("undo", None, 2)):
        older.conn.execute(decide_as_before, row)
    before = [tuple(row) for row in older.conn.execute("SELECT * FROM reviews ORDER BY id")]
    migrations.apply(older)
    assert [tuple(row) for row in older.conn.execute("SELECT * FROM reviews ORDER BY id")] == before
    assert older.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    correct(older, 1, "place", "Randu", "Rina", NOW)
    assert article(older).verdict == "relevant"
    assert undo(older, "Rina", NOW) is not None
    older.close()
