"""How Pantau treats an outlet's server: real processes against a web on this machine."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response
from sqlite_utils import Database

from crawler.clock import StandingClock
from crawler.gate import Allowance
from crawler.outlets import Outlet
from crawler.pauses import forbidden, host_of, origin_of, pause_host, pause_of, retry_after
from crawler.recordings import load_recording
from crawler.replay import Replay
from crawler.session import Session
from store import hosts
from store.frontier import Failure, discover, lease, put_off
from store.outcomes import finish
from store.records import PageOutcome
from tests.local_web import FIXTURES, LocalWeb, Page
from tests.newsroom import Newsroom, Town
from tests.pantau import json_lines, pantau
from tests.test_store_samples import NOW, URL, candidate, sample_store

NAME = "sopan.example"
SECRET = b"User-agent: *\nDisallow: /rahasia/\n"
HALF_A_DAY = timedelta(hours=13)


def many_requests(web: LocalWeb, db: Path, *paths: str, delay: float = 0) -> list[list[str | None]]:
    """How requests made all at once ended, each as [word, problem]; from a process of its own."""
    command = [sys.executable, "-P", "-m", "tests.many_requests", str(db), NAME, str(web.port)]
    process = subprocess.run(
        [*command, str(delay), *paths],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[1],
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert process.returncode == 0, process.stderr
    endings: list[list[str | None]] = json.loads(process.stdout)
    return endings


def gaps(web: LocalWeb, *names: str) -> list[float]:
    """Seconds between the requests that came for these hosts, in order."""
    moments = [at for at, host, _ in web.requests if host in names or not names]
    return [later - earlier for earlier, later in itertools.pairwise(moments)]


def row(db: Path, sql: str) -> Any:
    """The first row of a query."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchone()


