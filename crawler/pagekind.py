"""Tells an article's page from listings, galleries, block pages, empty shells and soft 404s."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lxml.html import HtmlElement

from crawler.headline import marks_of, words_of
from crawler.hygiene import tidy
from crawler.urls import is_article_url

PageKind = Literal["article", "index_page", "gallery", "blocked", "empty", "gone"]

# Code points of running text. The shortest articles met have about 150 in one paragraph
# (facts/cms_families.md 12); a listing's excerpts are as long but stand apart from each other.
LITTLE, SOME, MUCH = 120, 400, 1_200
MAX_ELEMENTS = 25_000

_UNREAD_TAGS = """script style noscript template nav footer select button aside svg head
    option textarea iframe"""
_UNREAD = frozenset(_UNREAD_TAGS.split())
_CHALLENGE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|akses ditolak"
    r"|checking your browser|sucuri website firewall|ddos protection|are you (?:a )?(?:human|robot)"
    r"|request (?:rejected|blocked)|pardon our interruption|verif(?:ying|y) you are human"
    r"|403 forbidden|\bcaptcha\b|web application firewall|bot verification|human verification"
    r"|the request could not be satisfied|one moment, please|imunify360|error 1015|rate limited",
    re.IGNORECASE,
)
_CHALLENGE_MARKS = re.compile(
    r"cf-chl|_cf_chl_opt|challenge-platform|sucuri_cloudproxy|incapsula|_incap_|px-captcha|imunify"
    r"|h-?captcha|cf-turnstile|awswaf|cf-error-details|/aes\.js|slowaes",
    re.IGNORECASE,
)
_MISSING = r"tidak (?:dapat )?(?:di)?temu(?:kan)?"
_GONE = re.compile(
    rf"\W*(?:error\s?)?404\b.{{0,60}}|.{{0,30}}\b(?:halaman|laman)\b.{{0,30}}\b{_MISSING}.{{0,40}}"
    r"|\W*(?:(?:oops|ups|maaf|sorry)\W*)?(?:page|halaman|artikel|berita|konten|post|nothing|content)"
    r"(?: yang (?:anda|kamu) cari)?(?: (?:was|is|could|can|cannot))?"
    rf" (?:not (?:be )?found|found|{_MISSING}|tidak (?:ada|tersedia)|(?:telah|sudah) dihapus)"
    r"\W*(?:[-|–].{0,60})?|\W*(?:oops|ups)\W*",
    re.IGNORECASE,
)
_LISTING_TITLE = re.compile(
    r"(?:kategori|category|tags?|label|arsip|archives?|topik|topic|indeks|index|search results?"
    r"|hasil pencarian|pencarian|author|penulis|kumpulan berita)\s*[:\-–|\"“'].{0,120}"
    r"|(?:indeks|index|arsip|archives?|hasil pencarian|search results?)(?:\s.{0,60})?",
    re.IGNORECASE,
)
_LISTING_BODY = re.compile(
    r"(?:^|\s)(?:archive|category|tag|search|search-results|author|home|blog|post-type-archive"
    r"|tax-\S+|term-\S+|date)(?=\s|$)"
)
_ARTICLE_BODY = re.compile(r"(?:^|\s)(?:single|single-post|postid-\d+|item-view)(?=\s|$)")
_GALLERY_URL = re.compile(
    r"/(?:foto|photos?|galeri|gallery|galeri-foto|foto-berita|video|videos|vidio|tv|infografis)/"
    r"|//(?:foto|video|tv)\."
)
_MEDIA_KINDS = re.compile(r"ImageGallery|MediaGallery|VideoObject|VideoGallery")
_NEWS_KINDS = re.compile(r"\"@type\"\s?:\s?\[?\s?\"(?:News|Reportage)?Article\"|BlogPosting")
_LIST_KINDS = re.compile(
    r"\"@type\"\s?:\s?\[?\s?\"(?:CollectionPage|SearchResultsPage|ProfilePage)\""
)
_SHELLS = frozenset(["root", "app", "__next", "__nuxt", "main-app"])


@dataclass(frozen=True, slots=True)
class _Looks:
    """What one walk over the page has counted. prose is the running text of the one container
    that holds most of it, cards the linked headings."""

    prose: int
    text: int
    cards: int
    media: int
    passwords: int
    shell: bool
    said: str
    scripts: str


def page_kind(tree: HtmlElement, url: str, status: int, title: str) -> PageKind:
    """What kind of page this is, in the contract's words for endings.

    title is the headline as read_metadata gives it. Only several signs together take a page with
    running text for something else than an article; a page with much of it is always one, unless
    it is a listing by its address and its theme's word.
    """
    if status in (404, 410):
        return "gone"
    looks = _look(tree)
    heading = tidy(title)[:200]
    titles = [heading, *(words_of(each)[:200] for each in list(tree.iter("title"))[:1])]
    if looks.prose < MUCH and (status in (401, 403, 429, 503, 451) or _is_challenge(titles, looks)):
        return "blocked"
    if looks.prose < SOME and (any(map(_GONE.fullmatch, titles)) or _is_error_body(tree)):
        return "gone"
    if _is_index(tree, url, heading, looks):
        return "index_page"
    if looks.prose < SOME and _is_gallery(url, looks):
        return "gallery"
    if looks.prose >= LITTLE or looks.text >= SOME:
        return "article"
    return "empty" if looks.shell or looks.text < LITTLE else "article"


def _look(tree: HtmlElement) -> _Looks:
    by_container: dict[HtmlElement, int] = {}
    text = cards = media = passwords = 0
    skipped: set[HtmlElement] = set()
    shell = False
    scripts: list[str] = []
    for element, _ in zip(tree.iter(), range(MAX_ELEMENTS), strict=False):
        tag, parent = element.tag, element.getparent()
        if tag in _UNREAD or parent in skipped:
            skipped.add(element)
        if tag == "script":
            most = 20_000 if "ld+json" in (element.get("type") or "") else 600
            scripts.append(f"{element.get('src') or ''} {(element.text or '')[:most]}")
        passwords += tag == "input" and element.get("type") == "password"
        shell = shell or element.get("id") in _SHELLS
        media += tag in ("img", "video", "iframe", "amp-img", "amp-video")
        cards += tag == "a" and _is_card(element, parent)
        if element not in skipped and tag != "a":
            text += _count(by_container, element, element.text, tag)
        if parent is not None and parent not in skipped and parent.tag != "a":
            text += _count(by_container, parent, element.tail, parent.tag)
    said = words_of(tree)[:1_500]
    prose = max(by_container.values(), default=0)
    return _Looks(prose, text, cards, media, passwords, shell, said, " ".join(scripts)[:60_000])


def _count(
    by_container: dict[HtmlElement, int], element: HtmlElement, text: str | None, tag: object
) -> int:
    """Adds a text node to its container's running text: the block around the paragraph."""
    size = len(text.strip()) if text else 0
    if size < 25:
        return size
    inline = tag in ("span", "b", "strong", "i", "em", "u", "font")
    holder = element.getparent() if inline else element
    if holder is not None and holder.tag in ("p", "li", "td", "blockquote", "center"):
        holder = holder.getparent()
    if tag == "div" and holder is not None and holder.getparent() is not None:
        holder = holder.getparent()  # Blogger: a div for each paragraph
    if holder is not None:
        by_container[holder] = by_container.get(holder, 0) + size
    return size


