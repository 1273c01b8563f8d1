"""Reads what a page says of its article in JSON-LD, also where the JSON is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.hygiene import tidy

# More than any real page holds; what lies beyond is not read, so that time stays bounded.
MAX_BLOCKS = 20
MAX_CHARACTERS = 400_000
MAX_NODES = 500
MAX_DEPTH = 6

_ARTICLE = re.compile(r"article|newsarticle|.*posting|report|.*newsarticle|techarticle", re.I)
_PAGE = re.compile(r"(?:web|item|collection|about|medical)page", re.IGNORECASE)
_WRAPPERS = re.compile(r"<!--|-->|/?/?\*?\s?<!\[CDATA\[\s?\*?/?|/?/?\*?\s?\]\]>\s?\*?/?")
_TRAILING_COMMA = re.compile(r",(?=\s{0,80}[}\]])")
_QUOTE_OR_CONTROL = re.compile(r'\\.|"|[\x00-\x1f]', re.DOTALL)
_ENDS_A_KEY = re.compile(r"\s{0,80}:")
_ENDS_A_VALUE = re.compile(r'\s{0,80}(?:[}\]]|$|,\s{0,80}(?:["{\[}\]]|-?\d|true|false|null))')
_STARTS = re.compile(r"[:,\[{]\s{0,80}$")
_DATE = re.compile(r'"datePublished"\s{0,20}:\s{0,20}"([^"]{8,40})"')
_FIELD = re.compile(
    r'"(headline|articleSection|description)"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){1,1000})"', re.DOTALL
)

Node = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """The article as JSON-LD describes it; empty where it says nothing. published holds the raw
    date strings, people the authors that are persons, organisations the others; kinds are all
    types met on the page, in lower case."""

    kinds: frozenset[str] = frozenset()
    article_type: str | None = None
    headline: str | None = None
    published: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    section: str | None = None
    keywords: tuple[str, ...] = ()
    description: str | None = None
    caption: str | None = None


def read_jsonld(tree: HtmlElement, url: str) -> LinkedArticle:
    """What the page's JSON-LD says of its own article; url tells it from related ones.

    Reads trailing commas, raw line breaks, unescaped quotes, CDATA and comment wrappers, @graph
    and lists; of what stays unreadable only the plain fields. Never raises. Of several articles
    the first that names the page's address comes first, the others fill in nothing but a second
    description of the same headline.
    """
    nodes = list(_nodes(tree))
    kinds = frozenset(kind.lower() for node in nodes for kind in _types(node))
    articles = [node for node in nodes if any(map(_ARTICLE.fullmatch, _types(node)))]
    slug = url.rstrip("/").rpartition("/")[2].partition("?")[0]
    articles.sort(key=lambda node: not (len(slug) > 8 and slug in _address(node)))
    pages = [node for node in nodes if any(map(_PAGE.fullmatch, _types(node)))]
    if not articles:
        return _described(pages[:1], pages, nodes, kinds)
    headline = _first(articles[:1], "headline", "name")
    same = [node for node in articles if _first([node], "headline", "name") in (headline, None)]
    return _described(same, [*same, *pages[:1]], nodes, kinds)


def _described(
    articles: list[Node], dated: list[Node], nodes: list[Node], kinds: frozenset[str]
) -> LinkedArticle:
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    authors = [each for node in articles for each in _agents(node.get("author"), named)]
    editors = [each for node in articles for each in _agents(node.get("editor"), named)]
    is_article = any(_ARTICLE.fullmatch(kind) for node in articles for kind in _types(node))
    texts = (text for node in dated for text in _texts(node.get("datePublished")))
    return LinkedArticle(
        kinds=kinds,
        article_type=next((kind for node in articles for kind in _types(node)), None),
        headline=_first(articles, "headline", "name") if is_article else None,
        published=tuple(dict.fromkeys(texts))[:4],
        people=tuple(dict.fromkeys(name for name, person in authors if person)),
        organisations=tuple(dict.fromkeys(name for name, person in authors if not person)),
        editors=tuple(dict.fromkeys(name for name, _ in editors)),
        section=_first(articles, "articleSection"),
        keywords=tuple(text for node in articles[:1] for text in _texts(node.get("keywords"))),
        description=_first(articles, "description"),
        caption=_caption(articles),
    )


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    left = MAX_CHARACTERS
    scripts = (each for each in tree.iter("script") if "ld+json" in (each.get("type") or ""))
    found = 0
    for script, _ in zip(scripts, range(MAX_BLOCKS), strict=False):
        source = (script.text or "")[:left]
        left -= len(source)
        for node in _flattened(_loaded(source), MAX_DEPTH):
            found += 1
            if found > MAX_NODES:
                return
            yield node


def _flattened(value: object, depth: int) -> Iterator[Node]:
    """The nodes that describe the page itself: not those inside lists of related articles."""
    if depth == 0:
        return
    if isinstance(value, list):
        for each in value:
            yield from _flattened(each, depth - 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _flattened(value.get(key), depth - 1)


def _loaded(source: str) -> object:
    """The JSON in a script, mended as far as needed; the fields alone if it cannot be mended."""
    text = _WRAPPERS.sub("", source)
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    text = text[min(starts, default=0) :].rstrip(" \t\r\n;/*<>!-")
    for mend in (str, _without_trailing_commas, _requoted):
        try:
            loaded: object = json.loads(mend(text), strict=False)
        except (ValueError, RecursionError):
            continue
        return loaded
    fields: dict[str, object] = {}
    for found in _FIELD.finditer(_requoted(text)):
        fields.setdefault(found[1], re.sub(r"\\([\"/])", r"\1", found[2]))
    date = _DATE.search(text)
    return {"@type": "NewsArticle", "datePublished": date[1], **fields} if date else {}


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub("", text)


def _requoted(text: str) -> str:
    """Quotes inside strings escaped: one that is not followed by what follows a string is not
    the end of one. Linear in the text."""
    pieces: list[str] = []
    end, inside, is_key = 0, False, False
    for found in _QUOTE_OR_CONTROL.finditer(text):
        sign = found[0]
        pieces.append(text[end : found.start()])
        end = found.end()
        if not inside:
            inside = sign == '"'
            is_key = text[max(0, found.start() - 80) : found.start()].rstrip()[-1:] in ("{", ",")
        elif sign == '"':
            closes = _ENDS_A_VALUE.match(text, end) or (is_key and _ENDS_A_KEY.match(text, end))
            inside = not closes
            sign = '"' if closes else '\\"'
        elif not sign.startswith("\\"):
            sign = " "
        pieces.append(sign)
    pieces.append(text[end:])
    return _TRAILING_COMMA.sub("", "".join(pieces))


def _types(node: Node) -> tuple[str, ...]:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return tuple(each.rpartition("/")[2] for each in kinds if isinstance(each, str))[:5]


def _address(node: Node) -> str:
    entity = node.get("mainEntityOfPage")
    inner = entity.get("@id") or entity.get("url") if isinstance(entity, dict) else entity
    return " ".join(str(each)[:2_000] for each in (inner, node.get("url"), node.get("@id")) if each)


def _texts(value: object) -> Iterator[str]:
    """The strings of a value that may be a string, a list of them or an object with a name."""
    for each in value[:50] if isinstance(value, list) else [value]:
        inner = each.get("@value") or each.get("name") if isinstance(each, dict) else each
        if isinstance(inner, str) and (text := tidy(inner[:5_000])):
            yield text


def _first(nodes: Iterable[Node], *keys: str) -> str | None:
    texts = (text for node in nodes for key in keys for text in _texts(node.get(key)))
    return next(texts, None)


def _agents(value: object, named: Mapping[object, Node]) -> Iterator[tuple[str, bool]]:
    """Names of authors or editors, and whether each is a person."""
    for each in value[:20] if isinstance(value, list) else [value]:
        node = each
        if isinstance(each, dict) and "name" not in each:
            identifier = each.get("@id")
            node = named.get(identifier, each) if isinstance(identifier, str) else each
        person = not isinstance(node, Mapping) or not any(
            "organization" in kind.lower() for kind in _types(node)
        )
        for name in _texts(dict(node) if isinstance(node, Mapping) else node):
            yield name, person


def _caption(articles: Iterable[Node]) -> str | None:
    for node in articles:
        image = node.get("image")
        first = image[0] if isinstance(image, list) and image else image
        if isinstance(first, dict) and (text := _first([first], "caption")):
            return text
    return None