def write(db: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        connection.execute(sql, values)


def test_of_twenty_disallowed_pages_at_once_none_is_fetched(tmp_path: Path) -> None:
    with LocalWeb(
        lambda _, path: Page(SECRET if path == "/robots.txt" else b"isi", wait=0.1)
    ) as web:
        paths = [f"/rahasia/{n}" for n in range(20)]
        endings = many_requests(web, tmp_path / "pantau.db", *paths)
        assert web.paths() == ["/robots.txt"]
    assert [word for word, _ in endings] == ["refused_robots"] * 20


def test_requests_of_two_processes_come_one_by_one_however_slow_the_answers(
    tmp_path: Path,
) -> None:
    with LocalWeb(lambda _, path: Page(b"", 404 if "robots" in path else 200, wait=0.4)) as web:
        db = tmp_path / "pantau.db"
        many_requests(web, db, "/0", delay=0.2)
        with ThreadPoolExecutor() as both:
            for paths in (("/1", "/2"), ("/3", "/4")):
                both.submit(many_requests, web, db, *paths, delay=0.2)
        assert sorted(web.paths()) == ["/0", "/1", "/2", "/3", "/4", "/robots.txt"]
        assert min(gaps(web)) >= 0.6


def test_a_429_among_requests_made_at_once_stops_all_that_wait(tmp_path: Path) -> None:
    def answer(_: str, path: str) -> Page:
        return Page(b"", 404) if path == "/robots.txt" else Page(b"", 429, {"Retry-After": "60"})

    with LocalWeb(answer) as web:
        endings = many_requests(web, tmp_path / "pantau.db", *(f"/{n}" for n in range(10)))
        assert len(web.requests) == 2
    words = sorted(str(word) for word, _ in endings)
    assert words == ["blocked", *["failed"] * 9]


def test_a_crawl_delay_is_kept_to_the_full_and_only_by_its_own_host(tmp_path: Path) -> None:
    robots = Page(b"User-agent: *\nCrawl-delay: 2\n")
    rooms = [Newsroom(f"{name}.example", name, 2, robots) for name in ("satu", "dua")]
    with Town(tmp_path, rooms) as town:
        town.crawl()
        first, second = (gaps(town.web, room.host) for room in rooms)
        assert (len(first), len(second)) == (3, 3)
        assert min(first + second) >= 2.0
        assert town.web.requests[-1][0] - town.web.requests[0][0] < 11


def test_a_long_crawl_delay_means_fewer_pages_not_a_longer_pass(tmp_path: Path) -> None:
    robots = Page(b"User-agent: *\nCrawl-delay: 120\n")
    room = Newsroom(robots=robots, keys="delay = 0\ninterval = 60")
    with Town(tmp_path, [room]) as town:
        begun = time.monotonic()
        town.crawl(code=1)
        assert town.asked() == ["/robots.txt"]
        # A run in which every outlet failed has failed, however regularly it ended.
        assert row(town.db, "SELECT status FROM runs") == ("failed",)
        write(town.db, "UPDATE hosts SET next_free_at = NULL")
        counts = town.crawl()[room.slug]
        assert town.asked() == ["/feed/"]
        assert time.monotonic() - begun < 30
    assert counts["endings"] == {}
    assert row(town.db, "SELECT DISTINCT state, attempts FROM pages") == ("discovered", 0)


def test_after_a_429_nothing_is_asked_until_the_time_it_names(tmp_path: Path) -> None:
    answers = iter([Page(b"", 429, {"Retry-After": "3"})])
    room = Newsroom(articles=3)
    whole = room.page("/berita/0/")
    room.answers["/berita/0/"] = lambda: next(answers, whole)
    with Town(tmp_path, [room]) as town:
        first = town.crawl()[room.slug]
        asked_at, _, path = town.web.requests[-1]
        assert path == "/berita/0/"
        assert (first["endings"], len(town.asked())) == ({"blocked": 1}, 3)
        pantau(*town.switches(), db=town.db)  # a new process, most likely too early
        time.sleep(max(0.0, asked_at + 3.1 - time.monotonic()))
        town.crawl()
        assert town.web.requests[0][0] - asked_at >= 3.0
        assert "/berita/0/" in town.asked()
    assert row(town.db, "SELECT count(*) FROM articles") == (1,)
    assert row(town.db, "SELECT max(attempts) FROM pages") == (0,)


def test_a_403_on_a_page_leaves_the_whole_host_alone(tmp_path: Path) -> None:
    room = Newsroom(articles=5, answers={"/berita/1/": Page(b"", 403)})
    with Town(tmp_path, [room]) as town:
        counts = town.crawl()[room.slug]
        assert town.asked() == ["/robots.txt", "/feed/", "/berita/0/", "/berita/1/"]
        assert counts["endings"] == {"article": 1, "blocked": 1}
        assert counts["failures"] == {"http_403": 1}
        states = row(town.db, "SELECT count(*), max(attempts) FROM pages WHERE state='discovered'")
        assert states == (4, 0)
        (told,) = json_lines(pantau("status", "--json", db=town.db))
        assert "paused until" in told["silence"]
        assert "HTTP 403 from https://warta-contoh.example/berita/1/" in told["silence"]
        due = datetime.fromisoformat(told["next_run_at"])
        assert due - datetime.now(UTC) > timedelta(minutes=55)


@dataclass(frozen=True)
class Mixed:
    """One crawl of outlets whose robots.txt answer in different ways."""

    town: Town
    counts: dict[str, dict[str, Any]]
    paths: dict[str, list[str]]
    status: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mixed]:
    answers: dict[str, Page | Callable[[], Page]] = {
        "rusak": Page(b"", 500),
        "tiada": Page(b"", 404),
        "terlarang": Page(b"", 403),
        "sibuk": Page(b"", 429),
        "pindah": Page(b"", 301, {"Location": "https://www.pindah.example/robots.txt"}),
        "baik": Page(SECRET),
    }
    rooms = [Newsroom(f"{name}.example", name, 2, page) for name, page in answers.items()]
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "pantau.toml").write_text('contact = "mailto:redaksi@pantau.example"\n')
    with Town(folder, rooms) as town:
        moved = town.web
        counts = town.crawl()
        hosts_asked = {host for _, host, _ in moved.requests}
        paths = {h: [p for _, host, p in moved.requests if host == h] for h in hosts_asked}
        told = json_lines(pantau("status", "--json", db=town.db))
        yield Mixed(town, counts, paths, {line["slug"]: line for line in told})


@pytest.mark.parametrize(
    ("slug", "words"),
    [("rusak", "its robots.txt gave HTTP 500"), ("sibuk", "HTTP 429 from")],
)
def test_without_a_robots_txt_nothing_is_fetched_and_status_says_so(
    mixed: Mixed, slug: str, words: str
) -> None:
    assert mixed.paths[f"{slug}.example"] == ["/robots.txt"]
    assert words in mixed.status[slug]["silence"]


@pytest.mark.parametrize("slug", ["tiada", "terlarang"])
def test_a_4xx_for_robots_txt_allows_everything(mixed: Mixed, slug: str) -> None:
    assert mixed.counts[slug]["endings"] == {"article": 1, "off_topic": 1}


