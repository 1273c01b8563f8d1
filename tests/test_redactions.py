"""A redacted text leaves the file to the last byte, and does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.articles import get_article, list_articles, save_article
from store.copies import save_fingerprints
from store.database import StoreError, open_store
from store.doctor import check
from store.filters import INBOX
from store.frontier import discover, finish, lease, retry
from store.records import Reason, Removal, Tag
from store.redactions import redact, redaction, scrub
from store.reviews import correct, decide, note
from store.search import search
from tests.test_store_samples import (
    ARTICLE,
    DAY,
    NOW,
    OUTCOME,
    URL,
    candidate,
    count,
    leased_page,
    sample_store,
)

# A word that stands nowhere else, in every place an article's words may stand.
WORD = "Zulkarnadiwirya"
SECRET = replace(
    ARTICLE,
    title=f"KPK Panggil {WORD}",
    text=f"RANDU – KPK memanggil {WORD}.\n{WORD} tidak hadir.",
    byline=WORD,
    place=WORD,
    reasons=(Reason("kpk", f"KPK memanggil {WORD}", 0, 8, 11),),
    tags=(Tag("person", WORD.lower(), WORD, WORD),),
    removed=(Removal("caption", f"Foto: {WORD}"),),
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        page = leased_page(db)
        outcome = replace(OUTCOME, article=SECRET, snapshot=f"<p>{WORD}</p>".encode() * 50)
        finish(db, page.id, outcome, NOW)
        longer = replace(SECRET, text=SECRET.text + f"\nRalat: {WORD} hadir. " + "Panjang. " * 4000)
        save_article(db, "kabar", URL, longer, NOW + DAY)
        save_article(db, "kabar", URL, SECRET, NOW + 2 * DAY)
        save_article(db, "kabar", URL + "-2", replace(ARTICLE, text="Rakor di Randu."), NOW)
        save_fingerprints(db, 1, [1, 2, 3])
        correct(db, 1, "title", f"Judul {WORD}", "Rina", NOW)
        note(db, 1, f"tentang {WORD}", "Rina", NOW)
        decide(db, 1, "relevant", "Rina", None, NOW)
        db.conn.execute("UPDATE pages SET hint_title = ?, hint_summary = ?", (WORD, WORD))
        yield db


def file_bytes(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(tmp_path.glob("pantau.db*")))


def test_no_byte_of_the_text_is_left_in_the_file(db: Database, tmp_path: Path) -> None:
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert WORD.encode() in file_bytes(tmp_path)
    redact(db, 1, "Rina", "putusan 12/2025", NOW)
    scrub(db)
    left = file_bytes(tmp_path)
    for form in (WORD, WORD.lower()):
        assert form.encode() not in left
    assert check(db, NOW) == []


def test_an_entry_saying_so_stays(db: Database) -> None:
    redact(db, 1, "Rina", "putusan 12/2025", NOW)
    entry = redaction(db, 1)
    assert entry is not None
    assert (entry.url, entry.outlet, entry.at) == (URL, "kabar", NOW)
    assert (entry.by, entry.reason) == ("Rina", "putusan 12/2025")
    stored = get_article(db, 1)
    assert stored is not None
    assert (stored.url, stored.article.title, stored.article.text) == (URL, "[redacted]", "")
    assert (stored.article.tags, stored.article.reasons, stored.article.removed) == ((), (), ())
    assert stored.notes[0].text == "[redacted]"
    assert redaction(db, 2) is None


def test_only_that_article_is_touched(db: Database) -> None:
    redact(db, 1, "Rina", "", NOW)
    assert [stored.id for stored in search(db, "rakor")] == [2]
    assert [stored.id for stored in list_articles(db, INBOX)] == [2]
    assert count(db, "snapshots") == count(db, "fingerprints") == 0


def test_a_later_crawl_does_not_bring_it_back(db: Database) -> None:
    redact(db, 1, "Rina", "", NOW)
    assert discover(db, "kabar", [candidate()], NOW + DAY) == 0
    assert [page.url for page in lease(db, "kabar", 9, 1, NOW + 30 * DAY)] == []
    # Even when a person has the page fetched once more.
    retry(db, URL)
    (page,) = lease(db, "kabar", 9, 1, NOW + DAY)
    saved = finish(db, page.id, replace(OUTCOME, article=SECRET), NOW + DAY)
    assert saved is not None and saved.kind == "same"
    off = replace(OUTCOME, ending="off_topic", state="off_topic", article=None)
    finish(db, page.id, off, NOW + DAY)
    stored = get_article(db, 1)
    assert stored is not None and stored.article.text == ""
    assert count(db, "snapshots") == 0
    assert check(db, NOW) == []


def test_ordering_it_twice_keeps_the_first_entry(db: Database) -> None:
    redact(db, 1, "Rina", "putusan", NOW)
    assert redact(db, 1, "Bayu", "lagi", NOW + DAY).by == "Rina"


def test_a_redacted_article_takes_no_verdict_any_more(db: Database) -> None:
    redact(db, 1, "Rina", "", NOW)
    with pytest.raises(StoreError, match="was redacted"):
        decide(db, 1, "later", "Rina", None, NOW)


def test_a_case_that_only_this_article_told_of_goes_with_it(db: Database) -> None:
    db.conn.execute(
        "INSERT INTO cases(slug, name, first_on, last_on)"
        " VALUES (?1, ?1, '2025-04-30', '2025-04-30')",
        (WORD.lower(),),
    )
    db.conn.execute("INSERT INTO case_terms VALUES (1, 0, 'person', ?)", (WORD.lower(),))
    db.conn.execute(
        "INSERT INTO case_evidence(case_id, article_id, url, on_day, quote, seen_at)"
        " VALUES (1, 1, ?, '2025-04-30', ?, '2025-05-01T01:00:00Z')",
        (URL, WORD),
    )
    redact(db, 1, "Rina", "", NOW)
    (case,) = db.conn.execute("SELECT name, slug, status FROM cases").fetchall()
    assert tuple(case) == ("[redacted]", "redacted-1", "ended")
    assert count(db, "case_terms") == 0


def test_an_unknown_article_is_refused(db: Database) -> None:
    with pytest.raises(StoreError, match="no article 99"):
        redact(db, 99, "Rina", "", NOW)


def test_a_busy_file_says_what_to_do(db: Database, tmp_path: Path) -> None:
    redact(db, 1, "Rina", "", NOW)
    db.conn.execute("PRAGMA busy_timeout = 50")
    with closing(open_store(tmp_path / "pantau.db")) as other:
        other.conn.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="stop `pantau watch` and run the same command again"):
            scrub(db)
        other.conn.execute("ROLLBACK")
    scrub(db)
