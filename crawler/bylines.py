"""Who wrote and who edited an article, as the page says: people apart from accounts of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.headline import Headline, OwnNames, Sight, folded, is_aside, words_of
from crawler.hygiene import tidy

MAX_NAME = 80  # code points of one person's name with titles
MAX_PEOPLE = 5
MAX_VISIBLE = 60  # elements looked at

_REPORTER = r"reporter|penulis|pewarta|jurnalis|wartawan|kontributor|author|writer|ditulis oleh"
_EDITOR = r"editor|penyunting|redaktur|red|diedit oleh|edited by"
_LABEL = re.compile(
    rf"(?<![a-z])(?:(?P<writes>{_REPORTER}|laporan|lap|oleh|by|teks)|(?P<edits>{_EDITOR})"
    r"|(?P<other>foto|sumber|copyright|uploader|kamera\w*|tayang|publisher))\s*\.?\s*[:\-–]",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?<=[a-z])(?=(?:Editor|Penulis|Penyunting|Pewarta|Copyright)\s*[:©])")
_NO_REPORTER = "Keuangan|Hasil|Akhir|Tahunan|Harta|Masyarakat|Khusus|Utama|Polisi|Realisasi|Kinerja"
_REPORT_FROM = re.compile(  # "Laporan Wartawan TribunPalu.com, Moh Salam", "Laporan Tika Ayu"
    r"(?i:laporan)\s*(?:(?:(?i:wartawan|reporter|kontributor|jurnalis)\s*[:,]?|:)\s*"
    r"(?:(?:[Tt]im\s)?\w+(?:\.\w{2,4}){1,2}\s*,\s*)?(?P<name>.+)"
    rf"|\s(?!{_NO_REPORTER}|Pertanggung)(?P<bare>(?:[A-Z][\w.'-]*\s?){{1,4}})$)"
)
_LEAD_IN = re.compile(
    rf"^\s*(?:(?:{_REPORTER}|{_EDITOR}|oleh|by|written by|posted by|diposting oleh)\b"
    r"\s*\.?\s*[:\-–]*|[-–:|/]+)\s*",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\s+[-–—|•·]\s+.*|\s*[|•·©].*|\s*\(.*|\s+(?:on|pada)\s+\d.*|,?\s+\d{1,2}[\s/].*"
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|[?!<>{}\[\]=]|\d{3}|\.\s+[A-Z][a-z]{6,}|^\d"
    r"|^(?i:published|posted|diterbitkan|tayang|dipublikasikan)\b"
    r"|(?i:\b(?:dilihat|views?|dibaca|kali|pembaca))$"
)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|co|id|net|org|news|tv|info|my|web)\b", re.I)
_GENERIC = re.compile(
    r"(?:tim|the|super|admin\w*|administrator|redaksi\w*|redaktur|redaktor|editor|user|root|desk"
    r"|webmaster|operator|author|penulis|reporter|wartawan|kontributor|jurnalis|news|newsroom|berita"
    r"|media|cyber|liputan|humas|superuser|staf|staff|staff writer|anonim|anonymous|unknown|web|it"
    r"|online|digital|publisher|pimred|daerah|facebook|twitter|instagram|\d+)",
    re.IGNORECASE,
)
_MARKS = re.compile(
    r"(?:^|[\s_-])(?:author|authors|penulis|reporter|wartawan|byline|by-author|credit-author-name"
    r"|posted-by|pewarta)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NOT_MARKS = re.compile(
    r"avatar|img|photo|box|bio|position|title|social|description|date|time", re.I
)
_META_WRITERS = ("content_author", "penulis", "author", "article:author", "parsely-author")
_META_EDITORS = ("content_editor", "editor", "article:editor")


@dataclass(frozen=True, slots=True)
class Bylines:
    """Names as printed, several joined by a comma. generic is an account or the outlet itself."""

    byline: str | None = None
    generic: str | None = None
    editor: str | None = None


@dataclass(frozen=True, slots=True)
class Credits:
    """The names a line of credits gives, unjudged."""

    writers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


def read_bylines(
    headline: Headline,
    linked: tuple[Sequence[str], Sequence[str]],
    metas: Mapping[str, Sequence[str]],
    own: OwnNames,
) -> Bylines:
    """The first person named by JSON-LD (`linked`: authors, editors), meta tags, the theme's
    author element or a line such as "Reporter : Prabu"; accounts such as admin, Redaksi or the
    outlet's own name only as `generic`."""
    shown = list(_shown(headline))
    credit = _credits_on(headline.sights)
    stated = _metas(metas, _META_WRITERS)
    groups = [linked[0], stated, shown[:1], shown[1:2], credit.writers]
    edited = [*linked[1], *_metas(metas, _META_EDITORS), *credit.editors]
    editor = next(filter(None, (_named([raw], own) for raw in edited)), None)
    people = [name for name in (_named(group, own) for group in groups) if name]
    # Kompas gives its editor as JSON-LD's author.
    person = next((name for name in people if name != editor), people[0] if people else None)
    accounts = (clean_name(raw) for group in groups for raw in group)
    account = next((name for name in accounts if name and is_generic(name, own)), None)
    return Bylines(person, account, editor)


