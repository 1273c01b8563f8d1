"""The review page in a real Chromium: triage from the keyboard, and what survives bad luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from review.texts import texts
from store.articles import count_articles, get_article, list_articles
from store.filters import INBOX, Filter
from tests.review_client import ReviewServer

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
INSTALL = "apt-get update && apt-get install -y chromium"
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
ITEMS = 50
PATHS = ("/", "/articles?q=berita", "/items/1", "/health", "/items/999")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"the review page is tested in Debian's Chromium; install it: {INSTALL}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReviewServer]:
    found = ReviewServer(tmp_path, more=ITEMS - 1)
    yield found
    found.close()


@pytest.fixture
def open_page(browser: Browser, server: ReviewServer) -> Iterator[Callable[..., Page]]:
    """Opens pages of the server; a console error or a broken policy fails the test."""
    contexts, wrong = [], []

    def open_(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=f"http://{server.host}", locale="id-ID", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    # A page that is not there, and a connection that is cut, are said on the console by design.
    assert [said for said in wrong if "404" not in said and "ERR_INTERNET" not in said] == []


def settled(page: Page) -> None:
    until(page, "JSON.parse(localStorage.getItem('pantau.queue') ?? '[]').length === 0")


def until(page: Page, truth: str) -> None:
    """Waits until the page's state is so; the page's own policy forbids Playwright's waiting."""
    for _ in range(200):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {truth}")


def waiting(server: ReviewServer) -> int:
    return count_articles(server.db, INBOX)


def test_fifty_items_are_triaged_from_the_keyboard(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page()
    for number in range(ITEMS):
        page.keyboard.press("rxla"[number % 4])
    settled(page)
    assert waiting(server) == 0
    decided = [one.verdict for one in list_articles(server.db, Filter(limit=None))]
    assert decided[:4] == ["relevant", "irrelevant", "later", "relevant"]
    page.reload()
    assert page.locator(".empty").inner_text() == texts("id")("nothing_new")


def test_marking_above_is_undone_in_one_step(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page()
    for key in ("j", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    settled(page)
    assert waiting(server) == ITEMS - 3
    page.keyboard.press("u")
    until(page, "document.getElementById('waiting').textContent === '50'")
    assert page.locator(".row[data-verdict=irrelevant]").count() == 0


def test_a_decision_survives_a_lost_connection_and_a_reload(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page()
    page.context.set_offline(True)
    page.keyboard.press("r")
    page.keyboard.press("s")
    until(page, "document.getElementById('toast').textContent.includes('2')")
    assert waiting(server) == ITEMS
    page.context.set_offline(False)
    page.reload()
    settled(page)
    newest, second = list_articles(server.db, Filter(limit=2))
    assert newest.verdict == "relevant" and second.starred


def test_undoing_what_was_never_sent_forgets_it(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page()
    page.context.set_offline(True)
    page.keyboard.press("x")
    assert page.locator(".row[data-verdict=irrelevant]").count() == 1
    page.keyboard.press("u")
    settled(page)
    assert page.locator(".row[data-verdict=irrelevant]").count() == 0
    assert waiting(server) == ITEMS


def test_opening_in_place_shows_the_text_and_marks_nothing(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page()
    page.keyboard.press("o")
    page.wait_for_selector(".current .opened p")
    assert page.locator(".current .opened mark").first.inner_text() == "KPK"
    assert waiting(server) == ITEMS


def test_note_and_tag_are_typed_without_deciding(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page()
    page.keyboard.press("c")
    page.keyboard.type("rlx cek lagi")
    page.keyboard.press("Enter")
    settled(page)
    newest = list_articles(server.db, Filter(limit=1))[0]
    assert [note.text for note in newest.notes] == ["rlx cek lagi"]
    assert newest.verdict == "new"


def test_single_keys_can_be_turned_off(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page()
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.reload()
    page.keyboard.press("x")
    settled(page)
    assert waiting(server) == ITEMS


def test_the_page_works_without_javascript(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    page = open_page("/?q=berita", java_script_enabled=False)
    page.locator(".row").first.get_by_role("button", name="Relevan", exact=True).click()
    assert page.url.endswith("/?q=berita")
    assert waiting(server) == ITEMS - 1
    page.get_by_role("button", name="Urungkan").click()
    assert waiting(server) == ITEMS
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_two_people_judge_at_the_same_time(
    open_page: Callable[..., Page], server: ReviewServer
) -> None:
    first, second = open_page(), open_page()
    for _ in range(5):
        first.keyboard.press("r")
        second.keyboard.press("j")
    for _ in range(5):
        second.keyboard.press("x")
        first.keyboard.press("r")
    settled(first)
    settled(second)
    assert waiting(server) == ITEMS - 10
    stored = get_article(server.db, 1)
    assert stored is not None


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(
    open_page: Callable[..., Page], path: str, scheme: str
) -> None:
    for width in (320, 390):
        page = open_page(path, viewport={"width": width, "height": 800}, color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
