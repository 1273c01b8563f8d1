"""What a page says of its own article: title, dates, writer, section, keywords, address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.bylines import read_bylines
from crawler.dates import DateClue
from crawler.headline import Headline, find_headline, folded, own_names, words_of
from crawler.hygiene import tidy
from crawler.jsonld import LinkedArticle, read_jsonld
from crawler.printed_dates import date_clues
from crawler.urls import canonicalise

MAX_TEXT = 1_000  # code points of a description or caption
MAX_KEYWORDS = 30
MAX_METAS = 400

# The few fields worth having of what pages tell their advertisers (Promedia, Suara).
_LAYER = re.compile(
    r"['\"](published_?date|publishdate|articledate|datepublished|penulis|editor|rubrik)['\"]"
    r"\s{0,9}:\s{0,9}(?:'([^'\\\n]{2,80})'|\"([^\"\\\n]{2,80})\")",
    re.IGNORECASE,
)
_MAX_LAYER = 60_000
_HOMES = frozenset(["home", "beranda", "depan", "halamandepan", "homepage", "kanal"])
_NO_SECTION = frozenset(["uncategorized", "takberkategori", "tanpakategori", "articles", "article"])
_TAG_LINKS = "//a[@rel='tag' or contains(@href, '/tag/') or contains(@href, '/listtag/')]"
_CATEGORY_LINKS = (
    "//a[contains(@rel, 'category') or contains(@href, '/kategori/')"
    " or contains(@href, '/category/')]"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; empty where it says nothing. title has no outlet's name in it;
    clues stand in the order of their trust; generic_byline is an account ("Redaksi") where
    byline is a person; page_type is JSON-LD's, else og:type."""

    title: str = ""
    canonical: str | None = None
    clues: tuple[DateClue, ...] = ()
    byline: str | None = None
    generic_byline: str | None = None
    editor: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    description: str | None = None
    image_caption: str | None = None
    page_type: str | None = None


def read_metadata(
    tree: HtmlElement, url: str, outlet_name: str, brands: Sequence[str], family: str
) -> Metadata:
    """What the page says of itself. Reads the tree and changes nothing in it; never raises.

    Two sets of og tags: the first that is not empty counts. Dates of modification are no clues,
    dates in sidebars and in lists of other articles neither. canonical is in canonical form, None
    if the page names no other address or only the site's front page.
    """
    metas = _metas(tree)
    for key, value in _layer(tree):
        metas.setdefault(key, []).append(value)
    linked = read_jsonld(tree, url)
    own = own_names([outlet_name, *brands, *metas.get("og:site_name", ())[:2]], url)
    headline = find_headline(tree, _claims(tree, linked, metas), own)
    people = (linked.people + linked.organisations, linked.editors)
    bylines = read_bylines(headline, people, metas, own)
    described = _first(metas, "og:description", "description", "twitter:description")
    return Metadata(
        title=headline.title,
        canonical=_canonical(tree, metas, url, family),
        clues=date_clues(headline, linked.published, metas, url),
        byline=bylines.byline,
        generic_byline=bylines.generic,
        editor=bylines.editor,
        section=_section(tree, headline, linked, metas),
        keywords=_keywords(tree, headline, linked, metas),
        description=described or linked.description,
        image_caption=_caption(headline) or linked.caption,
        page_type=linked.article_type or _first(metas, "og:type"),
    )


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of meta tags by lower-case name, in the page's order, without empty ones."""
    found: dict[str, list[str]] = {}
    for meta, _ in zip(tree.iter("meta"), range(MAX_METAS), strict=False):
        content = (meta.get("content") or "").strip()[: 2 * MAX_TEXT]
        for attribute in ("property", "name", "itemprop"):
            key = (meta.get(attribute) or "").strip().lower()
            if content and key and not (attribute == "itemprop" and key.startswith("date")):
                found.setdefault(key, []).append(content)
    return found


