"""kill -9 at any moment loses nothing, stores nothing twice and leaves nothing broken."""

from __future__ import annotations

import random
import resource
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store import doctor
from store.articles import list_articles
from store.database import open_store
from store.doctor import Problem
from store.export import article_json
from store.filters import Filter
from tests.newsroom import Newsroom, Town
from tests.pantau import COMMAND, pantau


def articles(db: Path) -> list[dict[str, Any]]:
    """All articles but for what depends on the order of storing."""
    with closing(open_store(db)) as opened:
        found = [article_json(stored) for stored in list_articles(opened, Filter(limit=None))]
    for article in found:
        del article["id"]
    return sorted(found, key=lambda article: str(article["url"]))


def problems(file: Path) -> list[Problem]:
    """What `pantau doctor` would complain of."""
    with closing(open_store(file)) as db:
        return doctor.check(db, datetime.now(UTC))


def test_a_replay_that_was_killed_ends_like_one_that_was_not(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    assert pantau("replay", db=whole).returncode == 0
    moments = random.Random(7)
    for _ in range(2):
        process = subprocess.Popen(
            [*COMMAND, "replay", "--db", str(killed)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moments.uniform(1.5, 4.0))
        process.kill()
        process.wait()
    assert pantau("replay", db=killed).returncode == 0
    assert articles(killed) == articles(whole)
    assert problems(killed) == []


@dataclass(frozen=True)
class Aftermath:
    """What a crawl that was killed again and again left behind, once it could finish.

    fetched: how often each page was asked for; seconds: from the first start to the last end."""

    states: dict[str, int]
    articles: list[str]
    revisions: int
    fetched: Counter[str]
    attempts: int
    seconds: float


def killed_again_and_again(folder: Path, pages: int, kills: int) -> Aftermath:
    """Crawls a made-up outlet of so many pages and kills the process so often: at a random moment
    of a random page, or while it starts. What was left is crawled in peace."""
    moments = random.Random(11)
    begun = time.monotonic()
    with Town(folder, [Newsroom(articles=pages)]) as town:
        for _ in range(kills):
            before, wanted = len(town.web.requests), moments.choice((0, 1, 1, 2, 2, 3))
            process = subprocess.Popen(
                [*COMMAND, *town.switches(), "--db", str(town.db)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while len(town.web.requests) < before + wanted and process.poll() is None:
                time.sleep(0.002)
            time.sleep(moments.uniform(0, 0.1 if wanted else 1.5))
            process.kill()
            process.wait()
        town.crawl()
        fetched = Counter(path for path in town.asked() if path.startswith("/berita/"))
        with closing(sqlite3.connect(town.db)) as db:
            states = dict(db.execute("SELECT state, count(*) FROM pages GROUP BY 1"))
            revisions = db.execute("SELECT count(*) FROM revisions").fetchone()[0]
            attempts = db.execute("SELECT max(attempts) FROM pages").fetchone()[0]
            urls = [url for (url,) in db.execute("SELECT url FROM articles")]
        assert problems(town.db) == []
    return Aftermath(states, urls, revisions, fetched, attempts, time.monotonic() - begun)


def check(left: Aftermath, pages: int, kills: int) -> None:
    """0 lost, 0 twice: every page was settled, every article stored once."""
    about = pages // 3
    assert left.states == {"done": about, "off_topic": pages - about}
    assert len(left.articles) == len(set(left.articles)) == left.revisions == about
    assert len(left.fetched) == pages
    assert sum(left.fetched.values()) - pages <= kills  # only what was being read is asked again


def test_a_crawl_killed_five_times_loses_nothing_and_stores_nothing_twice(tmp_path: Path) -> None:
    check(killed_again_and_again(tmp_path, 30, 5), 30, 5)


@pytest.mark.soak
def test_a_crawl_of_300_pages_killed_200_times_loses_nothing(tmp_path: Path) -> None:
    left = killed_again_and_again(tmp_path, 300, 200)
    again = sum(left.fetched.values()) - 300
    print(f"\n200 kills in {left.seconds:.0f} s: {len(left.articles)} articles, {left.states},")
    print(f"{again} pages asked for again, at most {left.attempts} attempts left on one")
    check(left, 300, 200)


def limited(size: int) -> Callable[[], None]:
    """Lets the files of a process grow to so many bytes: as on a disk that fills up."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_ends_the_run_with_a_clear_message_and_the_next_one_goes_on(
    tmp_path: Path,
) -> None:
    with Town(tmp_path, [Newsroom(articles=30)]) as town:
        open_store(town.db).close()
        size = town.db.stat().st_size
        full = pantau(*town.switches(), db=town.db, preexec_fn=limited(size + 60_000))
        assert full.returncode == 1
        (told,) = full.stderr.splitlines()[-1:]
        assert str(town.db) in told
        assert "free some space and run it again" in told
        assert "Traceback" not in full.stderr
        assert problems(town.db) == []
        town.crawl()
    with closing(sqlite3.connect(town.db)) as db:
        states = dict(db.execute("SELECT state, count(*) FROM pages GROUP BY 1"))
    assert states == {"done": 10, "off_topic": 20}
