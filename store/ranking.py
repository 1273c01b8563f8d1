"""The inbox in the order people's own verdicts suggest, and how often each rule was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from store.article_rows import stored_articles
from store.articles import list_articles
from store.filters import INBOX, Filter
from store.preference import Decision, Features, Moved, Preference, features_of, learn
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


@dataclass(slots=True)
class Taught:
    """What decisions taught, kept from one page to the next: up to which entry of the log, what,
    from how many; and the features of the articles decided on, which are read once."""

    learned: tuple[int, Preference | None, int] = (-1, None, 0)
    features: dict[int, Features] = field(default_factory=dict)


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
    preference, decisions = preference_of(db)
    rows = list_articles(db, replace(chosen, limit=None))
    return rank(rows, preference, chosen.limit), decisions


def preference_of(db: Database, kept: Taught | None = None) -> tuple[Preference | None, int]:
    """What the latest decisions teach, None while they are too few or too much alike; and how
    many there are. kept: what an earlier call learned; nothing is learned anew while nobody says
    anything."""
    kept = kept or Taught()
    entry = int(db.conn.execute("SELECT coalesce(max(id), 0) FROM reviews").fetchone()[0])
    known, preference, number = kept.learned
    if known == entry:
        return preference, number
    decided = _decisions(db, kept)
    preference = learn(decided)
    kept.learned = entry, preference, len(decided)
    return preference, len(decided)


def rank(
    rows: Sequence[StoredArticle], preference: Preference | None, most: int | None = None
) -> list[Ranked]:
    """These articles, newest first, in the order of a preference, at most so many; without one as
    they are."""
    if preference is None:
        return [Ranked(stored) for stored in rows[:most]]
    scored = [_scored(stored, preference) for stored in rows[:MOST]]
    scored.sort(key=lambda one: -one[0])  # stable: of equals the newest stays first
    ranked = [
        Ranked(stored, score, preference.moved(features))
        for score, stored, features in scored[:most]
    ]
    return (ranked + [Ranked(stored) for stored in rows[MOST:]])[:most]


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


def _scored(stored: StoredArticle, preference: Preference) -> tuple[float, StoredArticle, Features]:
    features = features_of(stored)
    return round(preference.score(features), 3), stored, features


def _decisions(db: Database, kept: Taught) -> list[Decision]:
    verdicts = _verdicts(db, LATEST)
    unread = [one for one in verdicts if one not in kept.features]
    read = {one.id: features_of(one) for one in _read(db, unread)}
    # In place of the former ones, which another page may be reading.
    features = {**kept.features, **read}
    kept.features = {one: features[one] for one in verdicts if one in features}
    return [Decision(found, verdicts[one]) for one, found in kept.features.items()]


def _decided(db: Database) -> Iterator[StoredArticle]:
    """The articles people said yes or no to, the latest published first."""
    return _read(db, list(_verdicts(db)))


def _verdicts(db: Database, most: int = -1) -> dict[int, bool]:
    """Whether they said yes, by article, the latest published first."""
    found = [
        (row["published_at"], row["id"], verdict == "relevant")
        for verdict in ("relevant", "irrelevant")
        # Each from its index, in order; of rows nothing is read.
        for row in db.conn.execute(
            "SELECT id, published_at FROM articles a WHERE verdict = ? AND NOT EXISTS"
            " (SELECT 1 FROM redactions r WHERE r.article_id = a.id)"
            " ORDER BY published_at DESC, id DESC LIMIT ?",
            (verdict, most),
        )
    ]
    found.sort(reverse=True)
    return {one: relevant for _, one, relevant in (found if most < 0 else found[:most])}


def _read(db: Database, ids: Sequence[int]) -> Iterator[StoredArticle]:
    for at in range(0, len(ids), AT_ONCE):
        yield from stored_articles(db.conn, ids[at : at + AT_ONCE])


def _records(counted: Counter[tuple[str, bool]]) -> tuple[Record, ...]:
    names = {name for name, _ in counted}
    found = [
        Record(name, counted[name, True] + counted[name, False], counted[name, True])
        for name in names
    ]
    return tuple(sorted(found, key=lambda r: (r.precision, -r.decisions, r.name)))
