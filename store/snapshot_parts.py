"""How a snapshot holds its pages: one line of JSON that says what follows, then the bodies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass


class BadSnapshot(ValueError):
    """Bytes that are no snapshot, or one that was cut off."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """One fetched page of an article: where it was found, what it gave, and as what."""

    url: str
    body: bytes
    content_type: str


def pack_parts(parts: Iterable[PagePart]) -> bytes:
    """The parts in order, the bodies as they came."""
    kept = list(parts)
    head = [
        {"url": part.url, "content_type": part.content_type, "length": len(part.body)}
        for part in kept
    ]
    return json.dumps({"pages": head}).encode() + b"\n" + b"".join(part.body for part in kept)


def unpack_parts(data: bytes) -> tuple[PagePart, ...]:
    """The parts of a snapshot. Raises BadSnapshot for anything pack_parts() did not make."""
    line, newline, bodies = data.partition(b"\n")
    try:
        head = json.loads(line)["pages"]
        sizes = [int(entry["length"]) for entry in head]
        names = [(str(entry["url"]), str(entry["content_type"])) for entry in head]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadSnapshot(f"no snapshot: {error}") from error
    if not newline or min(sizes, default=0) < 0 or sum(sizes) != len(bodies):
        raise BadSnapshot("the snapshot is not whole")
    parts, at = [], 0
    for (url, content_type), size in zip(names, sizes, strict=True):
        parts.append(PagePart(url, bodies[at : at + size], content_type))
        at += size
    return tuple(parts)


def parts_of(data: bytes, url: str) -> tuple[PagePart, ...]:
    """The parts of a snapshot; one that was kept before there were parts is one page at url."""
    try:
        return unpack_parts(data)
    except BadSnapshot:
        return (PagePart(url, data, "text/html"),)
