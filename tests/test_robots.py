"""robots.txt by RFC 9309: what an answer allows, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.robots import RobotsCopy, copy_from, needs_asking, rules_from

NOW = datetime(2025, 5, 1, tzinfo=UTC)
NEVER = RobotsCopy(None, None, None, None)
TEXT = b"User-agent: *\nDisallow: /rahasia/\nCrawl-delay: 7\nSitemap: https://a.example/s.xml\n"
PAGE = "https://a.example/berita/satu"
SECRET = "https://a.example/rahasia/satu"


def test_a_good_answer_is_obeyed() -> None:
    rules = rules_from(copy_from(200, TEXT, NEVER, NOW), NOW)
    assert rules.allows(PAGE)
    assert not rules.allows(SECRET)
    assert rules.crawl_delay == 7
    assert rules.sitemaps == ("https://a.example/s.xml",)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_4xx_allows_all(status: int) -> None:
    assert rules_from(copy_from(status, b"", NEVER, NOW), NOW).allows(SECRET)


@pytest.mark.parametrize("status", [429, 500, 503, None])
def test_429_5xx_and_silence_allow_nothing(status: int | None) -> None:
    rules = rules_from(copy_from(status, b"", NEVER, NOW), NOW)
    assert not rules.allows(PAGE)
    assert rules.reason
    assert rules.until == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("status", [429, 500, None])
def test_a_good_copy_holds_for_a_day_of_failures(status: int | None) -> None:
    good = copy_from(200, TEXT, NEVER, NOW)
    later = NOW + timedelta(hours=23)
    failed = copy_from(status, b"", good, later)
    assert rules_from(failed, later).allows(PAGE)
    assert not rules_from(failed, later).allows(SECRET)
    assert not rules_from(failed, NOW + timedelta(hours=25)).allows(PAGE)


def test_a_good_copy_is_asked_for_again_before_it_runs_out() -> None:
    good = copy_from(200, TEXT, NEVER, NOW)
    assert not needs_asking(good, NOW + timedelta(hours=11))
    assert needs_asking(good, NOW + timedelta(hours=12))


def test_a_copy_from_the_future_is_asked_for_again() -> None:
    assert needs_asking(copy_from(200, TEXT, NEVER, NOW + timedelta(days=30)), NOW)


@pytest.mark.parametrize("delay", ["inf", "nan", "-3", "1e400", "lima"])
def test_a_delay_that_is_none_counts_for_nothing(delay: str) -> None:
    text = f"User-agent: *\nCrawl-delay: {delay}\n".encode()
    assert rules_from(copy_from(200, text, NEVER, NOW), NOW).crawl_delay == 0


def test_a_delay_of_a_year_is_kept_to_a_week() -> None:
    text = b"User-agent: *\nCrawl-delay: 31536000\n"
    assert rules_from(copy_from(200, text, NEVER, NOW), NOW).crawl_delay == 7 * 86_400


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_robots_txt_gives_rules(body: bytes, path: str) -> None:
    lines = b"User-agent: *\nDisallow: /" + body + b"\nCrawl-delay: " + body[:9]
    rules = rules_from(copy_from(200, lines, NEVER, NOW), NOW)
    assert rules.allows(f"https://a.example/{path}") in (True, False)
    assert 0 <= rules.crawl_delay <= 7 * 86_400


def test_a_failure_is_asked_again_after_half_an_hour() -> None:
    failed = copy_from(500, b"", NEVER, NOW)
    assert not needs_asking(failed, NOW + timedelta(minutes=29))
    assert needs_asking(failed, NOW + timedelta(minutes=30))


def test_a_group_for_us_goes_before_the_one_for_all() -> None:
    text = b"User-agent: *\nDisallow:\n\nUser-agent: Pantau\nDisallow: /\n"
    assert not rules_from(copy_from(200, text, NEVER, NOW), NOW).allows(PAGE)
