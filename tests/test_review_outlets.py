"""The pages about health and outlets: what is wrong in words, what can be asked for, where the
catalogue has gaps, and what stands above every page when nothing is collected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from review.conditions import WORST_FIRST, State, cause, reason, spell
from review.texts import LANGUAGES, texts
from scheduler.daemon_lock import only_daemon
from store import jobs
from store.alarms import settle
from store.condition import conditions
from store.encoding import to_text
from store.frontier import discover
from store.hosts import pause
from store.jobs import Kind, Result
from store.outlets import list_outlets, pause_outlet, set_next_run
from store.polls import Poll, polls, record_poll
from store.runs import Incident, finish_run, record_error, start_run
from store.sources import save_source
from store.wellness import CLASSES, judge
from tests.review_client import ReviewServer
from tests.test_store_samples import NOW, candidate

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JAKARTA = ZoneInfo("Asia/Jakarta")
ENGLISH = {"Accept_Language": "en"}
HOSTILE = '<script>x</script>"><img src=x> \u202e'


@pytest.fixture
def page(tmp_path: Path) -> Iterator[ReviewServer]:
    found = ReviewServer(tmp_path)
    yield found
    found.close()


def history(page: ReviewServer, failing: int) -> None:
    """Ten days of hourly passes over kabar, the last of them failures; judged."""
    for hour in range(240, 0, -1):
        failure = "timed_out" if hour <= failing else None
        new = 0 if failure else 2
        record_poll(page.db, Poll("kabar", NOW - hour * HOUR, failure, items=10, new=new, read=new))
    found = judge(polls(page.db, "kabar", NOW - 28 * DAY), NOW, JAKARTA, worked=True)
    assert found is not None
    settle(page.db, "kabar", found, NOW - HOUR, None)


def test_what_is_wrong_is_said_in_the_readers_language(page: ReviewServer) -> None:
    history(page, failing=8)
    said = page.get("/health", **ENGLISH).text
    assert "it does not answer in time. Passes in a row: 8, for 8 h." in said
    assert "wait, or switch it off" in said and "since 1 May 2025 07:00 WIB" in said
    assert "16 <small>" not in said
    dikatakan = page.get("/health").text
    assert "tidak menjawab pada waktunya. Kunjungan berturut-turut: 8, selama 8 jam." in dikatakan
    assert "tunggu, atau matikan" in dikatakan


def test_words_of_an_older_pantau_are_shown_as_they_are(page: ReviewServer) -> None:
    history(page, failing=8)
    page.db.conn.execute("UPDATE wellness SET measured = '{}'")
    assert 'lang="en">it does not answer in time, 8 passes' in page.get("/health").text


def test_the_worst_stands_first_and_the_usual_beside_the_latest(page: ReviewServer) -> None:
    history(page, failing=0)
    record_error(page.db, 1, "warta", Incident("source", "HTTP 500", None, 500), NOW)
    said = page.get("/health", **ENGLISH).text
    assert said.index("Warta Timur") < said.index("Kabar Randu")
    assert "never worked" in said and "HTTP 500" in said
    assert "<dd>48 <small>usually 48</small></dd>" in said


def test_the_first_pass_is_no_days_work(page: ReviewServer) -> None:
    record_poll(page.db, Poll("kabar", NOW - 3 * DAY, items=90, new=90))
    record_poll(page.db, Poll("kabar", NOW - 2 * DAY, items=90, new=6))
    found = next(one for one in conditions(page.db, NOW) if one.slug == "kabar")
    assert found.day is not None and (found.day.latest, found.day.usual) == (0, 3.0)


def test_a_job_is_left_for_the_daemon_and_shown(page: ReviewServer) -> None:
    form = {"outlet": "kabar", "kind": "crawl", "back": "/health#outlet-kabar"}
    answer = page.post("/outlets/jobs", form)
    assert (answer.status, answer.headers["location"]) == (303, "/health#outlet-kabar")
    (job,) = jobs.open_jobs(page.db)
    assert (job.kind, job.outlet, job.asked_by, job.asked_at) == ("crawl", "kabar", "Rina", NOW)
    said = page.get("/health", **ENGLISH).text
    assert "Crawl now: asked by Rina 0 s ago." in said
    assert "It waits until <code>pantau watch</code> runs." in said
    with only_daemon(page.path):
        assert "It begins in a few seconds." in page.get("/health", **ENGLISH).text
    jobs.finish(page.db, job, "crawled", NOW, new=2, revised=0)
    assert "Done: 2 new, 0 revised." in page.get("/health", **ENGLISH).text


def test_a_pause_names_its_end(page: ReviewServer) -> None:
    page.post("/outlets/jobs", {"outlet": "kabar", "kind": "pause", "days": "7"})
    assert jobs.open_jobs(page.db)[0].argument == to_text(NOW + 7 * DAY)
    pause_outlet(page.db, "kabar", NOW + 7 * DAY, "Rina")
    said = page.get("/health", **ENGLISH).text
    assert "Paused until 8 May 2025 08:00 WIB by Rina." in said
    assert 'aria-label="Resume: Kabar Randu"' in said
    assert 'aria-label="Crawl now: Kabar Randu"' not in said


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"outlet": "kabar", "kind": "pause", "days": "9999"}, 400),
        ({"outlet": "kabar", "kind": "rm -rf"}, 400),
        ({"outlet": "tiada", "kind": "crawl"}, 409),
        ({"kind": "crawl"}, 409),
    ],
)
def test_nothing_else_can_be_asked_for(
    page: ReviewServer, form: dict[str, str], status: int
) -> None:
    assert page.post("/outlets/jobs", form).status == status
    assert jobs.open_jobs(page.db) == []


def test_pages_that_were_given_up_can_be_retried(page: ReviewServer) -> None:
    button = 'aria-label="Retry pages: Kabar Randu"'
    assert button not in page.get("/health", **ENGLISH).text
    discover(page.db, "kabar", [candidate("https://kabar.example/x")], NOW)
    page.db.conn.execute("UPDATE pages SET state = 'quarantined'")
    assert button in page.get("/health", **ENGLISH).text


def test_a_host_that_is_left_alone_is_said_with_its_reason(page: ReviewServer) -> None:
    pause(page.db, "kabar.example", NOW + HOUR, "HTTP 429")
    said = page.get("/health", **ENGLISH).text
    assert "left alone until 1 May 2025 09:00 WIB: HTTP 429" in said


def test_an_outlet_is_switched_off_and_on_under_a_name(page: ReviewServer) -> None:
    for value, words in (("0", "switched off by Rina"), ("1", "switched on by Rina")):
        form = {"outlet": "kabar", "value": value, "back": "/outlets"}
        assert page.post("/outlets/switch", form).status == 303
        assert next(o for o in list_outlets(page.db) if o.slug == "kabar").enabled == (value == "1")
        assert words in page.get("/outlets", **ENGLISH).text
    assert page.post("/outlets/switch", {"outlet": "kabar", "value": "2"}).status == 400
    assert page.post("/outlets/switch", {"outlet": "tiada", "value": "1"}).status == 409


def test_the_catalogue_shows_its_gaps(page: ReviewServer) -> None:
    save_source(page.db, "kabar", "feed", "https://kabar.example/feed/", NOW)
    page.db.conn.execute("UPDATE sources SET last_ok_at = ?", (to_text(NOW),))
    page.post("/outlets/switch", {"outlet": "warta", "value": "0"})
    said = page.get("/outlets", **ENGLISH).text
    assert "2 outlets; news comes from 1 of the provinces." in said
    assert "failing or quiet: 1" in said and 'href="#province-81">Maluku<' in said
    assert "No outlet: 36" in said
    assert said.count('<section class="province" id="province-') == 2
    assert 'href="https://kabar.example/"' in said and "/articles?outlet=kabar" in said


def test_hostile_names_are_inert_on_both_pages(page: ReviewServer) -> None:
    page.db.conn.execute(
        "UPDATE outlets SET name = ?1, family = ?1, home = 'javascript:alert(1)', province = ?1",
        (HOSTILE,),
    )
    record_error(page.db, 1, "kabar", Incident("source", HOSTILE), NOW)
    job = jobs.ask(page.db, "crawl", "kabar", HOSTILE, NOW)
    jobs.finish(page.db, jobs.open_jobs(page.db)[0], "failed", NOW, error=HOSTILE)
    assert job
    for path in ("/health", "/outlets"):
        answer = page.get(path)
        assert answer.status == 200
        assert "<script>x" not in answer.text and "<img" not in answer.text
        assert "\u202e" not in answer.text and 'href="javascript' not in answer.text


def test_a_database_nobody_crawls_says_so_calmly(page: ReviewServer) -> None:
    finish_run(page.db, 1, "finished", NOW)
    for path in ("/", "/items/1", "/outlets", "/health"):
        assert 'class="banner calm"' in page.get(path).text
    assert "start <code>pantau watch</code>" in page.get("/", **ENGLISH).text
    with only_daemon(page.path):
        assert "banner" not in page.get("/").text


def test_recordings_are_no_old_news(page: ReviewServer) -> None:
    page.db.conn.execute(
        "UPDATE runs SET started_by = 'replay', started_at = '2025-01-01T00:00:00Z'"
    )
    said = page.get("/", **ENGLISH).text
    assert 'class="banner calm"' in said and "This database holds recordings" in said
    start_run(page.db, "crawl", "0.1.0", NOW)
    assert "Last collected 1 May 2025" in page.get("/", **ENGLISH).text


def test_a_daemon_that_collects_is_not_old_however_long_its_run(page: ReviewServer) -> None:
    page.db.conn.execute("UPDATE runs SET started_at = '2025-01-01T00:00:00Z'")
    record_poll(page.db, Poll("kabar", NOW - HOUR))
    with only_daemon(page.path):
        assert "banner" not in page.get("/").text


def test_a_daemon_that_hangs_is_said_so(page: ReviewServer) -> None:
    page.db.conn.execute("UPDATE runs SET started_at = '2025-04-29T00:00:00Z'")
    with only_daemon(page.path):
        set_next_run(page.db, "kabar", NOW + HOUR)
        assert "banner" not in page.get("/").text
        set_next_run(page.db, "kabar", NOW - 8 * HOUR)
        assert "has collected nothing since 29 Apr 2025" in page.get("/", **ENGLISH).text


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_word_a_row_can_hold_is_translated(code: str) -> None:
    words = texts(code).words
    for key in (
        *(f"health_state_{state}" for state in get_args(State)),
        *(f"job_kind_{kind}" for kind in get_args(Kind)),
        *(f"job_{result}" for result in get_args(Result)),
        *(f"health_failure_{name}" for name in CLASSES),
    ):
        assert key in words
    assert set(WORST_FIRST) == set(get_args(State))


def test_what_is_not_known_yet_is_said_as_it_is() -> None:
    t = texts("en")
    assert reason(t, "http_418") == "it answers HTTP 418"
    assert reason(t, "gremlins") == "failure gremlins"
    assert cause(t, {"cause": "gremlins"}) == ""
    assert [spell(t, timedelta(seconds=s)) for s in (-5, 119, 7199, 259199, 259200)] == [
        "0 s", "119 s", "119 min", "71 h", "3 days",
    ]  # fmt: skip
