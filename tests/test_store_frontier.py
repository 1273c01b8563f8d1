"""The frontier: discovering, leasing, finishing, failing, and addresses that are one page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.articles import find_by_url, get_article, revisions
from store.frontier import (
    Failure,
    discover,
    fail,
    finish,
    give_back,
    lease,
    quarantined,
    recover,
    retry,
    states,
)
from store.records import Candidate, Fetched, PageOutcome
from store.runs import finish_run, start_run
from store.snapshots import snapshots_of
from tests.test_store_samples import (
    ARTICLE,
    DAY,
    MINUTE,
    NOW,
    OUTCOME,
    URL,
    candidate,
    count,
    leased_page,
    sample_store,
)

AMP = URL + "/amp"
GONE = PageOutcome("gone", "gone", fetched=Fetched(404), error="404 Not Found")
TIMED_OUT = Failure("timed_out", "no answer in 20 s")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def row(db: Database, url: str = URL) -> dict[str, object]:
    found = db.conn.execute("SELECT * FROM pages WHERE url = ?", (url,)).fetchone()
    return dict(found) if found is not None else {}


def test_a_candidate_is_new_once(db: Database) -> None:
    pages = [candidate(), candidate("https://kabar.example/lain")]
    assert discover(db, "kabar", pages, NOW) == 2
    assert discover(db, "kabar", pages, NOW + DAY) == 0
    assert discover(db, "warta", pages, NOW) == 0


def test_a_candidate_twice_in_one_feed_is_new_once(db: Database) -> None:
    assert discover(db, "kabar", [candidate(), candidate()], NOW) == 1


def test_what_the_source_said_comes_with_the_lease(db: Database) -> None:
    page = leased_page(db)
    assert (page.hint.title, page.hint.published, page.fetch_url) == ("Rakor", "30 April 2025", URL)


def test_a_later_source_fills_the_gaps_of_the_hint(db: Database) -> None:
    discover(db, "kabar", [Candidate(URL, URL, title="Dari peta situs")], NOW)
    discover(db, "kabar", [replace(candidate(), summary="Ringkasan")], NOW)
    (page,) = lease(db, "kabar", 1, 1, NOW)
    assert (page.hint.title, page.hint.summary) == ("Dari peta situs", "Ringkasan")


def test_half_an_emoji_in_a_title_does_not_fail_the_feed(db: Database) -> None:
    assert discover(db, "kabar", [Candidate(URL, URL, title="Rakor \ud83d KPK")], NOW) == 1
    (page,) = lease(db, "kabar", 1, 1, NOW)
    assert page.hint.title == "Rakor ? KPK"


def test_a_leased_page_is_nobody_elses(db: Database) -> None:
    discover(db, "kabar", [candidate(f"{URL}-{n}") for n in range(5)], NOW)
    first = lease(db, "kabar", 3, 1, NOW)
    second = lease(db, "kabar", 10, 1, NOW)
    assert [page.url[-1] for page in first + second] == ["0", "1", "2", "3", "4"]


def test_a_lease_is_for_its_own_outlet(db: Database) -> None:
    discover(db, "kabar", [candidate()], NOW)
    assert lease(db, "warta", 10, 1, NOW) == []


def test_an_article_its_snapshot_and_its_state_arrive_together(db: Database) -> None:
    page = leased_page(db)
    saved = finish(db, page.id, OUTCOME, NOW)
    assert saved is not None and saved.kind == "new"
    stored = get_article(db, saved.article_id)
    assert stored is not None and stored.article == ARTICLE
    assert snapshots_of(db, saved.article_id)[-1].parts[0].body == OUTCOME.snapshot
    assert (row(db)["state"], row(db)["ending"]) == ("done", "article")
    assert row(db)["article_id"] == saved.article_id
    assert states(db, "kabar") == {"done": 1}


def test_a_done_page_is_due_again_at_its_next_check_with_its_validators(db: Database) -> None:
    finish(db, leased_page(db).id, OUTCOME, NOW)
    assert lease(db, "kabar", 10, 1, NOW + DAY - MINUTE) == []
    (page,) = lease(db, "kabar", 10, 1, NOW + DAY)
    assert (page.etag, page.last_modified) == ('"v1"', "Wed, 30 Apr 2025 10:20:00 GMT")
    assert page.body_sha256 == "ab" * 32


def test_new_pages_go_before_re_checks(db: Database) -> None:
    finish(db, leased_page(db).id, OUTCOME, NOW)
    discover(db, "kabar", [candidate(URL + "-2")], NOW + DAY)
    assert [page.url for page in lease(db, "kabar", 10, 1, NOW + DAY)] == [URL + "-2", URL]


def test_validators_older_than_eight_days_are_not_offered(db: Database) -> None:
    finish(db, leased_page(db).id, replace(OUTCOME, next_check_at=NOW + 9 * DAY), NOW)
    (page,) = lease(db, "kabar", 10, 1, NOW + 9 * DAY)
    assert (page.etag, page.last_modified, page.body_sha256) == (None, None, None)


def test_not_modified_keeps_the_article_and_the_age_of_the_validators(db: Database) -> None:
    finish(db, leased_page(db).id, OUTCOME, NOW)
    (page,) = lease(db, "kabar", 10, 1, NOW + DAY)
    same = PageOutcome("not_modified", "done", fetched=Fetched(304), next_check_at=NOW + 2 * DAY)
    assert finish(db, page.id, same, NOW + DAY) is None
    assert (row(db)["etag"], row(db)["validators_at"]) == ('"v1"', "2025-05-01T01:00:00Z")
    assert count(db, "articles") == 1


def test_a_refused_page_gives_no_validators(db: Database) -> None:
    finish(db, leased_page(db).id, PageOutcome("refused_robots", "refused"), NOW)
    assert (row(db)["state"], row(db)["validators_at"]) == ("refused", None)


def test_an_off_topic_page_keeps_only_its_last_snapshot(db: Database) -> None:
    page = leased_page(db)
    off = PageOutcome("off_topic", "off_topic", snapshot=b"first")
    assert finish(db, page.id, off, NOW) is None
    finish(db, page.id, replace(off, snapshot=b"second"), NOW)
    assert (count(db, "snapshots"), count(db, "articles")) == (1, 0)


def test_the_waits_after_failures_grow_fourfold_and_end_in_quarantine(db: Database) -> None:
    page, now, waits = leased_page(db), NOW, []
    for _ in range(4):
        assert fail(db, page.id, TIMED_OUT, now) == "discovered"
        again = datetime.fromisoformat(str(row(db)["not_before"]))
        waits.append((again - now) / MINUTE)
        assert lease(db, "kabar", 1, 1, again - MINUTE / 60) == []
        now = again
        (page,) = lease(db, "kabar", 1, 1, now)
    assert waits == [1, 4, 16, 64]
    assert page.attempts == 4
    assert fail(db, page.id, TIMED_OUT, now) == "quarantined"
    assert (row(db)["state"], row(db)["ending"]) == ("quarantined", "quarantined")
    assert lease(db, "kabar", 1, 1, now + 30 * DAY) == []


def test_a_servers_wish_lengthens_the_wait_up_to_a_day(db: Database) -> None:
    page = leased_page(db)
    fail(db, page.id, replace(TIMED_OUT, retry_at=NOW + timedelta(hours=2)), NOW)
    assert row(db)["not_before"] == "2025-05-01T03:00:00Z"
    fail(db, page.id, replace(TIMED_OUT, retry_at=NOW + 90 * DAY), NOW)
    assert row(db)["not_before"] == "2025-05-02T01:00:00Z"


def test_a_failure_leaves_an_error_with_run_and_status(db: Database) -> None:
    fail(db, leased_page(db).id, Failure("failed", "503 Service Unavailable", 503), NOW)
    error = dict(db.conn.execute("SELECT * FROM errors").fetchone())
    assert (error["run_id"], error["outlet"], error["url"]) == (1, "kabar", URL)
    assert (error["kind"], error["status"]) == ("failed", 503)


def test_success_forgets_failures(db: Database) -> None:
    page = leased_page(db)
    fail(db, page.id, TIMED_OUT, NOW)
    finish(db, page.id, OUTCOME, NOW + MINUTE)
    assert (row(db)["attempts"], row(db)["not_before"], row(db)["last_error"]) == (0, None, None)


def test_a_failed_re_check_leaves_the_article_done(db: Database) -> None:
    saved = finish(db, leased_page(db).id, OUTCOME, NOW)
    (page,) = lease(db, "kabar", 1, 1, NOW + DAY)
    assert fail(db, page.id, TIMED_OUT, NOW + DAY) == "done"
    assert row(db)["next_check_at"] == "2025-05-02T01:01:00Z"
    assert saved is not None and row(db)["article_id"] == saved.article_id


def test_what_a_run_did_not_get_to_is_given_back_uncounted(db: Database) -> None:
    finish(db, leased_page(db, URL + "-old").id, OUTCOME, NOW)
    discover(db, "kabar", [candidate()], NOW + DAY)
    assert len(lease(db, "kabar", 10, 1, NOW + DAY)) == 2
    assert give_back(db, 1) == 2
    assert states(db, "kabar") == {"discovered": 1, "done": 1}
    assert row(db)["attempts"] == 0


def test_a_lease_that_ran_out_is_recovered_and_counted(db: Database) -> None:
    leased_page(db)
    assert recover(db, NOW + timedelta(seconds=899)) == 0
    assert recover(db, NOW + timedelta(seconds=900)) == 1
    assert (row(db)["state"], row(db)["attempts"]) == ("discovered", 1)


def test_leases_of_a_dead_process_are_recovered_at_once(db: Database) -> None:
    start_run(db, "crawl", "0.1.0", NOW, pid=4711)
    start_run(db, "watch", "0.1.0", NOW, pid=4712)
    discover(db, "kabar", [candidate(f"{URL}-{n}") for n in range(4)], NOW)
    lease(db, "kabar", 3, 2, NOW)
    lease(db, "kabar", 1, 3, NOW)
    assert recover(db, NOW, lambda pid: pid == 4712) == 3
    assert states(db, "kabar") == {"discovered": 3, "leased": 1}


def test_leases_of_a_closed_run_are_recovered_at_once(db: Database) -> None:
    leased_page(db)
    finish_run(db, 1, "failed", NOW)
    assert recover(db, NOW) == 1


def test_a_crash_counts_only_against_the_page_that_was_being_visited(db: Database) -> None:
    discover(db, "kabar", [candidate(f"{URL}-{n}") for n in range(3)], NOW)
    first, *_ = lease(db, "kabar", 3, 1, NOW)
    finish(db, first.id, PageOutcome("off_topic", "off_topic"), NOW)
    assert recover(db, NOW + DAY) == 2
    attempts = [page.attempts for page in lease(db, "kabar", 3, 1, NOW + DAY)]
    assert attempts == [0, 1]  # and it stands behind the other one now


def test_a_page_that_kills_its_process_five_times_is_quarantined(db: Database) -> None:
    leased_page(db)
    for n in range(1, 6):
        recover(db, NOW + n * DAY)
        lease(db, "kabar", 1, 1, NOW + n * DAY)
    assert (row(db)["state"], row(db)["ending"]) == ("quarantined", "quarantined")


def test_give_back_can_be_for_one_outlet(db: Database) -> None:
    discover(db, "kabar", [candidate()], NOW)
    discover(db, "warta", [candidate("https://warta.example/1")], NOW)
    lease(db, "kabar", 1, 1, NOW)
    lease(db, "warta", 1, 1, NOW)
    assert give_back(db, 1, "warta") == 1
    assert (states(db, "kabar"), states(db, "warta")) == ({"leased": 1}, {"discovered": 1})


def test_quarantined_pages_are_named_with_their_last_error(db: Database) -> None:
    page = leased_page(db)
    for _ in range(5):
        fail(db, page.id, TIMED_OUT, NOW)
    assert quarantined(db, "kabar") == [(URL, "no answer in 20 s")]
    assert quarantined(db, "warta") == []


def test_a_page_asked_for_again_by_a_person_is_read_again_even_if_unchanged(db: Database) -> None:
    off = PageOutcome("off_topic", "off_topic", fetched=Fetched(200, '"v1"', None, "ab" * 32))
    finish(db, leased_page(db).id, off, NOW)
    assert retry(db, URL) == 1
    (page,) = lease(db, "kabar", 1, 1, NOW)
    assert (page.etag, page.body_sha256) == (None, None)


def test_retry_releases_the_quarantined_pages_of_an_outlet(db: Database) -> None:
    page = leased_page(db)
    for _ in range(5):
        fail(db, page.id, TIMED_OUT, NOW)
    assert retry(db, "warta") == 0
    assert retry(db, "kabar") == 1
    assert [page.attempts for page in lease(db, "kabar", 1, 1, NOW)] == [0]


def test_retry_without_a_target_means_every_outlet(db: Database) -> None:
    finish(db, leased_page(db).id, PageOutcome("unreadable", "failed", error="no text"), NOW)
    finish(db, leased_page(db, URL + "-2").id, PageOutcome("off_topic", "off_topic"), NOW)
    assert retry(db) == 1


def test_retry_of_an_address_asks_for_that_page_even_if_it_was_off_topic(db: Database) -> None:
    finish(db, leased_page(db).id, PageOutcome("off_topic", "off_topic"), NOW)
    assert retry(db, URL) == 1
    assert retry(db, "https://kabar.example/unknown") == 0


def test_a_single_404_does_not_take_an_article_away(db: Database) -> None:
    saved = finish(db, leased_page(db).id, OUTCOME, NOW)
    finish(db, leased_page(db, now=NOW + DAY).id, GONE, NOW + DAY)
    assert saved is not None
    stored = get_article(db, saved.article_id)
    assert stored is not None and stored.gone_at is None
    assert (row(db)["state"], row(db)["next_check_at"]) == ("done", "2025-05-03T01:00:00Z")


def test_two_404s_a_day_apart_mark_the_article_gone(db: Database) -> None:
    saved = finish(db, leased_page(db).id, OUTCOME, NOW)
    for day in (1, 2):
        (page,) = lease(db, "kabar", 1, 1, NOW + day * DAY)
        finish(db, page.id, GONE, NOW + day * DAY)
    assert saved is not None
    stored = get_article(db, saved.article_id)
    assert stored is not None and stored.gone_at == NOW + 2 * DAY
    assert row(db)["state"] == "gone"


def test_an_article_that_comes_back_is_not_gone(db: Database) -> None:
    finish(db, leased_page(db).id, OUTCOME, NOW)
    for day in (1, 2):
        finish(db, 1, GONE, NOW + day * DAY)
    finish(db, 1, OUTCOME, NOW + 3 * DAY)
    stored = find_by_url(db, URL)
    assert stored is not None and stored.gone_at is None
    assert row(db)["gone_seen_at"] is None


def test_a_page_without_an_article_is_gone_at_once(db: Database) -> None:
    finish(db, leased_page(db).id, GONE, NOW)
    assert states(db, "kabar") == {"gone": 1}


def test_a_page_takes_the_canonical_address_it_names(db: Database) -> None:
    short = "https://kabar.example/?p=12"
    finish(db, leased_page(db, short).id, replace(OUTCOME, canonical_url=URL), NOW)
    assert row(db)["state"] == "done"
    for url in (short, URL):
        stored = find_by_url(db, url)
        assert stored is not None and stored.url == URL
    assert discover(db, "kabar", [candidate(short), candidate(URL)], NOW) == 0


def test_an_amp_page_becomes_an_alias_and_revises_nothing(db: Database) -> None:
    saved = finish(db, leased_page(db).id, OUTCOME, NOW)
    amp = replace(ARTICLE, text="Teks AMP yang sedikit lain.")
    page = leased_page(db, AMP)
    twin = finish(db, page.id, replace(OUTCOME, article=amp, canonical_url=URL), NOW)
    assert saved is not None and twin is not None
    assert (twin.kind, twin.article_id) == ("same", saved.article_id)
    assert len(revisions(db, saved.article_id)) == 1
    assert row(db, AMP) == {}
    assert discover(db, "kabar", [candidate(AMP)], NOW) == 0


def test_an_amp_page_read_first_fills_the_page_it_stands_for(db: Database) -> None:
    discover(db, "kabar", [candidate(URL), candidate(AMP)], NOW)
    pages = {page.url: page for page in lease(db, "kabar", 2, 1, NOW)}
    finish(db, pages[AMP].id, replace(OUTCOME, canonical_url=URL), NOW)
    assert (row(db)["state"], states(db, "kabar")) == ("done", {"done": 1})
    saved = finish(db, pages[URL].id, OUTCOME, NOW)
    assert saved is not None and saved.kind == "same"


def test_pages_that_name_each_other_do_not_swap_for_ever(db: Database) -> None:
    finish(db, leased_page(db).id, replace(OUTCOME, canonical_url=AMP), NOW)
    for address in (URL, AMP, URL):
        finish(db, 1, replace(OUTCOME, canonical_url=address), NOW)
        assert row(db, AMP)["article_id"] == 1
    assert (count(db, "articles"), count(db, "pages"), count(db, "aliases")) == (1, 1, 1)


def test_the_second_part_of_an_article_is_no_page_of_its_own(db: Database) -> None:
    part = URL + "/15"
    discover(db, "kabar", [candidate(URL), candidate(part)], NOW)
    whole, second = lease(db, "kabar", 2, 1, NOW)
    finish(db, whole.id, replace(OUTCOME, aliases=(part,)), NOW)
    assert states(db, "kabar") == {"done": 1}
    assert finish(db, second.id, PageOutcome("off_topic", "off_topic"), NOW) is None
    assert fail(db, second.id, TIMED_OUT, NOW) == "failed"
    assert discover(db, "kabar", [candidate(part)], NOW) == 0


def test_two_articles_are_never_merged_by_an_alias(db: Database) -> None:
    other = URL + "-2"
    finish(db, leased_page(db, other).id, OUTCOME, NOW)
    finish(db, leased_page(db).id, replace(OUTCOME, aliases=(other,)), NOW)
    assert (count(db, "pages"), count(db, "articles"), count(db, "aliases")) == (2, 2, 0)


def test_a_candidate_known_under_an_alias_is_not_new(db: Database) -> None:
    finish(db, leased_page(db).id, replace(OUTCOME, aliases=(AMP,)), NOW)
    fetched_elsewhere = Candidate(url=URL + "-x", fetch_url=AMP)
    assert discover(db, "kabar", [candidate(AMP), fetched_elsewhere], NOW) == 0


def test_a_page_of_a_killed_replay_is_due_by_the_replays_own_clock(tmp_path: Path) -> None:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        url = "https://kabar.example/terbunuh"
        discover(db, "kabar", [Candidate(url, url)], NOW)
        run = start_run(db, "replay", "0", NOW)
        assert [page.url for page in lease(db, "kabar", 1, run, NOW)] == [url]
        recover(db, NOW + timedelta(days=400), lambda pid: False)
        again = start_run(db, "replay", "0", NOW)
        assert [page.url for page in lease(db, "kabar", 1, again, NOW)] == [url]
