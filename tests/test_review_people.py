"""Several people at the review page: who gets in, as whom, and what each may do."""

from __future__ import annotations

import base64
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from starlette.routing import Route

from review.app import ROUTES
from review.login import OPEN, READERS
from store.articles import get_article
from store.passwords import COST, Cost, hashed, matches
from store.people import (
    Role,
    add_person,
    credential,
    remove_person,
    set_password,
    set_role,
    tidy_name,
)
from store.reviews import history
from store.sessions import LONGEST_WAIT, begin_try, forgive_tries, start_session
from tests.chromium import CHROMIUM, SWITCHES, settled, until
from tests.review_client import Answer, ReviewServer
from tests.test_review_safety import EVIL, FORM, address, names
from tests.test_store_samples import NOW, count

CHEAP = Cost(n=16)
SECRET = "kuda hijau makan beras"
KEPT = hashed(SECRET, CHEAP)
HTML = {"Accept": "text/html,application/xhtml+xml"}
CLOSED = [route for route in ROUTES if route.path not in OPEN]
CLOSED_ACTIONS = [route for route in CLOSED if "POST" in (route.methods or ())]
PAGES = [route for route in CLOSED if "GET" in (route.methods or ())]
PEOPLE: dict[str, Role] = {"Rina": "reviewer", "Budi": "reviewer", "Sari": "reader"}
HOUR = timedelta(hours=1)


@contextmanager
def served(folder: Path, **how: Any) -> Iterator[ReviewServer]:
    page = ReviewServer(folder, more=2, login_needed=True, **how)
    for name, role in PEOPLE.items():
        if credential(page.db, name) is None:
            add_person(page.db, name, role, KEPT, NOW)
    try:
        yield page
    finally:
        page.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewServer]:
    """For what leaves no trace."""
    with served(tmp_path_factory.mktemp("people")) as page:
        yield page


@pytest.fixture
def page(tmp_path: Path) -> Iterator[ReviewServer]:
    with served(tmp_path) as found:
        yield found


def session(page: ReviewServer, name: str) -> dict[str, str]:
    """The headers of somebody who logged in."""
    known = credential(page.db, name)
    token = start_session(page.db, known, page.now) if known else None
    assert token is not None
    return {"Cookie": f"pantau_session={token}"}


def log_in(page: ReviewServer, name: str, password: str = SECRET, **more: str) -> Answer:
    form = {"name": name, "password": password, "back": more.pop("back", "/")}
    return page.post("/login/send", form, **more)


def wrong(page: ReviewServer, times: int, name: str = "Rina", client: str = "192.0.2.1") -> Answer:
    """The answer to the last of so many wrong passwords."""
    for _ in range(times):
        answer = log_in(page, name, "salah salah salah", X_Forwarded_For=client)
    return answer


@pytest.mark.parametrize("route", CLOSED, ids=names(CLOSED))
def test_no_route_answers_without_a_session(shared: ReviewServer, route: Route) -> None:
    before = count(shared.db, "reviews")
    for cookie in ("", "pantau_session=", "pantau_session=x; pantau_session=y", "session=1"):
        if route in CLOSED_ACTIONS:
            answer = shared.post(address(route), FORM, Cookie=cookie)
        else:
            answer = shared.get(address(route), Cookie=cookie)
        assert answer.status == 401 and "location" not in answer.headers
        assert "KPK" not in answer.text and "default-src" in str(answer.headers)
    assert count(shared.db, "reviews") == before


@pytest.mark.parametrize("route", PAGES, ids=names(PAGES))
def test_a_browser_is_led_to_log_in_and_back(shared: ReviewServer, route: Route) -> None:
    path = address(route)
    answer = shared.get(f"{path}?q=kpk&outlet=kabar", **HTML)
    wanted = urlencode({"back": f"{path}?q=kpk&outlet=kabar"})
    assert (answer.status, answer.headers["location"]) == (303, f"/login?{wanted}")


@pytest.mark.parametrize(
    "path", ["/tidak-ada", "/login/", "/Login", "/static", "/items/1/../login"]
)
def test_what_is_no_route_says_nothing_either(shared: ReviewServer, path: str) -> None:
    assert shared.get(path).status == 401


