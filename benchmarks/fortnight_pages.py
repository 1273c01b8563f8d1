"""The pages of the made-up outlets: articles, feeds, sitemaps, home pages, by what is out."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import cache

from benchmarks.fortnight_town import ZONE, Item, Room

OPENING = "<!doctype html><html lang='id'><head><meta charset='utf-8'>"
SYLLABLES = "ba be bi da du ga gi ka ki la lu ma mi na ni pa pu ra ri sa si ta ti wa ya".split()
THEMES = ("Panen Raya", "Lomba Desa", "Pasar Murah", "Perbaikan Jalan", "Turnamen Voli", "Bazar")


@cache
def words_of_the_town() -> tuple[str, ...]:
    """Two thousand words that nobody uses, so that no two texts are alike."""
    rng = random.Random(7)
    return tuple("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(2000))


def path_of(item: Item) -> str:
    return f"/berita/{item.number}"


def title_of(room: Room, item: Item) -> str:
    rng = random.Random(f"{room.number} {item.number} judul")
    place = " ".join(rng.choices(words_of_the_town(), k=2)).title()
    if item.about:
        return f"KPK Tahan Kepala Dinas {place} dalam Kasus Suap Nomor {item.number}"
    return f"{rng.choice(THEMES)} di {place} ke-{item.number}"


def paragraphs_of(room: Room, item: Item) -> list[str]:
    rng = random.Random(f"{room.number} {item.number} isi")
    place = rng.choice(words_of_the_town()).title()
    about = (
        "Komisi Pemberantasan Korupsi (KPK) menahan kepala dinas di Kabupaten"
        f" {place} sebagai tersangka kasus suap proyek."
    )
    lead = about if item.about else f"Warga di Kabupaten {place} berkumpul di lapangan."
    rest = [
        f"Kegiatan di {rng.choice(words_of_the_town()).title()} itu dihadiri warga dan "
        + " ".join(rng.choices(words_of_the_town(), k=22))
        + "."
        for _ in range(4)
    ]
    return [lead, *rest]


def article(room: Room, item: Item, ill: str | None = None) -> bytes:
    """An article's page; with a layout that changed, nothing of it can be read."""
    title, url = title_of(room, item), f"https://{room.host}{path_of(item)}"
    meta = {"@type": "NewsArticle", "headline": title, "datePublished": item.at.isoformat()}
    if ill == "no dates":
        del meta["datePublished"]
    head = (
        f"{OPENING}<title>{title}</title><link rel='canonical' href='{url}'>"
        f"<script type='application/ld+json'>{json.dumps(meta)}</script></head>"
    )
    texts = paragraphs_of(room, item)
    body = "".join(f"<p>{text}</p>" for text in texts)
    if ill == "no text":
        return f"{head}<body><div id='app'></div><script>render()</script></body></html>".encode()
    if ill == "odd text":
        # The text is there, but as captions of pictures: no reader takes it.
        odd = "".join(f"<figure><figcaption>{t}</figcaption></figure>" for t in texts)
        return f"{head}<body class='single-post'><h1>{title}</h1>{odd}</body></html>".encode()
    return (
        f"{head}<body class='single-post'><article><h1 class='entry-title'>{title}</h1>"
        f"<div class='entry-content'>{body}</div></article></body></html>"
    ).encode()


def feed(room: Room, items: Sequence[Item]) -> bytes:
    """A feed of these items, the newest first."""
    entries = "".join(
        f"<item><title>{title_of(room, item)}</title>"
        f"<link>https://{room.host}{path_of(item)}</link>"
        f"<pubDate>{format_datetime(item.at.astimezone(ZONE))}</pubDate></item>"
        for item in reversed(items)
    )
    return f"<rss version='2.0'><channel><title>Kabar</title>{entries}</channel></rss>".encode()


def sitemap(room: Room, items: Sequence[Item]) -> bytes:
    """A news sitemap of these items."""
    entries = "".join(
        f"<url><loc>https://{room.host}{path_of(item)}</loc><news:news>"
        f"<news:publication_date>{item.at.astimezone(ZONE).isoformat()}</news:publication_date>"
        f"<news:title>{title_of(room, item)}</news:title></news:news></url>"
        for item in reversed(items)
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f"<urlset xmlns='{space}' xmlns:news='{news}'>{entries}</urlset>".encode()


def home(room: Room, items: Sequence[Item], page: int, feed_path: str | None) -> bytes:
    """A page of the home's list, which declares the feed if there is one."""
    link = f"<link rel='alternate' type='application/rss+xml' href='{feed_path}'>"
    entries = "".join(
        f"<article><h2 class='entry-title'><a href='{path_of(item)}'>{title_of(room, item)}</a>"
        "</h2></article>"
        for item in reversed(items)
    )
    pager = f"<a class='next' rel='next' href='/page/{page + 1}/'>Berikutnya</a>"
    return (
        f"{OPENING}<title>Kabar</title>{link if feed_path else ''}</head>"
        f"<body class='home blog'><main>{entries}{pager}</main></body></html>"
    ).encode()


CAPTCHA = (
    f"{OPENING}<title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    "<div class='cf-turnstile'></div></body></html>"
).encode()


def stamp(moment: datetime) -> str:
    """A date as headers bear it."""
    return format_datetime(moment, usegmt=True)
