"""Reads a feed, sitemap, listing or list of posts: which articles it names, and what it says."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.candidates import SourceReading, UnreadableSource
from crawler.feeds import declared_feeds, read_feed
from crawler.listings import read_listing
from crawler.outlets import Outlet
from crawler.sitemaps import read_sitemap
from crawler.wordpress_posts import read_posts

__all__ = ["SourceReading", "UnreadableSource", "declared_feeds", "read_source"]


def read_source(
    kind: str, body: bytes, content_type: str, url: str, outlet: Outlet, selectors: Sequence[str]
) -> SourceReading:
    """What a source of this kind (contract, Outlet TOML) names. Whatever the bytes are, it gives
    a reading or raises UnreadableSource."""
    if kind == "feed":
        return read_feed(body, content_type, url, outlet)
    if kind == "sitemap":
        return read_sitemap(body, url, outlet)
    if kind == "listing":
        return read_listing(body, content_type, url, outlet, selectors)
    if kind == "wp_rest":
        return read_posts(body, url, outlet)
    raise UnreadableSource(f"{url}: there is no source of kind {kind}")
