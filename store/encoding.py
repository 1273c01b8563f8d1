"""How values are written into columns and read back: times, JSON lists, text SQLite can hold."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any


def to_text(moment: datetime) -> str:
    """Write an aware time as UTC, `YYYY-MM-DDTHH:MM:SSZ`; fractions of a second are cut.

    Raises ValueError for a time without a zone: a guess would be seven hours off.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_exact_text(moment: datetime) -> str:
    """Write an aware time as UTC with microseconds, always all six digits so that texts sort."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """Read what to_text and to_exact_text wrote: an aware UTC time."""
    return datetime.fromisoformat(text).astimezone(UTC)


def maybe_text(moment: datetime | None) -> str | None:
    """to_text that lets None through."""
    return None if moment is None else to_text(moment)


def maybe_time(text: str | None) -> datetime | None:
    """from_text that lets None through."""
    return None if text is None else from_text(text)


def maybe_date(text: str | None) -> date | None:
    """Read a `YYYY-MM-DD` column; None stays None."""
    return None if text is None else date.fromisoformat(text)


def storable(text: str) -> str:
    """Replace what UTF-8 cannot hold: broken JSON feeds carry half an emoji (a lone surrogate),
    and one such title must not fail a whole feed."""
    return text.encode("utf-8", "replace").decode("utf-8")


def maybe_storable(text: str | None) -> str | None:
    """storable that lets None through."""
    return None if text is None else storable(text)


def to_json(value: Sequence[Any] | Mapping[str, Any]) -> str:
    """Write a JSON column: readable Indonesian, not escapes."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
