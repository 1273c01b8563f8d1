"""What is known of each CMS family: where its feeds, sitemaps and older pages are, how it lists."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SHIPPED = Path(__file__).parent / "vocabulary" / "families.toml"


@dataclass(frozen=True, slots=True)
class Family:
    """Candidates to probe (paths below the outlet's home) and selectors of links to articles.

    index: the path of the list in which older articles stand. older: by kind of source, what is
    added to its address for its further pages. step: entries on one of them.
    """

    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    listing: tuple[str, ...]
    index: str = "/"
    older: Mapping[str, str] = field(default_factory=dict)
    step: int = 10


def load_families(path: Path = SHIPPED) -> Mapping[str, Family]:
    """The families of the shipped file, by name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Family(
            feeds=tuple(row["feeds"]),
            sitemaps=tuple(row["sitemaps"]),
            listing=tuple(row["listing"]),
            index=row.get("index", "/"),
            older=row.get("older", {}),
            step=row.get("step", 10),
        )
        for name, row in data.items()
    }
