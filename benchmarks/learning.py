"""Measures what ranking by verdicts gains: `python -P benchmarks/learning.py`.

A made-up reviewer with interests of their own decides on 1,000 generated items about the KPK; the
model learns from one half and ranks the other. The figure is the share of what the reviewer finds
relevant in that half that stands in its top half (must: .80; by chance: .50). Reviewers pass over
some of what interests them and take as many of the others: "possible" is what a ranking that
knew their interests exactly would come to. The same is measured on the hand-written items of
relevance_items.jsonl, where "relevant" is the label "about" and no two items share a template.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.learning_words import DETAILS, FILLERS, KINDS, LEADS, NAMES, OFFICES, TITLES
from crawler.gazetteer import Gazetteer, Region
from crawler.regions import load_gazetteer
from crawler.relevance import judge
from crawler.tagging import tag
from crawler.terms import Vocabulary, load_vocabulary
from store.preference import Decision, features_of, learn
from store.records import Article, StoredArticle

HERE = Path(__file__).parent
START = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)
PROVINCES = ("16", "19", "36", "12", "33", "73", "64", "18")
OUTLETS = ("kabar-randu", "warta-teluk", "suara-lereng", "pos-muara", "lensa-kota", "gema-desa")
DECISIONS = 1000
MUST = 0.80


@dataclass(frozen=True, slots=True)
class Item:
    """A generated item with what its reviewer goes by; the model sees only the article."""

    stored: StoredArticle
    kind: str
    province: str
    paid: bool
    amount: bool


Interest = Callable[[Item], bool]
ENFORCEMENT = ("ott", "tahan", "dakwa", "geledah", "saksi")
PREVENTION = ("rakor", "mcsp", "spi", "aset")
# Interests, and the part of what is of interest that a reviewer passes over.
REVIEWERS: dict[str, tuple[Interest, float]] = {
    "enforcement anywhere": (lambda i: i.kind in ENFORCEMENT, 0.05),
    "prevention in two provinces": (
        lambda i: (i.kind in PREVENTION and i.province in ("16", "19")) or i.kind == "ott",
        0.05,
    ),
    "figures only, nothing paid": (
        lambda i: not i.paid and i.kind in ("mcsp", "spi", "aset", "lhkpn", "penghargaan"),
        0.1,
    ),
    "money and officials": (lambda i: i.amount and not i.paid, 0.05),
    "hard to tell": (lambda i: i.kind in ENFORCEMENT or i.province == "36", 0.15),
}


def generated(count: int, seed: int, vocabulary: Vocabulary, gazetteer: Gazetteer) -> list[Item]:
    """Items of all kinds from all places, judged and tagged as any page would be."""
    rng = random.Random(seed)
    regions = [
        region
        for region in gazetteer.regions.values()
        if region.province in PROVINCES and region.kind != "province"
    ]
    return [one(number, rng, rng.choice(regions), vocabulary, gazetteer) for number in range(count)]


def one(
    number: int, rng: random.Random, region: Region, vocabulary: Vocabulary, gazetteer: Gazetteer
) -> Item:
    kind, paid, amount = rng.choice(KINDS), rng.random() < 0.12, rng.random() < 0.4
    words = {
        "place": region.bare,
        "office": rng.choice(OFFICES),
        "name": rng.choice(NAMES),
        "other": rng.choice(NAMES),
        "number": rng.randint(2, 98),
    }
    said = [rng.choice(LEADS[kind]), *rng.sample(DETAILS[kind], 2), *rng.sample(FILLERS, 2)]
    if rng.random() < 0.25:  # items speak of other matters too
        said.insert(3, rng.choice(DETAILS[rng.choice(KINDS)]))
    if amount:
        said.insert(
            1, "Nilainya ditaksir Rp{number} miliar, dan {office} {other} dimintai jawaban."
        )
    if paid:
        said.append("Pemerintah daerah terus berkomitmen mewujudkan pelayanan prima (ADV).")
    title = rng.choice(TITLES[kind]).format(**words)
    paragraphs = [f"{region.bare.upper()} - {said[0]}".format(**words)]
    paragraphs += [text.format(**words) for text in said[1:]]
    at = START + timedelta(minutes=37 * number)
    stored = as_stored(
        number, rng.choice(OUTLETS), title, paragraphs, at, region.province, vocabulary, gazetteer
    )
    return Item(stored, kind, region.province, paid, amount)


def as_stored(
    number: int,
    outlet: str,
    title: str,
    paragraphs: Sequence[str],
    at: datetime,
    province: str,
    vocabulary: Vocabulary,
    gazetteer: Gazetteer,
) -> StoredArticle:
    judged = judge(title, paragraphs, vocabulary, at.date())
    article = Article(
        title=title,
        text="\n".join(paragraphs),
        published_at=at,
        published_day=at.date(),
        published_precision="time",
        published_source="feed",
        province=province,
        advertorial=paragraphs[-1].endswith("(ADV)."),
        relevance=judged.relevance,
        score=judged.score,
        reasons=judged.reasons,
        tags=tag(title, paragraphs, province, vocabulary, gazetteer, at.date()),
    )
    url = f"https://{outlet}.example/{number}"
    return StoredArticle(number, url, outlet, outlet, "Asia/Jakarta", article, at, 1)


def top_half(marks: Sequence[bool]) -> float:
    """The share of the marked that stands in the first half of a list."""
    return sum(marks[: len(marks) // 2]) / max(1, sum(marks))


def measured(rows: Sequence[tuple[StoredArticle, bool]]) -> tuple[float, float]:
    """The figure with ranking and without (newest first), learned from every other row."""
    preference = learn([Decision(features_of(s), relevant) for s, relevant in rows[::2]])
    assert preference is not None
    held_out = rows[1::2]
    newest = sorted(held_out, key=lambda row: row[0].article.published_at, reverse=True)
    ranked = sorted(newest, key=lambda row: -preference.score(features_of(row[0])))
    return top_half([mark for _, mark in ranked]), top_half([mark for _, mark in newest])


def hand_written(vocabulary: Vocabulary, gazetteer: Gazetteer) -> list[tuple[StoredArticle, bool]]:
    """The labelled items, shuffled: written one by one, so that halves share no template."""
    with (HERE / "relevance_items.jsonl").open(encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    random.Random(1).shuffle(items)
    return [
        (
            as_stored(
                n,
                "x",
                item["title"],
                item["paragraphs"],
                START + timedelta(minutes=n),
                "16",
                vocabulary,
                gazetteer,
            ),
            item["label"] == "about",
        )
        for n, item in enumerate(items)
    ]


def marked(items: Sequence[Item], interest: Interest, error: float, seed: int) -> list[bool]:
    """What a reviewer says of each item."""
    rng = random.Random(seed)
    wanted = [interest(item) for item in items]
    slips = error * sum(wanted) / max(1, len(items) - sum(wanted))
    return [want != (rng.random() < (error if want else slips)) for want in wanted]


def reviewed(name: str, vocabulary: Vocabulary, gazetteer: Gazetteer) -> list[tuple[float, ...]]:
    """Three reviews by this reviewer: share relevant, and the figure possible, ranked, newest."""
    interest, error = REVIEWERS[name]
    figures = []
    for seed in range(3):
        items = generated(DECISIONS, seed, vocabulary, gazetteer)
        marks = marked(items, interest, error, seed + 100)
        rows = [(item.stored, mark) for item, mark in zip(items, marks, strict=True)]
        known = sorted(zip(items, marks, strict=True), key=lambda row: not interest(row[0]))
        possible = top_half([mark for _, mark in known])
        figures.append((sum(marks) / len(marks), possible, *measured(rows)))
    return figures


def main() -> None:
    vocabulary, gazetteer = load_vocabulary(), load_gazetteer()
    print(f"{'reviewer':30} relevant  possible  top half  newest first")
    worst = 1.0
    for name in REVIEWERS:
        figures = reviewed(name, vocabulary, gazetteer)
        mean = [sum(column) / len(figures) for column in zip(*figures, strict=True)]
        worst = min(worst, *(figure[2] for figure in figures))
        print(f"{name:30} {mean[0]:8.2f}  {mean[1]:8.3f}  {mean[2]:8.3f}  {mean[3]:12.3f}")
    ranked, newest = measured(hand_written(vocabulary, gazetteer))
    print(f"{'hand-written items, by label':30} {'':8}  {'':8}  {ranked:8.3f}  {newest:12.3f}")
    items = generated(DECISIONS, 9, vocabulary, gazetteer)
    decisions = [Decision(features_of(item.stored), item.amount) for item in items]
    started = time.perf_counter()
    learn(decisions)
    spent = time.perf_counter() - started
    print(f"learning from {len(decisions)} decisions: {spent * 1000:.0f} ms")
    print(f"the worst of {3 * len(REVIEWERS)} reviews: {worst:.3f} (must: {MUST:.2f})")
    raise SystemExit(worst < MUST)


if __name__ == "__main__":
    main()
