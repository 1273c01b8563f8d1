"""What is known of each CMS family: where its feeds and sitemaps may be, how its lists look."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SHIPPED = Path(__file__).parent / "vocabulary" / "families.toml"


@dataclass(frozen=True, slots=True)
class Family:
    """Candidates to probe (paths below the outlet's home) and selectors of links to articles."""

    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    listing: tuple[str, ...]


def load_families(path: Path = SHIPPED) -> Mapping[str, Family]:
    """The families of the shipped file, by name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Family(tuple(row["feeds"]), tuple(row["sitemaps"]), tuple(row["listing"]))
        for name, row in data.items()
    }
