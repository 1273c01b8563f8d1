"""What people ask the daemon to do: rows of the database, carried out at its heartbeat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from crawler.outlets import Outlet, Source
from crawler.session import Tally
from review.desk import Desk
from scheduler.daemon_lock import only_daemon
from scheduler.jobs import Jobs
from scheduler.journal import Journal
from store import frontier, hosts, jobs
from store.database import StoreError, open_store
from store.outlets import active, pause_outlet, paused, switch_outlet, sync_outlets
from store.polls import Poll, record_poll
from store.records import OutletRow
from store.sources import save_source
from store.watching import watching_pid
from tests.local_web import Page
from tests.newsroom import NEWS, Newsroom, Town
from tests.pantau import pantau
from tests.review_client import ReviewServer
from tests.test_store_samples import NOW, candidate, sample_store
from tests.test_watch_daemon import daemon, rows, wait_for

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KABAR = Outlet("kabar", "Kabar Randu", "https://kabar.example/", "custom", "19")


@dataclass
class Plan:
    """What a daemon has planned."""

    outlets: dict[str, Outlet]
    busy: set[str] = field(default_factory=set)
    due: dict[str, datetime] = field(default_factory=dict)

    def schedule(self, slug: str, due: datetime) -> None:
        self.due[slug] = due


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


@pytest.fixture
def plan() -> Plan:
    return Plan({"kabar": KABAR})


@pytest.fixture
def work(db: Database, plan: Plan) -> Jobs:
    return Jobs(db, plan, Journal("json"))


def asked(db: Database, kind: str, argument: str | None = None, by: str = "Rina") -> int:
    return jobs.ask(db, kind, "kabar", by, NOW, argument)


def became(db: Database) -> tuple[str | None, dict[str, Any], bool]:
    """The result of the latest job, its figures, and whether it is done."""
    job = jobs.latest_jobs(db)["kabar"]
    return job.result, dict(job.numbers), job.finished_at is not None


def test_what_waits_is_not_asked_twice(db: Database) -> None:
    assert asked(db, "crawl") == asked(db, "crawl", by="Budi")
    assert asked(db, "retry") != asked(db, "crawl")
    assert [job.asked_by for job in jobs.open_jobs(db)] == ["Rina", "Rina"]


def test_a_pause_after_a_resume_is_another_job(db: Database) -> None:
    first = asked(db, "pause", "2025-05-02T01:00:00Z")
    assert asked(db, "pause", "2025-05-08T01:00:00Z") == first
    asked(db, "resume")
    assert asked(db, "pause", "2025-05-03T01:00:00Z") != first
    assert [job.kind for job in jobs.open_jobs(db)] == ["pause", "resume", "pause"]
    assert jobs.open_jobs(db)[0].argument == "2025-05-08T01:00:00Z"


def test_only_known_things_are_asked_of_known_outlets(db: Database) -> None:
    with pytest.raises(ValueError, match="a job is one of"):
        asked(db, "delete")
    with pytest.raises(StoreError, match="no outlet 'tiada'"):
        jobs.ask(db, "crawl", "tiada", "Rina", NOW)


def test_a_pause_keeps_an_outlet_from_being_crawled_until_it_is_over(
    db: Database, work: Jobs
) -> None:
    asked(db, "pause", "2025-05-02T01:00:00Z")
    work.see_to(NOW)
    assert became(db) == ("paused", {"until": "2025-05-02T01:00:00Z"}, True)
    assert active(db, NOW) == {"warta"}
    assert paused(db, NOW)["kabar"].by == "Rina"
    assert active(db, NOW + DAY) == {"kabar", "warta"}


def test_an_outlet_is_resumed(db: Database, work: Jobs) -> None:
    pause_outlet(db, "kabar", NOW + DAY, "Rina")
    asked(db, "resume")
    work.see_to(NOW)
    assert became(db) == ("resumed", {}, True)
    assert "kabar" in active(db, NOW)


def test_a_pause_that_is_over_is_not_begun(db: Database, work: Jobs) -> None:
    asked(db, "pause", "2025-05-02T01:00:00Z")
    work.see_to(NOW + 2 * DAY)
    assert became(db)[0] == "past"
    assert "kabar" in active(db, NOW)


def test_a_job_that_makes_no_sense_fails_in_words_and_keeps_no_other_waiting(
    db: Database, work: Jobs, plan: Plan
) -> None:
    asked(db, "pause", "kapan-kapan")
    asked(db, "crawl")
    work.see_to(NOW)
    failed = db.conn.execute("SELECT result, error FROM jobs WHERE kind = 'pause'").fetchone()
    assert failed["result"] == "failed" and "kapan-kapan" in failed["error"]
    assert plan.due == {"kabar": NOW}


def test_quarantined_pages_are_tried_again(db: Database, work: Jobs) -> None:
    frontier.discover(db, "kabar", [candidate()], NOW)
    db.conn.execute("UPDATE pages SET state = 'quarantined', attempts = 5")
    asked(db, "retry")
    work.see_to(NOW)
    assert became(db) == ("retried", {"pages": 1}, True)
    assert frontier.states(db, "kabar") == {"discovered": 1}


def test_a_crawl_is_planned_once_and_done_when_its_pass_ends(
    db: Database, work: Jobs, plan: Plan
) -> None:
    asked(db, "crawl")
    work.see_to(NOW)
    assert plan.due == {"kabar": NOW}
    plan.due.clear()
    work.see_to(NOW + HOUR)  # it waits for its turn: not planned anew
    assert plan.due == {}
    errand = work.begin("kabar", NOW + HOUR)
    assert jobs.latest_jobs(db)["kabar"].taken_at == NOW + HOUR
    work.end(errand, Tally(new=2, revised=1, sources_ok=1), NOW + HOUR)
    assert became(db) == ("crawled", {"new": 2, "revised": 1}, True)


def test_a_crawl_that_a_dead_daemon_had_begun_is_planned_again(
    db: Database, work: Jobs, plan: Plan
) -> None:
    asked(db, "crawl")
    work.see_to(NOW)
    work.begin("kabar", NOW)
    plan.due.clear()
    Jobs(db, plan, Journal("json")).see_to(NOW + HOUR)
    assert plan.due == {"kabar": NOW + HOUR}


def test_a_pass_that_is_going_on_is_waited_for(db: Database, work: Jobs, plan: Plan) -> None:
    plan.busy.add("kabar")
    asked(db, "crawl")
    work.see_to(NOW)
    assert plan.due == {} and became(db) == (None, {}, False)
    plan.busy.clear()
    work.see_to(NOW)
    assert plan.due == {"kabar": NOW}


def test_a_crawl_never_comes_before_its_host_may_be_asked(
    db: Database, work: Jobs, plan: Plan
) -> None:
    hosts.pause(db, "kabar.example", NOW + HOUR, "HTTP 429")
    asked(db, "crawl")
    work.see_to(NOW)
    assert plan.due == {"kabar": NOW + HOUR}
    figures = {"until": "2025-05-01T02:00:00Z", "reason": "HTTP 429"}
    assert became(db) == ("host_paused", figures, False)
    hosts.pause(db, "kabar.example", NOW + 3 * HOUR, "HTTP 429")
    work.see_to(NOW)
    assert plan.due == {"kabar": NOW + 3 * HOUR}
    assert work.due(NOW) == set() and work.due(NOW + 3 * HOUR) == {"kabar"}


def test_what_a_person_paused_or_switched_off_is_not_crawled(
    db: Database, work: Jobs, plan: Plan
) -> None:
    pause_outlet(db, "kabar", NOW + DAY, "Budi")
    asked(db, "crawl")
    work.see_to(NOW)
    assert became(db) == ("outlet_paused", {"until": "2025-05-02T01:00:00Z"}, True)
    switch_outlet(db, "kabar", False)
    asked(db, "crawl")
    work.see_to(NOW)
    assert became(db)[0] == "disabled"
    assert plan.due == {}


def test_an_outlet_the_daemon_does_not_know_is_said_to_be_so(db: Database, work: Jobs) -> None:
    jobs.ask(db, "crawl", "warta", "Rina", NOW)
    work.see_to(NOW)
    assert jobs.latest_jobs(db)["warta"].result == "not_watched"


def test_a_pass_without_an_answer_says_why(db: Database, work: Jobs) -> None:
    asked(db, "crawl")
    errand = work.begin("kabar", NOW)
    record_poll(db, Poll("kabar", NOW, "timed_out", 0.5))
    work.end(errand, Tally(sources_failed=1), NOW)
    assert became(db) == ("no_answer", {"failure": "timed_out"}, True)


def test_a_look_for_sources_counts_those_it_found(db: Database, work: Jobs, plan: Plan) -> None:
    save_source(db, "kabar", "feed", "https://kabar.example/feed/", NOW)
    asked(db, "probe")
    assert not jobs.is_wanted(db, "probe", "kabar")
    errand = work.begin("kabar", NOW)
    assert jobs.is_wanted(db, "probe", "kabar")
    save_source(db, "kabar", "sitemap", "https://kabar.example/sitemap.xml", NOW)
    work.end(errand, Tally(sources_ok=2), NOW)
    assert became(db) == ("probed", {"sources": 1}, True)
    plan.outlets["kabar"] = Outlet(
        "kabar", "K", KABAR.home, "custom", "19", sources=(Source("feed", KABAR.home),)
    )
    asked(db, "probe")
    work.see_to(NOW)
    assert became(db)[0] == "named"


def test_old_jobs_make_room(db: Database, work: Jobs) -> None:
    asked(db, "resume")
    work.see_to(NOW)
    jobs.ask(db, "crawl", "kabar", "Rina", NOW + 100 * DAY)
    assert rows_of(db) == [("crawl",)]


def rows_of(db: Database) -> list[Any]:
    return [tuple(row) for row in db.conn.execute("SELECT kind FROM jobs ORDER BY id")]


def test_a_look_at_the_lock_is_no_second_daemon(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    assert watching_pid(db) is None
    with only_daemon(db):
        assert watching_pid(db)
    assert watching_pid(db) is None


def test_a_pause_is_said_by_the_commands_and_kept_to_by_them(tmp_path: Path) -> None:
    room = Newsroom()
    with Town(tmp_path, [room]) as town:
        with closing(open_store(town.db)) as db:
            row = OutletRow(room.slug, "Warta", f"https://{room.host}/", "wordpress", "16", "UTC")
            sync_outlets(db, [row], NOW)
            pause_outlet(db, room.slug, datetime.now(UTC) + DAY, "Rina")
        assert town.crawl() == {}
        assert town.asked() == []
        assert "paused until 20" in pantau("status", db=town.db).stdout


class Unnamed(Newsroom):
    """An outlet whose TOML names no source."""

    def toml(self) -> str:
        return super().toml().partition("[[source]]")[0]


def sitemap(url: str) -> Page:
    at = NEWS.isoformat()
    one = f"<url><loc>{url}</loc><lastmod>{at}</lastmod></url>"
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Page(
        f"<urlset xmlns='{space}'>{one}</urlset>".encode(), headers={"Content-Type": "text/xml"}
    )


def test_the_daemon_carries_out_what_the_review_page_asks_for(tmp_path: Path) -> None:
    room = Unnamed(keys="delay = 0\ninterval = 7200")
    (tmp_path / "page").mkdir()
    with Town(tmp_path, [room]) as town, daemon(town):
        wait_for(lambda: "/berita/2/" in town.web.paths())
        room.articles = 4
        room.answers["/wp-sitemap.xml"] = sitemap(f"https://{room.host}/berita/3/")
        page = ReviewServer(tmp_path / "page")
        page.server.config.app.state.desk = Desk(town.db, "Rina")  # type: ignore[union-attr]
        for kind in ("crawl", "probe", "retry"):
            form = {"outlet": "warta-contoh", "kind": kind, "back": "/health"}
            assert page.post("/outlets/jobs", form).status == 303
        wait_for(lambda: not rows(town.db, "SELECT 1 FROM jobs WHERE finished_at IS NULL"))
        said = page.get("/health", Accept_Language="en").text
        page.close()
        assert rows(town.db, "SELECT kind, asked_by, result, numbers FROM jobs ORDER BY id") == [
            ("crawl", "Rina", "crawled", '{"new":1,"revised":0}'),
            ("probe", "Rina", "probed", '{"sources":1}'),
            ("retry", "Rina", "retried", '{"pages":0}'),
        ]
        assert "/berita/3/" in town.web.paths()
        assert "pages are tried again" in said and "<code>pantau watch</code> runs" in said
