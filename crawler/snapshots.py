"""A snapshot: the pages an article was read from, as fetched, in one piece of bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from crawler.reading import PageInput


class BadSnapshot(ValueError):
    """Bytes that are no snapshot, or one that was cut off."""


def pack(pages: Sequence[PageInput]) -> bytes:
    """The pages in order: one line of JSON that says what follows, then the bodies as they came."""
    head = [
        {"url": page.url, "content_type": page.content_type, "length": len(page.body)}
        for page in pages
    ]
    return json.dumps({"pages": head}).encode() + b"\n" + b"".join(page.body for page in pages)


def unpack(data: bytes) -> tuple[PageInput, ...]:
    """The pages of a snapshot. Raises BadSnapshot for anything pack() did not make."""
    line, newline, bodies = data.partition(b"\n")
    try:
        head = json.loads(line)["pages"]
        sizes = [int(entry["length"]) for entry in head]
        names = [(str(entry["url"]), str(entry["content_type"])) for entry in head]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadSnapshot(f"no snapshot: {error}") from error
    if not newline or min(sizes, default=0) < 0 or sum(sizes) != len(bodies):
        raise BadSnapshot("the snapshot is not whole")
    pages, at = [], 0
    for (url, content_type), size in zip(names, sizes, strict=True):
        pages.append(PageInput(url, bodies[at : at + size], content_type))
        at += size
    return tuple(pages)


def pages_of(data: bytes, url: str) -> tuple[PageInput, ...]:
    """The pages of a snapshot; one that was kept before there were parts is one page at url."""
    try:
        return unpack(data)
    except BadSnapshot:
        return (PageInput(url, data),)