def test_a_robots_txt_that_moved_is_followed_within_the_outlet(mixed: Mixed) -> None:
    # The made-up host answers under both names with the same redirect: five are followed.
    assert mixed.paths["pindah.example"] == ["/robots.txt"]
    assert set(mixed.paths["www.pindah.example"]) == {"/robots.txt"}
    assert len(mixed.paths["www.pindah.example"]) == 5


def test_requests_carry_our_name_and_nothing_to_follow_us_by(mixed: Mixed) -> None:
    for headers in mixed.town.web.headers:
        assert headers["User-Agent"].startswith("Pantau/")
        assert "mailto:redaksi@pantau.example" in headers["User-Agent"]
        assert not {"Cookie", "Referer", "Authorization"} & set(headers)


def test_a_good_copy_under_a_day_old_stands_in_for_a_robots_txt_that_fails(mixed: Mixed) -> None:
    town, room = mixed.town, mixed.town.rooms[-1]
    room.robots, room.articles = Page(b"", 500), 3
    asked_at = f"{datetime.now(UTC) - HALF_A_DAY:%Y-%m-%dT%H:%M:%SZ}"
    write(
        town.db,
        "UPDATE hosts SET robots_fetched_at = ?1, robots_good_at = ?1 WHERE host = ?2",
        asked_at,
        f"https://{room.host}",
    )
    town.web.requests.clear()
    town.crawl()
    paths = [path for _, host, path in town.web.requests if host == room.host]
    assert paths == ["/robots.txt", "/feed/", "/berita/2/"]


def test_two_desks_of_one_host_share_its_turns_its_robots_txt_and_its_pause(tmp_path: Path) -> None:
    keys = "delay = 0.5"
    rooms = [Newsroom("meja.example", slug, 4, keys=keys) for slug in ("kota", "desa")]
    turned_away = iter([Page(b"", 403)])
    rooms[1].answers["/berita/2/"] = lambda: next(turned_away)
    with Town(tmp_path, rooms) as town:
        town.crawl()
        assert min(gaps(town.web)) >= 0.5
        paths = town.asked()
    assert paths.count("/robots.txt") == 1
    assert paths.count("/berita/2/") == 1
    assert paths[-1] == "/berita/2/"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        outlet = Outlet("kabar", "Kabar", "https://kabar.example/", "wordpress", "16")
        yield Session(
            outlet=outlet,
            db=db,
            clock=StandingClock(NOW),
            pool=None,  # type: ignore[arg-type]
            allowance=Allowance(outlet.all_hosts),
            run_id=1,
            user_agent="Pantau/0",
        )


def waits(session: Session, act: Callable[[], None], times: int) -> list[float]:
    """How many minutes the host is paused after each of so many failures."""
    found = []
    for _ in range(times):
        act()
        until = hosts.paused_until(session.db, "kabar.example", NOW)
        assert until is not None
        found.append((until - NOW) / timedelta(minutes=1))
        session.db.conn.execute("UPDATE hosts SET not_before = NULL")
    return found


def test_the_back_off_of_a_host_doubles_with_each_failure_up_to_a_day(session: Session) -> None:
    busy = lambda: pause_host(session, "https://kabar.example/1", "HTTP 503")  # noqa: E731
    assert waits(session, busy, 13) == [*(2.0**n for n in range(11)), 1440, 1440]
    hosts.succeeded(session.db, "kabar.example")
    assert waits(session, busy, 2) == [1, 2]


def test_a_403_pauses_for_an_hour_and_longer_each_time(session: Session) -> None:
    unwanted = lambda: forbidden(session, "https://www.kabar.example/1")  # noqa: E731
    assert waits(session, unwanted, 6) == [60, 120, 240, 480, 960, 1440]


def test_a_replay_neither_minds_the_pauses_of_the_live_web_nor_makes_any(session: Session) -> None:
    hosts.pause(session.db, "kabar.example", NOW + timedelta(hours=1), "HTTP 403")
    folder = FIXTURES / "_broken" / "timeout"
    session.replay = Replay(load_recording(folder, {}))
    assert pause_of(session, "kabar.example") is None
    pause_host(session, "https://warta.example/1", "HTTP 503")
    assert pause_of(session, "warta.example") == NOW + timedelta(minutes=1)
    assert hosts.paused_until(session.db, "warta.example", NOW) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"3", 3),
        (b" 120 ", 120),
        (b"Thu, 01 May 2025 01:00:03 GMT", 3),
        (b"Thu, 01 May 2025 00:00:00 GMT", 0),
        (b"99999999999999999999", 7 * 86_400),
        (b"Sun, 01 Jan 2090 00:00:00 GMT", 7 * 86_400),
        (b"-3", None),
        (b"sebentar lagi", None),
        (b"", None),
    ],
)
def test_retry_after_is_read_in_seconds_and_as_a_date(header: bytes, seconds: int | None) -> None:
    wait = retry_after(Response("https://a.example/", 429, {"Retry-After": header}), NOW)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


