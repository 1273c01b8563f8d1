"""Any bytes at all: the reading path ends in a word, never raises, never hangs."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.outlets import Outlet
from crawler.reading import SAVED_PAGE, Occasion, PageInput, Tools, load_tools, read_pages
from store.records import Candidate
from tests.local_web import FIXTURES

URL = "https://contoh.example/berita/12345/judul-contoh"
OUTLET = Outlet("contoh", "Contoh", "https://contoh.example/", "wordpress", "16")
OCCASION = Occasion(OUTLET, Candidate(URL, URL), datetime(2025, 5, 1, tzinfo=UTC))
KINDS = ("text/html", "text/html; charset=utf-8", "text/html; charset=windows-1252", "", "x/y")
CODINGS = ("utf-8", "utf-16", "windows-1252", "latin-1", "shift_jis", "utf-7", "utf-32")
LONGEST = 20.0  # seconds, after which a child would be killed
PAGES = [path for path in sorted(FIXTURES.glob("*/*/*.html")) if path.stat().st_size]


@cache
def tools() -> Tools:
    return load_tools()


def read(body: bytes, kind: str) -> str:
    """The ending of one page, which must come in time."""
    begin = time.monotonic()
    reading = read_pages([PageInput(URL, body, kind)], OCCASION, tools(), SAVED_PAGE)
    assert time.monotonic() - begin < LONGEST
    return reading.ending


@st.composite
def mangled_pages(draw: st.DrawFn) -> bytes:
    """A recorded page as it comes when something went wrong on the way."""
    body = PAGES[draw(st.integers(0, len(PAGES) - 1))].read_bytes()
    how = draw(st.sampled_from(("cut", "recoded", "bitten", "glued")))
    if how == "cut":
        return body[: draw(st.integers(0, len(body)))]
    if how == "recoded":
        return body.decode().encode(draw(st.sampled_from(CODINGS)), "replace")
    if how == "bitten":
        chance = random.Random(draw(st.integers(0, 2**32)))
        spoiled = bytearray(body)
        for _ in range(chance.randrange(1, 200)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        return bytes(spoiled)
    start = draw(st.integers(0, len(body)))
    return body[start:] + draw(st.binary(max_size=200)) + body[:start]


bodies = st.one_of(
    st.binary(max_size=3000), st.text(max_size=2000).map(str.encode), mangled_pages()
)
known = "article off_topic index_page gallery blocked empty unreadable too_large gone".split()


@given(bodies, st.sampled_from(KINDS))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_end_in_a_word(body: bytes, kind: str) -> None:
    assert read(body, kind) in known


@pytest.mark.soak
@given(bodies, st.sampled_from(KINDS))
@settings(
    max_examples=int(os.environ.get("PANTAU_SOAK_PAGES", "20000")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_twenty_thousand_of_them_end_in_a_word(body: bytes, kind: str) -> None:
    assert read(body, kind) in known


@pytest.mark.parametrize(
    "body",
    [
        b"<p>a" * 700_000,
        b"<p></p>" * 400_000,
        b"<div>" * 5000 + b"KPK",
        b"<html><body>" + b"<table><tr><td>" * 3000 + b"KPK",
        b"<a href=x>" * 100_000,
        b"<script type='application/ld+json'>" + b'{"@graph":[' * 50_000,
        b"<p>" + b"KPK " * 700_000,
        b"&lt;" * 500_000,
        b"<h1>" + b"BACA JUGA: " * 100_000,
        "<p>\u202e\u0000\ufeff\ud7ff".encode() * 50_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_hostile_pages_end_in_a_word_in_time(body: bytes) -> None:
    assert read(body, "text/html") in known
