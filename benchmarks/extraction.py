"""Measures how well articles are read, beside three public extractors.

    python -P -m benchmarks.extraction [--data DIR] [--baseline FILE] [--write FILE]

Sets: the related-link variants and family pages of the tests, the recordings under fixtures/ and,
with --data, the English pages in DIR/aeb and the Indonesian ones in DIR/indonesian. F1, precision
and recall are those of the article-extraction-benchmark: over the multiset of word 4-grams, macro
averaged. A leak is a title of another story in the text. CPU is process time in ms a page; ratio
is our metadata, pruning and cleaning over trafilatura alone. With --baseline, exit 1 when any
figure of ours is worse than the committed one, or the ratio is not below 1.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html
import newspaper
import trafilatura
from lxml.html import HtmlElement, HTMLParser
from readability import Document

from benchmarks.extraction_samples import (
    Sample,
    family_samples,
    public_samples,
    recorded_samples,
    related_samples,
)
from crawler.cleaning import clean
from crawler.extraction import extract
from crawler.metadata import read_metadata
from crawler.pruning import prune
from crawler.rules import Rules, load_rules

TOLERANCE = 0.0005
WORD = re.compile(r"\w+")
LEAK = re.compile(r"rekaan\b|khayal\b|baca\s+juga\s*:", re.I)


@dataclass(slots=True)
class Score:
    """Sums over the pages of one set for one reader."""

    pages: int = 0
    precision: float = 0.0
    recall: float = 0.0
    exact: int = 0
    leaks: int = 0
    seconds: float = 0.0
    stages: Counter[str] = field(default_factory=Counter)

    def add(self, sample: Sample, text: str, seconds: float) -> None:
        wanted, got = grams(sample.text), grams(text)
        both = (wanted & got).total()
        self.precision += both / got.total() if got else float(not wanted)
        self.recall += both / wanted.total() if wanted else 1.0
        self.exact += WORD.findall(sample.text) == WORD.findall(text)
        self.leaks += sample.marked and bool(LEAK.search(text))
        self.pages += 1
        self.seconds += seconds

    def figures(self) -> dict[str, float]:
        precision, recall = self.precision / self.pages, self.recall / self.pages
        both = precision + recall
        return {
            "f1": round(2 * precision * recall / both if both else 0.0, 4),
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "exact": round(self.exact / self.pages, 4),
            "leaks": self.leaks,
            "pages": self.pages,
        }


def grams(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    if not words:
        return Counter()
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


# ---------------------------------------------------------------------------- the readers


def parse(html: str) -> HtmlElement:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    parser = HTMLParser(remove_comments=True, remove_pis=True)
    return lxml.html.document_fromstring(text, parser=parser)


def headline(tree: HtmlElement) -> str:
    for path in ('//meta[@property="og:title"]/@content', "string(//h1)", "string(//title)"):
        found: Any = tree.xpath(path)
        text = str(found[0] if isinstance(found, list) and found else found or "").strip()
        if text:
            return text
    return ""


def read_ours(sample: Sample, rules: Rules, stages: Counter[str]) -> str:
    tree = parse(sample.html)
    title = sample.title or headline(tree)
    begun = time.process_time()
    read_metadata(tree, sample.url, "", (), sample.family)
    stages["metadata"] += time.process_time() - begun  # type: ignore[assignment]
    begun = time.process_time()
    prune(tree, rules, sample.family)
    pruned = time.process_time()
    lines = extract(tree, sample.url, rules)
    extracted = time.process_time()
    text = "\n".join(clean(lines, rules, title, []).paragraphs)
    stages["prune"] += pruned - begun  # type: ignore[assignment]
    stages["clean"] += time.process_time() - extracted  # type: ignore[assignment]
    return text


def read_trafilatura(sample: Sample) -> str:
    found = trafilatura.extract(
        sample.html, url=sample.url, favor_precision=True, include_comments=False
    )
    return found or ""


def read_readability(sample: Sample) -> str:
    try:
        summary = Document(sample.html, url=sample.url).summary(html_partial=True)
        return str(lxml.html.fromstring(summary).xpath("string()"))
    except (ValueError, TypeError, lxml.etree.LxmlError):
        return ""


def read_newspaper(sample: Sample) -> str:
    # Without this it asks the network for every picture of the page.
    language = "en" if sample.group == "aeb" else "id"
    article = newspaper.Article(sample.url, language=language, fetch_images=False)
    try:
        article.download(input_html=sample.html)
        article.parse()
    except newspaper.ArticleException:
        return ""
    return str(article.text)


def measured(samples: Sequence[Sample]) -> dict[str, dict[str, Score]]:
    """The score of each reader on each set."""
    rules = load_rules()
    scores: dict[str, dict[str, Score]] = {}
    others: dict[str, Callable[[Sample], str]] = {
        "trafilatura": read_trafilatura,
        "readability": read_readability,
        "newspaper4k": read_newspaper,
    }
    for n, sample in enumerate(samples):
        if sys.stderr.isatty():
            print(f"\r{n + 1}/{len(samples)}", end="", file=sys.stderr)
        group = scores.setdefault(sample.group, {})
        ours = group.setdefault("pantau", Score())
        begun = time.process_time()
        text = read_ours(sample, rules, ours.stages)
        ours.add(sample, text, time.process_time() - begun)
        for name, reader in others.items():
            begun = time.process_time()
            text = reader(sample)
            group.setdefault(name, Score()).add(sample, text, time.process_time() - begun)
    return scores


def report(scores: dict[str, dict[str, Score]]) -> float:
    """Prints the table and returns the CPU ratio of all that is ours to trafilatura."""
    own = alone = 0.0
    header = f"{'set':<11}{'reader':<13}{'F1':>7}{'prec':>8}{'recall':>8}{'exact':>7}{'leaks':>7}"
    print(f"{header}{'ms/page':>9}")
    for group, readers in scores.items():
        for name, score in readers.items():
            f = score.figures()
            print(
                f"{group:<11}{name:<13}{f['f1']:>7.4f}{f['precision']:>8.4f}{f['recall']:>8.4f}"
                f"{f['exact']:>7.2f}{f['leaks']:>7}{1000 * score.seconds / score.pages:>9.2f}"
            )
        own += sum(readers["pantau"].stages.values())
        alone += readers["trafilatura"].seconds
    print(f"metadata, pruning and cleaning take {own / alone:.2f} of trafilatura's CPU")
    return own / alone


def worse_than(baseline: dict[str, Any], scores: dict[str, dict[str, Score]]) -> list[str]:
    """What of ours is worse than the committed figures, in words."""
    problems = []
    for group, readers in scores.items():
        now, then = readers["pantau"].figures(), baseline.get(group, {}).get("pantau", {})
        for key in ("f1", "precision", "recall", "exact"):
            if key in then and now[key] < then[key] - TOLERANCE:
                problems.append(f"{group}: {key} {now[key]} < {then[key]}")
        if now["leaks"] > then.get("leaks", 0):
            problems.append(f"{group}: leaks {now['leaks']} > {then.get('leaks', 0)}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description="How well articles are read.")
    parser.add_argument("--data", type=Path, help="folder with aeb/ and indonesian/")
    parser.add_argument("--baseline", type=Path, help="committed figures; exit 1 when worse")
    parser.add_argument("--write", type=Path, help="keep the figures here")
    options = parser.parse_args()
    samples = [*related_samples(), *family_samples(), *recorded_samples()]
    if options.data:
        samples += public_samples(options.data)
    scores = measured(samples)
    ratio = report(scores)
    figures = {g: {n: s.figures() for n, s in r.items()} for g, r in scores.items()}
    if options.write:
        options.write.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if options.baseline:
        baseline = json.loads(options.baseline.read_text(encoding="utf-8"))
        problems = worse_than(baseline, scores)
        problems += [f"CPU ratio {ratio:.2f} is not below 1"] if ratio >= 1 else []
        print("\n".join(problems) or "no figure is worse than the baseline")
        return 1 if problems else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
