"""A page as runs of text between block edges and line breaks, each able to give up its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from crawler.hygiene import tidy

# Everything else, unknown elements too, runs on within a line.
BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd"}
    | {"details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html"}
    | {"legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre"}
    | {"section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
UNREAD = frozenset(
    {"script", "style", "noscript", "template", "iframe", "svg", "button", "select"}
    | {"textarea", "head", "title", "object", "embed", "audio", "video", "canvas", "dialog"}
    | {"map", "meta", "link", "base"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BOLD = frozenset({"b", "strong", *HEADINGS})
# Endings that belong to the word a link stands in: "KPK" + "lah".
_ENCLITIC = re.compile(r"(?:nya|lah|kah|pun|ku|mu|an|i|kan)\b", re.IGNORECASE)


@dataclass(slots=True)
class Slot:
    """One text node: an element's text or its tail, and the link it stands in."""

    element: HtmlElement
    tail: bool
    link: HtmlElement | None
    bold: bool

    @property
    def text(self) -> str:
        return (self.element.tail if self.tail else self.element.text) or ""

    def write(self, text: str) -> None:
        if self.tail:
            self.element.tail = text
        else:
            self.element.text = text


@dataclass(slots=True)
class Segment:
    """Text nobody breaks: between two block edges or line breaks. breaks is the number of <br>
    before it, 0 at a block's edge."""

    block: HtmlElement
    breaks: int = 0
    slots: list[Slot] = field(default_factory=list)

    @property
    def raw(self) -> str:
        """The text as the page has it."""
        return "".join(slot.text for slot in self.slots)

    @property
    def text(self) -> str:
        """The text for a reader; a link glued to its neighbours gets its spaces back."""
        pieces: list[str] = []
        link: HtmlElement | None = None
        for slot in self.slots:
            piece = slot.text
            if pieces and piece and slot.link is not link:
                piece = _spaced(pieces, piece, slot.link is not None)
            if piece:
                pieces.append(piece)
                link = slot.link
        return tidy("".join(pieces))

    @property
    def heading(self) -> bool:
        return self.block.tag in HEADINGS

    @property
    def cell(self) -> bool:
        return self.block.tag in ("td", "th")

    @property
    def bold(self) -> bool:
        return all(slot.bold for slot in self.slots if slot.text.strip())

    @property
    def linked(self) -> float:
        """The share of its characters that stand in links."""
        total = sum(len(slot.text.strip()) for slot in self.slots)
        inside = sum(len(slot.text.strip()) for slot in self.slots if slot.link is not None)
        return inside / total if total else 0.0

    def cut(self, start: int, end: int) -> str:
        """Takes the characters start to end of raw out of the page and returns them."""
        taken: list[str] = []
        at = 0
        for slot in self.slots:
            text = slot.text
            low, high = max(start - at, 0), min(end - at, len(text))
            if low < high:
                taken.append(text[low:high])
                slot.write(text[:low] + text[high:])
            at += len(text)
        return "".join(taken)


def _spaced(pieces: list[str], piece: str, opens: bool) -> str:
    """piece as it follows pieces over a link's edge, which CMSs leave without white space."""
    before, after = pieces[-1][-1], piece[0]
    if before.isalnum() and after.isalpha() and (opens or not _ENCLITIC.match(piece)):
        return " " + piece
    if before.isspace() and "\n" in pieces[-1][-12:] and piece.lstrip()[:1] in tuple(",.;:)"):
        pieces[-1] = pieces[-1].rstrip()
        return piece.lstrip()
    if after.isspace() and "\n" in piece[:12] and piece.lstrip()[:1] in (",", ".", ";", ":", ")"):
        return piece.lstrip()
    if opens and before.isspace() and pieces[-1].rstrip().endswith("("):
        pieces[-1] = pieces[-1].rstrip()
    return piece


class _Walk:
    """Collects the segments below one element in document order, however deep it is."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.blocks: list[HtmlElement] = [root]
        self.links: list[HtmlElement] = []
        self.bold = 0
        self.breaks = 0
        self.current: Segment | None = None
        self.done: list[Segment] = []

    def end_segment(self, breaks: int = 0) -> None:
        if self.current is not None:
            self.done.append(self.current)
            self.current = None
            self.breaks = breaks
        elif breaks == 0:
            self.breaks = 0
        elif self.breaks or self.done:
            self.breaks += breaks

    def add(self, element: HtmlElement, tail: bool) -> None:
        text = element.tail if tail else element.text
        if not text:
            return
        if self.current is None:
            if text.isspace():
                return
            self.current = Segment(self.blocks[-1], self.breaks)
            self.breaks = 0
        link = self.links[-1] if self.links else None
        self.current.slots.append(Slot(element, tail, link, self.bold > 0))

    def open(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self.end_segment(1)
        elif tag in BLOCKS:
            self.end_segment()
            self.blocks.append(element)
        if tag == "a":
            self.links.append(element)
        if tag in BOLD:
            self.bold += 1
        self.add(element, tail=False)

    def close(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "a":
            self.links.pop()
        if tag in BOLD:
            self.bold -= 1
        if tag in BLOCKS:
            self.end_segment()
            self.blocks.pop()
        if element is not self.root:
            self.add(element, tail=True)

    def run(self) -> list[Segment]:
        walker = etree.iterwalk(self.root, events=("start", "end", "comment", "pi"))
        unread: HtmlElement | None = None
        for event, element in walker:
            if event in ("comment", "pi"):
                if element is not self.root:
                    self.add(element, tail=True)
            elif event == "start":
                if element.tag in UNREAD:
                    unread = element
                    walker.skip_subtree()
                else:
                    self.open(element)
            elif element is unread:
                unread = None
                self.add(element, tail=True)
            else:
                self.close(element)
        self.end_segment()
        return self.done


def segments(root: HtmlElement) -> list[Segment]:
    """The runs of text below root that hold any, in the order of the page."""
    return _Walk(root).run()


def prose_below(root: HtmlElement) -> Iterator[str]:
    """The longer texts below root that stand outside links: what reads like paragraphs."""
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if element.tag == "a" or element.tag in UNREAD:
                walker.skip_subtree()
            elif element.text and len(element.text) > 40:
                yield element.text
        elif element is not root and element.tail and len(element.tail) > 40:
            yield element.tail
