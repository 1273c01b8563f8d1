"""What a source names: candidates for articles of one outlet, and where its older ones stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

from crawler.outlets import Outlet
from crawler.urls import BadURL, canonicalise, is_article_url, same_site
from store.records import Candidate

MAX_CANDIDATES = 1000  # a news sitemap holds at most 1,000 addresses
MAX_TEXT = 500  # what is kept of a title or summary a source gives
MAX_MARKUP = 50_000  # what of a source's words is looked through for these
_INLINE = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|small|mark|sup|sub)\b[^<>]*>", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


class UnreadableSource(Exception):
    """A source gave something that is no feed, sitemap, listing or list of posts; the message
    says what."""


@dataclass(frozen=True, slots=True)
class SourceReading:
    """What a source names: articles, further sitemaps to read, and where its older entries stand
    if it says so itself (the address of its next page). changed: when a sitemap says a page was
    changed last, by canonical URL; it came out no later. fresh_s: for how many seconds a feed
    says that it will not change."""

    candidates: tuple[Candidate, ...] = ()
    sitemaps: tuple[str, ...] = ()
    older: str | None = None
    changed: Mapping[str, str] = field(default_factory=dict)
    fresh_s: float = 0.0


def candidate(
    link: object,
    base: str,
    outlet: Outlet,
    *,
    title: object = None,
    published: object = None,
    summary: object = None,
) -> Candidate | None:
    """A link as a candidate, or None when it cannot be an article of this outlet."""
    if not isinstance(link, str) or not link.strip():
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
        url=canonical,
        fetch_url=fetchable(address),
        title=one_line(title),
        published=one_line(published, 100),
        summary=one_line(summary),
    )


def fetchable(address: str) -> str:
    """The address to ask for: as the source gave it, without its fragment."""
    return address.partition("#")[0]


def one_line(text: object, most: int = MAX_TEXT) -> str | None:
    """A source's words on one line, bounded and without markup, be it escaped once or twice;
    None when there are none."""
    if not isinstance(text, str):
        return None
    line = unescape(text[:MAX_MARKUP])
    line = unescape(_TAG.sub(" ", _INLINE.sub("", line)))
    return " ".join(_CONTROL.sub("", line).split())[:most] or None


def distinct(found: Iterable[Candidate | None]) -> tuple[Candidate, ...]:
    """Each article once, in the order of the source; the first naming wins."""
    kept: dict[str, Candidate] = {}
    for item in found:
        if item is not None:
            kept.setdefault(item.url, item)
    return tuple(kept.values())[:MAX_CANDIDATES]


def on_site(href: object, base: str, outlet: Outlet) -> str | None:
    """The absolute address of a link, without its fragment, if it stays on the outlet's site."""
    if not isinstance(href, str) or not href.strip():
        return None
    try:
        address = fetchable(urljoin(base, href.strip()))
    except ValueError:
        return None
    return address if same_site(address, outlet.all_hosts) else None
