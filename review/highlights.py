"""Texts cut into runs that are marked or not: why an article is here, what a search found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.records import Article, Reason
from store.views import FOUND, FOUND_END

EXCERPT = 260  # characters; about three lines
AHEAD = 70  # of them at most before the reason, so that it stands in the first line
QUOTE = 120
# They make a text show in another order than it is stored (bidi) or hide words; joiners stay,
# emoji are made with them. And control characters and half emoji.
HIDDEN = re.compile(
    "[\u200b\u200e\u200f\u061c\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f"
    "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; rule names what marked it, "" says that nothing did."""

    text: str
    rule: str = ""


def visible(text: str) -> str:
    """Fetched text with each control or bidi character replaced by a sign that shows; its length
    does not change, so places in it stay true."""
    # The first look is the quick one, and true of nearly every text.
    return text if text.isprintable() else HIDDEN.sub("\ufffd", text)


def marked(text: str, reasons: Iterable[Reason]) -> tuple[Run, ...]:
    """The text with the places of these reasons marked; where two overlap the first one counts."""
    shown = visible(text)
    runs, at = [], 0
    for reason in sorted(reasons, key=lambda r: (r.start, r.end)):
        start, end = max(reason.start, at), min(reason.end, len(shown))
        if start >= end:
            continue
        runs += [Run(shown[at:start]), Run(shown[start:end], reason.rule)]
        at = end
    runs.append(Run(shown[at:]))
    return tuple(run for run in runs if run.text)


def marked_title(article: Article) -> tuple[Run, ...]:
    """The title with its reasons marked."""
    return marked(article.title, (r for r in article.reasons if r.paragraph is None))


def marked_text(article: Article) -> tuple[tuple[Run, ...], ...]:
    """The paragraphs with their reasons marked."""
    return tuple(
        marked(paragraph, (r for r in article.reasons if r.paragraph == number))
        for number, paragraph in enumerate(article.text.split("\n"))
    )


def excerpt(article: Article) -> tuple[Run, ...]:
    """The words around the reason that decided: one in the text if there is one, since the title
    stands above it. Without a reason the text's beginning."""
    paragraphs = article.text.split("\n")
    inside = [
        r for r in article.reasons if r.paragraph is not None and r.paragraph < len(paragraphs)
    ]
    if not inside:
        return _cut(marked(article.text[: EXCERPT + 1].replace("\n", " "), ()), EXCERPT)
    first = inside[0]
    number = first.paragraph or 0
    same = [r for r in inside if r.paragraph == number]
    runs = marked(paragraphs[number], same)
    return window(runs, first.start, first.end, ahead=AHEAD)


def quoted(article: Article, reason: Reason) -> tuple[Run, ...]:
    """A reason's words, marked, with a few around them."""
    paragraphs = article.text.split("\n")
    if reason.paragraph is None:
        text = article.title
    elif reason.paragraph < len(paragraphs):
        text = paragraphs[reason.paragraph]
    else:  # the text was corrected or redacted since
        return (Run(visible(reason.quote)),)
    return window(marked(text, [reason]), reason.start, reason.end, QUOTE)


def window(
    runs: Sequence[Run], start: int, end: int, width: int = EXCERPT, ahead: int = EXCERPT
) -> tuple[Run, ...]:
    """The part of the runs around those places, at most `ahead` characters before them, cut
    between words, with dots where it is cut."""
    whole = "".join(run.text for run in runs)
    spare = max(0, width - (end - start)) // 2
    begin, stop = max(0, start - min(spare, ahead)), min(len(whole), end + spare)
    begin = max(0, start - ahead, min(begin, stop - width))
    stop = min(len(whole), max(stop, begin + width))
    if begin:
        space = whole.find(" ", begin, start)
        begin = space + 1 if space >= 0 else begin
    if stop < len(whole):
        space = whole.rfind(" ", end, stop)
        stop = space if space >= 0 else stop
    shown, at = [], 0
    for run in runs:
        piece = run.text[max(0, begin - at) : max(0, stop - at)]
        at += len(run.text)
        if piece:
            shown.append(Run(piece, run.rule))
    head = [Run("… ")] if begin else []
    tail = [Run(" …")] if stop < len(whole) else []
    return (*head, *shown, *tail)


def found(snippet: str) -> tuple[Run, ...]:
    """An excerpt of a search with what was found marked."""
    runs = []
    for number, part in enumerate(snippet.replace("\n", " ").split(FOUND)):
        inside, end, after = part.partition(FOUND_END)
        if number and end:
            runs += [Run(visible(inside), "search"), Run(visible(after))]
        else:
            runs.append(Run(visible(part.replace(FOUND_END, ""))))
    return tuple(run for run in runs if run.text)


def _cut(runs: tuple[Run, ...], width: int) -> tuple[Run, ...]:
    return window(runs, 0, 0, width)
