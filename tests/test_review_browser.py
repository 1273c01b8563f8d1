"""The review page in a real Chromium: triage from the keyboard, and what survives bad luck."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from review.texts import texts
from store.articles import count_articles, list_articles
from store.filters import INBOX, Filter
from store.reviews import history
from tests.chromium import Visits, chromium, settled, until
from tests.review_client import ReviewServer

pytestmark = pytest.mark.browser

ITEMS = 50


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReviewServer]:
    found = ReviewServer(tmp_path, more=ITEMS - 1)
    yield found
    found.close()


@pytest.fixture
def visit(browser: Browser, server: ReviewServer) -> Iterator[Visits]:
    visits = Visits(browser, server)
    yield visits
    visits.close()


def waiting(server: ReviewServer) -> int:
    return count_articles(server.db, INBOX)


def verdicts(server: ReviewServer) -> list[str]:
    return [one.verdict for one in list_articles(server.db, Filter(limit=None))]


def focused(page: Page) -> str:
    """The id of the row whose title has the focus."""
    return str(page.evaluate("document.activeElement.closest('.row')?.id ?? ''"))


def test_fifty_items_are_triaged_from_the_keyboard(visit: Visits, server: ReviewServer) -> None:
    page = visit()
    for number in range(ITEMS):
        page.keyboard.press("rxla"[number % 4])
    settled(page)
    assert waiting(server) == 0
    assert verdicts(server)[:4] == ["relevant", "irrelevant", "later", "relevant"]
    page.reload()
    assert page.locator(".empty").inner_text() == texts("id")("nothing_new")


def test_marking_above_is_undone_in_one_step(visit: Visits, server: ReviewServer) -> None:
    page = visit()
    for key in ("j", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    settled(page)
    assert waiting(server) == ITEMS - 3
    page.keyboard.press("u")
    until(page, "document.getElementById('waiting').textContent === '50'")
    assert page.locator(".row[data-verdict=irrelevant]").count() == 0


def test_a_decision_survives_a_lost_connection_and_a_reload(
    visit: Visits, server: ReviewServer
) -> None:
    page = visit()
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


def test_a_restart_in_the_middle_of_triage_loses_and_repeats_nothing(
    visit: Visits, server: ReviewServer
) -> None:
    page = visit()
    for _ in range(5):
        page.keyboard.press("r")
    settled(page)
    server.stop()
    for key in ("x", "x", "s", "l"):
        page.keyboard.press(key)
    until(page, "document.getElementById('toast').textContent.includes('4')")
    server.start()
    page.keyboard.press("a")  # the next step takes along what waits
    settled(page)
    page.reload()
    assert verdicts(server)[:9] == ["relevant"] * 5 + ["irrelevant"] * 2 + ["later", "relevant"]
    assert [one.starred for one in list_articles(server.db, Filter(limit=9))].count(True) == 1
    entries = [len(history(server.db, one.id)) for one in list_articles(server.db, Filter(limit=9))]
    assert entries == [1] * 7 + [2, 1]


def test_undoing_what_was_never_sent_forgets_it(visit: Visits, server: ReviewServer) -> None:
    page = visit()
    page.context.set_offline(True)
    page.keyboard.press("x")
    assert page.locator(".row[data-verdict=irrelevant]").count() == 1
    page.keyboard.press("u")
    settled(page)
    assert page.locator(".row[data-verdict=irrelevant]").count() == 0
    assert waiting(server) == ITEMS


def test_opening_in_place_shows_the_text_and_marks_nothing(
    visit: Visits, server: ReviewServer
) -> None:
    page = visit()
    page.keyboard.press("o")
    page.wait_for_selector(".current .opened p")
    assert page.locator(".current .opened mark").first.inner_text() == "KPK"
    page.keyboard.press("Enter")
    assert page.locator(".current .opened").is_hidden()
    assert waiting(server) == ITEMS


def test_note_and_tag_are_typed_without_deciding(visit: Visits, server: ReviewServer) -> None:
    page = visit()
    for key, words in (("c", "rlx cek lagi"), ("t", "rapat")):
        page.keyboard.press(key)
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        settled(page)
    newest = list_articles(server.db, Filter(limit=1))[0]
    assert [note.text for note in newest.notes] == ["rlx cek lagi"]
    assert [tag.label for tag in newest.article.tags if tag.kind == "user"] == ["rapat"]
    assert newest.verdict == "new"
    assert focused(page) == f"item-{newest.id}"


def test_single_keys_can_be_turned_off(visit: Visits, server: ReviewServer) -> None:
    page = visit()
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.reload()
    page.keyboard.press("x")
    settled(page)
    assert waiting(server) == ITEMS


def test_the_other_keys_lead_where_people_expect(visit: Visits, server: ReviewServer) -> None:
    page = visit()
    first, second = (one.id for one in list_articles(server.db, Filter(limit=2)))
    for key, at in (("n", second), ("p", first), ("j", second), ("k", first)):
        page.keyboard.press(key)
        assert focused(page) == f"item-{at}"
    for key, part in (("d", "changes"), ("e", "copies")):
        page.goto("/")
        page.keyboard.press(key)
        page.wait_for_url(f"**/items/{first}#{part}")
    page.keyboard.press("r")
    settled(page)
    page.keyboard.press("m")
    page.keyboard.press("f")
    settled(page)
    assert list_articles(server.db, Filter(limit=1))[0].starred and waiting(server) == ITEMS
    for key, path in (("h", "/health"), ("i", "/")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"**{path}")
    page.keyboard.press("/")
    page.keyboard.type("berita rxl")
    assert page.input_value("#q") == "berita rxl"
    page.keyboard.press("Escape")
    assert focused(page) == f"item-{first}"
    with page.context.expect_page() as opened:
        page.context.route("https://kabar.example/**", lambda route: route.fulfill(body="asal"))
        page.keyboard.press("v")
    assert opened.value.url.startswith("https://kabar.example/rakor-antikorupsi")
    assert opened.value.evaluate("window.opener") is None


def test_the_focus_goes_on_with_the_work_and_is_never_lost(
    visit: Visits, server: ReviewServer
) -> None:
    page = visit()
    rows = [f"item-{one.id}" for one in list_articles(server.db, Filter(limit=3))]
    page.keyboard.press("r")
    assert focused(page) == rows[1]
    page.keyboard.press("Tab")  # the other links of the row, then its buttons
    while page.evaluate("document.activeElement.value") != "irrelevant":
        assert focused(page) == rows[1]
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == rows[2]
    page.keyboard.press("k")
    page.locator(f"#{rows[1]} button[value=new]").press("Enter")
    assert focused(page) == rows[1]
    page.locator("#help-open").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "help-open"
    assert not page.locator("#help").is_visible()
    settled(page)


def test_the_page_works_without_javascript(visit: Visits, server: ReviewServer) -> None:
    page = visit("/?q=berita", java_script_enabled=False)
    page.locator(".row").first.get_by_role("button", name="Relevan", exact=True).click()
    assert page.url.endswith("/?q=berita")
    assert waiting(server) == ITEMS - 1
    page.get_by_role("button", name="Urungkan").click()
    assert waiting(server) == ITEMS
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_what_the_policy_forbids_is_noticed(visit: Visits) -> None:
    page = visit()
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    until(page, "getComputedStyle(document.body).color !== 'rgb(255, 0, 0)'")
    page.wait_for_timeout(200)
    assert any("style-src" in one for one in visit.wrong)
    visit.wrong.clear()
