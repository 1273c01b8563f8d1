"""Measures copies, siblings and related articles on edits of the five documents.

    python -P -m benchmarks.duplicates [--rounds N] [--stored N] [--show]

First the rules alone, pair by pair: what outlets do to a release (copies) and what other offices
make of its template (siblings). Then the whole way through a database in a temporary folder that
holds so many other articles already: which articles end in one cluster, and how long placing one
takes. Exit 1 when recall of copies is below .99 or wrong merges are above .005, the targets.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from sqlite_utils import Database

from benchmarks.release_edits import COPIES
from benchmarks.release_templates import SIBLINGS, with_a_date
from benchmarks.releases import Release, documents
from benchmarks.stored_articles import OUTLETS, fill, stories
from crawler.duplicates import comparable, compare
from crawler.event_dates import event_date
from crawler.placing import place
from crawler.regions import Gazetteer, load_gazetteer, places_in
from store.articles import save_article
from store.clusters import members
from store.database import open_store
from store.records import Article, Tag

WIB = timezone(timedelta(hours=7))
LEAST_RECALL, MOST_WRONG = 0.99, 0.005


@dataclass(frozen=True, slots=True)
class Case:
    """A release and an edit of it; copy: they are one text."""

    name: str
    copy: bool
    original: Article
    edited: Article


@dataclass(slots=True)
class Figures:
    """What came of the cases: kinds by edit; for each article that was placed, how long it took
    and the processor time of it, in ms."""

    kinds: dict[tuple[bool, str], Counter[str]] = field(default_factory=dict)
    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def count(self, case: Case, kind: str) -> None:
        self.kinds.setdefault((case.copy, case.name), Counter())[kind] += 1

    def share_of_copies(self, copy: bool) -> float:
        """Recall among true copies, the share of wrong merges among siblings."""
        counts = [kinds for (truth, _), kinds in self.kinds.items() if truth is copy]
        return sum(kinds["copy"] for kinds in counts) / sum(map(Counter.total, counts))


def as_article(release: Release, gazetteer: Gazetteer, home: str | None = None) -> Article:
    """The release as reading leaves it: dated a few hours after its day, placed by the gazetteer
    for an outlet of the province home (default: the release's own)."""
    home = home or release.province
    paragraphs = release.paragraphs
    main, places = places_in(release.title, paragraphs, home, gazetteer)
    named = {place.code: place.words for place in reversed(places) if place.code}
    day = release.day
    return Article(
        title=release.title,
        text="\n".join(paragraphs),
        published_at=datetime(day.year, day.month, day.day, 15, tzinfo=WIB).astimezone(UTC),
        published_day=day,
        published_precision="time",
        published_source="jsonld",
        event_date=event_date(paragraphs, day, WIB).day,
        province=home,
        region=main,
        relevance="about",
        tags=tuple(Tag("region", c, gazetteer.name_of(c), words) for c, words in named.items()),
    )


def cases(rounds: int, gazetteer: Gazetteer, seed: int = 7) -> Iterator[Case]:
    """Every edit of every document, so many times; copies come up to 60 hours later, half of them
    from outlets of other provinces."""
    rng = random.Random(seed)
    for release in (release for _ in range(rounds) for release in documents().values()):
        for name, edit in COPIES.items():
            home = rng.choice((release.province, release.province, "31", "35"))
            taken = as_article(edit(release, rng), gazetteer, home)
            at = taken.published_at + timedelta(hours=rng.randint(0, 60))
            day = at.astimezone(WIB).date()
            taken = replace(taken, published_at=at, published_day=day)
            yield Case(name, True, as_article(release, gazetteer), taken)
        for name, fill_in in SIBLINGS.items():
            source = with_a_date(release) if name in DATED else release
            other = as_article(fill_in(source, rng, gazetteer), gazetteer)
            yield Case(name, False, as_article(source, gazetteer), other)


DATED = {name for name in SIBLINGS if "day" in name and "same day" not in name}


def judge(found: Iterable[Case], show: bool = False) -> Figures:
    """What the rules say of each pair."""
    figures = Figures()
    for case in found:
        relation = compare(comparable(case.original, "a"), comparable(case.edited, "b"))
        kind = relation.kind if relation else "none"
        figures.count(case, kind)
        if show and case.copy is not (kind == "copy"):
            print(f"  {case.name}: {case.edited.title[:60]}: {relation}")
    return figures


def store_all(db: Database, found: Iterable[Case], now: datetime) -> Figures:
    """What becomes of the cases in a database: every original and edit is stored and placed, then
    the clusters are read."""
    figures = Figures()
    known: dict[tuple[str, str], int] = {}
    stored: list[tuple[Case, int, int]] = []

    def keep(article: Article) -> int:
        url = f"https://kabar.example/{len(figures.ms)}"
        outlet = OUTLETS[len(figures.ms) % len(OUTLETS)]
        saved = save_article(db, outlet.slug, url, article, now)
        start, cpu = time.perf_counter(), time.process_time()
        place(db, saved.article_id)
        figures.ms.append(1000 * (time.perf_counter() - start))
        figures.cpu_ms.append(1000 * (time.process_time() - cpu))
        return saved.article_id

    for case in found:
        key = (case.original.title, case.original.text)
        if key not in known:
            known[key] = keep(case.original)
        stored.append((case, known[key], keep(case.edited)))
    for case, original, edited in stored:
        figures.count(case, "copy" if edited in members(db, original) else "other")
    return figures


def report(figures: Figures) -> bool:
    """Prints the figures; whether they meet the targets."""
    for (copy, name), kinds in figures.kinds.items():
        counts = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common())
        print(f"  {'copy' if copy else 'sibling':8}{name:34}{counts}")
    recall, wrong = figures.share_of_copies(True), figures.share_of_copies(False)
    print(f"  recall of copies {recall:.4f}, wrong merges {wrong:.4f}")
    return recall >= LEAST_RECALL and wrong <= MOST_WRONG


def report_times(name: str, figures: Figures) -> None:
    for clock, ms in (("wall", figures.ms), ("processor", figures.cpu_ms)):
        ordered = sorted(ms)
        at = [ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95, 1.0)]
        told = f"mean {sum(ms) / len(ms):.1f} ms, p50 {at[0]:.1f}, p95 {at[1]:.1f}, max {at[2]:.1f}"
        print(f"  {name}, {clock}: {told}")


def measure_store(file: Path, stored: int, rounds: int, gazetteer: Gazetteer) -> bool:
    now = datetime(2025, 11, 20, tzinfo=UTC)
    db = open_store(file)
    try:
        start = time.perf_counter()
        fill(db, stored, now)
        size = file.stat().st_size / 1e6
        print(f"{stored} articles stored in {time.perf_counter() - start:.0f} s, {size:.0f} MB")
        figures = store_all(db, cases(rounds, gazetteer, seed=11), now)
        good = report(figures)
        report_times("placing an edit of the documents", figures)
        new = stories(random.Random(3), 300)
        fresh = [Case("", True, one, other) for one, other in zip(new[::2], new[1::2], strict=True)]
        report_times("placing a new story", store_all(db, fresh, now))
    finally:
        db.close()
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=40, help="edits of each kind a document")
    parser.add_argument("--stored", type=int, default=100_000)
    parser.add_argument("--show", action="store_true", help="print what was judged wrong")
    args = parser.parse_args()
    gazetteer = load_gazetteer()
    print("The rules, pair by pair")
    good = report(judge(cases(args.rounds, gazetteer), args.show))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pantau.db"
        good &= measure_store(file, args.stored, max(1, args.rounds // 10), gazetteer)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
