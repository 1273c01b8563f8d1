"""A list as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from review.highlights import excerpt, visible
from review.security import web_address
from review.view import Asked
from store.encoding import to_text
from store.records import StoredArticle

ATOM = "http://www.w3.org/2005/Atom"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(found: Sequence[StoredArticle], asked: Asked, origin: str, now: datetime) -> bytes:
    """The feed as UTF-8 bytes; origin is the scheme, host and port of the page that was asked.
    Titles and excerpts are plain text; a link that is no web address is left out."""
    name = "inbox" if asked.inbox else "articles"
    this = f"{origin}{asked.address(f'/{name}.atom')}"
    root = ET.Element("feed", xmlns=ATOM)
    words = f": {asked['q']}" if asked["q"] else ""
    _text(root, "title", f"Pantau{words}")
    _text(root, "id", this)
    _text(root, "updated", to_text(max((one.first_seen_at for one in found), default=now)))
    ET.SubElement(root, "link", rel="self", href=_xml(this))
    for one in found:
        entry = ET.SubElement(root, "entry")
        _text(entry, "title", one.article.title)
        _text(entry, "id", f"{origin}/items/{one.id}")
        _text(entry, "updated", to_text(one.first_seen_at))
        _text(entry, "published", to_text(one.article.published_at))
        _text(ET.SubElement(entry, "author"), "name", one.outlet_name)
        ET.SubElement(entry, "link", rel="alternate", href=f"{origin}/items/{one.id}")
        if web_address(one.url):
            ET.SubElement(entry, "link", rel="via", href=_xml(one.url))
        _text(entry, "summary", "".join(run.text for run in excerpt(one.article)))
        for tag in one.article.tags:
            ET.SubElement(entry, "category", term=_xml(tag.slug), label=_xml(tag.label))
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _xml(text)


def _xml(text: str) -> str:
    return NOT_XML.sub("\ufffd", visible(text))
