"""The inbox in the order people's own verdicts suggest, and how often each rule was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlite_utils import Database

from store.article_rows import stored_articles
from store.articles import list_articles
from store.filters import INBOX, Filter
from store.preference import Decision, Moved, Preference, features_of, learn
from store.records import Article, Reason, StoredArticle

# The latest decisions teach: interests change, and reading more takes longer than a list may.
LATEST = 3000
# Of an overfull inbox the newest are ranked; the rest follows, newest first.
MOST = 5000
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Ranked:
    """An article of the inbox, its score (0: nothing known), and the features that moved it."""

    stored: StoredArticle
    score: float = 0.0
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """How often something that spoke for articles was right: decisions on them, and how many of
    these said relevant."""

    name: str
    decisions: int
    relevant: int

    @property
    def precision(self) -> float:
        return self.relevant / self.decisions


@dataclass(frozen=True, slots=True)
class RelevanceReport:
    """What verdicts say of our judgement. rules: each rule that gave a reason; deciding: the words
    of the strongest reason; missed: articles we held for a mere mention that people called
    relevant, by the words that mentioned."""

    relevant: int
    irrelevant: int
    rules: tuple[Record, ...]
    deciding: tuple[Record, ...]
    missed: tuple[Record, ...]


def ranked_inbox(db: Database, chosen: Filter = INBOX) -> tuple[list[Ranked], int]:
    """The inbox, most likely relevant first, and how many decisions there are to learn from.

    Nothing is hidden: it holds what the inbox holds. With fewer than fifty decisions (or nearly
    all alike) it stays newest first, unmoved.
    """
    decided = list(_decisions(db))
    preference = learn(decided)
    rows = list_articles(db, replace(chosen, limit=None))
    if preference is None:
        return [Ranked(stored) for stored in rows[: chosen.limit]], len(decided)
    ranked = [_ranked(stored, preference) for stored in rows[:MOST]]
    ranked.sort(key=lambda one: -one.score)  # stable: of equals the newest stays first
    ranked += [Ranked(stored) for stored in rows[MOST:]]
    return ranked[: chosen.limit], len(decided)


def relevance_report(db: Database) -> RelevanceReport:
    """How right each rule was by people's verdicts, the wrong ones first."""
    rules: Counter[tuple[str, bool]] = Counter()
    words: Counter[tuple[str, bool]] = Counter()
    missed: Counter[tuple[str, bool]] = Counter()
    totals: Counter[bool] = Counter()
    for stored in _decided(db):
        article, relevant = stored.article, stored.verdict == "relevant"
        totals[relevant] += 1
        if article.relevance != "about":
            missed.update({(said(article, reason), relevant) for reason in article.reasons[:1]})
            continue
        rules.update({(reason.rule, relevant) for reason in article.reasons})
        words.update((said(article, reason), relevant) for reason in article.reasons[:1])
    return RelevanceReport(
        relevant=totals[True],
        irrelevant=totals[False],
        rules=_records(rules),
        deciding=_records(words),
        missed=tuple(record for record in _records(missed) if record.relevant),
    )


def said(article: Article, reason: Reason) -> str:
    """The words a reason matched, in lower case; of one that points nowhere its quote."""
    paragraphs = article.text.split("\n")
    if reason.paragraph is None:
        source = article.title
    elif reason.paragraph < len(paragraphs):
        source = paragraphs[reason.paragraph]
    else:
        source = ""
    return (source[reason.start : reason.end] or reason.quote).casefold()


def _ranked(stored: StoredArticle, preference: Preference) -> Ranked:
    features = features_of(stored)
    return Ranked(stored, round(preference.score(features), 3), preference.moved(features))


def _decisions(db: Database) -> Iterator[Decision]:
    for stored in _decided(db, LATEST):
        yield Decision(features_of(stored), stored.verdict == "relevant")


def _decided(db: Database, most: int = -1) -> Iterator[StoredArticle]:
    """The articles people said yes or no to, the latest published first."""
    ids = [
        row["id"]
        for row in db.conn.execute(
            "SELECT id FROM articles WHERE verdict IN ('relevant', 'irrelevant')"
            " AND redacted_at IS NULL ORDER BY published_at DESC, id DESC LIMIT ?",
            (most,),
        )
    ]
    for at in range(0, len(ids), AT_ONCE):
        yield from stored_articles(db.conn, ids[at : at + AT_ONCE])


def _records(counted: Counter[tuple[str, bool]]) -> tuple[Record, ...]:
    names = {name for name, _ in counted}
    found = [
        Record(name, counted[name, True] + counted[name, False], counted[name, True])
        for name in names
    ]
    return tuple(sorted(found, key=lambda r: (r.precision, -r.decisions, r.name)))
