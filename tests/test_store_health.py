"""Outlets, sources, runs, the status table and the doctor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.articles import save_article
from store.copies import candidates, forget_fingerprints, link, save_fingerprints
from store.database import StoreError
from store.doctor import check
from store.frontier import Failure, fail, finish
from store.health import outlet_status
from store.outlets import list_outlets, next_run_at, set_next_run, switch_outlet, sync_outlets
from store.records import Fetched, PageOutcome, RunCounts
from store.reviews import decide
from store.runs import (
    Incident,
    finish_run,
    latest_runs,
    outlet_counts,
    record_error,
    record_outlet,
    start_run,
)
from store.snapshots import prune_snapshots, read_page_snapshot, snapshots_of
from store.sources import known_sources, save_source, source_answered, source_failed
from tests.test_store_samples import (
    ARTICLE,
    DAY,
    MINUTE,
    NOW,
    OUTCOME,
    OUTLETS,
    URL,
    leased_page,
    numbered,
    sample_store,
)

FEED = "https://kabar.example/feed/"
ANSWER = Fetched(200, '"f1"', "Wed, 30 Apr 2025 10:20:00 GMT", "cd" * 32)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def kinds(db: Database) -> list[str]:
    return [problem.kind for problem in check(db, NOW)]


def test_the_catalogue_comes_back_as_it_went_in(db: Database) -> None:
    assert list_outlets(db) == list(OUTLETS)


def test_outlets_that_left_the_catalogue_stay(db: Database) -> None:
    sync_outlets(db, [replace(OUTLETS[0], name="Kabar Baru")], NOW)
    assert [outlet.name for outlet in list_outlets(db)] == ["Kabar Baru", "Warta Timur"]


def test_a_persons_switch_stands_over_the_catalogue(db: Database) -> None:
    switch_outlet(db, "kabar", False)
    sync_outlets(db, OUTLETS, NOW)
    assert [outlet.enabled for outlet in list_outlets(db)] == [False, True]
    switch_outlet(db, "kabar", True)
    sync_outlets(db, [replace(OUTLETS[0], enabled=False)], NOW)
    assert list_outlets(db)[0].enabled


def test_an_outlet_is_due_when_it_was_told_to_be(db: Database) -> None:
    assert next_run_at(db, "kabar") is None
    set_next_run(db, "kabar", NOW + MINUTE)
    sync_outlets(db, OUTLETS, NOW)
    assert next_run_at(db, "kabar") == NOW + MINUTE


def test_an_unknown_outlet_is_an_error_with_a_remedy(db: Database) -> None:
    for act in (
        lambda: next_run_at(db, "tiada"),
        lambda: set_next_run(db, "tiada", NOW),
        lambda: switch_outlet(db, "tiada", True),
    ):
        with pytest.raises(StoreError, match="no outlet 'tiada'"):
            act()


def test_a_source_keeps_how_it_answered(db: Database) -> None:
    source = save_source(db, "kabar", "feed", FEED, NOW)
    source_answered(db, source.id, ANSWER, 10, URL, NOW)
    (known,) = known_sources(db, "kabar")
    assert (known.etag, known.last_modified, known.body_sha256) == ANSWER_VALIDATORS
    assert (known.items, known.newest_known, known.last_ok_at) == (10, URL, NOW)
    assert known_sources(db, "warta") == []


ANSWER_VALIDATORS = (ANSWER.etag, ANSWER.last_modified, ANSWER.body_sha256)


def test_not_modified_keeps_the_age_of_a_sources_validators(db: Database) -> None:
    source = save_source(db, "kabar", "feed", FEED, NOW)
    source_answered(db, source.id, ANSWER, 10, URL, NOW)
    source_answered(db, source.id, Fetched(304), 0, None, NOW + DAY)
    (known,) = known_sources(db, "kabar")
    assert (known.validators_at, known.last_ok_at, known.items) == (NOW, NOW + DAY, 10)


def test_a_sources_failures_count_in_a_row(db: Database) -> None:
    source = save_source(db, "kabar", "feed", FEED, NOW)
    source_failed(db, source.id, 500, "500 Internal Server Error", NOW)
    source_failed(db, source.id, None, "timeout", NOW)
    (known,) = known_sources(db, "kabar")
    assert (known.failures, known.last_status, known.last_error) == (2, None, "timeout")
    source_answered(db, source.id, ANSWER, 1, None, NOW)
    (known,) = known_sources(db, "kabar")
    assert (known.failures, known.last_error) == (0, None)


def test_a_source_saved_twice_is_one_source(db: Database) -> None:
    first = save_source(db, "kabar", "feed", FEED, NOW)
    assert save_source(db, "kabar", "feed", FEED, NOW + DAY).id == first.id


def test_two_outlets_may_share_a_feed(db: Database) -> None:
    assert save_source(db, "kabar", "feed", FEED, NOW).id != (
        save_source(db, "warta", "feed", FEED, NOW).id
    )


def test_a_run_adds_up_its_outlets(db: Database) -> None:
    run_id = start_run(db, "replay", "0.1.0", NOW)
    counts = RunCounts(requests=5, bytes=900, new=2, endings={"article": 2, "off_topic": 1})
    record_outlet(db, run_id, "kabar", counts)
    record_outlet(db, run_id, "kabar", counts)
    record_outlet(db, run_id, "warta", RunCounts(requests=1, endings={"gone": 1}))
    finish_run(db, run_id, "finished", NOW + MINUTE)
    run = latest_runs(db, 1)[0]
    assert (run.id, run.started_by, run.status, run.outlets) == (run_id, "replay", "finished", 2)
    assert (run.started_at, run.finished_at) == (NOW, NOW + MINUTE)
    assert (run.counts.requests, run.counts.new) == (11, 4)
    assert run.counts.endings == {"article": 4, "off_topic": 2, "gone": 1}
    assert outlet_counts(db, run_id)["warta"].requests == 1


def test_the_status_of_an_outlet_says_what_a_person_asks(db: Database) -> None:
    source = save_source(db, "kabar", "feed", FEED, NOW)
    source_answered(db, source.id, ANSWER, 10, None, NOW - MINUTE)
    source_failed(db, source.id, 500, "500", NOW)
    record_outlet(db, 1, "kabar", RunCounts())
    finish(db, leased_page(db).id, OUTCOME, NOW)
    save_article(db, "kabar", URL + "-old", numbered(1), NOW - 8 * DAY)
    page = leased_page(db, URL + "-bad")
    for _ in range(5):
        fail(db, page.id, Failure("failed", "tidak ada jawaban"), NOW)
    set_next_run(db, "kabar", NOW + MINUTE)
    kabar, warta = outlet_status(db, NOW)
    assert (kabar.last_run_at, kabar.last_success_at) == (NOW, NOW - MINUTE)
    assert (kabar.new_7d, kabar.states) == (1, {"done": 1, "quarantined": 1})
    assert (kabar.quarantined, kabar.sources, kabar.sources_failing) == (1, 1, 1)
    assert (kabar.last_error, kabar.last_error_at) == ("tidak ada jawaban", NOW)
    assert kabar.next_run_at == NOW + MINUTE
    assert (warta.last_run_at, warta.new_7d, warta.states, warta.last_error) == (None, 0, {}, None)


def test_an_error_without_an_outlet_is_kept_too(db: Database) -> None:
    record_error(db, None, None, Incident("crash", "KeyError: 'x'"), NOW)
    assert db.conn.execute("SELECT message FROM errors").fetchone()[0] == "KeyError: 'x'"


def test_a_healthy_database_has_no_problems(db: Database) -> None:
    finish(db, leased_page(db).id, OUTCOME, NOW)
    decide(db, 1, "relevant", "Rina", "catatan", NOW)
    assert check(db, NOW) == []


def test_the_doctor_finds_a_search_index_that_lost_a_text(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    db.conn.execute(
        "INSERT INTO articles_fts(articles_fts, rowid, title, text)"
        " SELECT 'delete', id, title, text FROM articles"
    )
    assert kinds(db) == ["search"]


def test_the_doctor_finds_a_missing_trigger(db: Database) -> None:
    db.conn.execute("DROP TRIGGER reviews_no_delete")
    (problem,) = check(db, NOW)
    assert (problem.kind, problem.message) == (
        "schema",
        "the trigger reviews_no_delete is missing",
    )


def test_the_doctor_finds_a_verdict_that_nobody_gave(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    db.conn.execute("UPDATE articles SET verdict = 'relevant'")
    assert kinds(db) == ["verdicts"]


def test_the_doctor_finds_leases_that_ran_out(db: Database) -> None:
    leased_page(db)
    assert kinds(db) == []
    assert [problem.kind for problem in check(db, NOW + DAY)] == ["leases"]


def test_the_doctor_finds_rows_that_point_nowhere(db: Database) -> None:
    db.conn.execute("PRAGMA foreign_keys = OFF")
    db.conn.execute("INSERT INTO errors(at, outlet, kind, message) VALUES ('', 'tiada', 'x', 'y')")
    assert kinds(db) == ["keys"]


def test_the_doctor_finds_an_article_without_its_revision(db: Database) -> None:
    finish(db, leased_page(db).id, replace(OUTCOME, snapshot=None), NOW)
    db.conn.execute("DELETE FROM revisions")
    assert kinds(db) == ["articles"]


def test_the_doctor_finds_a_page_that_lost_its_article(db: Database) -> None:
    finish(db, leased_page(db).id, OUTCOME, NOW)
    db.conn.execute("UPDATE pages SET article_id = NULL")
    assert kinds(db) == ["articles"]


def kept_pages(db: Database) -> list[bytes]:
    return [kept.parts[0].body for kept in snapshots_of(db, 1)]


def test_snapshots_of_articles_are_kept_longer_than_others(db: Database) -> None:
    finish(db, leased_page(db).id, OUTCOME, NOW)
    off = PageOutcome("off_topic", "off_topic", snapshot=b"<p>cabai</p>")
    finish(db, leased_page(db, URL + "-2").id, off, NOW)
    assert read_page_snapshot(db, URL + "-2") == b"<p>cabai</p>"
    assert prune_snapshots(db, NOW + 7 * DAY + MINUTE) == 1
    assert read_page_snapshot(db, URL + "-2") is None
    assert kept_pages(db) == [OUTCOME.snapshot]
    assert prune_snapshots(db, NOW + 90 * DAY + MINUTE) == 1
    assert kept_pages(db) == []


def test_each_revision_has_its_own_snapshot(db: Database) -> None:
    page = leased_page(db)
    finish(db, page.id, OUTCOME, NOW)
    finish(db, page.id, replace(OUTCOME, snapshot=b"same text, other page"), NOW)
    assert kept_pages(db) == [OUTCOME.snapshot]
    changed = replace(ARTICLE, text="Baru.")
    finish(db, page.id, replace(OUTCOME, article=changed, snapshot=b"new"), NOW)
    assert kept_pages(db) == [OUTCOME.snapshot, b"new"]


def test_articles_that_share_fingerprints_are_candidates(db: Database) -> None:
    for number in range(3):
        save_article(db, "kabar", f"{URL}-{number}", ARTICLE, NOW)
    big = 2**63 - 1
    save_fingerprints(db, 1, [1, 2, 3, -big])
    save_fingerprints(db, 2, [2, 3, -big, 9])
    save_fingerprints(db, 3, [3])
    assert candidates(db, [1, 2, 3, -big], 0.25, but=1) == [(2, 0.75)]
    assert candidates(db, [], 0.25) == []


def test_a_fingerprint_that_everybody_has_tells_nothing(db: Database) -> None:
    for number in range(302):
        save_article(db, "kabar", f"{URL}-{number}", ARTICLE, NOW)
        save_fingerprints(db, number + 1, [7, 8, number + 100])
    assert candidates(db, [7, 8], 0.25) == []


def test_old_fingerprints_are_forgotten(db: Database) -> None:
    save_article(db, "kabar", URL, ARTICLE, NOW)
    save_fingerprints(db, 1, [1, 2])
    assert forget_fingerprints(db, NOW + 90 * DAY) == 0
    assert forget_fingerprints(db, NOW + 91 * DAY) == 2


def test_a_pair_is_linked_once_whichever_comes_first(db: Database) -> None:
    for number in range(2):
        save_article(db, "kabar", f"{URL}-{number}", ARTICLE, NOW)
    link(db, (1, 2), "copy", 0.9, "")
    link(db, (2, 1), "sibling", 0.8, "tanggal berbeda")
    rows = db.conn.execute("SELECT a, b, kind FROM article_links").fetchall()
    assert [tuple(row) for row in rows] == [(1, 2, "sibling")]
