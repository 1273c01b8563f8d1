"""A crawler that never rests, beside the review benchmark: made-up outlets on a local web that have
news at every look, crawled again and again into the database under measurement.

    python -P -m benchmarks.review_crawl FILE

It ends when its standard input does.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.review_words import Language, language
from tests.local_web import Page
from tests.newsroom import NEWS, OPENING, Newsroom, Town, feed
from tests.pantau import COMMAND

ROOMS = 12
AT_ONCE = 120  # new articles in a feed at each look
ABOUT_EVERY, NAMING_EVERY = 12, 4


@dataclass
class Press(Newsroom):
    """An outlet with other articles at every look; one in twelve is about the topic, one in four
    names it."""

    words: Language = field(default_factory=language)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def page(self, path: str) -> Page:
        """What the outlet answers."""
        if path == "/feed/":
            fresh = itertools.islice(self.numbers, AT_ONCE)
            links = [f"https://{self.host}/berita/{number}/" for number in fresh]
            return Page(feed(links), headers={"Content-Type": "application/rss+xml"})
        if path.startswith("/berita/"):
            number = path.split("/")[2]
            return Page(self.article(int(number) if number.isdigit() else 0))
        return super().page(path)

    def article(self, number: int) -> bytes:
        """The page of one article."""
        rng = random.Random(f"{self.slug} {number}")
        story = self.words.story(rng, 0, "Randu")
        text = story.text.replace("KPK", "Pemda").replace("Pemberantasan Korupsi", "Daerah")
        title = f"Warta {number} {story.title.removeprefix('Pemda ')}"
        if number % ABOUT_EVERY == 0:
            title = f"KPK Gelar Rakor Pencegahan Korupsi {title}"
            text = f"Komisi Pemberantasan Korupsi (KPK) menggelar rapat koordinasi.\n{text}"
        elif number % NAMING_EVERY == 0:
            text = f"{text}\nHal itu pernah disampaikan KPK."
        url = f"https://{self.host}/berita/{number}/"
        data = {"@type": "NewsArticle", "headline": title, "datePublished": NEWS.isoformat()}
        body = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n"))
        return (
            f"{OPENING}<title>{title}</title><link rel='canonical' href='{url}'>"
            f"<script type='application/ld+json'>{json.dumps(data)}</script></head>"
            f"<body class='single-post'><article><h1>{title}</h1>"
            f"<div class='entry-content'>{body}</div></article></body></html>"
        ).encode()


def crawl_until_told(db: Path) -> None:
    """Crawls until standard input ends, then waits for the crawl that is going on to end."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    words, mark = language(11), random.SystemRandom().randrange(10**6)
    rooms = [Press(f"k{mark}-{n}.example", f"k{mark}-{n}", words=words) for n in range(ROOMS)]
    with tempfile.TemporaryDirectory() as folder, Town(Path(folder), rooms) as town:
        while not ended.is_set():
            process = subprocess.Popen(
                [*COMMAND, *town.switches(), "--json", "--db", str(db)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while process.poll() is None:
                if ended.wait(0.2):
                    process.terminate()
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(20)
                    process.kill()
                    break


if __name__ == "__main__":
    crawl_until_told(Path(sys.argv[1]))
