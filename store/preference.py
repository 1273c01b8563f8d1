"""Learns from verdicts what its readers find relevant: a naive Bayes model one can read.

Each feature of an article (a word of its title or lead, a tag, its outlet, a rule that spoke for
it) has a weight: how much more often it stood in articles decided relevant than in those decided
irrelevant, as the logarithm of that ratio. An article's score is the sum of its weights.
Here, not in crawler/, because the review page ranks too and may only use the store.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log

from store.records import StoredArticle

ENOUGH = 50  # decisions before anything is ranked (issue: off until 50 decisions)
ENOUGH_OF_EACH = 5  # nothing can be told apart when (nearly) all were decided alike
SEEN = 3  # a feature met in fewer decisions says nothing
SMOOTHING = 1.0
LEAD = 2  # paragraphs whose words count; further down all articles speak alike
WORD = re.compile(r"[^\W\d_]{3,}")

Features = frozenset[str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of an article with these features."""

    features: Features
    relevant: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A feature that moved an article: up above 0, down below; the weight is a logarithm."""

    feature: str
    weight: float


@dataclass(frozen=True, slots=True)
class Preference:
    """What was learned. weights: by feature; decisions: how many it was learned from."""

    weights: Mapping[str, float]
    decisions: int

    def score(self, features: Collection[str]) -> float:
        """How relevant an article is likely to be; 0 says nothing either way."""
        return sum(self.weights.get(name, 0.0) for name in features)

    def moved(self, features: Collection[str], most: int = 5) -> tuple[Moved, ...]:
        """The features that moved an article most, the strongest first."""
        weights = [(name, self.weights[name]) for name in features if name in self.weights]
        weights.sort(key=lambda item: (-abs(item[1]), item[0]))
        return tuple(Moved(name, round(weight, 2)) for name, weight in weights[:most])


def features_of(stored: StoredArticle) -> Features:
    """What the model may learn from: the words of title and lead, tags, outlet, rules, and
    whether it is paid for."""
    article = stored.article
    lead = "\n".join([article.title, *article.text.split("\n")[:LEAD]])
    found = {f"word {word}" for word in WORD.findall(lead.casefold())}
    found |= {f"{tag.kind} {tag.label}" for tag in article.tags}
    found |= {f"rule {reason.rule}" for reason in article.reasons}
    found.add(f"outlet {stored.outlet}")
    if article.advertorial:
        found.add("advertorial")
    return frozenset(found)


def learn(decisions: Iterable[Decision]) -> Preference | None:
    """What these decisions teach; None while they are too few to tell anything."""
    liked: Counter[str] = Counter()
    disliked: Counter[str] = Counter()
    relevant = irrelevant = 0
    for decision in decisions:
        (liked if decision.relevant else disliked).update(decision.features)
        relevant += decision.relevant
        irrelevant += not decision.relevant
    if relevant + irrelevant < ENOUGH or min(relevant, irrelevant) < ENOUGH_OF_EACH:
        return None
    weights = {
        name: log((liked[name] + SMOOTHING) / (relevant + 2 * SMOOTHING))
        - log((disliked[name] + SMOOTHING) / (irrelevant + 2 * SMOOTHING))
        for name in liked | disliked
        if liked[name] + disliked[name] >= SEEN
    }
    return Preference(weights, relevant + irrelevant)