def _is_card(link: HtmlElement, parent: HtmlElement | None) -> bool:
    """Whether a link is a heading, as on the cards of a listing."""
    if parent is not None and parent.tag in ("h2", "h3", "h4"):
        return True
    return any(child.tag in ("h2", "h3", "h4") for child in link[:4])


def _is_challenge(titles: list[str], looks: _Looks) -> bool:
    if looks.prose >= SOME or looks.cards >= 6:
        return False
    named = any(_CHALLENGE.search(title) for title in titles)
    said = _CHALLENGE.search(looks.said) is not None and looks.cards < 3
    little = looks.prose < LITTLE and looks.text < SOME
    return named or said or (little and bool(_CHALLENGE_MARKS.search(looks.scripts)))


def _is_error_body(tree: HtmlElement) -> bool:
    body = tree.find("body")
    return body is not None and "error404" in marks_of(body).split()


def _is_index(tree: HtmlElement, url: str, title: str, looks: _Looks) -> bool:
    """Several signs of a listing, login or search page outweigh those of an article."""
    body = tree.find("body")
    theme = marks_of(body) if body is not None else ""
    addressed = is_article_url(url, "custom") if url else None
    signs = 2 * (addressed is False) + 2 * bool(_LISTING_TITLE.fullmatch(title))
    signs += 2 * bool(_LISTING_BODY.search(theme)) + bool(_LIST_KINDS.search(looks.scripts))
    signs += (looks.cards >= 6 and looks.prose < SOME) + 3 * bool(
        looks.passwords and looks.prose < LITTLE
    )
    against = 2 * bool(_ARTICLE_BODY.search(theme)) + (addressed is True)
    against += 2 * bool(_NEWS_KINDS.search(looks.scripts)) + (looks.prose >= SOME)
    against += 2 * (looks.prose >= MUCH)
    return signs - against >= 2


def _is_gallery(url: str, looks: _Looks) -> bool:
    """A page of pictures or a film with no more text than captions have."""
    signs = bool(_GALLERY_URL.search(url)) + bool(_MEDIA_KINDS.search(looks.scripts))
    signs += looks.media >= 5 and looks.prose < LITTLE
    return signs >= 2 or (signs == 1 and looks.prose < LITTLE and looks.media > 0)