def test_the_login_page_needs_only_what_is_open(shared: ReviewServer) -> None:
    text = shared.get("/login", Accept_Language="en", **HTML).text
    assert "Password" in text and "KPK" not in text and 'id="waiting"' not in text
    needed = re.findall(r'(?:href|src)="([^"]+)"', text)
    assert needed and all(shared.get(path).status == 200 for path in needed)


def test_a_session_is_a_secret_of_one_browser(page: ReviewServer) -> None:
    answer = log_in(page, " rina", back="/items/1?whole=1")
    assert (answer.status, answer.headers["location"]) == (303, "/items/1?whole=1")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} < set(cookie.split("; "))
    token = cookie.partition(";")[0].partition("=")[2]
    assert len(token) >= 43 and page.get("/", Cookie=f"pantau_session={token}").status == 200
    page.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = page.path.read_bytes()
    assert token.encode() not in kept and SECRET.encode() not in kept


def test_a_token_from_before_the_login_is_worth_nothing_after_it(page: ReviewServer) -> None:
    planted = session(page, "Rina")
    answer = log_in(page, "Budi", **planted)
    assert answer.headers["set-cookie"].partition(";")[0] not in planted["Cookie"]
    assert page.get("/", **planted).status == 401


def test_a_wrong_name_and_a_wrong_password_look_the_same(page: ReviewServer) -> None:
    answers = [log_in(page, "Rina", "salah salah salah"), log_in(page, "Tono", SECRET)]
    assert [answer.status for answer in answers] == [401, 401]
    assert answers[0].text == answers[1].text and "set-cookie" not in answers[1].headers


def test_a_name_that_nobody_has_costs_as_much_time() -> None:
    def took(kept: str | None) -> float:
        began = time.process_time()
        assert not matches("salah salah salah", kept)
        return time.process_time() - began

    assert 0.4 < took(hashed(SECRET)) / took(None) < 2.5


def test_a_password_kept_cheaply_is_kept_at_todays_cost_after_a_login(page: ReviewServer) -> None:
    log_in(page, "Rina")
    known = credential(page.db, "Rina")
    assert known is not None and known.kept.startswith(f"scrypt${COST.n}$8$1$")
    assert SECRET not in repr(known) and known.kept not in repr(known)
    assert log_in(page, "RINA").status == 303


def test_two_reviewers_see_each_others_names(page: ReviewServer) -> None:
    rina, budi = session(page, "Rina"), session(page, "Budi")
    page.post("/items/1/verdict", {"verdict": "relevant"}, **rina)
    page.post("/items/1/note", {"text": "cek lagi"}, **budi)
    page.post("/items/1/verdict", {"verdict": "irrelevant"}, **budi)
    assert [entry.by for entry in history(page.db, 1)] == ["Rina", "Budi", "Budi"]
    text = page.get("/items/1", **rina).text
    assert "<b>Rina</b>" in text and "<b>Budi</b>" in text and 'class="who">Rina<' in text
    page.post("/undo", {}, **rina)  # takes back Rina's, not what Budi did last
    stored = get_article(page.db, 1)
    assert stored is not None and stored.verdict == "irrelevant"
    assert page.get("/items/1/evidence.json", **budi).json()["taken_by"] == "Budi"


@pytest.mark.parametrize("route", CLOSED_ACTIONS, ids=names(CLOSED_ACTIONS))
def test_a_reader_cannot_act(shared: ReviewServer, route: Route) -> None:
    before = count(shared.db, "reviews")
    answer = shared.post(address(route), FORM, Accept="application/json", **session(shared, "Sari"))
    assert answer.status == (303 if route.path in READERS else 403)
    assert count(shared.db, "reviews") == before


@pytest.mark.parametrize("route", PAGES, ids=names(PAGES))
def test_a_reader_sees_everything(shared: ReviewServer, route: Route) -> None:
    answers = [shared.get(address(route), **session(shared, name)) for name in ("Sari", "Rina")]
    assert answers[0].status == answers[1].status == 200


def test_a_reader_is_offered_nothing_to_do(shared: ReviewServer) -> None:
    text = shared.get("/", **session(shared, "Sari")).text
    assert 'data-role="reader"' in text and 'action="/undo"' not in text
    assert 'data-role="reviewer"' in shared.get("/", **session(shared, "Rina")).text