def clean_name(raw: str) -> str | None:
    """A name without its label, its desk ("- detikSumbagsel") and what follows it; None if the
    text is no name."""
    text = tidy(raw[:300])
    report = _REPORT_FROM.match(text)
    if report:
        text = report["name"] or report["bare"]
    for _ in range(2):
        text = _LEAD_IN.sub("", text, count=1)
    text = _REST.sub("", text, count=1).strip(" ,;:-–/*.\"'")
    if not text or len(text) > MAX_NAME or len(text.split()) > 9 or _NO_NAME.search(text):
        return None
    return text if any(letter.isalpha() for letter in text) and len(text) > 1 else None


def is_generic(name: str, own: OwnNames) -> bool:
    """Whether a name is an account of the desk, a domain or the outlet itself."""
    words = [word for word in re.split(r"[\s_./-]+", name.strip()) if word]
    if all(_GENERIC.fullmatch(word) or folded(word) in own.labels for word in words):
        return True
    plain = folded(name)
    if plain.startswith(("admin", "redaksi")) or own.exactly(name) or _DOMAIN.search(name):
        return True
    return any(len(each) >= 6 and each in plain for each in own.whole)


def read_credits(line: str) -> Credits:
    """The names after labels such as Reporter, Penulis, Pewarta, Oleh, Editor in a short line,
    also when several are glued: "Pewarta: Budi PEditor: Ani Copyright .."."""
    text = _GLUED.sub(" ", line[:300])
    report = _REPORT_FROM.match(text.strip())
    if report:
        return Credits((report["name"] or report["bare"],))
    labels = list(_LABEL.finditer(text))
    if not labels or (labels[0].start() > 3 and "|" not in text[: labels[0].start()]):
        return Credits()
    ends = [label.start() for label in labels[1:]] + [len(text)]
    names = [(label, text[label.end() : end]) for label, end in zip(labels, ends, strict=True)]
    return Credits(
        tuple(name for label, name in names if label["writes"] and name.strip()),
        tuple(name for label, name in names if label["edits"] and name.strip()),
    )


def _metas(metas: Mapping[str, Sequence[str]], keys: Iterable[str]) -> list[str]:
    return [text for key in keys for text in metas.get(key, ()) if "//" not in text]


def _named(raws: Iterable[str], own: OwnNames) -> str | None:
    """The persons among these, joined by commas."""
    distinct: dict[str, str] = {}
    for raw in raws:
        name = clean_name(raw)
        if name and not is_generic(name, own):
            distinct.setdefault(folded(name), name)
    return ", ".join(list(distinct.values())[:MAX_PEOPLE]) or None


def _shown(headline: Headline) -> Iterator[str]:
    """Texts of the elements that a theme marks as the author's, the nearest to the headline
    first."""
    found: list[tuple[int, int, str, HtmlElement]] = []
    for element, at, marks in headline.sights:
        if not (_marks_author(marks) or "author" in (element.get("itemprop"), element.get("rel"))):
            continue
        near = headline.nearness(element)
        if near is None or 8 < near < 99 or element.tag in ("body", "meta", "link", "form"):
            continue
        text = words_of(element)
        if 1 < len(text) <= 160:
            found.append((near, at, text, element))
        if len(found) >= MAX_VISIBLE:
            break
    # A wrapper that holds the author's element holds the date and the views too.
    wrappers = {parent for *_, element in found for parent in element.iterancestors()}
    kept = [(near, at, text) for near, at, text, element in found if element not in wrappers]
    yield from (text for _, _, text in sorted(kept))


@lru_cache(maxsize=4_096)
def _marks_author(marks: str) -> bool:
    marks = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", marks)  # authorName
    return bool(_MARKS.search(marks)) and not _NOT_MARKS.search(marks)


def _credits_on(sights: Iterable[Sight]) -> Credits:
    """The first credits in the page's short lines, outside menus and sidebars."""
    writers: list[str] = []
    editors: list[str] = []
    for element, _, _ in sights:
        for text, is_tail in ((element.text, False), (element.tail, True)):
            if text is None or not _opens_credits(text) or element.tag in ("script", "style"):
                continue
            if any(map(is_aside, element.iterancestors())):
                continue
            credit = read_credits(_whole_line(element, text, is_tail))
            writers += credit.writers
            editors += credit.editors
        if (writers and editors) or len(writers) + len(editors) > MAX_VISIBLE:
            break
    return Credits(tuple(writers[:1]), tuple(editors[:1]))


def _opens_credits(text: str) -> bool:
    if not 3 < len(text) < 300:
        return False
    start = text.lstrip()[:80]
    if "|" in start:
        return _LABEL.search(start) is not None
    return start[:1].isalpha() and bool(_LABEL.match(start) or _REPORT_FROM.match(start))


def _whole_line(element: HtmlElement, text: str, is_tail: bool) -> str:
    """A label's text with the name that may stand in an element inside or beside it."""
    if len(text.strip()) > 24:
        return text.strip()
    line = text.strip() if is_tail else words_of(element)
    if not re.search(r"[:\-–]\s*$", line):
        return line
    after = element.getnext()
    tail = "" if is_tail else (element.tail or "").strip()
    return f"{line} {tail or (words_of(after) if after is not None else '')}"
