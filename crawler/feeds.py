"""Reads RSS, Atom and RDF feeds as they are met: with blank first lines, wrong types, odd links."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from xml.sax import SAXException

import feedparser

from crawler.candidates import (
    MAX_CANDIDATES,
    SourceReading,
    UnreadableSource,
    candidate,
    distinct,
    on_site,
)
from crawler.document import TooLarge, Unreadable, parse
from crawler.freshness import ttl
from crawler.outlets import Outlet
from store.records import Candidate

MAX_CONTENT = 100_000  # code points of an entry's full text; a longer one is no news item
FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml"}
)
# What feedparser itself raises on mangled encodings and namespaces (UnicodeError is a ValueError).
FAULTS = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)
PART = frozenset("category kategori kanal rubrik tag tags label topik topic author penulis".split())
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_COMMENTS = re.compile(r"comment|komentar|tanggapan", re.I)


def read_feed(body: bytes, content_type: str, url: str, outlet: Outlet) -> SourceReading:
    """The articles a feed names and its next page, if it links to one (RFC 5005).

    `bozo` alone refuses nothing: real Indonesian feeds begin with a blank line and are whole all
    the same. Raises UnreadableSource for what is no feed, and for a feed whose entries all lead
    elsewhere (some name the home page as the link of every item).
    """
    feed = parsed(body, content_type, url)
    problem = feed.get("bozo_exception")
    entries = feed.get("entries", [])[:MAX_CANDIDATES]
    if not entries and not feed.get("version"):
        raise UnreadableSource(f"{url}: not a feed ({str(problem or 'no entries')[:120]})")
    if not entries and isinstance(problem, SAXException):
        raise UnreadableSource(f"{url}: a feed that breaks off before its first entry ({problem})")
    found = distinct(entry_candidate(entry, url, outlet) for entry in entries)
    if entries and not found:
        link = str(entries[0].get("link") or "no link")[:120]
        raise UnreadableSource(
            f"{url}: none of its {len(entries)} entries names an article of this outlet ({link})"
        )
    head = feed.get("feed", {})
    links = head.get("links", ())
    following = (link.get("href") for link in links if is_next(link))
    older = on_site(next(following, None), url, outlet)
    return SourceReading(found, older=older, fresh_s=ttl(head.get("ttl")))


def parsed(body: bytes, content_type: str, url: str) -> Any:
    """The feed as feedparser gives it. What makes feedparser itself fail is tried once more as
    plain UTF-8; UnreadableSource when that fails too."""
    headers = {"content-type": content_type, "content-location": url}
    start = body.lstrip()
    # In UTF-16 a blank is two bytes: taking one away would shift all that follow.
    body = body if start[:1] == b"\x00" else start
    plain = _DECLARATION.sub("", body.decode("utf-8", "replace")).replace("\x00", "")
    for attempt in (body, plain.encode()):
        try:
            return feedparser.parse(
                io.BytesIO(attempt),
                response_headers=headers,
                resolve_relative_uris=False,
                sanitize_html=False,
            )
        except FAULTS as error:
            problem = f"{type(error).__name__}: {str(error)[:100]}"
    raise UnreadableSource(f"{url}: not a feed ({problem})")


def entry_candidate(entry: Mapping[str, Any], url: str, outlet: Outlet) -> Candidate | None:
    """An entry by the first of its addresses that can be an article: its link, the link behind a
    feed service's, its permanent id."""
    published = entry.get("published") or ("updated" in entry and entry["updated"]) or None
    for key in ("link", "feedburner_origlink", "id"):
        found = candidate(
            entry.get(key),
            url if key == "link" else "",
            outlet,
            title=entry.get("title"),
            published=published,
            summary=entry.get("summary"),
        )
        if found is not None:
            return replace(found, content=full_text(entry)) if outlet.terms == "full" else found
    return None


def full_text(entry: Mapping[str, Any]) -> str | None:
    """The article's text as HTML, where a feed gives it in full (content:encoded, Atom content)."""
    for part in entry.get("content") or ():
        value = part.get("value") if isinstance(part, Mapping) else None
        if isinstance(value, str) and len(value) <= MAX_CONTENT:
            return value
    return None


def is_next(link: Mapping[str, Any]) -> bool:
    """Whether a feed's link leads to its older entries."""
    return link.get("rel") == "next"


def declared_feeds(body: bytes, content_type: str, url: str, outlet: Outlet) -> tuple[str, ...]:
    """The feeds a page declares in its head: the site's before those of its categories, none of
    comments. Empty for a page that cannot be parsed."""
    try:
        tree = parse(body, content_type).tree
    except (TooLarge, Unreadable):
        return ()
    found: list[str] = []
    for link in tree.iter("link"):
        rel, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").lower()
        if "alternate" not in rel or kind.partition(";")[0].strip() not in FEED_TYPES:
            continue
        address = on_site(link.get("href"), url, outlet)
        if address is None or address in found:
            continue
        if not is_of_comments(address, link.get("title") or ""):
            found.append(address)
    return tuple(sorted(found, key=breadth))


def is_of_comments(address: str, title: str) -> bool:
    """Whether a feed is one of comments: by its title, its address, or because it hangs below
    one page (WordPress declares /<page>/feed/ for the comments of that page)."""
    parts = urlsplit(address)
    if _COMMENTS.search(f"{parts.path}?{parts.query}") or _COMMENTS.search(title):
        return True
    segments = parts.path.strip("/").lower().split("/")
    return len(segments) == 2 and segments[1] == "feed" and segments[0].count("-") >= 3


def breadth(address: str) -> tuple[bool, int, int]:
    """Sorts feeds: those of the whole site first."""
    path = urlsplit(address).path.strip("/").lower()
    segments = path.split("/")
    return bool(PART & set(segments)), len(segments), len(address)
