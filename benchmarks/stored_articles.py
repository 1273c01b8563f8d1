"""A database full of other news: made-up stories with shared phrases, copies and templates."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from crawler.duplicates import fingerprint
from store.articles import save_article
from store.database import transaction
from store.outlets import sync_outlets
from store.records import Article, OutletRow, Tag

OUTLETS = tuple(
    OutletRow(slug, slug.title(), f"https://{slug}.example/", "custom", "16", "Asia/Jakarta")
    for slug in (f"kabar-{number}" for number in range(200))
)
BEGINNING = datetime(2025, 9, 1, tzinfo=UTC)
SYLLABLES = "ba ce di fo ga hu ja ke li mo na pe ra su ta wi ya".split()
SENTENCES = 14
COPIED = 0.3  # of stored articles are copies of one before
PHRASES = 6000
# Phrases of KPK news, in thousands of articles: hashes that candidates must ignore.
SET_PHRASES = (
    "Komisi Pemberantasan Korupsi KPK Republik Indonesia",
    "program pencegahan korupsi pemerintah daerah melalui Monitoring Center for Prevention",
    "Direktur Koordinasi dan Supervisi Wilayah II KPK menyampaikan arahan kepada kepala daerah",
    "untuk mewujudkan tata kelola pemerintahan yang bersih transparan dan akuntabel",
    "rapat koordinasi penguatan sinergi dan kolaborasi pemberantasan korupsi pemerintah daerah",
)


def fill(db: Database, count: int, now: datetime) -> None:
    """Store so many articles with fingerprints, and links and clusters of the copies among them,
    in bulk, as placing them one by one would leave them."""
    rng = random.Random(1)
    phrases = _phrases(rng)
    sync_outlets(db, OUTLETS, now)
    recent: list[tuple[int, Article]] = []
    for begin in range(0, count, 500):
        with transaction(db) as conn:
            for number in range(begin, min(begin + 500, count)):
                first, article = _next(rng, phrases, number, recent)
                outlet = OUTLETS[number % len(OUTLETS)].slug
                url = f"https://arsip.example/{number}"
                one = save_article(db, outlet, url, article, now).article_id
                conn.executemany(
                    "INSERT INTO fingerprints(hash, article_id) VALUES (?, ?)",
                    [(value, one) for value in fingerprint(article.text)],
                )
                if first is None:
                    recent.append((one, article))
                    continue
                conn.execute(
                    "INSERT INTO article_links VALUES (?, ?, 'copy', .8, '')", (first, one)
                )
                conn.execute(
                    "INSERT OR IGNORE INTO cluster_members VALUES (?, ?, 1, 0)", (first, first)
                )
                conn.execute("INSERT INTO cluster_members VALUES (?, ?, 0, 0)", (one, first))
            conn.execute("DELETE FROM unplaced")
        del recent[:-200]
    db.conn.execute("ANALYZE")


def stories(rng: random.Random, count: int) -> list[Article]:
    """Stories of their own, of about 350 words, made of the phrases of those stored."""
    phrases = _phrases(random.Random(1))
    return [_story(rng, phrases) for _ in range(count)]


def _next(
    rng: random.Random, phrases: list[str], number: int, recent: list[tuple[int, Article]]
) -> tuple[int | None, Article]:
    if recent and rng.random() < COPIED:
        first, article = rng.choice(recent)
        words = [word for word in article.text.split(" ") if rng.random() > 0.04]
        return first, replace(article, title=f"Salinan {number}", text=" ".join(words))
    article = _story(rng, phrases)
    at = BEGINNING + timedelta(minutes=number)
    return None, replace(article, published_at=at, published_day=at.date())


def _story(rng: random.Random, phrases: list[str]) -> Article:
    region = f"16.{rng.randint(1, 13):02d}"
    text = "\n".join(_sentence(rng, phrases) for _ in range(SENTENCES))
    return Article(
        title=_sentence(rng, phrases),
        text=text,
        published_at=BEGINNING,
        published_day=BEGINNING.date(),
        published_precision="time",
        published_source="jsonld",
        province="16",
        region=region,
        relevance="about",
        tags=(Tag("region", region, region, "Andaian"),),
    )


def _sentence(rng: random.Random, phrases: list[str]) -> str:
    # Some phrases are much more frequent than others, as in any language.
    parts = [phrases[int(len(phrases) * rng.random() ** 3)] for _ in range(4)]
    if rng.random() < 0.3:
        parts.insert(rng.randint(0, 4), rng.choice(SET_PHRASES))
    return " ".join(parts).capitalize() + "."


def _phrases(rng: random.Random) -> list[str]:
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(4000)]
    return [" ".join(rng.choices(words, k=rng.randint(4, 8))) for _ in range(PHRASES)]