def test_a_date_in_retry_after_is_held_against_the_servers_own_clock() -> None:
    headers = {
        "Retry-After": b"Thu, 01 May 2025 03:00:09 GMT",
        "Date": b"Thu, 01 May 2025 03:00:00 GMT",
    }
    assert retry_after(Response("https://a.example/", 429, headers), NOW) == timedelta(seconds=9)


def test_www_is_the_same_server_and_http_has_a_robots_txt_of_its_own() -> None:
    forms = ["http://www.a.example/1", "https://A.example:443/", "https://amp.a.example/x"]
    assert {host_of(url) for url in forms} == {"a.example"}
    assert host_of("https://www.example/") == "www.example"
    assert len({origin_of(url) for url in forms}) == 3


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "frontier.db")) as db:
        yield db


TURNED_AWAY = Failure("blocked", "HTTP 403", 403, NOW + timedelta(hours=1))


def test_a_page_its_host_did_not_give_keeps_its_attempts_and_waits(db: Database) -> None:
    discover(db, "kabar", [candidate()], NOW)
    for _ in range(7):
        (page,) = lease(db, "kabar", 1, 1, NOW + timedelta(hours=1))
        assert page.attempts == 0
        assert put_off(db, page.id, TURNED_AWAY, NOW) == "discovered"
        assert lease(db, "kabar", 1, 1, NOW + timedelta(minutes=59)) == []


def test_a_page_that_was_put_off_stands_behind_the_new_ones(db: Database) -> None:
    discover(db, "kabar", [candidate(f"{URL}-{n}") for n in range(3)], NOW)
    (first,) = lease(db, "kabar", 1, 1, NOW)
    put_off(db, first.id, TURNED_AWAY, NOW)
    later = lease(db, "kabar", 3, 1, NOW + timedelta(hours=2))
    assert [page.url[-1] for page in later] == ["1", "2", "0"]


def test_a_page_refused_again_and_again_while_others_are_served_is_given_up(db: Database) -> None:
    discover(db, "kabar", [candidate()], NOW)
    states = []
    for day in range(6):
        (page,) = lease(db, "kabar", 1, 1, NOW + timedelta(days=day))
        states.append(put_off(db, page.id, TURNED_AWAY, NOW, others_served=True))
    assert states == [*["discovered"] * 5, "quarantined"]


def test_a_page_that_is_served_after_all_forgets_that_it_was_not(db: Database) -> None:
    discover(db, "kabar", [candidate()], NOW)
    (page,) = lease(db, "kabar", 1, 1, NOW)
    put_off(db, page.id, TURNED_AWAY, NOW)
    finish(db, page.id, PageOutcome("off_topic", "off_topic"), NOW)
    known = db.conn.execute("SELECT not_before, status FROM pages").fetchone()
    assert tuple(known) == (None, None)


def test_a_stop_ends_the_wait_for_a_turn(session: Session) -> None:
    from scrapy.crawler import Crawler

    from crawler.clock import LiveClock
    from crawler.pauses import HostPaused
    from crawler.politeness import PolitenessMiddleware
    from crawler.spiders.outlet import spider_for

    async def stopped() -> float:
        session.clock = LiveClock()
        crawler = Crawler(spider_for(session.outlet))
        crawler.pantau = session  # type: ignore[attr-defined]
        middleware = PolitenessMiddleware(crawler)
        now = session.clock.now()
        me = hosts.Holder(1, 60, 0)
        turn = hosts.take_turn(session.db, "kabar.example", now, me, bool)
        hosts.give_turn_back(session.db, "kabar.example", turn, now + timedelta(seconds=50))
        asyncio.get_running_loop().call_later(0.1, session.stopping.set)
        begun = time.monotonic()
        with pytest.raises(HostPaused, match="stopped"):
            await middleware.take_turn("kabar.example", 0)
        return time.monotonic() - begun

    assert asyncio.run(stopped()) < 1
