"""Words that mean the same, read from synonyms.toml: there is no stemmer that is good enough for
Indonesian names (findings, SQLite), so the query is widened instead."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

Words = tuple[str, ...]
# A form -> every form that means the same, itself among them.
Synonyms = Mapping[Words, tuple[Words, ...]]

SHIPPED = Path(__file__).parent / "synonyms.toml"


class SynonymError(Exception):
    """The file of synonyms cannot be used; the message names file, key and remedy."""


@cache
def load_synonyms(file: Path = SHIPPED) -> Synonyms:
    """Read a file of synonyms: `same`, a list of lists of forms. Raises SynonymError."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SynonymError(f"{file}: {error}") from error
    unknown = sorted(set(table) - {"same"})
    if unknown:
        raise SynonymError(f"{file}: unknown key {unknown[0]!r}; only `same` is allowed")
    groups = table.get("same", [])
    if not isinstance(groups, list) or not all(map(_is_group, groups)):
        raise SynonymError(f"{file}: `same` must be a list of lists of two or more forms")
    return merge(groups)


def merge(groups: Iterable[Iterable[str]]) -> Synonyms:
    """Turn groups of forms into a look-up; a form in two groups means all of both."""
    found: dict[Words, list[Words]] = {}
    for group in groups:
        together: list[Words] = []
        for form in group:
            words = tuple(form.casefold().split())
            together += [w for w in found.get(words, [words]) if w not in together]
        found.update(dict.fromkeys(together, together))
    return {words: tuple(together) for words, together in found.items()}


def _is_group(group: object) -> bool:
    return (
        isinstance(group, list)
        and len(group) > 1
        and all(isinstance(form, str) and form.split() for form in group)
    )
