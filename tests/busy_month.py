"""A database as after a busy month: made-up outlets, items, copies, edits, verdicts of two people
and troubles, for looking at the pages as an analyst sees them."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from store import jobs
from store.alarms import settle
from store.alerts import Rule, add_rule
from store.articles import mark_gone, save_article
from store.copies import link
from store.database import open_store
from store.frontier import discover
from store.hosts import pause
from store.outlets import pause_outlet, set_next_run, switch_outlet, sync_outlets
from store.polls import Poll, polls, record_poll
from store.records import Article, Candidate, Fetched, OutletRow, Reason, Removal, RunCounts, Tag
from store.reviews import correct, decide, note, star
from store.runs import Incident, finish_run, record_error, record_outlet, start_run
from store.saved import save_search
from store.sources import save_source, source_answered
from store.triage import add_label
from store.wellness import judge
from tests.busy_words import NAMES, OUTLETS, PLACES, STORIES, TAGS, Story
from tests.test_store_samples import NOW

ITEMS = 260
DAYS = 30
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REMOVED = (
    Removal("byline", "*(rin).", 3),
    Removal("related", "BACA JUGA: Harga Cabai Keriting Turun di Pasar Induk", 1),
    Removal("caption", "Suasana rapat di aula. (Foto: Humas)", 0),
)


def busy_month(path: Path, items: int = ITEMS) -> Database:
    """The database, open; the caller closes it. The same every time."""
    db = open_store(path)
    db.conn.execute("PRAGMA synchronous = OFF")
    zones = {"81": "Asia/Jayapura", "94": "Asia/Jayapura", "72": "Asia/Makassar"}
    rows = [
        OutletRow(
            slug, name, f"https://{slug}.example/", family, code, zones.get(code, "Asia/Jakarta")
        )
        for slug, name, family, code in OUTLETS
    ]
    sync_outlets(db, rows, NOW)
    _runs(db)
    chance = random.Random(7)
    for number in range(items):
        _item(db, chance, number)
    _one_story_everywhere(db)
    _decisions(db, chance, items)
    _health(db)
    return db


def article(story: Story, chance: random.Random, place: tuple[str, str, str]) -> Article:
    """An article of that story, set in that place."""
    name, province, code = place
    words = {"kota": name, "nama": chance.choice(NAMES), "n": chance.randint(3, 60)}
    title = story.title.format(**words)
    text = "\n".join(f"{part}" for part in story.text).format(**words, KOTA=name.upper())
    at = NOW - timedelta(days=chance.expovariate(1 / 9) % DAYS, minutes=chance.randint(1, 500))
    tags = [Tag(*TAGS[slug], story.evidence[slug]) for slug in story.evidence]
    return Article(
        title=title,
        text=text,
        published_at=at.replace(second=0),
        published_day=at.astimezone(ZoneInfo("Asia/Jakarta")).date(),
        published_precision="day" if chance.random() < 0.12 else "time",
        published_source=chance.choice(("jsonld", "meta", "feed", "page")),
        event_date=at.date(),
        byline=chance.choice(NAMES),
        place=name,
        province=province,
        region=code,
        advertorial=chance.random() < 0.06,
        relevance="mentions" if story.mention else "about",
        score=0.35 if story.mention else 0.875,
        reasons=reasons(text),
        tags=(Tag("region", code, name, name.upper()), *tags),
        removed=REMOVED,
    )


def reasons(text: str) -> tuple[Reason, ...]:
    """Where the first paragraph names the KPK."""
    start = text.split("\n", maxsplit=1)[0].find("KPK")
    return (Reason("name", "KPK", 0, start, start + 3),) if start >= 0 else ()


def reworded(written: Article, old: str, new: str) -> Article:
    """The article with other words in its text."""
    text = written.text.replace(old, new)
    return replace(written, text=text, reasons=reasons(text))


def _item(db: Database, chance: random.Random, number: int) -> int:
    slug, *_ = chance.choice(OUTLETS[:-3])
    written = article(STORIES[number % len(STORIES)], chance, chance.choice(PLACES))
    url = f"https://{slug}.example/berita/{number}"
    return save_article(db, slug, url, written, written.published_at + HOUR / 4).article_id


def _one_story_everywhere(db: Database) -> None:
    """The newest item: a story that five outlets ran, edited twice by its first, gone at one."""
    written = replace(
        article(STORIES[0], random.Random(1), PLACES[0]),
        published_at=NOW - 9 * HOUR,
        published_day=(NOW - 9 * HOUR).date(),
        published_precision="time",
        advertorial=False,
    )
    ids = []
    for hours, (slug, *_) in enumerate(OUTLETS[:5]):
        own = replace(
            written,
            published_at=written.published_at + hours * 1.7 * HOUR,
            title=written.title + (" Bersama Semua Kepala Dinas" if hours == 2 else ""),
        )
        own = reworded(own, "pekan ini", "pekan depan") if hours else own
        url = f"https://{slug}.example/berita/utama"
        ids.append(save_article(db, slug, url, own, NOW - HOUR).article_id)
    for other in ids[1:]:
        link(db, (ids[0], other), "copy", 0.97, "97 % of the passages are the same")
    sibling = article(STORIES[0], random.Random(2), PLACES[1])
    url = f"https://{OUTLETS[5][0]}.example/berita/lain"
    other = save_article(db, OUTLETS[5][0], url, sibling, NOW).article_id
    link(db, (ids[0], other), "sibling", 0.71, "the same template about another place")
    url = f"https://{OUTLETS[0][0]}.example/berita/utama"
    edited = reworded(written, "Wali Kota", "Penjabat Wali Kota")
    save_article(db, OUTLETS[0][0], url, edited, NOW - HOUR / 2)
    titled = replace(edited, title=f"{written.title}, Ini Hasilnya")
    save_article(db, OUTLETS[0][0], url, titled, NOW - HOUR / 3)
    mark_gone(db, ids[3], NOW)
    note(db, ids[0], "Bandingkan dengan rilis pemkot sebelum dikirim.", "Rina", NOW - HOUR / 4)
    add_label(db, ids[0], "pantau terus", "Budi", NOW - HOUR / 4)
    correct(db, ids[0], "place", "Balai Kota Randu", "Budi", NOW - HOUR / 5)


def _decisions(db: Database, chance: random.Random, items: int) -> None:
    for number in range(1, items + 1):
        if chance.random() < 0.55:
            verdict = chance.choice(("relevant", "relevant", "irrelevant", "irrelevant", "later"))
            decide(db, number, verdict, chance.choice(("Rina", "Budi")), None, NOW - 2 * HOUR)
        if chance.random() < 0.04:
            star(db, number, True, "Rina", NOW - 2 * HOUR)
    waits = db.conn.execute("SELECT id FROM articles WHERE verdict = 'later' LIMIT 1").fetchone()
    if waits is not None:
        decide(db, waits["id"], "irrelevant", "Budi", None, NOW - HOUR)
        decide(db, waits["id"], "relevant", "Rina", None, NOW - HOUR / 2)
    kept = "/articles?programme=gratifikasi&province=16"
    save_search(db, "Gratifikasi di Sumatera Selatan", kept, "Rina", NOW - 9 * DAY)
    save_search(db, "OTT", "/articles?q=%22tangkap+tangan%22&event=ott", "Budi", NOW - 2 * DAY)
    add_rule(db, Rule("OTT", "telegram-desk", '"tangkap tangan"'), NOW)
    add_rule(db, Rule("Gratifikasi", "surat-pagi", "gratifikasi", rhythm="daily"), NOW)


def _runs(db: Database) -> None:
    run = start_run(db, "watch", "0.1.0", NOW - DAYS * DAY)
    for slug, *_ in OUTLETS[:-1]:
        record_outlet(db, run, slug, RunCounts(requests=9, new=2))
    finish_run(db, run, "finished", NOW - HOUR / 2)


def _health(db: Database) -> None:
    slugs = [slug for slug, *_ in OUTLETS]
    well, refusing, slow, dark, quiet = slugs[0], slugs[6], slugs[7], slugs[8], slugs[9]
    ill = {refusing: "http_403", slow: "timed_out", dark: "unreadable"}
    for slug in slugs[:12]:
        source = save_source(db, slug, "feed", f"https://{slug}.example/feed/", NOW - DAYS * DAY)
        worked = slug != dark
        for hour in range(240, 0, -2):
            at, why = NOW - hour * HOUR, ill.get(slug)
            failed = why if why and (not worked or hour < 40) else None
            new = 2 if 1 <= at.hour < 11 and not failed and (slug != quiet or hour > 60) else 0
            weight = 1.0 if failed else 0.0
            record_poll(db, Poll(slug, at, failed, weight, items=10, new=new, read=new, kept=new))
        if worked:
            source_answered(db, source.id, Fetched(200), 10, None, NOW - HOUR / 2)
        set_next_run(db, slug, NOW + HOUR / 2)
        found = judge(polls(db, slug, NOW - 28 * DAY), NOW, ZoneInfo("Asia/Jakarta"), worked=worked)
        if found is not None:
            settle(db, slug, found, NOW - 3 * HOUR, None)
    address = f"https://{refusing}.example/feed/"
    for hours in range(3):
        incident = Incident("source", f"HTTP 403 from {address}", address, 403)
        record_error(db, 1, refusing, incident, NOW - hours * HOUR)
    pause(db, f"{refusing}.example", NOW + 4 * HOUR, f"HTTP 403 from {address}")
    pages = [f"https://{slow}.example/{n}" for n in range(12)]
    discover(db, slow, [Candidate(url=one, fetch_url=one) for one in pages], NOW)
    db.conn.execute("UPDATE pages SET state = 'quarantined' WHERE id % 3 = 0")
    switch_outlet(db, slugs[10], False, "Rina", NOW - 3 * DAY)
    pause_outlet(db, slugs[11], NOW + 2 * DAY, "Budi")
    jobs.ask(db, "crawl", slow, "Rina", NOW - timedelta(seconds=3))
    jobs.ask(db, "crawl", well, "Budi", NOW - 5 * HOUR)
    jobs.finish(db, jobs.open_jobs(db, well)[0], "crawled", NOW, new=2, revised=0)