def test_after_five_failures_a_try_waits(page: ReviewServer) -> None:
    assert wrong(page, 5).status == 401
    answer = log_in(page, "Rina", X_Forwarded_For="192.0.2.1")
    assert (answer.status, answer.headers["retry-after"]) == (429, "30")
    assert "30" in answer.text
    page.now += timedelta(seconds=31)
    assert log_in(page, "Rina", X_Forwarded_For="192.0.2.1").status == 303
    assert begin_try(page.db, "192.0.2.1", "Rina", page.now) == 0  # who got in begins anew


def test_one_who_guesses_locks_out_nobody_else(page: ReviewServer) -> None:
    wrong(page, 6)
    assert log_in(page, "Rina", X_Forwarded_For="192.0.2.9").status == 303
    assert log_in(page, "Budi", X_Forwarded_For="192.0.2.1").status == 303


def test_waits_grow_and_end(page: ReviewServer) -> None:
    waits, now = [], NOW
    for _ in range(14):
        waits.append(begin_try(page.db, "192.0.2.1", "Rina", now))
        now += timedelta(seconds=waits[-1])
        if waits[-1]:
            assert begin_try(page.db, "192.0.2.1", "Rina", now) == 0
    assert waits[:5] == [0] * 5
    assert waits[5:] == [30, 60, 120, 240, 480] + [int(LONGEST_WAIT.total_seconds())] * 4
    assert begin_try(page.db, "192.0.2.1", "Rina", now + timedelta(days=3)) == 0


def test_one_address_cannot_try_all_names(page: ReviewServer) -> None:
    waits = [begin_try(page.db, "192.0.2.1", f"nama {n}", NOW) for n in range(22)]
    assert waits[:20] == [0] * 20 and waits[20:] == [30, 30]
    assert begin_try(page.db, "192.0.2.2", "nama 1", NOW) == 0


def test_an_own_password_does_not_pay_for_guessing_others(page: ReviewServer) -> None:
    for number in range(20):
        assert begin_try(page.db, "192.0.2.1", f"nama {number}", NOW) == 0
        if number < 19:
            begin_try(page.db, "192.0.2.1", "Budi", NOW)
            forgive_tries(page.db, "192.0.2.1", "Budi", NOW)
    assert begin_try(page.db, "192.0.2.1", "Rina", NOW) == 30


def test_an_address_is_a_whole_network_of_ipv6(page: ReviewServer) -> None:
    for last in range(5):
        begin_try(page.db, f"2001:db8::{last}", "Rina", NOW)
    assert begin_try(page.db, "2001:db8::77", "Rina", NOW) == 30
    assert begin_try(page.db, "2001:db8:0:1::77", "Rina", NOW) == 0
    for _ in range(5):
        begin_try(page.db, "192.0.2.1", "Rina", NOW)
    assert begin_try(page.db, "::ffff:192.0.2.1", "Rina", NOW) == 30


@pytest.mark.parametrize("client", ["", "unix", "fe80::1%eth0", "\udcff", "x" * 500, "1.2.3.4:5"])
def test_whoever_asks_is_counted(page: ReviewServer, client: str) -> None:
    assert [begin_try(page.db, client, "Rina", NOW) for _ in range(6)] == [0] * 5 + [30]


def test_a_password_typed_as_a_name_is_not_kept(page: ReviewServer) -> None:
    log_in(page, "rahasia sekali ini", "Rina")
    rows = [tuple(row) for row in page.db.conn.execute("SELECT * FROM login_attempts")]
    assert rows and "rahasia" not in str(rows)


@pytest.mark.parametrize(
    "change",
    [
        lambda db: remove_person(db, "rina"),
        lambda db: set_password(db, "Rina", hashed("lain sekali ini", CHEAP)),
        lambda db: set_role(db, "Rina", "reader"),
        lambda db: db.conn.execute("DELETE FROM people WHERE key = 'rina'"),
    ],
    ids=["removed", "password", "role", "removed by another program"],
)
def test_a_session_ends_when_the_person_changes(
    page: ReviewServer, change: Callable[..., object]
) -> None:
    rina, budi = session(page, "Rina"), session(page, "Budi")
    page.post("/items/1/verdict", {"verdict": "relevant"}, **rina)
    change(page.db)
    assert page.post("/items/1/verdict", {"verdict": "later"}, **rina).status == 401
    assert page.get("/", **budi).status == 200
    assert [(entry.by, entry.value) for entry in history(page.db, 1)] == [("Rina", "relevant")]


