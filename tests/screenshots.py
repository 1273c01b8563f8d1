"""Pictures of every page for docs/screenshots, light, dark and on a phone; all in them is made up.

Run by `make screenshots`; a folder as argument puts them elsewhere, names after it choose pages.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from scheduler.daemon_lock import only_daemon
from store.passwords import Cost, hashed
from store.people import add_person
from store.triage import decide_all
from tests.busy_month import ITEMS, busy_month
from tests.chromium import chromium
from tests.review_client import ReviewServer
from tests.test_store_samples import NOW

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
LEAD = ITEMS + 1  # the story that five outlets ran
PAGES = {
    "inbox": "/",
    "ranked": "/?order=ranked",
    "search": "/articles?q=%22dana+desa%22&since=2025-04-01",
    "list": "/articles?verdict=relevant",
    "item": f"/items/{LEAD}",
    "changes": f"/items/{LEAD}#changes",
    "copies": f"/items/{LEAD}?against={LEAD + 2}#copies",
    "pictures": "/pictures",
    "digest": "/digest?since=2025-04-24&until=2025-04-30&verdict=relevant",
    "saved": "/saved",
    "outlets": "/outlets",
    "health": "/health",
    "missing": "/tidak-ada",
}
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light", "has_touch": True, "is_mobile": True},
}
TALLEST = {"light": 1300, "dark": 1300, "phone": 1700}  # px; the rest is more of the same
COLOURS = 128


def keep(page: Page, target: Path, tallest: int = 800) -> None:
    """The page down to so many pixels, in few colours; from the part its address names."""
    if page.evaluate("scrollY"):
        taken = page.screenshot()
    else:
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        width = page.viewport_size["width"] if page.viewport_size else 0
        clip: Any = {"x": 0, "y": 0, "width": width, "height": min(tall, tallest)}
        taken = page.screenshot(full_page=True, clip=clip)
    few = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(target, optimize=True)


@contextmanager
def served(**how: Any) -> Iterator[ReviewServer]:
    """A page of its own over a busy month."""
    with tempfile.TemporaryDirectory() as folder:
        server = ReviewServer(Path(folder), fill=busy_month, **how)
        kept = hashed("kuda hijau makan beras", Cost(n=16))
        add_person(server.db, "Rina", "reviewer", kept, NOW)
        try:
            yield server
        finally:
            server.close()


def opened(browser: Browser, server: ReviewServer, **options: Any) -> Page:
    """A tab in a context of its own."""
    settings = {"locale": "id-ID", "viewport": WIDE, **options}
    return browser.new_page(base_url=f"http://{server.host}", **settings)


def shoot_pages(
    browser: Browser, server: ReviewServer, folder: Path, names: Collection[str]
) -> None:
    """The pages of these names in every look."""
    for look, options in LOOKS.items():
        page = opened(browser, server, **options)
        for name in names:
            page.goto("about:blank")  # else going to another part of a page loads nothing
            page.goto(PAGES[name])
            keep(page, folder / f"{name}-{look}.png", TALLEST[look])


def shoot_moments(browser: Browser, folder: Path) -> None:
    """The inbox in English, an item opened in place, the keys; no daemon, nothing left, and where
    people log in."""
    with served() as server:
        with only_daemon(server.path):
            page = opened(browser, server, locale="en-GB")
            page.goto("/")
            keep(page, folder / "inbox-english.png")
            page = opened(browser, server)
            page.goto("/")
            page.keyboard.press("o")
            page.wait_for_selector(".current .opened p")
            keep(page, folder / "inbox-open.png")
            page.keyboard.press("?")
            keep(page, folder / "keys.png")
        page.goto("/")
        keep(page, folder / "inbox-unwatched.png")
        waiting = server.db.conn.execute("SELECT id FROM articles WHERE verdict = 'new'")
        decide_all(server.db, [row["id"] for row in waiting], "relevant", "Rina", NOW)
        page.goto("/")
        keep(page, folder / "inbox-empty.png")
    with served(login_needed=True) as server:
        for look, options in LOOKS.items():
            page = opened(browser, server, **options)
            page.goto("/")
            keep(page, folder / f"login-{look}.png")


def main(folder: Path = FOLDER, *names: str) -> None:
    """Put the pictures into the folder; with names those of these pages only."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        with served() as server, only_daemon(server.path):
            shoot_pages(browser, server, folder, names or PAGES)
        if not names:
            shoot_moments(browser, folder)


if __name__ == "__main__":
    main(*(Path(one) for one in sys.argv[1:2]), *sys.argv[2:])
