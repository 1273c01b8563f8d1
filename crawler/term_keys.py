"""The keys of a vocabulary file: which there are, what each may hold, what to say if not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

# What a term does: anchors make an item count, the rest weigh, mask or label (docs in kpk.toml).
ANCHORS = ("entity", "epithet", "programme", "unit", "place", "person", "hint")
WEIGHERS = ("trap", "fake", "other", "foreign", "act", "passing", "cue", "detail", "context")
LABELS = ("event", "area")
KINDS = (*ANCHORS, *WEIGHERS, *LABELS)
SCOPES = ("sentence", "paragraph", "text")
KEYS = ("id", "kind", "forms", "case", "from", "until", "weight", "needs", "within", "off")
HEADER_KEYS = ("name", "borrow")
TERM_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
MAX_NAME = 40


class VocabularyError(Exception):
    """A vocabulary file cannot be used; the message names file, term, key and remedy."""


def identity(file: Path, entry: Mapping[str, Any]) -> str:
    """The id of a table; raises VocabularyError."""
    name = entry.get("id")
    if not isinstance(name, str) or not TERM_ID.fullmatch(name):
        raise VocabularyError(
            f"{file}: term {name!r}, key 'id': give a short name of a-z, 0-9, '-' and '.'"
        )
    return name


def check_keys(file: Path, name: str, entry: Mapping[str, Any]) -> None:
    """Raises VocabularyError for an unknown key or a value of the wrong kind."""
    for key, value in entry.items():
        if key not in KEYS:
            raise VocabularyError(
                f"{file}: term {name!r}, unknown key {key!r}; known are {', '.join(KEYS)}"
            )
        check, remedy = CHECKS[key]
        if not check(value):
            raise VocabularyError(f"{file}: term {name!r}, key {key!r}: {remedy}, not {value!r}")


def check_header(file: Path, header: object) -> None:
    """Raises VocabularyError for a [topic] table that cannot be used."""
    if not isinstance(header, dict):
        raise VocabularyError(f"{file}: key 'topic' must be written as one [topic] table")
    for key in header:
        if key not in HEADER_KEYS:
            raise VocabularyError(
                f"{file}: [topic], unknown key {key!r}; known are {', '.join(HEADER_KEYS)}"
            )
    name = header.get("name")
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name.strip()) <= MAX_NAME:
        raise VocabularyError(
            f"{file}: [topic], key 'name': give what people call it, in at most {MAX_NAME} letters"
        )
    if not _is_words(header.get("borrow", ["none"])):
        raise VocabularyError(
            f"{file}: [topic], key 'borrow': give a list of ids or kinds of shipped terms"
        )


def _is_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(isinstance(word, str) and word.strip() == word for word in value)
        and all(any(char.isalnum() for char in word) for word in value)
    )


def _is_weight(value: object) -> bool:
    return type(value) in (int, float) and 0 <= float(str(value)) <= 1


CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "id": (lambda value: isinstance(value, str), "give a short name"),
    "kind": (lambda value: value in KINDS, f"give one of {', '.join(KINDS)}"),
    "forms": (_is_words, "give a list of at least one form, without spaces around it"),
    "case": (lambda value: isinstance(value, bool), "give true or false"),
    "from": (lambda value: type(value) is date, "give a date like 2025-01-01"),
    "until": (lambda value: type(value) is date, "give a date like 2024-12-31"),
    "weight": (_is_weight, "give a number from 0 to 1"),
    "needs": (_is_words, "give a list of term ids or kinds"),
    "within": (lambda value: value in SCOPES, f"give one of {', '.join(SCOPES)}"),
    "off": (lambda value: isinstance(value, bool), "give true or false"),
}
