"""A snapshot: the pages an article was read from, as fetched, in one piece of bytes."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.reading import PageInput
from store.snapshot_parts import BadSnapshot, PagePart, pack_parts, parts_of, unpack_parts

__all__ = ["BadSnapshot", "pack", "pages_of", "unpack"]


def pack(pages: Sequence[PageInput]) -> bytes:
    """The pages in order, their bodies as they came."""
    return pack_parts(PagePart(page.url, page.body, page.content_type) for page in pages)


def unpack(data: bytes) -> tuple[PageInput, ...]:
    """The pages of a snapshot. Raises BadSnapshot for anything pack() did not make."""
    return _pages(unpack_parts(data))


def pages_of(data: bytes, url: str) -> tuple[PageInput, ...]:
    """The pages of a snapshot; one that was kept before there were parts is one page at url."""
    return _pages(parts_of(data, url))


def _pages(parts: Sequence[PagePart]) -> tuple[PageInput, ...]:
    return tuple(PageInput(part.url, part.body, part.content_type) for part in parts)