def test_a_session_ends_with_its_logout(page: ReviewServer) -> None:
    rina, other = session(page, "Rina"), session(page, "Rina")
    answer = page.post("/logout", {}, **rina)
    assert (answer.status, answer.headers["location"]) == (303, "/login")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert page.get("/", **rina).status == 401 and page.get("/", **other).status == 200


def test_a_session_unused_for_twelve_hours_is_over(page: ReviewServer) -> None:
    rina = session(page, "Rina")
    for _ in range(3):
        page.now += 11 * HOUR
        assert page.get("/", **rina).status == 200
    page.now += 12 * HOUR
    assert page.get("/", **rina).status == 401


def test_a_session_is_over_after_fourteen_days(page: ReviewServer) -> None:
    rina = session(page, "Rina")
    for _ in range(33):
        page.now += 10 * HOUR
        assert page.get("/items/1/text.json", **rina).status == 200
    page.now += 6 * HOUR
    assert page.get("/", **rina).status == 401


def test_a_password_that_was_changed_meanwhile_lets_nobody_in(page: ReviewServer) -> None:
    known = credential(page.db, "Rina")
    set_password(page.db, "Rina", hashed("lain sekali ini", CHEAP))
    assert known is not None and start_session(page.db, known, NOW) is None


@pytest.mark.parametrize("back", EVIL)
def test_logging_in_leads_to_no_other_host(shared: ReviewServer, back: str) -> None:
    page = shared.get(f"/login?{urlencode({'back': back})}")
    assert page.status == 200 and 'name="back" value="/"' in page.text
    answer = shared.post("/login/send", {"name": "Rina", "password": SECRET, "back": back})
    assert answer.status == 400 and "set-cookie" not in answer.headers


def test_a_link_of_another_site_finds_its_page_by_asking_again(shared: ReviewServer) -> None:
    # The browser keeps the Strict cookie back from what another site began, not from the refresh.
    first = shared.get("/login?back=%2Fitems%2F1", Sec_Fetch_Site="cross-site", **HTML)
    assert 'content="0;url=/login?back=%2Fitems%2F1"' in first.text
    own = {"Sec_Fetch_Site": "same-origin", **HTML}
    assert "http-equiv" not in shared.get("/login?back=%2Fitems%2F1", **own).text
    again = shared.get("/login?back=%2Fitems%2F1", **own, **session(shared, "Rina"))
    assert (again.status, again.headers["location"]) == (303, "/items/1")


def test_a_form_as_large_as_a_book_is_not_read(shared: ReviewServer) -> None:
    answer = shared.post("/login/send", {"name": "x" * 9000, "password": "y"})
    assert answer.status == 413 and "KPK" not in answer.text
    for body in (
        {"p": "\udc80".encode("utf-8", "surrogatepass")},
        {str(n): "1" for n in range(30)},
    ):
        assert shared.post("/login/send", body).status in (400, 401)


def test_a_feed_reader_sends_name_and_password(page: ReviewServer) -> None:
    good = {"Authorization": "Basic " + base64.b64encode(f"Sari:{SECRET}".encode()).decode()}
    assert page.get("/inbox.atom", **good).text.startswith("<?xml")
    asked = page.get("/inbox.atom")
    assert asked.status == 401 and asked.headers["www-authenticate"].startswith("Basic ")
    for path in ("/", "/inbox.csv", "/items/1/text.json"):
        answer = page.get(path, **good)
        assert answer.status == 401 and "www-authenticate" not in answer.headers
    assert page.get("/articles.atom", **good, **HTML).status == 200
    assert page.post("/inbox.atom", {}, **good).status == 401


def test_a_feed_readers_guesses_are_counted_too(page: ReviewServer) -> None:
    bad = {"Authorization": "Basic " + base64.b64encode(b"Rina:salah salah").decode()}
    answers = [page.get("/inbox.atom", **bad) for _ in range(6)]
    assert [answer.status for answer in answers] == [401] * 5 + [429]
    assert answers[5].headers["retry-after"] == "30"
    assert log_in(page, "Rina").status == 429


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic eA==", "Bearer x", "Basic /w=="])
def test_what_is_no_name_and_password_is_no_login(shared: ReviewServer, header: str) -> None:
    assert shared.get("/inbox.atom", Authorization=header).status == 401


