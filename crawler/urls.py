"""One address for one article: its canonical form, its identity, and what an address tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

MAX_LENGTH = 2_048


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Parameters that never choose an article (facts/cms_families.md 1.2 and 16; Google, Meta, AMP).
_TRACKING = _words(
    "fbclid gclid dclid gbraid wbraid msclkid yclid igshid igsh mc_cid mc_eid srsltid _ga _gl"
    " amp amp_js_v amp_gsa usqp outputtype noamp pgrelated page single ref replytocom cpage"
    " share nb fb_action_ids _fb_noscript"
)
_MIRRORS = ("www.", "m.", "amp.")
_SUFFIX_ONLY = re.compile(r"(?:co|or|web|my|go|ac|sch|net|biz|desa|com|org)\.[a-z]{2}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*)(?:\.[a-z0-9_][a-z0-9_-]*)*")
_IPV6 = re.compile(r"\[[0-9a-f:.]{2,45}\]")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_YEAR = re.compile(r"(?:19|20)\d\d")

_OFFSET_FAMILIES = ("bacakoran", "disway")
_READ_FAMILIES = (*_OFFSET_FAMILIES, "inews")
_IDS = {
    "bacakoran": re.compile(r"/read/(\d+)(?:/|$)"),
    "disway": re.compile(r"/read/(\d+)(?:/|$)"),
    "inews": re.compile(r"/read/(\d+)(?:/|$)"),
    "antara": re.compile(r"/berita/(\d+)(?:/|$)"),
    "tribun": re.compile(r"^/(?:[a-z0-9-]+/){1,2}(\d{4,12})/[^/]+$"),
    "promedia": re.compile(r"/((?:[a-z]{2,3}-)?\d{7,12})(?:/|$)"),
    "detik": re.compile(r"/d-(\d+)(?:/|$)"),
    "jpnn": re.compile(r"^/(?:[a-z0-9-]+/)+(\d+)/[^/]+$"),
    "idntimes": re.compile(r"-(\w{2}-\w{5}-\w{6})$"),
    "kompas": re.compile(r"/read/\d{4}/\d\d/\d\d/(\d+)(?:/|$)"),
    "rmol": re.compile(r"/read/\d{4}/\d\d/\d\d/(\d+)(?:/|$)"),
}
_LISTINGS = _words(
    "tag tags listtag label category kategori kategory author penulis reporter search cari"
    " pencarian topic topik newstopic indeks index-news page wp-admin wp-login.php wp-json"
    " wp-content wp-includes xmlrpc.php cdn-cgi login masuk register daftar logout account"
    " member feeds cart"
)
_ALONE = _words(
    "feed rss rss.xml atom.xml indeks index terkini terbaru populer terpopuler redaksi kontak"
    " contact about tentang tentang-kami about-us disclaimer privacy-policy kebijakan-privasi"
    " pedoman-media-siber pedoman-pemberitaan-media-siber kode-etik kode-etik-jurnalistik"
    " info-iklan home beranda sitemap hubungi-kami contact-us susunan-redaksi karir"
)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|m4a|webm|css|js"
    r"|json|xml|txt|apk)$",
    re.IGNORECASE,
)


class BadURL(ValueError):
    """The text is no address of a web page; the message says why."""


def canonicalise(url: str, family: str) -> str:
    """The one spelling under which an article is kept: https, the host without www., m. and amp.,
    no fragment, no tracking, no AMP marker, no part number, no trailing slash.

    It names an article and is not always the address to fetch (Candidate.fetch_url is): pages of
    a listing and parts of an article fall together. Idempotent. BadURL if it is no http address.
    Rules: facts/cms_families.md 1.2, 2.1 and 16.
    """
    host, path, query = _take_apart(url)
    segments = _settle([segment for segment in path.split("/") if segment], family)
    kept = [item for item in query.split("&") if item and _chooses(item, family, segments)]
    rest = "?" + "&".join(kept) if kept else ""
    return f"https://{host}/{'/'.join(segments)}{rest}"


def identity(url: str, family: str) -> str:
    """What stays the same when a slug changes: `host#id` where the family numbers its articles,
    else the canonical URL. BadURL as canonicalise."""
    canonical = canonicalise(url, family)
    parts = urlsplit(canonical)
    pattern = _IDS.get(family)
    found = pattern.search(parts.path) if pattern else None
    return f"{parts.netloc}#{found[1]}" if found else canonical


def same_site(url: str, hosts: Iterable[str]) -> bool:
    """Whether the URL is on one of these hosts; www., m. and amp. make no difference, any other
    subdomain does. A URL that is none is on no site."""
    try:
        host = re.sub(r":\d+$", "", _take_apart(url)[0])  # which port may be asked, the gate says
    except BadURL:
        return False
    return host in {_folded_host(each.strip().lower().rstrip(".")) for each in hosts}


def is_article_url(url: str, family: str) -> bool | None:
    """False: surely no article (listing, search, feed, login, file); True: the shape is the
    family's for articles; None: only the page can tell."""
    try:
        host, path, query = _take_apart(url)
    except BadURL:
        return False
    segments = [segment for segment in path.split("/") if segment]
    keys = {item.partition("=")[0] for item in query.split("&")}
    if keys & {"s", "feed", "cat", "author", "wc-ajax", "rest_route"}:
        return False
    if re.search(r"(?:^|&)p=\d+(?:&|$)", query):
        return True
    if _is_listing(segments):
        return False
    if "#" in identity(f"https://{host}{path}", family):
        return True
    return True if _has_article_shape(segments, family) else None


