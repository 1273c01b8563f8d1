"""The text of an article from all its parts: pruned, extracted, cleaned, joined once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.cleaning import Cleaned, clean
from crawler.document import Document, TooLarge, Unreadable, parse
from crawler.extraction import extract
from crawler.outlets import Outlet
from crawler.parts import join_parts
from crawler.pruning import prune
from crawler.rules import Rules
from store.records import Removal


@dataclass(frozen=True, slots=True)
class Body:
    """The joined, cleaned text of all parts, and what left it."""

    paragraphs: tuple[str, ...]
    removed: tuple[Removal, ...]
    byline: str | None
    advertorial: bool

    @property
    def text(self) -> str:
        """The paragraphs, joined by one newline."""
        return "\n".join(self.paragraphs)

    @property
    def opening(self) -> str:
        """The first paragraph, where a dateline stands."""
        return self.paragraphs[0] if self.paragraphs else ""


def read_body(
    documents: Sequence[Document], outlet: Outlet, title: str, url: str, rules: Rules
) -> Body:
    """The text of all parts: pruned, extracted, cleaned and joined once, in order. What every
    part repeats (captions, summaries) stands among the removed once."""
    pruned: list[Removal] = []
    parts: list[Cleaned] = []
    for document in documents:
        pruned += prune(document.tree, rules, outlet.family, outlet.drop)
        paragraphs = extract(document.tree, url, rules)
        parts.append(clean(paragraphs, rules, title, outlet.brands))
    joined = join_parts([part.paragraphs for part in parts])
    removed = pruned + [
        shifted(removal, sum(len(part.paragraphs) for part in parts[:number]))
        for number, part in enumerate(parts)
        for removal in part.removed
    ]
    return Body(
        paragraphs=joined,
        removed=tuple({(each.rule, each.text): each for each in reversed(removed)}.values())[::-1],
        byline=next((part.byline for part in reversed(parts) if part.byline), None),
        advertorial=any(part.advertorial for part in parts),
    )


def fuller(body: Body, content: str | None, outlet: Outlet, title: str, rules: Rules) -> Body:
    """The page's text, or what the feed gave in full, where the page gives less than half of it:
    a page that scripts fill, or one that shows the beginning only. Cleaned by the same rules."""
    if not content:
        return body
    try:
        document = parse(content.encode("utf-8", "replace"), "text/html; charset=utf-8")
    except (TooLarge, Unreadable):
        return body
    feed = read_body([document], outlet, title, outlet.home, rules)
    return feed if len(feed.text) > 2 * len(body.text) else body


def shifted(removal: Removal, by: int) -> Removal:
    """A removal from a later part, its place counted from the start of the article."""
    if removal.paragraph is None:
        return removal
    return replace(removal, paragraph=removal.paragraph + by)
