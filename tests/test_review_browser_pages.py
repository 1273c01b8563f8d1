"""Every page in a real Chromium, over a busy month and hostile rows: what axe says of it in light
and dark, how it stands on a phone, how it is printed and taken away."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page
from sqlite_utils import Database

from scheduler.daemon_lock import only_daemon
from store.articles import get_article, save_article
from store.jobs import open_jobs
from store.outlets import list_outlets
from store.passwords import Cost, hashed
from store.people import add_person, credential
from store.records import Reason, Tag
from store.reviews import history
from store.saved import saved_searches
from store.sessions import start_session
from tests.busy_month import busy_month
from tests.chromium import Visits, chromium, settled, until, violations
from tests.review_client import ReviewServer
from tests.test_store_samples import ARTICLE, DAY, NOW

pytestmark = pytest.mark.browser

ITEMS = 40
LEAD = ITEMS + 1  # the story that five outlets ran
HOSTILE = ITEMS + 7
PAGES = (
    "/", "/?order=ranked", "/?q=tidakada", "/articles?q=kpk&province=16&since=2025-04-01",
    "/articles?verdict=relevant", f"/items/{LEAD}", f"/items/{LEAD}?whole=1&against={LEAD + 2}",
    f"/items/{HOSTILE}", "/pictures", "/digest?since=2025-04-24&until=2025-04-30", "/saved",
    "/outlets", "/health", "/tidak-ada",
)  # fmt: skip
# What of axe's rules looks at colours.
COLOURS = ["color-contrast", "link-in-text-block"]
SECRET = "kuda hijau makan beras"
PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True}
# What a thumb must hit: 44 px, or 24 px for what stands within a text (WCAG 2.5.8, 2.5.5).
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .button, input, select")]
  .filter((one) => one.checkVisibility() && one.type !== "hidden" && one.type !== "checkbox")
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 36)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


def filled(path: Path) -> Database:
    """The busy month, and a row that means harm."""
    db = busy_month(path, ITEMS)
    long = "x" * 5000
    harm = replace(
        ARTICLE,
        published_at=ARTICLE.published_at - 9 * DAY,
        title=f"<script>alert(1)</script> =1+1 {{{{ 7*7 }}}} \u202eterbalik {long}",
        text=f"<img src=x onerror=alert(1)> KPK {long}\n" + "panjang " * 300,
        place=long[:300],
        byline="</textarea><script>alert(2)</script>",
        reasons=(Reason("name", "KPK", 0, 29, 32),),
        tags=(Tag("programme", "x", long[:200], "<b>"), Tag("event", "y", "{% raw %}", '"><i>')),
    )
    save_article(db, "kabar-randu", "javascript:alert(1)//" + long[:200], harm, NOW)
    for name in ("Rina", "Budi"):
        add_person(db, name, "reviewer", hashed(SECRET, Cost(n=16)), NOW)
    add_person(db, "Sari", "reader", hashed(SECRET, Cost(n=16)), NOW)
    return db


@contextmanager
def serving(folder: Path, **how: Any) -> Iterator[ReviewServer]:
    server = ReviewServer(folder, fill=filled, **how)
    yield server
    server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewServer]:
    """For all that changes little."""
    with serving(tmp_path_factory.mktemp("pages")) as found:
        yield found


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewServer]:
    """Where people log in."""
    with serving(tmp_path_factory.mktemp("entrance"), login_needed=True) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, server: ReviewServer) -> Iterator[Visits]:
    visits = Visits(browser, server)
    yield visits
    visits.close()


def log_in(page: Page, server: ReviewServer, name: str) -> None:
    """As this person, without waiting for the password to be tried."""
    known = credential(server.db, name)
    assert known is not None
    token = start_session(server.db, known, server.now)
    cookie = {"name": "pantau_session", "value": str(token), "url": f"http://{server.host}"}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def in_both_schemes(page: Page) -> list[str]:
    """Everything in light; in dark what colours decide: nothing else differs."""
    found = []
    for scheme, rules in (("light", None), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme} {page.url} {one}" for one in violations(page, rules)]
    return found


def test_axe_finds_nothing_on_any_page_in_light_or_dark(visit: Visits) -> None:
    page, found = visit(), []
    for path in PAGES:
        page.goto(path)
        for fold in page.locator("main details").all()[:8]:
            fold.evaluate("(fold) => { fold.open = true; }")
        found += in_both_schemes(page)
    assert found == []


def test_axe_finds_nothing_in_the_help_and_on_a_phone(visit: Visits) -> None:
    page = visit(viewport={"width": 390, "height": 844})
    page.evaluate("document.getElementById('help-open').click()")
    assert in_both_schemes(page) == []
    page.goto("/")
    assert in_both_schemes(page) == []


def test_axe_finds_nothing_where_people_log_in_and_only_read(
    browser: Browser, entrance: ReviewServer
) -> None:
    visit = Visits(browser, entrance)
    page = visit("/login")
    found = in_both_schemes(page)
    page.get_by_label("Nama").fill("Sari")
    page.get_by_label("Kata sandi").fill("salah sekali ini")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    found += in_both_schemes(page)
    log_in(page, entrance, "Sari")
    for path in ("/", f"/items/{LEAD}", "/health"):
        page.goto(path)
        assert page.locator("body").get_attribute("data-role") == "reader"
        assert page.locator("main form[method=post]:visible").count() == 0
        found += in_both_schemes(page)
    assert found == []
    visit.wrong = [one for one in visit.wrong if "401" not in one]  # the wrong password
    visit.close()


def test_two_people_judge_at_the_same_time_under_their_names(
    browser: Browser, entrance: ReviewServer
) -> None:
    visit = Visits(browser, entrance)
    first, second = visit("/login"), visit("/login")
    for page, name in ((first, "Rina"), (second, "Budi")):
        log_in(page, entrance, name)
        page.goto("/")
    ids = [
        int(one) for one in first.eval_on_selector_all(".row", "(s) => s.map(r => r.dataset.id)")
    ]
    for _ in range(3):
        first.keyboard.press("r")
        second.keyboard.press("j")
    for _ in range(3):
        second.keyboard.press("x")
        first.keyboard.press("r")
    for page in (first, second):
        settled(page, f"pantau.queue.{'Rina' if page is first else 'Budi'}")
    said = [[(one.by, one.value) for one in history(entrance.db, n)] for n in ids[:7]]
    rina, budi = ("Rina", "relevant"), ("Budi", "irrelevant")
    assert [[one for one in entries if one in (rina, budi)] for entries in said[:3]] == [[rina]] * 3
    assert all({rina, budi} <= set(entries) for entries in said[3:6])
    assert rina not in said[6] and budi not in said[6]
    first.goto(f"/items/{ids[3]}")
    assert "Budi: tidak relevan" in first.locator("header .mark-box").inner_text()
    first.keyboard.press("u")  # takes back Rina's own step, not Budi's
    first.wait_for_timeout(300)
    assert budi in [(one.by, one.value) for one in history(entrance.db, ids[5]) if one.standing]
    visit.close()


@pytest.mark.parametrize("width", [320, 390])
def test_no_page_scrolls_sideways_on_a_phone(visit: Visits, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800}, **PHONE)
    wide = []
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    assert wide == []


def test_fingers_hit_what_they_aim_at(visit: Visits) -> None:
    page = visit(viewport={"width": 390, "height": 844}, **PHONE)
    small = []
    for path in ("/", f"/items/{LEAD}", "/health", "/outlets", "/saved", "/digest"):
        page.goto(path)
        small += page.evaluate(SMALL_TARGETS)
    assert small == []


def test_an_analyst_sees_eight_items_at_once(visit: Visits, server: ReviewServer) -> None:
    with only_daemon(server.path):
        page = visit(viewport={"width": 1280, "height": 800})
    assert page.locator(".banner").count() == 0
    seen = "[...document.querySelectorAll('.row')].filter((row) =>"
    seen += " row.getBoundingClientRect().bottom <= innerHeight).length"
    assert page.evaluate(seen) >= 8
    assert page.evaluate("document.querySelector('.top').offsetHeight") < 56


def test_what_is_searched_is_narrowed_compared_and_taken_away(
    visit: Visits, server: ReviewServer, tmp_path: Path
) -> None:
    page = visit("/articles")
    page.fill("#q", '"rapat koordinasi"')
    page.keyboard.press("Enter")
    page.wait_for_url("**q=%22rapat*")
    page.select_option("select[name=province]", "19")
    page.get_by_role("button", name="Saring", exact=True).click()
    page.wait_for_url("**province=19*")
    shown = page.locator(".row h2").all_inner_texts()
    assert shown and all("Kota Randu" in one for one in shown)
    assert page.locator(".row mark").first.inner_text().lower() == "rapat koordinasi"
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as taken:
            page.get_by_role("link", name=kind, exact=True).click()
        taken.value.save_as(tmp_path / f"list.{kind.lower()}")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig") as stream:
        titles = [row["title"] for row in csv.DictReader(stream)]
    assert titles[: len(shown)] == shown
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet is not None and sheet.max_row == len(titles) + 1
    page.locator(".row", has_text="Ini Hasilnya").locator("a.open").click()
    assert page.locator("#changes ~ .diff ins").first.inner_text() == ", Ini Hasilnya"
    page.get_by_role("link", name="Tampilkan utuh").click()
    page.wait_for_url("**whole=1*")
    page.get_by_role("link", name="Bandingkan Warta Timur").click()
    page.wait_for_url("**against=*")
    assert page.locator(".sides del").all_inner_texts() == [" Penjabat", "ini"]
    assert page.locator(".sides ins").all_inner_texts() == ["depan"]
    with page.expect_download() as taken:
        page.locator("a[href$='evidence.zip']").click()
    taken.value.save_as(tmp_path / "evidence.zip")
    with zipfile.ZipFile(tmp_path / "evidence.zip") as kept:
        assert kept.testzip() is None and f"pantau-{LEAD}/article.json" in kept.namelist()


def test_the_forms_of_every_page_work_without_javascript(
    visit: Visits, server: ReviewServer
) -> None:
    page = visit("/articles?q=gratifikasi&event=ott", java_script_enabled=False)
    page.get_by_text("Simpan pencarian ini").click()
    page.locator(".keep input[name=name]").fill("Tanpa skrip")
    page.locator(".keep button").click()
    assert "Tanpa skrip" in [one.name for one in saved_searches(server.db)]
    row = page.locator(".saved li", has_text="Tanpa skrip")
    row.get_by_role("button", name="Hapus").click()
    assert "Tanpa skrip" not in [one.name for one in saved_searches(server.db)]
    page.goto("/health")
    page.get_by_role("button", name="Ambil sekarang: Pos Muara").click()
    assert [job.kind for job in open_jobs(server.db, "pos-muara")] == ["crawl"]
    page.goto("/outlets")
    page.get_by_role("button", name="Matikan: Nusa Kini").click()
    assert not next(one for one in list_outlets(server.db) if one.slug == "nusa-kini").enabled
    page.get_by_role("button", name="WIT", exact=True).click()
    page.goto(f"/items/{LEAD}")
    assert "WIT" in page.locator("header .meta time").inner_text()
    page.get_by_text("Perbaiki", exact=True).click()
    page.select_option("select[name=field]", "byline")
    page.fill("form[action$=correct] input[name=value]", "Redaksi")
    page.locator("form[action$=correct] button").click()
    corrected = get_article(server.db, LEAD)
    assert corrected is not None and corrected.article.byline == "Redaksi"
    assert page.get_by_role("link", name="7 hari").count() == 0
    page.goto("/pictures")
    page.get_by_role("link", name="7 hari").click()
    page.goto("/digest")
    page.select_option("select[name=verdict]", "relevant")
    page.get_by_role("button", name="Tampilkan").click()
    assert page.locator(".story").count() > 0


def test_a_digest_is_printed_as_paper_wants_it(visit: Visits) -> None:
    page = visit("/digest?since=2025-04-24&until=2025-04-30", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for part in (".top", ".filters", ".foot"):
        assert page.locator(part).is_hidden()
    ink = "getComputedStyle(document.body).color + getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ink) == "rgb(0, 0, 0)rgb(255, 255, 255)"
    assert page.pdf().startswith(b"%PDF")


def test_nothing_moves_for_whoever_wants_no_motion(visit: Visits) -> None:
    page = visit(reduced_motion="reduce")
    page.keyboard.press("r")
    until(page, "document.querySelectorAll('.row[data-verdict=relevant]').length > 0")
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
