"""Reads listing pages: the articles of the main column, and where the older ones are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.candidates import SourceReading, UnreadableSource, candidate, distinct, on_site
from crawler.document import TooLarge, Unreadable, parse
from crawler.outlets import Outlet

SIDE_TAGS = frozenset({"aside", "nav", "footer"})
# Whole classes and ids of side columns; parts of words would hit "has-sidebar" on the body.
SIDE_NAMES = frozenset(
    "sidebar secondary widget-area sidebar-primary primary-sidebar main-sidebar jeg_sidebar"
    " td-pb-sidebar td-main-sidebar site-footer mega-menu mega-menu-news tabwidget"
    " jeg_megamenu jeg_newsfeed td_mega_menu_sub_cats td-mega-menu mvp-side-wrap".split()
)
PAGERS = (
    "link[rel~='next']",
    "a[rel~='next']",
    "a.next",
    "a[aria-label='Next']",
    ".pagination li.active + li a",
)
LIST_OF = 3  # links that make a list; a selector that finds fewer is not believed alone
_ONWARD = re.compile(r"(?:selanjutnya|berikutnya|next|older|lebih lama|»|›|>)\s*(?:»|›|>)?", re.I)


def read_listing(
    body: bytes, content_type: str, url: str, outlet: Outlet, selectors: Sequence[str]
) -> SourceReading:
    """The articles a page links to where the outlet's family lists them, menus and side columns
    left out, and the next page of the listing. Raises UnreadableSource when there are none: a
    changed layout must be seen, not taken for silence."""
    try:
        tree = parse(body, content_type).tree
    except (TooLarge, Unreadable) as error:
        raise UnreadableSource(f"{url}: not a listing ({error})") from error
    groups = [
        distinct(
            candidate(link.get("href"), url, outlet, title=title_of(link))
            for link in tree.cssselect(selector)
            if not stands_aside(link)
        )
        for selector in selectors
    ]
    listed = (group for group in groups if len(group) >= LIST_OF)
    found = next(listed, None) or distinct(each for group in groups for each in group)
    if not found:
        raise UnreadableSource(f"{url}: no links to articles where this family lists them")
    return SourceReading(found, older=next_page(tree, url, outlet))


def title_of(link: HtmlElement) -> str | None:
    """The headline a link shows, or its title where it shows only a picture."""
    shown: str = link.text_content()
    return shown if shown.strip() else link.get("title")


def stands_aside(link: HtmlElement) -> bool:
    """Whether a link stands in a menu, a side column or the page's foot."""
    for parent in link.iterancestors():
        if parent.tag in ("body", "html"):
            return False
        names = {*(parent.get("class") or "").lower().split(), (parent.get("id") or "").lower()}
        if parent.tag in SIDE_TAGS or names & SIDE_NAMES:
            return True
    return False


def next_page(tree: HtmlElement, url: str, outlet: Outlet) -> str | None:
    """Where the listing goes on, if its pager says so."""
    for link in pager_links(tree):
        address = on_site(whole_path(link.get("href") or "", url), url, outlet)
        if address is not None and address != url:
            return address
    return None


def pager_links(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The links that lead on, the surest first."""
    for selector in PAGERS:
        yield from tree.cssselect(selector)
    for link in tree.cssselect(".pagination a, .paging a, .pager a, .nav-links a"):
        if _ONWARD.fullmatch(" ".join(link.text_content().split())):
            yield link


def whole_path(href: str, url: str) -> str:
    """A pager's link from the host's root: ANTARA writes `lampung-update/2` on the page
    /lampung-update/1, which read as usual would double the section."""
    first = href.strip().partition("/")[0]
    if first and not re.search(r"[:?#.]", first) and "/" in href:
        here = urlsplit(url).path.strip("/").split("/")
        if len(here) > 1 and here[0] == first:
            return f"/{href.strip()}"
    return href