@pytest.mark.parametrize("table", ["people", "sessions"])
def test_where_people_cannot_be_looked_up_nobody_gets_in(page: ReviewServer, table: str) -> None:
    rina = session(page, "Rina")
    page.db.conn.execute(f"ALTER TABLE {table} RENAME TO gone")
    for path in ("/", "/items/1", "/inbox.atom", "/verdicts"):
        answer = page.get(path, **rina)
        assert answer.status == 503 and "KPK" not in answer.text
    for answer in (log_in(page, "Rina"), page.get("/login", **rina)):
        assert answer.status in (409, 503) and "set-cookie" not in answer.headers


def test_behind_https_the_session_is_for_https_only(tmp_path: Path) -> None:
    with served(tmp_path, hosts=("pantau.example",), https=True) as page:
        named = {"Host": "pantau.example", "X_Forwarded_Proto": "http"}
        assert page.get("/login").status == 421
        for origin in ("http://pantau.example", "https://pantau.example:444", "https://x.example"):
            assert log_in(page, "Rina", **named, Origin=origin).status == 403
        answer = log_in(page, "Rina", **named, Origin="https://pantau.example")
        cookie = answer.headers["set-cookie"]
        assert answer.status == 303 and cookie.startswith("__Host-pantau-session=")
        assert "Secure" in cookie.split("; ")
        held = {"Cookie": cookie.partition(";")[0], "Host": "pantau.example:443"}
        assert "https://pantau.example:443/items/1" in page.get("/articles.atom", **held).text
        posted = page.post("/undo", {}, **held, Origin="https://pantau.example")
        assert posted.status == 303


def test_without_login_nothing_is_asked(tmp_path: Path) -> None:
    page = ReviewServer(tmp_path)
    try:
        assert page.get("/").status == 200 and 'action="/logout"' not in page.get("/").text
        assert [page.get("/login").status, page.post("/logout").status] == [404, 404]
        assert page.get("/inbox.atom", Authorization="Basic eDp5").status == 200
    finally:
        page.close()


@pytest.mark.browser
def test_what_was_decided_after_the_session_ended_waits_for_the_same_person(
    page: ReviewServer,
) -> None:
    def enter(name: str) -> None:
        tab.fill("[name=name]", name)
        tab.fill("[name=password]", SECRET)
        with tab.expect_navigation(wait_until="load"):
            tab.keyboard.press("Enter")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        tab = browser.new_page(base_url=f"http://{page.host}", locale="id-ID")
        tab.goto("/?q=kpk")
        enter("Rina")
        assert tab.url.endswith("/?q=kpk")
        page.db.conn.execute("DELETE FROM sessions")
        with tab.expect_navigation(wait_until="load"):
            tab.keyboard.press("r")
        enter("Budi")
        settled(tab)
        assert count(page.db, "reviews") == 0  # it was not Budi who judged
        with tab.expect_navigation(wait_until="load"):
            tab.click("form[action='/logout'] button")
        enter("Rina")
        until(tab, "localStorage.getItem('pantau.queue.Rina') === '[]'")
        browser.close()
    rows = page.db.conn.execute("SELECT reviewer, value FROM reviews")
    assert [tuple(row) for row in rows] == [("Rina", "relevant")]


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=40),
    st.one_of(st.none(), st.text(alphabet="scrypt$0123456789aZ=", max_size=60)),
)
def test_what_cannot_be_read_never_lets_in(password: str, kept: str | None) -> None:
    assert not matches(password, kept, CHEAP)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_password_itself_matches(password: str, other: str) -> None:
    same = unicodedata.normalize("NFC", password) == unicodedata.normalize("NFC", other)
    kept = hashed(password, CHEAP)
    assert matches(password, kept) and matches(other, kept) == same


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_a_name_is_shown_as_it_is_told_apart(name: str) -> None:
    with suppress(ValueError):
        tidy = tidy_name(name)
        assert tidy == tidy_name(tidy) and tidy.isprintable() and 0 < len(tidy) <= 60
