"""What reading stored articles again comes to: counted, and ready to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from crawler.reading import PageReading
from store.articles import more_trusted
from store.records import Article, Relevance
from store.rereading import Difference, Kind, OffTopicPage, Task, difference

Item = tuple[Kind, int]


@dataclass(frozen=True, slots=True)
class Flip:
    """An article whose relevance another rule turns; before is None for a page that was none."""

    title: str
    url: str
    before: Relevance | None
    after: Relevance


@dataclass(frozen=True, slots=True)
class Again:
    """One thing read again. article is set for an article, page with reading for a page that was
    off the topic; versions hold new readings of revisions by id; problem is an ending."""

    item: Item
    article: Article | None = None
    task: Task | None = None
    versions: Mapping[int, Article] = field(default_factory=dict)
    page: OffTopicPage | None = None
    reading: PageReading | None = None
    problem: str | None = None

    @property
    def difference(self) -> Difference:
        """What it changes of the article it was read of."""
        if self.task is None or self.article is None:
            return Difference()
        return difference(self.task, self.article, self.versions)

    @property
    def flip(self) -> Flip | None:
        """Whether it turns what the thing is about."""
        if self.reading is not None and self.reading.ending == "article":
            found, url = self.reading.article, self.reading.canonical or ""
            return None if found is None else Flip(found.title, url, None, found.relevance)
        change = self.difference.flip
        if self.task is None or self.article is None or change is None:
            return None
        return Flip(self.article.title, self.task.stored.url, *change)


@dataclass(slots=True)
class Survey:
    """What reading again comes to, counted. from_text: judged by the text, as the page is no
    longer kept; unreadable: snapshots that could not be read, by ending; changed: what there is
    to write."""

    looked: int = 0
    text: int = 0
    tags: int = 0
    details: int = 0
    from_text: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    flips: list[Flip] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)

    def count(self, again: Again) -> bool:
        """Counts one thing read again; whether there is anything to write of it."""
        self.looked += 1
        if again.problem is not None:
            self.unreadable[again.problem] += 1
        change = again.difference
        if again.task is not None and again.article is not None:
            self.from_text += again.task.versions[-1].body is None
            self.text += change.text
            self.tags += change.tags
            self.details += change.details
        if again.flip is not None:
            self.flips.append(again.flip)
        if again.flip is None and not change:
            return False
        self.changed.append(again.item)
        return True


def dated(latest: Article, task: Task, readings: Sequence[Article]) -> Article:
    """The latest version under the most trusted date of all versions, as saving them one after
    the other would have left it; a version that can no longer be read counts as it was stored."""
    whole = len(readings) == len(task.versions)
    best = readings[0] if whole and readings else task.as_read
    for article in readings:
        if more_trusted(article.published_source, best.published_source):
            best = article
    return replace(
        latest,
        published_at=best.published_at,
        published_day=best.published_day,
        published_precision=best.published_precision,
        published_source=best.published_source,
    )
