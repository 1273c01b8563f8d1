"""Reads a folder of broken feeds as a crawl would: items or a clear ending for each, none raises.

`python -P -m benchmarks.feeds --data ../shared/data/feedparser` prints a line a feed, then counts.
With --mangle N it reads N mangled mixtures of them too, drawn from a fixed seed.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from crawler.outlets import Outlet
from crawler.sources import UnreadableSource, read_source

SAID = re.compile(rb"(?im)^\s*Header:\s*Content-type:\s*(.+?)\s*$")
LINKS = re.compile(rb"https?://[^\s\"'<>]+")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 1 when a feed raised anything but UnreadableSource."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--mangle", type=int, default=0, metavar="N")
    args = parser.parse_args(argv)
    files = sorted(args.data.rglob("*.xml"))
    counts: Counter[str] = Counter()
    slowest = 0.0
    for name, body in bodies(files, args.mangle):
        begun = time.perf_counter()
        ending, words = outcome(body)
        slowest = max(slowest, time.perf_counter() - begun)
        counts[ending] += 1
        if not name.startswith("mangled") or ending == "raised":
            print(f"{name}: {ending}: {words}")
    print(f"{dict(counts)}, slowest {1000 * slowest:.0f} ms")
    return 1 if counts["raised"] or not files else 0


def bodies(files: Sequence[Path], mangled: int) -> Iterator[tuple[str, bytes]]:
    """The feeds, then mixtures of them with bytes changed, cut out and put in."""
    whole = [file.read_bytes() for file in files]
    yield from zip(map(str, files), whole, strict=True)
    dice = random.Random(7)
    for number in range(mangled):
        body = bytearray(dice.choice(whole))
        for _ in range(dice.randint(1, 12)):
            place = dice.randrange(len(body) + 1)
            other = dice.choice(whole)
            start = dice.randrange(len(other) + 1)
            cut = dice.randint(0, 40)
            body[place : place + cut] = other[start : start + dice.randint(0, 60)]
        yield f"mangled {number}", bytes(body)


def outcome(body: bytes) -> tuple[str, str]:
    """What a feed came to, and the titles or the problem. The outlet is given the first host the
    feed links to, so that its items count as an outlet's own."""
    said = SAID.search(body)
    kind = said[1].decode("latin-1") if said else "application/xml"
    try:
        reading = read_source("feed", body, kind, "https://feed.example/feed/", host_of(body), ())
    except UnreadableSource as error:
        return "refused", str(error)
    except Exception as error:  # noqa: BLE001 (this is what is looked for)
        return "raised", repr(error)
    items = [candidate.title or candidate.url for candidate in reading.candidates]
    return ("items", "; ".join(items)) if items else ("empty", "a feed without entries")


def host_of(body: bytes) -> Outlet:
    """An outlet of the first host that the feed's entries name."""
    hosts = [urlsplit(link.decode("latin-1")).hostname for link in linked(body)]
    known = ("www.w3.org", "purl.org", "www.georss.org", "www.opengis.net", "backend.userland.com")
    own = [host for host in hosts if host and host not in known and "." in host]
    home = f"https://{(own or ['feed.example'])[0]}/"
    return Outlet(slug="x", name="X", home=home, family="custom", province="31")


def linked(body: bytes) -> list[bytes]:
    """The addresses in a feed that urlsplit can take."""
    return [link for link in LINKS.findall(body) if b"[" not in link and b"]" not in link]


if __name__ == "__main__":
    sys.exit(main())
