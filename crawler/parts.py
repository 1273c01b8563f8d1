"""Articles split over several addresses: which comes next, and how their texts become one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.headline import folded, marks_of, words_of
from crawler.urls import BadURL, identity, is_article_url, is_part_number

MAX_LINKS = 3_000
MAX_PART = 60  # no article met has more pages
MAX_OFFSET = 600  # paragraphs; the same limit for bacakoran's and disway's offsets
HEAD = 6  # paragraphs of a later part in which a page repeats its title, lead and summary

_WHOLE = MAX_OFFSET + 1
_PAGER = re.compile(
    r"pag(?:ing|ination|er\b|es\b|elink|enav|e-link|e-number)|prevnext|nav_link|halaman|multipage"
    r"|post-page|nextpage",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|komentar|respond|disqus", re.IGNORECASE)
_NEXT_WORDS = re.compile(
    r"\W*(?:\d{1,3}|(?:halaman\s)?(?:ber|se)?(?:selanjutnya|ikutnya|lanjut)|(?:halaman|page|hal\.?)\s\d+"
    r"|next(?:\spage)?|lanjut(?:kan)?(?:\smembaca)?|baca\s(?:halaman\s)?selanjutnya|baca\sselengkapnya"
    r"|(?:tampilkan|lihat|baca|show)\s(?:semua|all|full)(?:\shalaman)?|semua(?:\shalaman)?|all|[›»>→]+)\W*",
    re.IGNORECASE,
)
_OFFSET_FAMILIES = ("bacakoran", "disway")


@dataclass(frozen=True, slots=True)
class Part:
    """The address of more of an article. whole: it holds the article from its start and replaces
    what has been read; otherwise it follows."""

    url: str
    whole: bool = False


def continuation(tree: HtmlElement, url: str, family: str) -> Part | None:
    """Where the article goes on, as an absolute address, None if it ends here.

    Only an address of the same host and the same article that lies further on, linked from a
    pager or by words such as "Selanjutnya"; the whole article on one page where that is offered.
    Never the next page of a listing, of comments, or the next article. Forms: cms_families.md 1.3,
    2.1, 4 to 9.
    """
    here = _place(url, family)
    if here is None or here.number == _WHOLE or is_article_url(url, family) is False:
        return None
    found: dict[int, str] = {}
    name = here.article.rpartition("#")[2].rstrip("/").rpartition("/")[2]
    for link, address in _links(tree, url, name):
        there = _place(address, family)
        if there is None or there.article != here.article or there.is_amp != here.is_amp:
            continue
        forward = here.number < there.number <= _WHOLE
        if forward and (there.number in found or _leads_on(link)):
            found.setdefault(there.number, address)
    if not found:
        return None
    if _WHOLE in found:
        return Part(found[_WHOLE], whole=True)
    return Part(found[min(found)])


def join_parts(parts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The paragraphs of all parts once, in order.

    What a later part repeats is left out: any longer paragraph that stood before, and near its
    top also short ones and beginnings cut off with dots.
    """
    joined: list[str] = []
    seen: set[str] = set()
    for number, part in enumerate(parts):
        for place, paragraph in enumerate(part):
            near_top = number > 0 and place < HEAD
            if number == 0 or not _repeats(paragraph, seen, near_top):
                joined.append(paragraph)
        seen.update(map(folded, part))
    return tuple(joined)


def _repeats(paragraph: str, seen: set[str], near_top: bool) -> bool:
    plain = folded(paragraph)
    if plain in seen:
        return near_top or len(plain) >= 25
    cut_off = near_top and paragraph.rstrip(" \"”'").endswith(("...", "…"))
    return cut_off and len(plain) >= 20 and any(each.startswith(plain) for each in seen)


@dataclass(frozen=True, slots=True)
class _Place:
    """Which part of which article an address means."""

    article: str
    number: int
    is_amp: bool


def _place(url: str, family: str) -> _Place | None:
    try:
        article = identity(url, family)
        pieces = urlsplit(url)
        query = dict(parse_qsl(pieces.query[:2_000], max_num_fields=50))
    except (BadURL, ValueError):
        return None
    segments = [segment for segment in pieces.path.split("/") if segment]
    is_amp = "amp" in (segments[:1] + segments[-1:]) or "amp" in query
    segments = [segment for segment in segments if segment != "amp"]
    if "replytocom" in query or "cpage" in query:
        return None
    if query.get("page") == "all" or query.get("single") == "1" or segments[-1:] == ["all"]:
        return _Place(article, _WHOLE, is_amp)
    if query.get("page", "").isdecimal():
        number = int(query["page"][:6])
        return _Place(article, number, is_amp) if number <= MAX_PART else None
    read = ["read", *segments] if is_amp and "read" not in segments else segments
    number = 1
    if len(read) > 1 and is_part_number(read, family) and read[-1].isdecimal():
        number = int(read[-1])
    elif family in _OFFSET_FAMILIES:
        number = 0
    most = MAX_OFFSET if family in _OFFSET_FAMILIES else MAX_PART
    return _Place(article, number, is_amp) if number <= most else None


def _links(tree: HtmlElement, url: str, name: str) -> Iterator[tuple[HtmlElement, str]]:
    """The links that may mean the article of this name (number or slug), with their addresses."""
    links = tree.iter("a", "link")
    for link, _ in zip(links, range(MAX_LINKS), strict=False):
        address = (link.get("href") or "").strip()
        if not address or address.startswith(("#", "javascript:", "mailto:")):
            continue
        if name not in address and not (address[0] == "?" or len(address) < 9):
            continue
        if link.tag == "link" and (link.get("rel") or "").lower() != "next":
            continue
        if "#" in address and _COMMENTS.search(address.partition("#")[2]):
            continue
        try:
            yield link, urljoin(url, address).partition("#")[0]
        except ValueError:
            continue


def _leads_on(link: HtmlElement) -> bool:
    """Whether a link is one of a pager or says that the article goes on."""
    if link.tag == "link" or "next" in (link.get("rel") or ""):
        return True
    above = [link, *(each for each, _ in zip(link.iterancestors(), range(4), strict=False))]
    marks = " ".join(marks_of(each) for each in above)
    if _COMMENTS.search(marks):
        return False
    return bool(_PAGER.search(marks) or _NEXT_WORDS.fullmatch(words_of(link)[:60]))
