"""What a later pass asks for, and what it makes of pages that changed, went or have many names."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.rechecks import next_check, young_since
from store import frontier
from store.records import Candidate, LeasedPage, RunCounts
from store.runs import latest_runs, record_outlet, start_run
from tests.local_web import LocalWeb, Page
from tests.newsroom import Newsroom, Town, article, feed
from tests.pantau import json_lines, pantau
from tests.test_store_samples import NOW, URL, sample_store

ETAG = '"edisi-1"'


def unless_known(town: list[LocalWeb], page: Page) -> Callable[[], Page]:
    """Answers 304 to whoever knows the page's ETag."""

    def answer() -> Page:
        known = town[0].headers[-1].get("If-None-Match") == ETAG
        return Page(b"", 304) if known else Page(page.body, headers={**page.headers, "ETag": ETAG})

    return answer


def undated(page: bytes) -> bytes:
    """The page without the date it says it was published."""
    return page.replace(b"datePublished", b"tanpaTanggal")


def rows(db: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def write(db: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as connection:
        connection.execute(sql, values)


def days_ago(days: float) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def test_a_second_pass_asks_each_source_once_and_no_page(tmp_path: Path) -> None:
    webs: list[LocalWeb] = []
    rooms = [Newsroom("lama.example", "lama"), Newsroom("baru.example", "baru")]
    rooms[0].answers["/feed/"] = unless_known(webs, rooms[0].page("/feed/"))
    with Town(tmp_path, rooms) as town:
        webs.append(town.web)
        town.crawl()
        town.asked()
        counts = town.crawl()
        headers = town.web.headers[-2:]
        assert sorted(town.asked()) == ["/feed/", "/feed/"]
        known = {line["Host"]: line.get("If-None-Match") for line in headers}
        assert known == {"lama.example": ETAG, "baru.example": None}
        assert counts["lama"]["bytes"] == 0
        for slug in ("lama", "baru"):
            found = counts[slug]
            assert (found["requests"], found["not_modified"], found["new"]) == (1, 1, 0)
            assert found["endings"] == {}
        # Servers lie with 304: after eight days the source is asked for in full.
        write(town.db, "UPDATE sources SET validators_at = ?", days_ago(8.1))
        town.crawl()
        assert all("If-None-Match" not in line for line in town.web.headers[-2:])


@dataclass(frozen=True)
class Later:
    """A first pass over six articles, and what became of each when it was looked at again."""

    town: Town
    first: dict[str, dict[str, Any]]
    pages: dict[str, str]
    counts: dict[str, Any]


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Later]:
    room, webs = Newsroom(articles=18), []
    room.answers["/feed/"] = Page(
        feed([f"https://{room.host}/berita/{n}/" for n in range(0, 18, 3)], dated=False),
        headers={"Content-Type": "application/rss+xml"},
    )
    room.answers["/berita/0/"] = unless_known(webs, Page(article(0)))
    room.answers["/berita/15/"] = Page(undated(article(15)))
    room.answers["/"] = Page(b"<html><body class='home'><h1>Beranda</h1></body></html>")
    with Town(tmp_path_factory.mktemp("later"), [room]) as town:
        webs.append(town.web)
        town.crawl()
        first = {a["url"]: a for a in json_lines(pantau("export", db=town.db))}
        # 3 stays as it is; 6 is corrected; 9 is deleted; 12 leads to the front page.
        room.answers["/berita/6/"] = Page(article(6, more="<p>Ralat: rakor diundur sepekan.</p>"))
        room.answers["/berita/9/"] = Page(b"", 410)
        room.answers["/berita/12/"] = Page(b"", 302, {"Location": f"https://{room.host}/"})
        room.answers["/berita/15/"] = Page(undated(article(15, more="<p>Ralat tempat.</p>")))
        write(town.db, "UPDATE pages SET next_check_at = ?", days_ago(0.1))
        counts = town.crawl()[room.slug]
        pages = {url.rpartition("/")[2]: word for url, word in counts["pages"].items()}
        yield Later(town, first, pages, counts)


def test_each_article_is_looked_at_again_and_ends_in_its_own_word(later: Later) -> None:
    assert later.pages == {
        "0": "not_modified",
        "3": "not_modified",
        "6": "article",
        "9": "gone",
        "12": "gone",
        "15": "article",
    }
    assert (later.counts["new"], later.counts["revised"]) == (0, 2)


def test_a_page_without_validators_is_not_read_again_when_its_bytes_are_the_same(
    later: Later,
) -> None:
    headers = [
        h
        for h, (_, _, path) in zip(later.town.web.headers, later.town.web.requests, strict=True)
        if path == "/berita/3/"
    ]
    assert len(headers) == 2
    assert "If-None-Match" not in headers[1]
    assert later.pages["3"] == "not_modified"


def test_a_date_that_was_only_first_seen_stays_the_first_one(later: Later) -> None:
    (url,) = [url for url in later.first if url.endswith("/15")]
    (now,) = [a for a in json_lines(pantau("export", db=later.town.db)) if a["url"] == url]
    before = later.first[url]
    assert (before["published_source"], now["revision"]) == ("first_seen", 2)
    assert now["published_at"] == before["published_at"]
    assert now["first_seen_at"] == before["first_seen_at"]


def test_an_article_gone_for_a_day_is_kept_and_flagged(later: Later) -> None:
    town = later.town
    gone = "SELECT id, gone_at FROM articles WHERE url LIKE '%/9' OR url LIKE '%/12' ORDER BY id"
    assert [at for _, at in rows(town.db, gone)] == [None, None]
    write(
        town.db,
        "UPDATE pages SET next_check_at = ?1, gone_seen_at = ?1 WHERE gone_seen_at IS NOT NULL",
        days_ago(1.1),
    )
    town.crawl()
    flagged = rows(town.db, gone)
    assert all(at is not None for _, at in flagged)
    shown = pantau("show", flagged[0][0], db=town.db)
    assert "gone at source" in shown.stdout
    assert rows(town.db, "SELECT count(*) FROM articles") == [(6,)]
    # The front page, to which a dead link led, is no address of the article.
    assert rows(town.db, "SELECT url FROM aliases WHERE url LIKE '%.example/'") == []


SLUG = "2026/11/bupati-hadiri-rakor-pencegahan-korupsi"
WORDPRESS = [
    "https://{host}/?p=12",
    f"https://{{host}}/{SLUG}/",
    f"https://{{host}}/{SLUG}",
    f"http://{{host}}/{SLUG}/",
    f"https://www.{{host}}/{SLUG}/?utm_source=fb&utm_medium=social",
    f"https://{{host}}/{SLUG}/amp/",
    f"https://{{host}}/{SLUG}/?amp=1#komentar",
    "https://{host}/pendek-saja-alamat-ini/",
]
READ = "652881/bupati-hadiri-rakor-pencegahan-korupsi"
BACAKORAN = [
    f"https://{{host}}//read/{READ}",
    f"https://{{host}}/read/{READ}",
    f"https://{{host}}/read/{READ}/",
    f"https://{{host}}/read/{READ}/15",
    f"http://{{host}}/read/{READ}/15",
    f"https://{{host}}/amp/{READ}",
    f"https://www.{{host}}/read/{READ}?utm_source=wa",
    f"https://m.{{host}}/read/{READ}#atas",
]


def test_eight_addresses_of_one_article_are_one_article(tmp_path: Path) -> None:
    rooms = [Newsroom("banyak.example", "banyak"), Newsroom("koran.example", "koran")]
    rooms[1].family = "bacakoran"
    for room, forms in zip(rooms, (WORDPRESS, BACAKORAN), strict=True):
        links = [form.format(host=room.host) for form in forms]
        room.answers["/feed/"] = Page(feed(links), headers={"Content-Type": "application/rss+xml"})
        page = Page(article(0, links[1]))
        for link in links:
            room.answers["/" + link.split("://")[1].partition("/")[2].partition("#")[0]] = page
    moved = {"Location": f"https://banyak.example/{SLUG}/"}
    rooms[0].answers["/pendek-saja-alamat-ini/"] = Page(b"", 301, moved)
    with Town(tmp_path, rooms) as town:
        town.crawl()
        stored = rows(town.db, "SELECT url, revision FROM articles ORDER BY url")
        assert stored == [
            (f"https://banyak.example/{SLUG}", 1),
            (f"https://koran.example/read/{READ}", 1),
        ]
        assert rows(town.db, "SELECT count(*) FROM pages") == [(2,)]
        asked = [path for path in town.asked() if path not in ("/feed/", "/robots.txt")]
        assert len(asked) <= 5
        town.crawl()
        assert set(town.asked()) <= {"/feed/"}


@pytest.fixture
def quarantine(tmp_path: Path) -> Path:
    """A database with one page that was given up."""
    file = tmp_path / "pantau.db"
    with closing(sample_store(file)) as db:
        frontier.discover(db, "kabar", [Candidate(URL, URL)], NOW)
        (page,) = frontier.lease(db, "kabar", 1, 1, NOW)
        for _ in range(5):
            frontier.fail(db, page.id, frontier.Failure("timed_out", "not read in 20 s"), NOW)
    return file


def test_a_page_that_was_given_up_is_shown_and_retry_brings_it_back(quarantine: Path) -> None:
    told = {line["slug"]: line for line in json_lines(pantau("status", "--json", db=quarantine))}
    assert told["kabar"]["quarantined"] == 1
    assert told["kabar"]["quarantined_pages"] == [{"url": URL, "error": "not read in 20 s"}]
    assert told["warta"]["quarantined_pages"] == []
    assert json.loads(pantau("retry", URL, "--json", db=quarantine).stdout) == {"retried": 1}
    assert rows(quarantine, "SELECT state, attempts FROM pages") == [("discovered", 0)]


def test_the_run_record_keeps_failures_by_class_beside_the_words(tmp_path: Path) -> None:
    with closing(sample_store(tmp_path / "runs.db")) as db:
        run = start_run(db, "crawl", "0", NOW)
        counts = RunCounts(endings={"failed": 2, "empty": 1}, failures={"tls": 1, "http_502": 1})
        record_outlet(db, run, "kabar", counts)
        record_outlet(db, run, "kabar", counts)
        total = latest_runs(db)[0].counts
    assert total.endings == {"failed": 4, "empty": 2}
    assert total.failures == {"tls": 2, "http_502": 2}


def test_the_age_of_an_article_counts_from_its_publication() -> None:
    hint = Candidate(URL, URL)
    page = LeasedPage(1, "kabar", URL, URL, 0, hint, NOW)
    found_late = young_since(page, NOW - timedelta(days=2))
    assert next_check(found_late, NOW) == NOW + timedelta(days=1)
    assert next_check(young_since(page, NOW - timedelta(days=8)), NOW) is None
    assert next_check(young_since(page, NOW + timedelta(days=1)), NOW) == NOW + timedelta(hours=1)
