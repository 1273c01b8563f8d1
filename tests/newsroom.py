"""A made-up outlet on the local web: a feed, articles, robots.txt, and what a test lays over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.local_web import LocalWeb, Page
from tests.pantau import pantau

FORMS = ("", "www.", "m.")
OPENING = "<!doctype html><html lang='id'><head><meta charset='utf-8'>"
NEWS = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
Answer = Page | Callable[[], Page]


@dataclass
class Newsroom:
    """One outlet. Every third of its articles is about the KPK; answers lays pages over its own,
    by path; keys are further lines of its TOML."""

    host: str = "warta-contoh.example"
    slug: str = "warta-contoh"
    articles: int = 3
    robots: Answer = field(default_factory=lambda: Page(b"User-agent: *\nDisallow: /admin/\n"))
    answers: dict[str, Answer] = field(default_factory=dict)
    keys: str = "delay = 0"
    family: str = "wordpress"

    @property
    def paths(self) -> list[str]:
        return [f"/berita/{n}/" for n in range(self.articles)]

    def toml(self) -> str:
        return (
            f'name = "Warta Contoh {self.slug}"\nhome = "https://{self.host}/"\n'
            f'family = "{self.family}"\nprovince = "16"\n{self.keys}\n'
            f'[[source]]\nkind = "feed"\nurl = "https://{self.host}/feed/"\n'
        )

    def page(self, path: str) -> Page:
        """What the outlet answers."""
        answer = self.answers.get(path)
        if answer is not None:
            return answer if isinstance(answer, Page) else answer()
        if path == "/robots.txt":
            return self.robots if isinstance(self.robots, Page) else self.robots()
        if path == "/feed/":
            links = [f"https://{self.host}{path}" for path in self.paths]
            return Page(feed(links), headers={"Content-Type": "application/rss+xml"})
        if path in self.paths:
            return Page(article(int(path.split("/")[2]), f"https://{self.host}{path}"))
        return Page(b"tidak ada", 404)


def feed(links: list[str], *, dated: bool = True) -> bytes:
    """A feed that names these addresses, the first one the newest."""
    date = f"<pubDate>{format_datetime(NEWS)}</pubDate>" if dated else ""
    items = "".join(
        f"<item><title>Berita {n}</title><link>{link.replace('&', '&amp;')}</link>{date}</item>"
        for n, link in enumerate(links)
    )
    return f"<rss version='2.0'><channel><title>Warta</title>{items}</channel></rss>".encode()


def article(n: int, canonical: str | None = None, more: str = "") -> bytes:
    """An article of its own text, about the KPK if n can be divided by three."""
    about = n % 3 == 0
    title = f"Bupati Hadiri Rakor Pencegahan Korupsi KPK ke-{n}" if about else f"Panen Raya ke-{n}"
    words = (
        "Komisi Pemberantasan Korupsi (KPK) menggelar rapat koordinasi pencegahan korupsi"
        if about
        else "Petani di kabupaten itu memanen padi di sawah yang luas sekali"
    )
    place = hashlib.sha256(str(n).encode()).hexdigest()[:8]
    body = "".join(
        f"<p>{words} bersama pemerintah daerah {place}, bagian {part}, dan dihadiri para kepala"
        f" dinas serta camat dari seluruh wilayah kabupaten tersebut pada hari itu.</p>"
        for part in range(4)
    )
    link = f"<link rel='canonical' href='{canonical}'>" if canonical else ""
    meta = json.dumps(
        {"@type": "NewsArticle", "headline": title, "datePublished": NEWS.isoformat()}
    )
    return (
        f"{OPENING}<title>{title}</title>{link}"
        f"<script type='application/ld+json'>{meta}</script></head>"
        f"<body class='single-post'><article><h1>{title}</h1>"
        f"<div class='entry-content'>{body}{more}</div></article></body></html>"
    ).encode()


def bare(host: str) -> str:
    """The host without its www. or m."""
    return next((host.removeprefix(f) for f in FORMS if f and host.startswith(f)), host)


@dataclass
class Town:
    """Several outlets on one local web, with a database of their own in a folder."""

    folder: Path
    rooms: list[Newsroom]
    web: LocalWeb = field(init=False)

    def __post_init__(self) -> None:
        by_host = {room.host: room for room in self.rooms}
        self.web = LocalWeb(lambda host, path: by_host[bare(host)].page(path))
        # A client that was killed resets its connection; the server need not tell.
        self.web.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.catalogue.mkdir(exist_ok=True)
        with (self.folder / "pantau.toml").open("a") as configuration:
            configuration.write("workers = 1\n")
        for room in self.rooms:
            (self.catalogue / f"{room.slug}.toml").write_text(room.toml())

    @property
    def catalogue(self) -> Path:
        return self.folder / "catalogue"

    @property
    def db(self) -> Path:
        return self.folder / "pantau.db"

    def switches(self) -> list[str]:
        """What tells a crawl of this town."""
        hosts = [form + room.host for room in self.rooms for form in FORMS]
        maps = [f"--map={host}=127.0.0.1:{self.web.port}" for host in dict.fromkeys(hosts)]
        return ["crawl", "--force", f"--catalogue={self.catalogue}", *maps]

    def crawl(self, code: int = 0) -> dict[str, dict[str, Any]]:
        """The counts of one pass over every outlet, by slug."""
        process = pantau(*self.switches(), "--json", db=self.db)
        assert process.returncode == code, process.stderr
        counts: dict[str, dict[str, Any]] = json.loads(process.stdout)
        return counts

    def asked(self, host: str | None = None) -> list[str]:
        """The paths asked for since the last look, of one host or of all."""
        paths = [path for _, name, path in self.web.requests if host in (None, name)]
        self.web.requests.clear()
        return paths

    def __enter__(self) -> Town:
        return self

    def __exit__(self, *exc: object) -> None:
        self.web.close()
