"""Pictures show what the store holds, with the numbers behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from review.charts import COLUMNS, HEIGHT, ROWS, TILES, WIDTH, along, columns, nice_top, shade
from review.texts import provinces
from store.articles import save_article
from store.copies import link
from store.reviews import decide
from store.tallies import tally_days, tally_outlets, tally_programmes, tally_provinces
from tests.review_client import ReviewServer
from tests.test_store_samples import ARTICLE, DAY, NOW, URL, sample_store

TODAY = NOW.date()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[ReviewServer]:
    server = ReviewServer(tmp_path, more=3)
    yield server
    server.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = sample_store(tmp_path / "tallies.db")
    for number, outlet in enumerate(("kabar", "kabar", "warta")):
        published = ARTICLE.published_at - number * DAY
        one = replace(ARTICLE, published_at=published, published_day=published.date())
        save_article(opened, outlet, f"{URL}-{number}", one, NOW)
    mention = replace(ARTICLE, relevance="mentions")
    save_article(opened, "kabar", f"{URL}-m", mention, NOW)
    yield opened
    opened.close()


def test_days_are_counted_by_verdict_and_empty_ones_are_there(db: Database) -> None:
    decide(db, 2, "relevant", "Rina", None, NOW)
    days = tally_days(db, date(2025, 4, 27), date(2025, 4, 30))
    assert [day.total for day in days] == [0, 1, 1, 1]
    assert dict(days[2].by_verdict)["relevant"] == 1


def test_outlets_programmes_and_provinces_are_counted(db: Database) -> None:
    first, last = date(2025, 4, 1), date(2025, 4, 30)
    assert [(one.value, one.count) for one in tally_outlets(db, first, last, 5)] == [
        ("kabar", 2), ("warta", 1),
    ]  # fmt: skip
    assert [(one.label, one.count) for one in tally_programmes(db, first, last)] == [("Rakor", 3)]
    babel, aceh = tally_provinces(db, first, last, ["19", "11"])
    assert (babel.count, babel.newest) == (3, ARTICLE.published_at)
    assert (aceh.count, aceh.newest) == (0, None)


def test_counting_reads_the_index_alone(db: Database) -> None:
    db.conn.execute("ANALYZE")
    plans = []
    db.conn.set_trace_callback(plans.append)
    first, last = date(2025, 4, 1), date(2025, 4, 30)
    tally_days(db, first, last), tally_outlets(db, first, last, 5)
    tally_provinces(db, first, last, ["19"])
    db.conn.set_trace_callback(None)
    for sql in plans:
        steps = [row["detail"] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not any(step.startswith("SCAN articles") for step in steps), (sql, steps)
    counting = [sql for sql in plans if "articles_tally" in sql]
    for sql in counting:
        steps = " ".join(row["detail"] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert "USING COVERING INDEX articles_tally (relevance=? AND published_day>?" in steps
    assert len(counting) == 3


def test_every_province_has_a_place_of_its_own_on_the_map() -> None:
    assert TILES.keys() == provinces().keys()
    assert len(set(TILES.values())) == 38
    assert all(0 <= x < COLUMNS and 0 <= y < ROWS for x, y in TILES.values())


def test_the_page_has_a_table_behind_each_picture(page: ReviewServer) -> None:
    text = page.get("/pictures?days=7", Accept_Language="en").text
    assert text.count('aria-labelledby="map-title"') == text.count('role="img"') == 1
    assert text.count("<table") == 4
    assert "Columns: 4 articles from 25 Apr 2025 to 1 May 2025" in text
    assert 'href="/articles?province=19"' in text and "37 provinces are silent" in text
    for svg in re.findall(r"<svg.*?</svg>", text, re.S):
        ET.fromstring(svg)


@pytest.mark.parametrize("days", ["", "0", "x", "-1", "99999999999"])
def test_any_period_is_legal(page: ReviewServer, days: str) -> None:
    assert page.get(f"/pictures?days={days}").status == 200


def test_a_storys_spread_names_every_outlet_in_order(page: ReviewServer) -> None:
    later = replace(ARTICLE, published_at=ARTICLE.published_at + timedelta(hours=5))
    save_article(page.db, "warta", "https://warta.example/sama", later, NOW)
    link(page.db, (1, 5), "copy", 0.98, "sama")
    text = page.get("/items/1", Accept_Language="en").text
    assert "2 outlets ran this" in text and "after 5.0 h" in text
    assert "How it spread" not in page.get("/items/2", Accept_Language="en").text


@given(st.lists(st.lists(st.tuples(st.just("v"), st.integers(0, 10**6)), max_size=4), max_size=90))
def test_columns_stay_within_their_picture(stacks: list[list[tuple[str, int]]]) -> None:
    for rects in columns(stacks):
        for rect in rects:
            assert rect.x >= 0 and rect.x + rect.width <= WIDTH + 0.02
            assert rect.y >= -0.05 and rect.y + rect.height <= HEIGHT + 0.02


@given(st.integers(0, 10**9))
def test_the_top_of_an_axis_holds_the_highest(highest: int) -> None:
    assert highest <= nice_top(highest) <= max(2, highest * 10)
    assert 0 <= shade(highest, 10**9) <= 5


@given(st.lists(st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)), max_size=20))
def test_points_stay_on_their_line(moments: list[datetime]) -> None:
    points = along(sorted(moment.replace(tzinfo=UTC) for moment in moments))
    assert all(0 <= point.at <= 1 for point in points)
