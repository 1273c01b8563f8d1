"""Catching up: what was missed between two polls is paged back to, and how far is on record."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.candidates import SourceReading
from crawler.families import load_families
from crawler.outlet_keys import FAMILIES
from crawler.outlets import Outlet
from crawler.paging import (
    all_before,
    day_of,
    first_older,
    following,
    index_page,
    page_address,
    reaches_known,
)
from scheduler import switches
from store.database import open_store
from store.gap_records import OlderPage
from store.gaps import Gap, latest_gaps
from store.records import Candidate
from tests.local_web import LocalWeb, Page
from tests.pantau import pantau
from tests.passes import Passes, passes_process

HOST = "kabar.example"
HOME = f"https://{HOST}/"
NEWEST = date(2025, 4, 30)
OUTLET = {"slug": "kabar", "name": "Kabar", "home": HOME, "family": "wordpress", "province": "31"}
OUTLET |= {"delay": 0.0}


@dataclass
class Site:
    """A small outlet: its articles, newest first, and how its feed or front page is paged."""

    numbers: list[int]
    paged: bool = True
    dated: bool = True
    about: int = 1  # every how many articles one is about the KPK
    gone: bool = False  # whether the articles themselves are
    broken: set[str] = field(default_factory=set)

    def answer(self, host: str, path: str) -> Page:
        """One answer; ten articles a page of the feed (/feed/?paged=2) or list (/page/2/)."""
        parts = urlsplit(path)
        number = int(parse_qs(parts.query).get("paged", ["1"])[0])
        if path in self.broken:
            return Page(b"", 500)
        if parts.path == "/feed/":
            return self.feed(number if self.paged else 1)
        if parts.path == "/" or parts.path.startswith("/page/"):
            return self.listing(int(parts.path.strip("/").rpartition("/")[2] or 1))
        found = parts.path.strip("/").rpartition("-")[2]
        if not found.isdigit() or self.gone:
            return Page(b"", 404)
        return article(int(found), int(found) % self.about == 0)

    def some(self, number: int) -> list[int]:
        return self.numbers[10 * (number - 1) : 10 * number]

    def feed(self, number: int) -> Page:
        items = "".join(
            f"<item><title>KPK {n}</title><link>{HOME}{slug(n)}/</link>"
            + (f"<pubDate>{day(n).isoformat()}T08:00:00+07:00</pubDate>" if self.dated else "")
            + "</item>"
            for n in self.some(number)
        )
        body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
        return Page(body if items else b"", 200 if items else 404)

    def listing(self, number: int) -> Page:
        links = "".join(
            f'<h2 class="entry-title"><a href="/{slug(n)}/">KPK {n}</a></h2>'
            for n in self.some(number)
        )
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
        return Page(f"<html><head>{feed}</head><body>{links}</body></html>".encode())


def slug(number: int) -> str:
    return f"kpk-tahan-bupati-nonaktif-{number}"


def day(number: int) -> date:
    """Two articles a day; number 100 is from the newest day."""
    return NEWEST - timedelta(days=(100 - number) // 2)


def article(number: int, about: bool) -> Page:
    who = "Komisi Pemberantasan Korupsi (KPK)" if about else "Dinas Pertanian"
    text = f"{who} memanggil bupati nonaktif dalam perkara suap jembatan ke-{number}. " * 3
    return Page(
        f'<html><head><link rel="canonical" href="{HOME}{slug(number)}/"></head><body><article>'
        f'<h1 class="entry-title">{who} panggil bupati nonaktif, perkara {number}</h1>'
        f'<time datetime="{day(number)}T08:00:00+07:00">x</time><div class="entry-content">'
        f"<p>{text}</p><p>Bupati memenuhi panggilan itu.</p></div></article></body></html>".encode()
    )


@dataclass
class Kabar:
    """A database and a web with one outlet, crawled in a process of its own."""

    passes: Passes
    db: Path
    site: Site
    web: LocalWeb

    def crawl(self, since: date | None = None) -> list[str]:
        """One pass; returns what it said."""
        order = {"db": self.db, "outlet": OUTLET, "port": self.web.port, "since": since}
        said: list[str] = self.passes.order(**order)["said"]
        return said

    def stored(self) -> set[int]:
        with closing(open_store(self.db)) as db:
            rows = db.conn.execute("SELECT url FROM articles").fetchall()
        return {int(row["url"].rpartition("-")[2]) for row in rows}

    def gaps(self) -> list[Gap]:
        with closing(open_store(self.db)) as db:
            return latest_gaps(db, "kabar")

    def goes_on(self, numbers: list[int]) -> None:
        """The outlet has other articles now. What is known was found long before: tests crawl
        twice within the same second."""
        self.site.numbers = numbers
        with closing(open_store(self.db)) as db:
            db.conn.execute("UPDATE pages SET discovered_at = '2020-01-01T00:00:00Z'")


Opener = Callable[[Site], Kabar]


@pytest.fixture(scope="module")
def passes() -> Iterator[Passes]:
    with passes_process() as process:
        yield process


@pytest.fixture
def open_kabar(tmp_path: Path, passes: Passes) -> Iterator[Opener]:
    opened: list[LocalWeb] = []

    def start(site: Site) -> Kabar:
        opened.append(LocalWeb(site.answer))
        return Kabar(passes, tmp_path / "pantau.db", site, opened[0])

    yield start
    for web in opened:
        web.close()


def numbers(newest: int, oldest: int) -> list[int]:
    return list(range(newest, oldest - 1, -1))


def test_a_feed_that_lost_forty_items_between_polls_loses_none(open_kabar: Opener) -> None:
    kabar = open_kabar(Site(numbers(40, 1)))
    kabar.crawl()
    assert (kabar.stored(), kabar.gaps()) == (set(numbers(40, 31)), [])
    kabar.goes_on(numbers(90, 1))
    said = kabar.crawl()
    assert kabar.stored() == set(numbers(90, 31))
    (gap,) = kabar.gaps()
    assert (gap.reason, gap.pages, gap.new, gap.ended) == ("gap", 5, 40, "known_ground")
    assert "gap: 5 pages back, 40 new; nothing is missing" in said
    kabar.goes_on(numbers(95, 1))
    kabar.crawl()
    assert len(kabar.gaps()) == 1


def test_when_the_pages_of_one_pass_do_not_suffice_the_next_goes_on(open_kabar: Opener) -> None:
    kabar = open_kabar(Site(numbers(10, 1), about=5))
    kabar.crawl()
    kabar.goes_on(numbers(140, 1))
    assert "gap: 10 pages so far; the next pass goes on" in kabar.crawl()
    assert kabar.gaps()[0].ended is None
    kabar.site.numbers = numbers(143, 1)  # the pages shift meanwhile
    kabar.crawl()
    assert (kabar.gaps()[0].ended, kabar.gaps()[0].new) == ("known_ground", 120)
    assert kabar.stored() == {n for n in numbers(143, 1) if n % 5 == 0}


def test_a_feed_that_cannot_be_paged_is_caught_up_by_the_listing(open_kabar: Opener) -> None:
    kabar = open_kabar(Site(numbers(40, 1), paged=False))
    kabar.crawl()
    kabar.goes_on(numbers(70, 1))
    kabar.crawl()
    assert kabar.stored() == set(numbers(70, 31))
    assert kabar.gaps()[0].reached


def test_a_page_that_fails_is_asked_again_by_the_next_pass(open_kabar: Opener) -> None:
    kabar = open_kabar(Site(numbers(40, 1)))
    kabar.crawl()
    kabar.goes_on(numbers(70, 1))
    kabar.site.broken = {"/feed/?paged=3"}
    kabar.crawl()
    assert (kabar.gaps()[0].failures, kabar.gaps()[0].ended) == (1, None)
    kabar.site.broken = set()
    kabar.crawl()
    assert kabar.stored() == set(numbers(70, 31))
    assert kabar.gaps()[0].reached


def test_since_pages_back_to_the_day_and_no_further(open_kabar: Opener) -> None:
    kabar = open_kabar(Site(numbers(100, 1)))
    kabar.crawl()
    said = kabar.crawl(since=NEWEST - timedelta(days=14))
    assert kabar.stored() == set(numbers(100, 71))
    assert "since: 3 pages back, 20 new; nothing is missing" in said
    paths = [path for path in kabar.web.paths() if "paged" in path]
    assert paths == ["/feed/?paged=2", "/feed/?paged=3", "/feed/?paged=4"]


def test_since_without_dates_goes_to_the_end_and_says_so(open_kabar: Opener) -> None:
    kabar = open_kabar(Site(numbers(35, 1), dated=False))
    said = kabar.crawl(since=date(2020, 1, 1))
    assert kabar.stored() == set(numbers(35, 1))
    assert "since: 4 pages back, 25 new; known ground was not reached (end)" in said


def test_since_without_dates_asks_fifty_pages_at_most(open_kabar: Opener) -> None:
    kabar = open_kabar(Site(numbers(600, 1), dated=False, about=1000))
    kabar.site.gone = True
    assert "known ground was not reached (budget)" in str(kabar.crawl(since=date(2020, 1, 1)))
    assert (kabar.gaps()[0].pages, kabar.gaps()[0].new) == (50, 500)


def test_the_command_pages_back_and_says_how_far(tmp_path: Path) -> None:
    catalogue = tmp_path / "katalog"
    catalogue.mkdir()
    keys = "".join(f"{key} = {value!r}\n" for key, value in OUTLET.items() if key != "slug")
    (catalogue / "kabar.toml").write_text(keys)
    with LocalWeb(Site(numbers(100, 61)).answer) as web:
        switches = [f"--catalogue={catalogue}", f"--map={HOST}=127.0.0.1:{web.port}"]
        process = pantau("crawl", *switches, "--since=2025-04-21", db=tmp_path / "pantau.db")
    assert process.returncode == 0
    assert "since 2025-04-21: 2 pages back" in process.stdout
    assert "its day was reached" in process.stdout


def test_since_takes_a_day_that_has_been() -> None:
    assert switches.day("2025-04-30") == NEWEST
    for text in ("kemarin", "2999-01-01", "30-04-2025"):
        with pytest.raises(ArgumentTypeError, match=text):
            switches.day(text)


def test_older_inner_sitemaps_are_read_when_the_newest_meet_nothing_known() -> None:
    reading = SourceReading(sitemaps=("https://kabar.example/post-sitemap2.xml",))
    family = load_families()["wordpress"]
    assert first_older("sitemap", f"{HOME}sitemap_index.xml", reading, family) == [
        OlderPage("sitemap", f"{HOME}post-sitemap2.xml", 2, f"{HOME}post-sitemap2.xml")
    ]


@pytest.mark.parametrize(
    ("family", "kind", "url", "third"),
    [
        ("wordpress", "feed", f"{HOME}feed/", f"{HOME}feed/?paged=3"),
        ("wordpress", "feed", f"{HOME}?feed=rss2&paged=1", f"{HOME}?feed=rss2&paged=3"),
        ("wordpress", "listing", HOME, f"{HOME}page/3/"),
        ("wordpress", "wp_rest", f"{HOME}wp-json/wp/v2/posts", f"{HOME}wp-json/wp/v2/posts?page=3"),
        ("bacakoran", "listing", f"{HOME}kategori/7/kota", f"{HOME}kategori/7/kota/60"),
        ("antara", "listing", f"{HOME}terkini", f"{HOME}terkini/3"),
        ("tribun", "listing", f"{HOME}index-news?k=1", f"{HOME}index-news?k=1&page=3"),
        (
            "blogger",
            "feed",
            f"{HOME}feeds/posts/default?alt=rss",
            f"{HOME}feeds/posts/default?alt=rss&start-index=51&max-results=25",
        ),
        ("drupal", "listing", HOME, f"{HOME}?page=2"),
    ],
)
def test_each_family_pages_in_its_own_way(family: str, kind: str, url: str, third: str) -> None:
    rules = load_families()[family]
    second = first_older(kind, url, SourceReading(), rules)[0]
    assert following(second, SourceReading(), rules)[0].url == third


def test_a_page_that_links_to_its_next_one_is_believed_before_the_rule() -> None:
    rules = load_families()["wordpress"]
    page = first_older("feed", f"{HOME}feed/", SourceReading(older=f"{HOME}feed/2/"), rules)[0]
    assert page.url == f"{HOME}feed/2/"


def test_a_source_without_pages_falls_back_on_the_familys_index() -> None:
    outlet = Outlet(slug="x", name="X", home=HOME, family="antara", province="18")
    rules = load_families()["antara"]
    assert first_older("feed", f"{HOME}rss/terkini.xml", SourceReading(), rules) == []
    assert index_page(outlet, rules).url == f"{HOME}terkini"


@pytest.mark.parametrize(
    ("known", "reached"),
    [
        ([], False),
        ([False] * 10, False),
        ([False] * 9 + [True], True),
        ([True] * 10, True),
        ([True, True] + [False] * 8, False),
        ([True, True, True] + [False] * 7, True),
        ([True, True, False], True),
        ([True], True),
    ],
)
def test_entries_pinned_on_top_are_no_known_ground(known: list[bool], reached: bool) -> None:
    assert reaches_known(known) is reached


@given(st.lists(st.booleans(), max_size=30))
def test_known_ground_needs_a_known_entry(known: list[bool]) -> None:
    assert not reaches_known(known) or any(known)


@given(
    base=st.text(max_size=60).map(lambda text: f"https://kabar.example/{text}"),
    family=st.sampled_from(FAMILIES),
    number=st.integers(2, 10_000),
)
def test_an_older_page_has_an_address_on_the_same_host(base: str, family: str, number: int) -> None:
    rules = load_families()[family]
    for rule in rules.older.values():
        address = page_address(base, rule, number, rules.step)
        assert urlsplit(address).hostname == "kabar.example"


def test_the_sitemaps_of_an_index_within_an_index_are_asked_next() -> None:
    page = OlderPage("sitemap", f"{HOME}2025.xml", 2, f"{HOME}2025.xml")
    reading = SourceReading(sitemaps=(f"{HOME}2025-04.xml",))
    assert following(page, reading, load_families()["custom"])[0].url == f"{HOME}2025-04.xml"
    assert following(page, SourceReading(), load_families()["custom"]) == []


def test_a_page_came_out_no_later_than_it_was_changed() -> None:
    zone, now = Outlet("x", "X", HOME, "custom", "31").zone, datetime(2025, 5, 1, tzinfo=UTC)
    plain = Candidate(HOME, HOME)
    assert day_of(plain, zone, now, "2025-04-02T23:00:00+00:00") == date(2025, 4, 3)
    dated = Candidate(HOME, HOME, published="2025-03-01T08:00:00+07:00")
    assert day_of(dated, zone, now, "2025-04-02") == date(2025, 3, 1)


def test_a_candidates_day_is_the_outlets_own() -> None:
    zone, now = Outlet("x", "X", HOME, "custom", "31").zone, datetime(2025, 5, 1, tzinfo=UTC)
    late = Candidate(HOME, HOME, published="2025-04-29T20:15:00Z")
    pathed = Candidate(f"{HOME}2025/04/28/x", HOME, published="tidak jelas")
    assert [day_of(item, zone, now) for item in (late, pathed, Candidate(HOME, HOME))] == [
        date(2025, 4, 30),
        date(2025, 4, 28),
        None,
    ]


def test_a_page_is_past_a_day_when_all_its_dates_are() -> None:
    older, newer = NEWEST - timedelta(days=2), NEWEST
    assert all_before([older, None, older], NEWEST)
    assert not all_before([older, newer], NEWEST)
    assert not all_before([None, None], NEWEST)
