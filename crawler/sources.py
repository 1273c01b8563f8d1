"""Reads a feed, sitemap or listing page: which articles it names, and what it says of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

import feedparser
import lxml.etree
import lxml.html

from crawler.document import parse
from crawler.outlets import Outlet
from crawler.urls import BadURL, canonicalise, is_article_url, same_site
from store.records import Candidate

MAX_CANDIDATES = 1000  # a news sitemap holds at most 1,000 addresses
MAX_TEXT = 500  # what is kept of a title or summary a source gives
FEED_TYPES = ("application/rss+xml", "application/atom+xml")


class UnreadableSource(Exception):
    """A source gave something that is no feed, sitemap or listing; the message says what."""


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What a source names: articles, and further sitemaps to read."""

    candidates: tuple[Candidate, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_source(
    kind: str, body: bytes, content_type: str, url: str, outlet: Outlet, selectors: Sequence[str]
) -> SourceReading:
    """The candidates a source names, newest first as it lists them. Raises UnreadableSource."""
    if kind == "feed":
        return SourceReading(tuple(feed_candidates(body, content_type, url, outlet)))
    if kind == "sitemap":
        return read_sitemap(body, url, outlet)
    if kind == "listing":
        return SourceReading(tuple(listing_candidates(body, content_type, url, outlet, selectors)))
    raise UnreadableSource(f"{url}: sources of kind {kind} cannot be read yet")


def feed_candidates(
    body: bytes, content_type: str, url: str, outlet: Outlet
) -> Iterable[Candidate]:
    """The entries of an RSS or Atom feed. `bozo` alone refuses nothing: real Indonesian feeds
    begin with a blank line and are whole all the same."""
    headers = {"content-type": content_type, "content-location": url}
    feed = feedparser.parse(io.BytesIO(body.lstrip()), response_headers=headers)
    if not feed.entries and not feed.version:
        problem = feed.get("bozo_exception") or "no entries"
        raise UnreadableSource(f"{url}: not a feed ({str(problem)[:120]})")
    found = []
    for entry in feed.entries[:MAX_CANDIDATES]:
        link = entry.get("link") or (entry.get("id") if entry.get("guidislink") else None)
        found.append(
            candidate(
                link,
                url,
                outlet,
                title=entry.get("title"),
                published=entry.get("published") or entry.get("updated"),
                summary=entry.get("summary"),
            )
        )
    return distinct(found)


def read_sitemap(body: bytes, url: str, outlet: Outlet) -> SourceReading:
    """The pages of a sitemap with their news dates, or the sitemaps an index names (the newest
    first, when it says when they changed)."""
    parser = lxml.etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = lxml.etree.fromstring(body.lstrip(), parser)
    except lxml.etree.XMLSyntaxError as error:
        raise UnreadableSource(f"{url}: not a sitemap ({error})") from error
    if root is None or local(root.tag) not in ("urlset", "sitemapindex"):
        raise UnreadableSource(f"{url}: not a sitemap")
    rows = [leaves(node) for node in root if isinstance(node.tag, str)]
    if local(root.tag) == "sitemapindex":
        newest = sorted(rows, key=lambda row: row.get("lastmod", ""), reverse=True)
        inner = [urljoin(url, row["loc"]) for row in newest if row.get("loc")]
        return SourceReading(sitemaps=tuple(u for u in inner if same_site(u, outlet.all_hosts)))
    rows.sort(key=lambda row: row.get("publication_date") or row.get("lastmod", ""), reverse=True)
    found = [
        candidate(
            row.get("loc"),
            url,
            outlet,
            title=row.get("title"),
            published=row.get("publication_date"),
        )
        for row in rows[:MAX_CANDIDATES]
    ]
    return SourceReading(tuple(distinct(found)))


def local(tag: object) -> str:
    """A tag without its namespace, which sitemaps in the wild get wrong."""
    return str(tag).rpartition("}")[2].lower()


def leaves(node: lxml.etree._Element) -> dict[str, str]:
    """The texts of a sitemap entry by their tag: loc, lastmod, publication_date, title."""
    found: dict[str, str] = {}
    for leaf in node.iter():
        if isinstance(leaf.tag, str) and leaf.text and leaf.text.strip():
            found.setdefault(local(leaf.tag), leaf.text.strip())
    return found


def listing_candidates(
    body: bytes, content_type: str, url: str, outlet: Outlet, selectors: Sequence[str]
) -> Iterable[Candidate]:
    """The articles a listing page links to in its main column. Raises UnreadableSource when no
    selector of the family finds one: a changed layout must be seen, not taken for silence."""
    tree = parse(body, content_type).tree
    found: list[Candidate | None] = []
    for selector in selectors:
        for link in tree.cssselect(selector):
            title = " ".join(link.text_content().split()) or link.get("title")
            found.append(candidate(link.get("href"), url, outlet, title=title))
    kept = distinct(found)
    if not kept:
        raise UnreadableSource(f"{url}: no links to articles where this family lists them")
    return kept


def declared_feeds(body: bytes, content_type: str, url: str, outlet: Outlet) -> tuple[str, ...]:
    """The feeds a page declares in its head, without feeds of comments, best first."""
    tree = parse(body, content_type).tree
    found: list[str] = []
    for link in tree.iter("link"):
        rel, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").lower()
        if "alternate" not in rel or kind not in FEED_TYPES:
            continue
        try:
            address = urljoin(url, (link.get("href") or "").strip())
            path = urlsplit(address).path
        except ValueError:
            continue
        comments = "/comments/" in path or (path.count("/feed") and path.strip("/") != "feed")
        if not comments and same_site(address, outlet.all_hosts) and address not in found:
            found.append(address)
    return tuple(sorted(found, key=len))


def candidate(
    link: str | None,
    base: str,
    outlet: Outlet,
    *,
    title: str | None = None,
    published: str | None = None,
    summary: str | None = None,
) -> Candidate | None:
    """A link as a candidate, or None when it cannot be an article of this outlet."""
    if not link:
        return None
    try:
        address = urljoin(base, link.strip())
        canonical = canonicalise(address, outlet.family)
        home = canonicalise(outlet.home, outlet.family)
    except (BadURL, ValueError):
        return None
    if canonical == home or not same_site(address, outlet.all_hosts):
        return None
    if is_article_url(canonical, outlet.family) is False:
        return None
    return Candidate(
        canonical, fetchable(address), short(title), short(published, 100), short(summary)
    )


def fetchable(address: str) -> str:
    """The address to ask for: as the source gave it, without its fragment."""
    return address.partition("#")[0]


def short(text: str | None, most: int = MAX_TEXT) -> str | None:
    """A source's words on one line and bounded; None when there are none."""
    line = " ".join(unescape(text).split()) if text else ""
    return line[:most] or None


def distinct(found: Iterable[Candidate | None]) -> list[Candidate]:
    """Each article once, in the order of the source; the first naming wins."""
    kept: dict[str, Candidate] = {}
    for item in found:
        if item is not None:
            kept.setdefault(item.url, item)
    return list(kept.values())[:MAX_CANDIDATES]
