"""What the store's tests share: a database with two outlets, an article and its page; everything
in them is made up."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from store.articles import get_article, save_article
from store.database import open_store
from store.frontier import discover, lease
from store.outlets import sync_outlets
from store.records import (
    Article,
    Candidate,
    Fetched,
    LeasedPage,
    OutletRow,
    PageOutcome,
    Reason,
    Removal,
    Tag,
)
from store.runs import start_run

NOW = datetime(2025, 5, 1, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
URL = "https://kabar.example/rakor-antikorupsi"

ARTICLE = Article(
    title="Pemkot Randu Hadiri Rakor Antikorupsi",
    text="RANDU – Wali kota menghadiri rapat koordinasi bersama KPK.\nIa didampingi sekda.",
    published_at=datetime(2025, 4, 30, 10, 15, tzinfo=UTC),
    published_day=date(2025, 4, 30),
    published_precision="time",
    published_source="jsonld",
    event_date=date(2025, 4, 30),
    byline="Dona",
    place="Randu",
    province="19",
    region="19.71",
    relevance="about",
    score=0.875,
    reasons=(Reason("name", "KPK", 0, 54, 57), Reason("event", "Rakor", None, 20, 25)),
    tags=(
        Tag("region", "19.71", "Kota Randu", "RANDU"),
        Tag("programme", "rakor", "Rakor", "rapat koordinasi"),
    ),
    removed=(Removal("byline", "*(dona).", 1), Removal("related", "BACA JUGA: Harga Cabai")),
)
OUTCOME = PageOutcome(
    ending="article",
    state="done",
    article=ARTICLE,
    fetched=Fetched(200, '"v1"', "Wed, 30 Apr 2025 10:20:00 GMT", "ab" * 32),
    snapshot=b"<html>" + b"KPK " * 500,
    next_check_at=NOW + DAY,
)
OUTLETS = (
    OutletRow("kabar", "Kabar Randu", "https://kabar.example/", "custom", "19", "Asia/Jakarta"),
    OutletRow("warta", "Warta Timur", "https://warta.example/", "custom", "81", "Asia/Jayapura"),
)


def sample_store(path: Path) -> Database:
    """A fresh database that knows two outlets and has one run (id 1). The caller closes it."""
    db = open_store(path)
    sync_outlets(db, OUTLETS, NOW)
    start_run(db, "crawl", "0.1.0", NOW)
    return db


def candidate(url: str = URL) -> Candidate:
    return Candidate(url=url, fetch_url=url, title="Rakor", published="30 April 2025")


def leased_page(db: Database, url: str = URL, now: datetime = NOW) -> LeasedPage:
    discover(db, "kabar", [candidate(url)], now)
    return next(page for page in lease(db, "kabar", 100, 1, now) if page.url == url)


def numbered(number: int, **changes: object) -> Article:
    """An article unlike the others, published that many minutes after the sample."""
    return replace(
        ARTICLE,
        title=f"Berita {number}",
        published_at=ARTICLE.published_at + number * MINUTE,
        **changes,  # type: ignore[arg-type]
    )


def count(db: Database, table: str) -> int:
    return int(db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_an_article_comes_back_as_it_went_in(tmp_path: Path) -> None:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        saved = save_article(db, "kabar", URL, ARTICLE, NOW)
        stored = get_article(db, saved.article_id)
        assert stored is not None
        assert stored.article == ARTICLE
        assert (stored.url, stored.outlet, stored.outlet_name) == (URL, "kabar", "Kabar Randu")
        assert (stored.zone, stored.first_seen_at, stored.revision) == ("Asia/Jakarta", NOW, 1)
