"""The review page refuses what another site, another host or a hostile row would have it do."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from review.app import ROUTES
from review.highlights import marked, visible, window
from review.security import is_path, web_address
from store.articles import save_article
from store.records import Reason, Tag
from tests.pantau import COMMAND, pantau
from tests.review_client import ReviewServer
from tests.test_store_samples import ARTICLE, NOW, count

PAGES = [route for route in ROUTES if "GET" in (route.methods or ())]
ACTIONS = [route for route in ROUTES if "POST" in (route.methods or ())]
FORM = {
    "verdict": "relevant", "value": "1", "text": "catatan", "label": "penting", "field": "place",
    "id": "1", "language": "en",
}  # fmt: skip
EVIL = ("//evil.example/", "/\\evil.example", "https://evil.example/", "javascript:alert(1)",
        "\\\\evil.example", "/\t/evil.example", "evil.example", "/\n/evil.example")  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewServer]:
    server = ReviewServer(tmp_path_factory.mktemp("review"), more=3)
    yield server
    server.close()


def address(route: Route) -> str:
    return route.path.replace("{id:int}", "1")


def names(routes: list[Route]) -> list[str]:
    return [route.path for route in routes]


@pytest.mark.parametrize("route", ROUTES, ids=names(ROUTES))
def test_a_foreign_host_is_refused_on_every_route(page: ReviewServer, route: Route) -> None:
    for host in ("evil.example", f"evil.example:{page.port}", "127.0.0.1.evil.example", ""):
        method = "POST" if route in ACTIONS else "GET"
        answer = page.ask(method, address(route), FORM, Host=host)
        assert answer.status in (400, 421), host


@pytest.mark.parametrize("route", ACTIONS, ids=names(ACTIONS))
def test_what_another_site_sends_changes_nothing(page: ReviewServer, route: Route) -> None:
    before = count(page.db, "reviews")
    other_port = f"http://127.0.0.1:{page.port + 1}"
    for headers in (
        {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site", "Origin": other_port},
        {"Sec_Fetch_Site": "none"},
        {"Origin": other_port},
        {"Origin": "null"},
        {"Origin": "http://[broken"},
        {"Origin": "null", "Sec_Fetch_Site": "same-origin"},
        {"Origin": f"file://{page.host}"},
    ):
        answer = page.ask("POST", address(route), FORM, **headers)
        assert answer.status == 403, headers
    assert count(page.db, "reviews") == before


@pytest.mark.parametrize("route", ACTIONS, ids=names(ACTIONS))
def test_an_action_is_never_a_get(page: ReviewServer, route: Route) -> None:
    assert page.get(address(route) + "?verdict=relevant&value=1").status == 405


@pytest.mark.parametrize("route", PAGES, ids=names(PAGES))
def test_a_page_takes_no_unsafe_method(page: ReviewServer, route: Route) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert page.ask(method, address(route), {}).status == 405


@pytest.mark.parametrize("route", ACTIONS, ids=names(ACTIONS))
def test_a_way_back_to_another_host_is_refused(page: ReviewServer, route: Route) -> None:
    before = count(page.db, "reviews")
    for back in EVIL:
        answer = page.post(address(route), {**FORM, "back": back})
        assert answer.status == 400, back
        assert "location" not in answer.headers
    assert count(page.db, "reviews") == before


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example/%2e%2e", "/\\evil.example/"])
def test_a_strange_path_leads_nowhere(page: ReviewServer, path: str) -> None:
    answer = page.get(path)
    assert answer.status == 404 and "location" not in answer.headers


@pytest.mark.parametrize("route", ROUTES, ids=names(ROUTES))
def test_every_answer_carries_the_strict_policy(page: ReviewServer, route: Route) -> None:
    answer = page.get(address(route))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/articles", "/items/1", "/health", "/items/99"])
def test_no_page_needs_an_exception_from_its_policy(page: ReviewServer, path: str) -> None:
    text = page.get(path).text
    assert not re.search(r"\son\w+=|\sstyle=|<style|javascript:", text)
    assert re.findall(r"<script[^>]*>", text) == re.findall(
        r'<script type="module" src="/st[^>]*>', text
    )


HOSTILE = (
    '<script>document.title="XSS"</script> KPK',
    '"><img src=x onerror=alert(1)> KPK',
    "{{7*7}} ${7*7} {% raw %} KPK",
    '=HYPERLINK("http://evil.example","klik") KPK',
    "KPK \u202egnp.exe\u202c \x1b[31m \ufeff",
    "K" * 5000,
    "]]></title><script>alert(1)</script>",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_rows_are_inert_everywhere(tmp_path: Path, title: str) -> None:
    page = ReviewServer(tmp_path)
    reason = Reason("name<b>", title[:20], 0, 0, 20)
    bad = replace(
        ARTICLE, title=title, text=f"{title}\n{title}", place=title, byline=title,
        date_conflict=title, reasons=(reason,), tags=(Tag("case", "a&b", title, title),),
    )  # fmt: skip
    try:
        save_article(page.db, "kabar", "javascript:alert(document.domain)", bad, NOW)
        save_article(page.db, "kabar", "javascript:alert(document.domain)",
                     replace(bad, text=f"{title} lagi<i>"), NOW)  # fmt: skip
        for path in ("/", "/articles?q=KPK", "/items/2", "/items/2?against=1", "/health"):
            text = page.get(path).text
            assert "<script>" not in text and "<img" not in text and "<i>" not in text
            assert 'href="javascript' not in text and "49" not in re.sub(r"[\da-f]{12}", "", text)
            assert "\u202e" not in text and "\x1b" not in text
        rows = page.get("/articles.csv").text
        assert not re.search(r'(^|[,\n])"?[=+@-]', rows)
        ET.fromstring(page.get("/articles.atom").text)
        for line in page.get("/articles.jsonl").text.splitlines():
            json.loads(line)
    finally:
        page.close()


def test_the_page_refuses_to_serve_other_machines(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "pantau.example"):
        process = pantau("review", "--host", host, "--no-browser", db=tmp_path / "pantau.db")
        assert process.returncode == 2 and "no passwords" in process.stderr


def test_the_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    switches = ["review", "--no-browser", "--port", "0", "--as", "Rina"]
    command = [*COMMAND, *switches, "--db", str(tmp_path / "pantau.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[0]
            for _ in range(100):  # the socket listens a moment before the server answers
                with suppress(URLError), urlopen(address, timeout=5) as answer:
                    assert b"pantau crawl" in answer.read()
                    break
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
        finally:
            process.kill()


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="/\\a.:@\t\n\r %?#\x00é"))
def test_no_way_back_leaves_the_host(back: str) -> None:
    if is_path(back):
        assert back.startswith("/") and not back.startswith(("//", "/\\"))
        assert not set(back) & set("\\\t\n\r\x00 ")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_only_web_addresses_become_links(url: str) -> None:
    link = web_address(url)
    assert link is None or link.lower().startswith(("http://", "https://"))


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=400),
    st.lists(st.tuples(st.integers(-5, 450), st.integers(-5, 450)), max_size=6),
)
def test_marking_never_changes_a_text(text: str, places: list[tuple[int, int]]) -> None:
    runs = marked(text, [Reason("r", "", 0, max(0, a), max(0, b)) for a, b in places])
    assert "".join(run.text for run in runs) == visible(text)
    assert len(visible(text)) == len(text)
    for start, end in places:
        window(runs, max(0, start), max(0, start, end))
