"""From the bytes of a page to its tree: their encoding, and whether they can be read at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

# Extractors take seconds and minutes beyond these sizes (findings.md, Extraction and cleaning).
MAX_BYTES = 3_000_000
MAX_ELEMENTS = 20_000

_MAX_OPENING_TAGS = 10 * MAX_ELEMENTS  # scripts hold tags too, so the count before is a rough one
_MAX_DEPTH = 200  # libxml2 gives up at 256 and loses the rest of the page
_TEXT_CODECS = re.compile(
    r"utf-?(?:8|16|32)(?:-[lb]e)?(?:-sig)?|ascii|cp(?:125\d|874|437|850|932|936|949|950)"
    r"|iso8859-\d+|latin-?1|mac-roman|koi8-[ru]|gb\w*|big5\w*|shift_jis\w*|euc_\w+|tis-620"
)
_ONE_BYTE = ("cp1252", "iso8859-1", "latin-1", "ascii")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF")
_OTHER_KINDS = re.compile(r"(?:image|audio|video|font)/|application/(?:pdf|zip|gzip)")
_NESTING = re.compile(
    r"<(/?)(?:div|span|section|article|main|aside|center|font|b|i|u|em|strong|small|big|blockquote"
    r"|ul|ol|li|table|tbody|tr|td|a|p|amp-[a-z-]+)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """The bytes are no page: nothing, or something that is not text. The message says which."""


class TooLarge(ValueError):
    """The page is beyond a limit. `limit` names it: "bytes" or "elements"."""

    def __init__(self, limit: str) -> None:
        most = MAX_BYTES if limit == "bytes" else MAX_ELEMENTS
        super().__init__(f"the page has more than {most:,} {limit}")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. tree is its root element, without comments; text the decoded source without
    control characters; encoding the codec it was decoded with."""

    tree: HtmlElement
    text: str
    encoding: str


def parse(body: bytes, content_type: str | None) -> Document:
    """The page in these bytes; content_type is the header as served, if any.

    The encoding is that of the byte order mark, the header, the page's own declaration, else
    UTF-8, else windows-1252. Raises Unreadable for nothing and for what is not text, TooLarge
    beyond MAX_BYTES or MAX_ELEMENTS. Fetches nothing, expands no entity of the page's own.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge("bytes")
    if not body.strip():
        raise Unreadable("the page has no content")
    kind = (content_type or "").strip().lower()
    if body.lstrip()[:8].startswith(_MAGIC) or _OTHER_KINDS.match(kind):
        raise Unreadable(f"not a page but {kind or 'a binary file'}")
    text, encoding = _decode(body, content_type)
    sample = text[:4_096]
    if len(_CONTROLS.findall(sample)) + sample.count("\ufffd") > len(sample) // 10:
        raise Unreadable("the content is not text")
    text = _CONTROLS.sub("", text)
    if text.count("<") - text.count("</") > _MAX_OPENING_TAGS:
        raise TooLarge("elements")
    return Document(_tree(text), text, encoding)


def _decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    marked, mark = read_bom(body)
    if marked and mark:
        return body[len(mark) :].decode(marked, "replace"), marked
    declared = _declared(body, content_type)
    try:
        if declared in (None, "utf-8", *_ONE_BYTE):
            # A one-byte declaration over valid UTF-8 is a server's default, not the page's truth.
            return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if declared == "utf-8":
            return _mended(body)
    codec = declared or "cp1252"
    return body.decode(codec, "replace"), codec


def _declared(body: bytes, content_type: str | None) -> str | None:
    """The codec the header names, else the page, if it is one for text."""
    named = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    codec = resolve_encoding(named) if named else None
    if codec is None:
        return None
    name = codecs.lookup(codec).name
    if name.startswith(("utf-16", "utf-32")) and body[:1] == b"<" and body[1:2] != b"\x00":
        return "utf-8"  # the declaration could be read as ASCII, so it is wrong (WHATWG)
    return name if _TEXT_CODECS.fullmatch(name) else None


def _mended(body: bytes) -> tuple[str, str]:
    """What calls itself UTF-8 and is not: a few broken characters stay, else it is windows-1252."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    if broken > whole:
        return body.decode("cp1252", "replace"), "cp1252"
    return text, "utf-8"


def _tree(text: str) -> HtmlElement:
    root, cut_off = _parsed(text)
    if cut_off:
        root, _ = _parsed(_flattened(text))
    elements = sum(1 for _ in zip(root.iter(), range(MAX_ELEMENTS + 1), strict=False))
    if elements > MAX_ELEMENTS:
        raise TooLarge("elements")
    return root


def _parsed(text: str) -> tuple[HtmlElement, bool]:
    """The root, and whether libxml2 gave up because the elements lie too deep in each other."""
    parser = HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("the content holds no element") from error
    return root, any("depth" in entry.message for entry in parser.error_log)


def _flattened(text: str) -> str:
    """The source without the tags that lie deeper than _MAX_DEPTH; their content stays."""
    depth = 0

    def keep(found: re.Match[str]) -> str:
        nonlocal depth
        if found[1]:
            depth = max(depth - 1, 0)
            return found[0] if depth < _MAX_DEPTH else ""
        depth += 1
        return found[0] if depth <= _MAX_DEPTH else ""

    return _NESTING.sub(keep, text)
