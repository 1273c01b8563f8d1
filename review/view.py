"""A list as its address says it: what a query string asks for, and addresses of lists near it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from store.filters import INBOX, Filter
from store.records import VERDICTS, Relevance
from store.views import View

# Every parameter a list knows; others are ignored.
NAMES = (
    "q", "outlet", "province", "region", "programme", "event", "case", "tag", "verdict",
    "relevance", "starred", "advertorial", "topic", "since", "until", "order", "before",
)  # fmt: skip
TAGS = {"programme": "programme", "event": "event", "case": "case", "tag": "user"}
PAGE = 50
# Days of a period are those of the capital, where most readers sit.
ZONE = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that was asked for: its path (/ is the inbox) and the parameters that it knows."""

    path: str
    values: Mapping[str, str]

    @property
    def inbox(self) -> bool:
        """Whether this is the inbox, narrowed or not."""
        return self.path == "/"

    @property
    def narrowed(self) -> bool:
        """Whether anything but the place in the list and its order was asked for."""
        return any(name not in ("before", "order") for name in self.values)

    @property
    def ranked(self) -> bool:
        """Whether the inbox was asked for in the order that verdicts suggest."""
        return self.inbox and self["order"] == "ranked"

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def address(self, path: str | None = None, **changes: str | None) -> str:
        """The address of this list with these parameters changed; None takes one away."""
        found = {k: v for k, v in {**self.values, **changes}.items() if v}
        return (path or self.path) + (f"?{urlencode(found)}" if found else "")


def asked(path: str, query: Mapping[str, str]) -> Asked:
    """The list that an address asks for."""
    return Asked(path, {k: query[k].strip()[:2000] for k in NAMES if query.get(k, "").strip()})


def view_of(wanted: Asked) -> View:
    """The list as the store knows it. Values that make no sense narrow nothing."""
    values = wanted.values
    base = INBOX if wanted.inbox else Filter()
    verdict, relevance = values.get("verdict"), values.get("relevance")
    chosen = replace(
        base,
        verdict=verdict if verdict in VERDICTS else None,
        relevance=cast(Relevance, relevance) if relevance in ("about", "mentions") else None,
        outlet=values.get("outlet"),
        province=values.get("province"),
        topic=values.get("topic"),
        starred=True if values.get("starred") == "1" else None,
        since=_midnight(values.get("since")),
        until=_midnight(values.get("until"), days=1),
        limit=PAGE,
    )
    return View(
        chosen=chosen,
        query=values.get("q", ""),
        tags=tuple((kind, values[name]) for name, kind in TAGS.items() if name in values),
        region=values.get("region"),
        advertorial={"1": True, "0": False}.get(values.get("advertorial", "")),
        before=values.get("before"),
    )


def _midnight(day: str | None, days: int = 0) -> datetime | None:
    try:
        found = date.fromisoformat(day or "") + timedelta(days=days)
        return datetime(found.year, found.month, found.day, tzinfo=ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
