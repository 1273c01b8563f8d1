"""Debian's Chromium for tests of the review page: pages of a server, what they complain of, and
what axe finds in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.review_client import ReviewServer

CHROMIUM = Path("/usr/bin/chromium")
INSTALL = "apt-get update && apt-get install -y chromium"
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# A page that is not there, and a connection that is cut, are said on the console by design.
EXPECTED = ("404", "ERR_INTERNET", "ERR_CONNECTION_REFUSED")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; the test fails with the line that installs it where it is missing."""
    if not CHROMIUM.exists():
        pytest.fail(f"the review page is tested in Debian's Chromium; install it: {INSTALL}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield opened
        opened.close()


class Visits:
    """Pages of a server, each in a context of its own; wrong holds what they complained of:
    errors, and whatever their policy forbade."""

    def __init__(self, browser: Browser, server: ReviewServer) -> None:
        self.browser, self.server = browser, server
        self.wrong: list[str] = []
        self.pages: list[Page] = []

    def __call__(self, path: str = "/", **options: Any) -> Page:
        """A new page, as a browser set to Indonesian opens it."""
        settings = {"base_url": f"http://{self.server.host}", "locale": "id-ID", **options}
        page = self.browser.new_context(**settings).new_page()
        self.pages.append(page)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        inspector = inspect(page)
        inspector.on("Audits.issueAdded", self._issue)
        inspector.send("Audits.enable")
        page.goto(path)
        return page

    def _issue(self, event: dict[str, Any]) -> None:
        if event["issue"]["code"] == "ContentSecurityPolicyIssue":
            self.wrong.append(json.dumps(event["issue"]["details"]))

    def close(self) -> None:
        """Close the pages; what was wrong with one of them fails the test."""
        for page in self.pages:
            page.context.close()
        assert [one for one in self.wrong if not any(word in one for word in EXPECTED)] == []


def inspect(page: Page) -> CDPSession:
    """The browser's own tools on this page."""
    return page.context.new_cdp_session(page)


@cache
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds by all its rules, or by these: rule, place and reason. It runs in a world of
    its own, beside the page's scripts, so that the page keeps its policy."""
    tools = inspect(page)
    frame = tools.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = tools.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})
    asked = {"contextId": world["executionContextId"], "returnByValue": True, "awaitPromise": True}
    known = tools.send("Runtime.evaluate", {**asked, "expression": "typeof axe"})
    if known["result"]["value"] == "undefined":
        tools.send("Runtime.evaluate", {**asked, "expression": axe_source() + ";0"})
    options = {"resultTypes": ["violations"]} | (
        {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    )
    run = f"axe.run(document, {json.dumps(options)}).then((found) => found.violations)"
    answer = tools.send("Runtime.evaluate", {**asked, "expression": run})
    tools.detach()
    assert "exceptionDetails" not in answer, answer
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in answer["result"]["value"]
        for node in one["nodes"]
    ]


def settled(page: Page, queue: str = "pantau.queue") -> None:
    """Waits until nothing is queued any more."""
    until(page, f"JSON.parse(localStorage.getItem('{queue}') ?? '[]').length === 0")


def until(page: Page, truth: str) -> None:
    """Waits until the page's state is so; the page's own policy forbids Playwright's waiting."""
    for _ in range(200):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {truth}")