def _is_listing(segments: list[str]) -> bool:
    lowered = [segment.lower() for segment in segments if segment != "index.php"]
    if not lowered or lowered[-1] in {"feed", "rss"} or _FILE.search(lowered[-1]):
        return True
    if len(lowered) == 1 and lowered[0] in _ALONE | _LISTINGS:
        return True
    if all(re.fullmatch(r"\d+", segment) for segment in lowered[:3]) and len(lowered) <= 3:
        return True  # /2025/04/ and /2025/04/30/ are archives
    return bool(_LISTINGS & set(lowered[:-1]))


def _has_article_shape(segments: list[str], family: str) -> bool:
    slug = segments[-1]
    if family == "blogger":
        return slug.endswith(".html") and len(segments) >= 3
    if family == "suara":
        return bool(re.search(r"\d{4}/\d\d/\d\d/\d{6}/", "/".join(segments)))
    return slug.count("-") >= 3 and bool(re.search(r"[a-z]{3}", slug))


def _take_apart(url: str) -> tuple[str, str, str]:
    """Host, path and query in their normal spelling."""
    text = _UNSAFE.sub("", url.strip())
    if not text or len(text) > MAX_LENGTH:
        raise BadURL(f"an address of {len(text)} characters; between 1 and {MAX_LENGTH} can be")
    head, mark, tail = text.partition("?")
    text = head.replace("\\", "/") + mark + tail
    found = re.match(r"(?:(https?):)?//([^/?#]*)([^?#]*)(?:\?([^#]*))?", text, re.IGNORECASE)
    if found is None:
        raise BadURL(f"not an http or https address: {url[:120]!r}")
    host = _host(found[2])
    path = _resolved(_spelled(found[3] or "/", "/:@!$&'()*+,;="))
    return host, path, _spelled(found[4] or "", "/:@!$&'()*+,;=?[]")


def _host(authority: str) -> str:
    """The lower-case ASCII host, with its port only where that is not the scheme's."""
    place = authority.rpartition("@")[2]
    name, _, port = place.rpartition(":") if re.search(r":\d*$", place) else (place, "", "")
    name = name.strip().rstrip(".").lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError as error:
            raise BadURL(f"no valid host name: {place[:120]!r}") from error
    if not (_HOST.fullmatch(name) or _IPV6.fullmatch(name)):
        raise BadURL(f"no valid host name: {place[:120]!r}")
    if port and (len(port) > 5 or not 0 < int(port) < 65_536):
        raise BadURL(f"no valid port: {place[:120]!r}")
    name = _folded_host(name)
    return name if not port or int(port) in (80, 443) else f"{name}:{int(port)}"


def _folded_host(host: str) -> str:
    while True:
        prefix = next((each for each in _MIRRORS if host.startswith(each)), None)
        rest = host[len(prefix) :] if prefix else host
        if prefix is None or "." not in rest or _SUFFIX_ONLY.fullmatch(rest):
            return host
        host = rest


def _spelled(text: str, safe: str) -> str:
    """Percent-encoding made one: needless codes undone, missing ones added."""

    def settle(found: re.Match[str]) -> str:
        if found[1] is None:
            return "%25"
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else f"%{found[1].upper()}"

    return quote(_PERCENT.sub(settle, text), safe=safe + "%", errors="replace")


def _resolved(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept)


def _settle(segments: list[str], family: str) -> list[str]:
    """The path's segments without AMP markers and part numbers."""
    while True:
        shorter = _without_amp(segments, family)
        if len(shorter) > 1 and is_part_number(shorter, family):
            shorter = shorter[:-1]
        if shorter == segments:
            return segments
        segments = shorter


def _without_amp(segments: list[str], family: str) -> list[str]:
    if len(segments) > 1 and segments[-1].lower() == "amp":
        return segments[:-1]
    if len(segments) > 1 and segments[0].lower() == "amp":
        numbered = segments[1].isdigit() and not _YEAR.fullmatch(segments[1])
        read = numbered and (family in _READ_FAMILIES or family == "custom")
        return ["read", *segments[1:]] if read else segments[1:]
    return segments


def is_part_number(segments: list[str], family: str) -> bool:
    """Whether the last of a path's segments says which part of an article is meant: a bacakoran
    or disway offset (/15), an iNews page (/2, /all), a WordPress page (/2)."""
    last, slug = segments[-1], segments[-2] if len(segments) > 1 else ""
    if family in _READ_FAMILIES:
        whole = family == "inews" and last == "all"
        numbered = last.isdigit() and len(segments) >= 4 and segments[-3].isdigit()
        return (whole or (numbered and len(last) <= 4)) and "read" in segments[:-2]
    if family not in ("wordpress", "custom") or not re.fullmatch(r"[2-9]|[1-4]\d", last):
        return False
    worded = "-" in slug or slug.endswith(".html")
    return worded and not _LISTINGS & {segment.lower() for segment in segments}


def _chooses(item: str, family: str, segments: list[str]) -> bool:
    """Whether this query item has a say in which article is meant."""
    key = item.partition("=")[0].lower()
    if key.startswith("utm_") or key in _TRACKING:
        return False
    in_blog = family == "blogger" or (bool(segments) and segments[-1].endswith(".html"))
    return not (key == "m" and in_blog)
