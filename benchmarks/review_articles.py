"""A database as years of work leave it, for the review benchmark: generated, written in bulk.

    python -P -m benchmarks.review_articles FILE [--articles 1000000]

482 outlets in 38 provinces over 30 months; two of five articles are about the topic, all of them
decided (one in eight as relevant) but for some 300 stories that wait; copies, tags, revisions,
pages, polls and errors in proportion.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.review_rows import Rows, surroundings, write
from benchmarks.review_words import Language, Story, language
from crawler.regions import load_gazetteer
from review.texts import provinces
from store.database import open_store
from store.encoding import to_text
from store.outlets import sync_outlets
from store.records import OutletRow

OUTLETS = 482
SPAN = timedelta(days=913)  # thirty months
WAITING = 300
CHUNK = 5000
PEOPLE = ("Rina", "Bagas", "Tiur")
PROGRAMMES = "mcsp spi rakor lhkpn desa-antikorupsi gratifikasi korsup aset paksi jaga".split()
EVENTS = "ott penahanan penggeledahan sidang vonis pemeriksaan penetapan kunjungan".split()
AREAS = "perencanaan penganggaran pbj perizinan apip asn pajak bmd".split()


@dataclass(slots=True)
class Archive:
    """What articles are drawn from, and how far the drawing has come."""

    count: int
    now: datetime
    rng: random.Random
    words: Language
    outlets: list[str]
    places: list[tuple[str, str, str]]  # region, province, name
    tags: dict[tuple[str, str], int]
    lead: int = 0
    leading: str = ""  # its text

    def moment(self, number: int) -> datetime:
        """The later the number the newer, not quite in order; none in the future."""
        share = (number + self.rng.random() * 40) / (self.count + 40)
        return self.now - SPAN * (1 - share)


def build(path: Path, count: int, now: datetime) -> None:
    """Write the database; a file that is there must be empty or absent."""
    with closing(open_store(path)) as db:
        archive = prepared(db.conn, count, now)
        sync_outlets(db, outlet_rows(), now - SPAN)
        conn = db.conn
        conn.execute("PRAGMA journal_mode = OFF").fetchone()
        conn.execute("PRAGMA synchronous = OFF")
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.execute("PRAGMA cache_size = -600000")
        later = taken_away(conn)
        for begin in range(0, count, CHUNK):
            write(conn, drawn(archive, range(begin, min(begin + CHUNK, count))))
            if begin % 50_000 == 0:
                print(f"{time.strftime('%H:%M:%S')} {begin:,} articles", flush=True)
        write(conn, surroundings(archive.rng, archive.now, archive.count, archive.outlets))
        # In large pieces: written in small ones the index is merged again and again.
        conn.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', 64000000)")
        conn.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
        conn.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('hashsize', 1048576)")
        for sql in later:
            conn.execute(sql)
        conn.execute("PRAGMA analysis_limit = 1000")
        conn.execute("ANALYZE")
        conn.execute("PRAGMA journal_mode = WAL").fetchone()
    print(f"{time.strftime('%H:%M:%S')} {path}: {path.stat().st_size / 1e9:.2f} GB", flush=True)


def outlet_rows() -> list[OutletRow]:
    codes = list(provinces())
    return [
        OutletRow(
            f"warta-{n:03}",
            f"Warta Contoh {n:03}",
            f"https://warta-{n:03}.example/",
            "wordpress",
            codes[n % len(codes)],
            "Asia/Jakarta",
        )
        for n in range(OUTLETS)
    ]


def prepared(conn: sqlite3.Connection, count: int, now: datetime) -> Archive:
    """The archive, its tags written."""
    places = [
        (region.code, region.province, region.bare)
        for region in load_gazetteer().regions.values()
        if region.kind != "province"
    ]
    named = {"programme": PROGRAMMES, "event": EVENTS, "area": AREAS}
    pairs = [(kind, slug, slug.upper()) for kind, slugs in named.items() for slug in slugs]
    pairs += [("region", code, name) for code, _, name in places]
    conn.executemany("INSERT INTO tags(kind, slug, label) VALUES (?, ?, ?)", pairs)
    tags = {(row["kind"], row["slug"]): row["id"] for row in conn.execute("SELECT * FROM tags")}
    outlets = [outlet.slug for outlet in outlet_rows()]
    return Archive(count, now, random.Random(3), language(), outlets, places, tags)


def taken_away(conn: sqlite3.Connection) -> list[str]:
    """Drop indexes and triggers, which cost the most; returns what makes them again."""
    found = conn.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND type IN ('index', 'trigger') ORDER BY type, name"
    ).fetchall()
    for row in found:
        conn.execute(f"DROP {row['type']} {row['name']}")
    return [row["sql"] for row in found]


def drawn(archive: Archive, numbers: range) -> Rows:
    """The rows of these articles, by table."""
    rows: Rows = {}
    for number in numbers:
        for table, row in article(archive, number + 1):
            rows.setdefault(table, []).append(row)
    return rows


def article(archive: Archive, one: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """One article with all that belongs to it; its number is its id."""
    rng, at = archive.rng, archive.moment(one)
    region, province, place = archive.places[int(len(archive.places) * rng.random() ** 2)]
    outlet = archive.outlets[int(OUTLETS * rng.random() ** 2)]
    # One in five is a copy of the one that leads before it, a little changed.
    copies = bool(archive.lead) and rng.random() < 0.2
    story = archive.words.story(rng, one, place)
    if copies:
        story = Story(story.title, archive.leading.replace(" akan ", " hendak ", 4))
    waits = one > archive.count - WAITING * 3
    about = rng.random() < 0.4
    verdict = (
        "new" if waits or not about else ("relevant" if rng.random() < 0.125 else "irrelevant")
    )
    day, seen = to_text(at), to_text(at + timedelta(minutes=20))
    revised = one % 20 == 0
    digest = sha256(story.text.encode()).hexdigest()
    url = f"https://{outlet}.example/{day[:7].replace('-', '/')}/{digest[:12]}-{one}/"
    starred = int(verdict == "relevant" and one % 50 == 0)
    yield "articles", (
        one, url, outlet, story.title, day, day[:10], "time", "jsonld", day[:10], seen, seen,
        place, province, region, int(one % 15 == 0), "kpk", "about" if about else "mentions",
        round(rng.random(), 3), 1 + revised, digest, verdict, starred, reasons(story.text),
        story.text,
    )  # fmt: skip
    yield "pages", (one, outlet, url, url, "done", "article", digest, seen, seen, one)
    for number in range(1, 2 + revised):
        text = story.text if number == 1 + revised else story.text.replace(" akan ", " telah ", 3)
        kind = "first" if number == 1 else "text"
        yield "revisions", (one, number, seen, story.title, digest, text, kind)
    yield from marks(archive, one, region)
    if verdict != "new":
        yield "reviews", (one, rng.choice(PEOPLE), seen, "verdict", verdict)
    if starred:
        yield "reviews", (one, PEOPLE[0], seen, "star", "1")
    if archive.count - one < archive.count / 10:  # the last ninety days
        for _ in range(20):
            yield "fingerprints", (rng.getrandbits(62), one)
    if copies:
        yield from copied(archive, one)
    else:
        archive.lead, archive.leading = one, story.text


def reasons(text: str) -> str:
    """Where the text names the topic, at most three places."""
    found = []
    for number, paragraph in enumerate(text.split("\n")):
        at = paragraph.find("KPK")
        if at >= 0 and len(found) < 3:
            found.append(
                {"rule": "name", "quote": "KPK", "paragraph": number, "start": at, "end": at + 3}
            )
    return json.dumps(found)


def marks(archive: Archive, one: int, region: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The article's tags."""
    rng = archive.rng
    wanted = [("region", region)]
    for kind, slugs, share in (
        ("programme", PROGRAMMES, 0.5),
        ("event", EVENTS, 0.4),
        ("area", AREAS, 0.2),
    ):
        if rng.random() < share:
            wanted.append((kind, slugs[int(len(slugs) * rng.random() ** 2)]))
    for position, tag in enumerate(wanted):
        yield "article_tags", (one, archive.tags[tag], "rule", position, tag[1])


def copied(archive: Archive, one: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What ties a copy to the one that leads."""
    if archive.lead == one - 1:
        yield "cluster_members", (archive.lead, archive.lead, 1)
    yield "cluster_members", (one, archive.lead, 0)
    yield "article_links", (archive.lead, one, "copy", 0.9, "")


def main() -> None:
    """Builds the file."""
    parser = argparse.ArgumentParser(description="Build a database for the review benchmark.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    args = parser.parse_args()
    build(args.file, args.articles, datetime.now(UTC).replace(microsecond=0))


if __name__ == "__main__":
    main()
