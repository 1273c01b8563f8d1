"""Cuts from a page's tree what stands in an article's body without being the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement

from crawler.containers import ARTICLE_PROSE, known_containers, prose, same_class, tokens, within
from crawler.related import RECORDED, cut_related
from crawler.rules import PruneRule, Rules, RulesError
from crawler.segments import segments
from store.records import Removal

# WordPress puts an article's own tags, categories and author among its classes.
_OF_THE_ARTICLE = re.compile(
    r"^(?:tags?-|category-|post-\d|type-|format-|status-|has-|is-|no-|with-|author-|term-|page-)"
)
_WORD = re.compile(r"[-_:]+")
# Shares of the prose that may go: one element named exactly, one by a part of its name, all
# elements in a known body, all on a page without one.
EXACT, LOOSE, TOGETHER, TOGETHER_UNKNOWN = 0.5, 0.3, 0.5, 0.8
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


def prune(
    tree: HtmlElement, rules: Rules, family: str, drop: Sequence[str] = ()
) -> tuple[Removal, ...]:
    """Empties in the tree it is given (no copy: read metadata before) whatever rules and drop, an
    outlet's CSS selectors, name, and returns what a reader might miss. Nothing that holds most
    of the article's prose is ever cut. RulesError for a selector that is none."""
    # Comments cut a text in two nodes, and trafilatura reads worse with them in the tree.
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    body = known_containers(tree, rules)
    guard = _Guard(tree, body)
    removed: list[Removal] = []
    chosen = _dropped(tree, drop, guard)
    chosen.extend(_second_articles(tree, body, rules))
    chosen.extend(_matched(tree, _Matcher(rules.prune, family), guard))
    gone: set[HtmlElement] = set()
    for element, rule, record in chosen:
        if not gone.isdisjoint(element.iterancestors()):
            continue
        if record == "page" or (record == "body" and (not body or within(element, body))):
            text = " ".join(segment.text for segment in segments(element))
            if text.strip():
                removed.append(Removal(rule, text.strip()[:RECORDED]))
        gone.add(element)
        element.clear(keep_tail=True)
    for root in body or [tree]:
        removed.extend(cut_related(segments(root), rules.related))
    return tuple(removed)


Chosen = tuple[HtmlElement, str, str]


class _Guard:
    """Knows the article's body and refuses to let it be cut."""

    def __init__(self, tree: HtmlElement, body: Sequence[HtmlElement]) -> None:
        self.tree = tree
        self.body = body
        self.above = {id(part) for part in body}
        self.kept = list(body)  # ids stay valid while their elements do
        for part in body:
            for ancestor in part.iterancestors():
                self.above.add(id(ancestor))
                self.kept.append(ancestor)
        self.total = -1
        self.cut = 0

    def allows(self, element: HtmlElement, share: float = EXACT) -> bool:
        """Whether element may go: less than share of the prose, little enough together with what
        went before, or outside a known body."""
        if element is self.tree or element.tag in ("html", "body") or id(element) in self.above:
            return False
        if self.body and not within(element, self.body):
            return True
        if self.total < 0:
            self.total = sum(prose(part) for part in self.body) or prose(self.tree)
        length = prose(element)
        most = TOGETHER if self.body else TOGETHER_UNKNOWN
        if length > share * self.total or self.cut + length > most * self.total:
            return False
        self.cut += length
        return True


class _Matcher:
    """Answers which rule an element falls under; each combination of names is decided once."""

    def __init__(self, rules: Iterable[PruneRule], family: str) -> None:
        self.rules = [rule for rule in rules if not rule.families or family in rule.families]
        self.tags = {tag: rule for rule in self.rules for tag in rule.tags}
        self.tokens = {token: rule for rule in self.rules for token in rule.tokens}
        self.words = {word: rule for rule in self.rules for word in rule.words}
        self.loose = [rule for rule in self.rules if rule.phrases or rule.patterns]
        self.known: dict[tuple[str | None, str | None], tuple[PruneRule, bool] | None] = {}

    def match(self, element: HtmlElement) -> tuple[PruneRule, bool] | None:
        """The rule for element and whether it names it exactly, or None."""
        if element.tag in self.tags:
            return self.tags[element.tag], True
        key = (element.get("class"), element.get("id"))
        if key == (None, None):
            return None
        if key not in self.known:
            self.known[key] = self._decide(tokens(element))
        return self.known[key]

    def _decide(self, names: Sequence[str]) -> tuple[PruneRule, bool] | None:
        for name in names:
            if name in self.tokens:
                return self.tokens[name], True
        for name in names:
            if _OF_THE_ARTICLE.match(name):
                continue
            for word in _WORD.split(name):
                if word in self.words:
                    return self.words[word], False
            for rule in self.loose:
                if name.startswith(rule.phrases) or any(p.search(name) for p in rule.patterns):
                    return rule, False
        return None


def _matched(tree: HtmlElement, matcher: _Matcher, guard: _Guard) -> Iterator[Chosen]:
    walker = etree.iterwalk(tree, events=("start",))
    for _, element in walker:
        found = matcher.match(element)
        if found is not None:
            rule, exact = found
            if guard.allows(element, EXACT if exact else LOOSE):
                walker.skip_subtree()
                yield element, rule.id, rule.record
        elif element.get("style") and _HIDDEN.search(element.get("style")) and not prose(element):
            walker.skip_subtree()
            yield element, "hidden", "never"


def _dropped(tree: HtmlElement, drop: Sequence[str], guard: _Guard) -> list[Chosen]:
    chosen: list[Chosen] = []
    for selector in drop:
        try:
            found = tree.xpath(HTMLTranslator().css_to_xpath(selector))
        except SelectorError as error:
            raise RulesError(f"extract.drop: {selector!r} is no CSS selector ({error})") from error
        chosen.extend((element, "drop", "page") for element in found if guard.allows(element))
    return chosen


def _second_articles(
    tree: HtmlElement, body: Sequence[HtmlElement], rules: Rules
) -> Iterator[Chosen]:
    """Further bodies in the same class as the first: stories a theme appends while one reads."""
    if not body:
        whole = [e for e in tree.iter("article") if e.find(".//h1") is not None]
        whole = [e for e in whole if prose(e) >= ARTICLE_PROSE]
        later = (e for e in whole if not within(e, whole[:1]))
        yield from ((e, "second-article", "page") for e in later)
        return
    names = rules.containers.intersection(tokens(body[0]))
    for element, role in same_class(tree, body[0], names):
        if role == "second":
            article = next(element.iterancestors("article"), None)
            apart = article is not None and not within(body[0], [article])
            yield (article if apart else element), "second-article", "page"
