"""Reads sitemaps and their indexes: packed or plain, with or without their namespaces."""

from __future__ import annotations

import re
import zlib
from urllib.parse import urlsplit

import lxml.etree

from crawler.candidates import (
    MAX_CANDIDATES,
    SourceReading,
    UnreadableSource,
    candidate,
    distinct,
    on_site,
)
from crawler.outlets import Outlet
from store.records import Candidate

MAX_UNPACKED = 50_000_000  # bytes; sitemaps.org: a sitemap holds at most 50 MB unpacked
GZIP = b"\x1f\x8b"
# What an index names besides articles: terms, authors, fixed pages, pictures (Yoast, core, Tribun).
_OTHER = re.compile(r"categor|kategori|tax|tag|author|users|penulis|page-|pages|image|video|local")
_NEWS = re.compile(r"news|berita")


def read_sitemap(body: bytes, url: str, outlet: Outlet) -> SourceReading:
    """The pages of a sitemap with their news dates, newest first; or the sitemaps an index names:
    those of news first, then the newest, those of terms, authors and pictures last. Raises
    UnreadableSource."""
    root = parsed(body, url)
    rows = [leaves(node) for node in root if isinstance(node.tag, str)]
    if local(root.tag) == "sitemapindex":
        rows.sort(key=lambda row: row.get("lastmod", ""), reverse=True)
        inner = [on_site(row.get("loc"), url, outlet) for row in rows]
        named = dict.fromkeys(address for address in inner if address)
        return SourceReading(sitemaps=tuple(sorted(named, key=remoteness)))
    rows.sort(key=lambda row: row.get("publication_date") or row.get("lastmod", ""), reverse=True)
    rows = rows[:MAX_CANDIDATES]
    entries = [(entry_candidate(row, url, outlet), row.get("lastmod")) for row in rows]
    found = distinct(item for item, _ in entries)
    if rows and not found:
        raise UnreadableSource(f"{url}: none of its {len(rows)} entries is an article's address")
    return SourceReading(found, changed={item.url: at for item, at in entries if item and at})


def entry_candidate(row: dict[str, str], url: str, outlet: Outlet) -> Candidate | None:
    """An entry of a sitemap, with its date only where it is said to be that of publication."""
    published = row.get("publication_date")
    return candidate(row.get("loc"), url, outlet, title=row.get("title"), published=published)


def parsed(body: bytes, url: str) -> lxml.etree._Element:
    """The root of a sitemap; no entity is expanded, nothing fetched. Raises UnreadableSource."""
    body = unpacked(body, url).lstrip()
    parser = lxml.etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = lxml.etree.fromstring(body, parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UnreadableSource(f"{url}: not a sitemap ({error})") from error
    if root is None or local(root.tag) not in ("urlset", "sitemapindex"):
        raise UnreadableSource(f"{url}: not a sitemap")
    return root


def unpacked(body: bytes, url: str) -> bytes:
    """A sitemap.xml.gz unpacked, at most 50 MB of it; what is not packed stays as it is."""
    if not body.startswith(GZIP):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_UNPACKED)
    except zlib.error as error:
        raise UnreadableSource(f"{url}: not a packed sitemap ({error})") from error
    if unpacker.unconsumed_tail:
        raise UnreadableSource(f"{url}: over {MAX_UNPACKED:,} bytes unpacked")
    return plain


def local(tag: object) -> str:
    """A tag without its namespace or prefix, which sitemaps in the wild get wrong."""
    return re.split("[}:]", str(tag))[-1].lower()


def leaves(node: lxml.etree._Element) -> dict[str, str]:
    """The texts of a sitemap's entry by their tag: loc, lastmod, and of its news part
    publication_date and title. Pictures and films have a loc, a title and a date of their own."""
    found: dict[str, str] = {}
    for leaf in node.iter():
        parent = leaf.getparent()
        if not isinstance(leaf.tag, str) or parent is None or not (leaf.text or "").strip():
            continue
        if parent is node or local(parent.tag) == "news":
            found.setdefault(local(leaf.tag), (leaf.text or "").strip())
    return found


def remoteness(address: str) -> int:
    """Sorts the sitemaps of an index, keeping their order otherwise."""
    path = urlsplit(address).path.lower()
    name = path.rpartition("/")[2]
    if _OTHER.search(name) and not _NEWS.search(name):
        return 2
    return 0 if _NEWS.search(path) else 1
