"""Measures relevance on labelled items against a plain regex: `python -P benchmarks/relevance.py`.

relevance_items.jsonl holds invented items in passes: pass 1 was written before the rules, 2 to 8
each after them, and each was measured once before any rule saw it (FIRST_SHOT). Passes 6 and 8 are
like what comes in a day and a month, every item of pass 7 is a trap. Passes 1 to 7 have since been
used to mend the rules: only FIRST_SHOT and pass 8 speak of items never seen.
relevance_titles.tsv holds the titles of real articles, as their addresses give them; "unclear"
means the title alone cannot tell.
"""

from __future__ import annotations

import csv
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from crawler.prefilter import Prefilter
from crawler.regions import load_gazetteer
from crawler.relevance import judge
from crawler.tagging import tag
from crawler.terms import Vocabulary, load_vocabulary

HERE = Path(__file__).parent
PLAIN = re.compile(r"\bKPK\b|Komisi Pemberantasan Korupsi")
ON = date(2025, 6, 15)
LABELS = ("about", "mentions", "not")
# pass: (items, precision, recall) for "about", before any rule was changed for them.
FIRST_SHOT = {
    2: (116, 0.906, 1.0),
    3: (41, 1.0, 0.9),
    4: (40, 0.95, 0.95),
    5: (225, 0.915, 0.97),
    6: (220, 0.990, 0.990),
    7: (160, 0.957, 0.917),
    8: (205, 0.980, 0.990),
}


def ratios(pairs: Iterable[tuple[bool, bool]]) -> tuple[float, float]:
    """Precision and recall over (truth, answer) pairs."""
    counts = Counter(pairs)
    right = counts[True, True]
    return (
        right / max(1, right + counts[False, True]),
        right / max(1, right + counts[True, False]),
    )


def measure_items(vocabulary: Vocabulary) -> None:
    prefilter = Prefilter(vocabulary)
    rows: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    with (HERE / "relevance_items.jsonl").open(encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            text = "\n".join((item["title"], *item["paragraphs"]))
            answer = judge(item["title"], item["paragraphs"], vocabulary, ON).relevance
            plain = PLAIN.search(text) is not None
            rows[f"pass {item['pass']}"].append((item["label"], answer, plain))
            rows["all"].append((item["label"], answer, plain))
            if answer == "about" and not prefilter.may_matter(text.encode()):
                print(f"  {item['id']}: about, yet the prefilter would skip it")
            if answer != item["label"]:
                print(f"  {item['id']} ({item['trap']}): {item['label']}, judged {answer}")
    print(f"{'':8} {'items':>5}  about P     R     | plain regex P     R")
    for name, row in sorted(rows.items()):
        ours = ratios((label == "about", answer == "about") for label, answer, _ in row)
        theirs = ratios((label == "about", plain) for label, _, plain in row)
        print(
            f"{name:8} {len(row):5}  {ours[0]:7.3f} {ours[1]:7.3f} | "
            f"{theirs[0]:13.3f} {theirs[1]:7.3f}"
        )
    for number, (count, precision, recall) in FIRST_SHOT.items():
        print(f"pass {number} at first sight ({count} items): P {precision:.3f} R {recall:.3f}")
    print("\nconfusion, label by answer (all passes)")
    confusion = Counter((label, answer) for label, answer, _ in rows["all"])
    print(" " * 9 + "".join(f"{answer:>9}" for answer in LABELS))
    for label in LABELS:
        print(f"{label:9}" + "".join(f"{confusion[label, answer]:9}" for answer in LABELS))


def measure_titles(vocabulary: Vocabulary) -> None:
    with (HERE / "relevance_titles.tsv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["label"] != "unclear"]
    ours, theirs = [], []
    for row in rows:
        truth = row["label"] == "about"
        ours.append((truth, judge(row["title"], (), vocabulary, ON).relevance == "about"))
        theirs.append((truth, re.search(PLAIN.pattern, row["title"], re.IGNORECASE) is not None))
    print(f"\n{len(rows)} real titles   P {ratios(ours)[0]:.3f}  R {ratios(ours)[1]:.3f}")
    print(f"   plain regex   P {ratios(theirs)[0]:.3f}  R {ratios(theirs)[1]:.3f}")


def measure_time(vocabulary: Vocabulary) -> None:
    """The cost of judging and tagging an article of 600 words, in milliseconds."""
    gazetteer = load_gazetteer()
    with (HERE / "relevance_items.jsonl").open(encoding="utf-8") as lines:
        items = [item for item in map(json.loads, lines) if item["label"] == "about"]
    articles = []
    for start in range(0, len(items) - 15, 15):
        paragraphs: list[str] = []
        for item in items[start:]:
            paragraphs.extend(item["paragraphs"])
            if sum(len(text.split()) for text in paragraphs) >= 600:
                break
        articles.append((items[start]["title"], paragraphs))
    started = time.perf_counter()
    for title, paragraphs in articles * 20:
        judge(title, paragraphs, vocabulary, ON)
        tag(title, paragraphs, "16", vocabulary, gazetteer, ON)
    each = (time.perf_counter() - started) / (len(articles) * 20)
    print(f"\njudge and tag, 600 words: {each * 1000:.2f} ms")
    page = (
        "<p>" + "</p><p>".join(articles[0][1]) + "</p>" + "<div class=x>isi</div>" * 4000
    ).encode()
    page = page.replace(b"KPK", b"kabupaten").replace(b"orupsi", b"orup")
    prefilter = Prefilter(vocabulary)
    started = time.perf_counter()
    for _ in range(50):
        prefilter.may_matter(page)
    each = (time.perf_counter() - started) / 50
    print(f"prefilter, page of {len(page) // 1000} kB: {each * 1000:.2f} ms")


def main() -> None:
    vocabulary = load_vocabulary()
    measure_items(vocabulary)
    measure_titles(vocabulary)
    measure_time(vocabulary)


if __name__ == "__main__":
    main()