def _layer(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for script in tree.iter("script"):
        source = script.text or ""
        if "ld+json" in (script.get("type") or "") or len(source) < 20:
            continue
        for found in _LAYER.finditer(source[:_MAX_LAYER]):
            yield found[1].lower(), found[2] or found[3]


def _claims(
    tree: HtmlElement, linked: LinkedArticle, metas: Mapping[str, Sequence[str]]
) -> list[str]:
    """What the page says its title is, best first."""
    claims = [linked.headline or ""]
    for key in ("og:title", "twitter:title", "title"):
        claims += metas.get(key, ())[:2]
    titles = (each for each in tree.iter("title") if each.getparent() is not None)
    claims += [words_of(title) for title, _ in zip(titles, range(2), strict=False)]
    return [tidy(claim) for claim in claims if claim]


def _first(metas: Mapping[str, Sequence[str]], *keys: str) -> str | None:
    texts = (tidy(text)[:MAX_TEXT] for key in keys for text in metas.get(key, ()))
    return next((text for text in texts if text), None)


def _canonical(
    tree: HtmlElement, metas: Mapping[str, Sequence[str]], url: str, family: str
) -> str | None:
    links = [
        link.get("href") or ""
        for link in tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    for address in [*links[:2], *metas.get("og:url", ())[:2]]:
        try:
            canonical = canonicalise(urljoin(url, address.strip()), family)
        except ValueError:  # BadURL, or what urljoin cannot split
            continue
        parts = urlsplit(canonical)
        if address.strip() and (parts.path.strip("/") or parts.query):
            return canonical
    return None


def _section(
    tree: HtmlElement,
    headline: Headline,
    linked: LinkedArticle,
    metas: Mapping[str, Sequence[str]],
) -> str | None:
    said = [linked.section, _first(metas, "article:section", "content_category", "rubrik")]
    found: Iterable[str | None] = [*said, *reversed(_breadcrumb(headline)), *_near(tree, headline)]
    title = folded(headline.title)
    for text in found:
        plain = folded(text or "")
        if text and plain not in _NO_SECTION | _HOMES | {title, ""} and len(text) <= 60:
            return text
    return None


def _breadcrumb(headline: Headline) -> list[str]:
    """The links of the first breadcrumb trail after the home page's."""
    trails = [sight.element for sight in headline.sights if "crumb" in sight.marks]
    for trail in trails[:5]:
        links = [words_of(link) for link, _ in zip(trail.iter("a"), range(8), strict=False)]
        if len(links) > 1:
            return links[1:]
    return []


def _near(tree: HtmlElement, headline: Headline) -> Iterator[str]:
    """The categories linked around the headline, the nearest first."""
    levels = [
        (level, number, link)
        for number, link in enumerate(tree.xpath(_CATEGORY_LINKS)[:80])
        if (level := headline.nearness(link)) is not None and level <= 4
    ]
    yield from (words_of(link) for _, _, link in sorted(levels, key=lambda each: each[:2]))


def _keywords(
    tree: HtmlElement,
    headline: Headline,
    linked: LinkedArticle,
    metas: Mapping[str, Sequence[str]],
) -> tuple[str, ...]:
    """Tags and keywords once each, as spelled first."""
    stated = [*linked.keywords, *metas.get("article:tag", ())]
    for key in ("news_keywords", "content_tags", "keywords"):
        stated += metas.get(key, ())[:1]
    links = ((link, headline.nearness(link)) for link in tree.xpath(_TAG_LINKS)[:80])
    shown = [words_of(link) for link, level in links if level is not None and not 6 < level < 99]
    words = (tidy(word).lstrip("# ") for text in [*stated, *shown] for word in text.split(","))
    distinct: dict[str, str] = {}
    for word in words:
        if word and len(word) <= 60 and not re.match(r"\w+:\w", word):
            distinct.setdefault(word.casefold(), word)
    return tuple(distinct.values())[:MAX_KEYWORDS]


def _caption(headline: Headline) -> str | None:
    """The caption of the picture nearest to the headline."""
    best: tuple[int, str] | None = None
    for element, _, marks in headline.sights:
        if element.tag != "figcaption" and "caption" not in marks:
            continue
        level = headline.nearness(element)
        if level is None or (best is not None and level >= best[0]):
            continue
        text = words_of(element)
        if 5 < len(text) <= MAX_TEXT:
            best = level, text
    return best[1] if best else None
