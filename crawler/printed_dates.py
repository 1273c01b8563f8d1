"""Where a page says when its article was published: JSON-LD, meta tags, its head, its URL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.dates import DateClue, url_date
from crawler.headline import Headline, is_aside, words_of

MAX_CLUES = 4  # of one source
MAX_OTHERS = 4  # words beside the date in a line that is one: "Oleh Redaksi -", a place
MAX_LINE = 160  # code points of a visible line with a date

_META = re.compile(
    r"(?:og:)?article:published(?:_time)?|content_publisheddate|\w*_pubdate|pub-?date|publish"
    r"|publish(?:ed)?[-_]?(?:date|time|at|on)|date|articledate|dc\.?date(?:\.issued|\.created)?"
    r"|dc(?:terms)?\.(?:date|issued|created|date\.issued|date\.created)|parsely-pub-date"
    r"|sailthru\.date|date_?published|cxenseparse:recs:publishtime|article_date_original"
)
_CLASSES = re.compile(
    r"date|time|tanggal|tgl|waktu|publish|posted|tayang|post[-_]?(?:info|meta)|entry-meta"
    r"|meta(?:content|data)?\b|read__info|createdat",
    re.IGNORECASE,
)
_NO_CLASSES = re.compile(
    r"updated?\b|modified|countdown|update-?time|event|timeline|current|today|header-date|top-?date",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"publish|entry-date|datetime", re.IGNORECASE)
_DATED = re.compile(
    r"\d{1,2}\s?[-/. ]\s?(?:\d{1,2}|[A-Za-z]{3,10}\.?)\s?[-/., ]\s?(?:(?:19|20)\d\d|\d\d\b)"
    r"|[A-Za-z]{3,9}\.? \d{1,2},? (?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d"
    r"|\d\s(?:detik|menit|jam|hari|minutes?|hours?|days?)\s(?:yang\s)?(?:lalu|ago)\b"
    r"|\b(?:kemarin|hari ini|baru saja)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"(?:terakhir\s)?(?:di)?(?:perbarui|perbaharui|update|ubah|edit)|(?:last\s)?(?:up)?dated"
    r"|(?:last\s)?(?:updated?|modified|edited)|pembaruan",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"\b(?:senin|selasa|rabu|kamis|jum'?at|jum’at|sabtu|minggu|ahad|wib|wita|wit|pukul)\b"
    r"|^\W*\d{1,2} [a-z]{3,9} (?:19|20)\d\d\W*(?:\d\d[.:]\d\d\W*)?$",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[T ]")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?!\d)")
_NO_DATES = ("body", "html", "article", "main", "script", "form", "input", "link")
_BESIDE = 12  # elements between two spellings of one date
_NEAR = 45  # elements before or after the headline in which its date is expected

Found = tuple[tuple[int, int, int, int], str]


def date_clues(
    headline: Headline,
    linked: Sequence[str],
    metas: Mapping[str, Sequence[str]],
    url: str,
) -> tuple[DateClue, ...]:
    """The clues in the order jsonld, meta, page, url, of each source the likeliest first.

    linked are JSON-LD's dates. raw is as printed, at most MAX_LINE code points; the clue "url"
    holds the address. What is marked as modified is left out.
    """
    clues = [DateClue("jsonld", raw) for raw in linked]
    stated = [text for key, texts in metas.items() if _META.fullmatch(key) for text in texts[:2]]
    marked, shown = _marked(headline)
    clues += [DateClue("meta", raw[:MAX_LINE]) for raw in [*stated, *marked][:MAX_CLUES]]
    clues += [DateClue("page", raw) for raw in (shown or _loose(headline))[:MAX_CLUES]]
    if url_date(url) is not None:
        clues.append(DateClue("url", url))
    return tuple(dict.fromkeys(clues))


def _marked(headline: Headline) -> tuple[list[str], list[str]]:
    """Dates that microdata marks as published, and those in elements for dates, best first."""
    title_at = _title_at(headline)
    marked: list[Found] = []
    shown: list[Found] = []
    for element, at, marks in headline.sights:
        named = element.get("itemprop")
        if not (_names_date(marks) or named or element.tag == "time") or element.tag in _NO_DATES:
            continue
        published = (named or "").lower() == "datepublished"
        wanted = published or not (_names_update(marks) or (named or "").startswith("date"))
        if not wanted or (named and not published and not _names_date(marks)):
            continue
        level = headline.nearness(element)
        if level is not None:
            rank = (int(abs(at - title_at) > _NEAR), level, int(at < title_at), abs(at - title_at))
            texts = _dates_in(element)
            (marked if published else shown).extend((rank, text) for text in texts)
    return _ranked(marked), _ranked(shown)


def _title_at(headline: Headline) -> int:
    places = (sight.at for sight in headline.sights if sight.element is headline.element)
    return next(places, 0)


def _ranked(found: Iterable[Found]) -> list[str]:
    """The texts of the best place and of those beside it, which say the same in other words: time
    stamps first, then the shortest with a time of day, then the shortest."""
    ranked = sorted(found)
    if not ranked:
        return []
    tier, level, _, distance = ranked[0][0]
    close = {
        text
        for rank, text in ranked
        if rank[:2] == (tier, level) and abs(rank[3] - distance) <= _BESIDE
    }
    own = [text for text in close if not any(_says_it(other, text) for other in close)]
    return sorted(
        own,
        key=lambda text: (_STAMP.match(text) is None, not _CLOCK.search(text), len(text), text),
    )


def _says_it(inner: str, outer: str) -> bool:
    """Whether an inner element says all of the date that the one around it says."""
    complete = bool(_CLOCK.search(inner)) or not _CLOCK.search(outer)
    return inner != outer and inner in outer and complete


@lru_cache(maxsize=4_096)
def _names_date(marks: str) -> bool:
    return _CLASSES.search(marks) is not None


@lru_cache(maxsize=4_096)
def _names_update(marks: str) -> bool:
    return bool(_NO_CLASSES.search(marks)) and not _PUBLISHED.search(marks)


def _dates_in(element: HtmlElement) -> Iterator[str]:
    stamp = (element.get("datetime") or element.get("content") or "").strip()
    hover = (
        element.get("title") or ""
    ).strip()  # Blogger: <abbr title="2025-11-03T18:20:00-08:00">
    stamp = stamp or (hover if _STAMP.match(hover) else "")
    text = words_of(element) if len(element) < 25 else ""
    if _UPDATED.match(text.lstrip("-–|:• ")):
        return
    if stamp and len(stamp) <= 60 and any(letter.isdigit() for letter in stamp):
        yield stamp
    if text and len(text) <= MAX_LINE and _DATED.search(text):
        yield text


def _loose(headline: Headline) -> list[str]:
    """Short lines with a weekday or a zone that no element calls a date, the nearest first."""
    title_at = _title_at(headline)
    found: list[Found] = []
    for element, at, _ in headline.sights:
        if element.tag in _NO_DATES or element.tag in ("style", "title", "option", "a"):
            continue
        for text in (element.text, element.tail):
            line = text.strip() if text and len(text) < MAX_LINE else ""
            if not 8 <= len(line) <= 90 or not (_DATED.search(line) and _LOOSE.search(line)):
                continue
            if (
                len(re.findall(r"[^\W\d_]{2,}", _LOOSE.sub(" ", _DATED.sub(" ", line))))
                > MAX_OTHERS
            ):
                continue  # a sentence with a date in it tells of an event, not of itself
            aside = any(map(is_aside, [element, *element.iterancestors()]))
            if not aside and not _UPDATED.match(line):
                found.append(((0, 0, 0, abs(at - title_at)), line))
    return _ranked(found)
