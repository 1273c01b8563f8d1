"""The values of gaps that cross the store's edge, without any database in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OlderPage:
    """A further page of a source: its kind, its address, its number (the newest is 1), and the
    address of the newest, from which others are counted."""

    kind: str
    url: str
    number: int
    base: str
