"""What the made-up news of tests/busy_month.py is written with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

WORDS = tomllib.loads((Path(__file__).parent / "data" / "busy_words.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Story:
    """A template; evidence gives the words by which each tag (of TAGS) was earned."""

    title: str
    text: list[str]
    evidence: Mapping[str, str] = field(default_factory=dict)
    mention: bool = False


NAMES: list[str] = WORDS["names"]
OUTLETS: list[tuple[str, str, str, str]] = [tuple(one) for one in WORDS["outlets"]]
PLACES: list[tuple[str, str, str]] = [tuple(one) for one in WORDS["places"]]
TAGS: dict[str, tuple[str, str, str]] = {key: tuple(one) for key, one in WORDS["tags"].items()}
STORIES = [Story(**one) for one in WORDS["story"]]
