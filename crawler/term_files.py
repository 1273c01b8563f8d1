"""The files of a vocabulary as tables: read, joined, laid over one another, borrowed from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.term_keys import ANCHORS, KINDS, VocabularyError, check_header, check_keys, identity

# A term's table, and the file it stands in, by the term's id.
Entries = dict[str, tuple[Path, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class TermFile:
    """What a file holds: its terms, and its [topic] table, None when it has none."""

    entries: Entries
    header: Mapping[str, Any] | None


def read_file(file: Path) -> TermFile:
    """The tables of a file; keys of terms are not checked yet. Raises VocabularyError."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise VocabularyError(
            f"{file}: cannot be read ({error.strerror}); check the path"
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"{file}: is not valid TOML ({error}); mend that line") from error
    for key in data:
        if key not in ("term", "topic"):
            raise VocabularyError(
                f"{file}: unknown key {key!r}; only [[term]] tables and one [topic] belong here"
            )
    header = data.get("topic")
    if header is not None:
        check_header(file, header)
    tables = data.get("term", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise VocabularyError(f"{file}: key 'term' must be written as [[term]] tables")
    entries: Entries = {}
    for table in tables:
        entries = joined(file, entries, {identity(file, table): (file, table)})
    return TermFile(entries, header)


def joined(file: Path, first: Entries, second: Entries) -> Entries:
    """Both together; file is named when an id stands in both."""
    for name in first.keys() & second.keys():
        raise VocabularyError(f"{file}: term {name!r}, key 'id': used twice; rename one")
    return first | second


def laid_over(file: Path, entries: Entries) -> Entries:
    """The entries as a user's file has them: its keys replace a term's, a new id adds one,
    `off = true` takes one away. Raises VocabularyError."""
    own = read_file(file)
    if own.header is not None:
        raise VocabularyError(
            f"{file}: a [topic] table belongs in the topic's own file; take it out"
        )
    result = dict(entries)
    for name, (_, entry) in own.entries.items():
        check_keys(file, name, entry)
        if entry.get("off"):
            if name not in entries:
                raise VocabularyError(
                    f"{file}: term {name!r}, key 'off': there is no such term; correct the id"
                )
            del result[name]
            continue
        result[name] = (file, entries.get(name, (file, {}))[1] | entry)
    return result


def with_borrowed(file: Path, own: Entries, words: Sequence[str], offered: Entries) -> Entries:
    """A topic's own entries, then those of the offered that its words name: by id, by what stands
    before an id's dot, or by a kind that is no anchor. Its own stand over borrowed ones of the
    same id. A borrowed term that can never be met here, since what it needs was not borrowed, is
    left out. Raises VocabularyError, naming file, for a word that names nothing."""
    taken: Entries = {}
    for word in words:
        found = {name: pair for name, pair in offered.items() if _is_named(word, name, pair[1])}
        if not found:
            raise VocabularyError(
                f"{file}: [topic], key 'borrow': {word!r} is no term and no kind that can be"
                " borrowed; give ids of the shipped kpk.toml and events.toml, or a kind that"
                f" names nothing: {', '.join(kind for kind in KINDS if kind not in ANCHORS)}"
            )
        taken |= found
    for _, entry in list(taken.values()):
        opening = {name: offered[name] for name in entry.get("needs", ()) if name in offered}
        taken |= {name: pair for name, pair in opening.items() if pair[1]["kind"] == "context"}
    borrowed = {name: pair for name, pair in taken.items() if name not in own}
    return own | _that_can_be_met(borrowed, own)


def _is_named(word: str, name: str, entry: Mapping[str, Any]) -> bool:
    of_kind = word == entry["kind"] and word not in ANCHORS
    return of_kind or word in (name, name.partition(".")[0])


def _that_can_be_met(borrowed: Entries, own: Entries) -> Entries:
    left = borrowed
    while True:
        known = {*KINDS, *own, *left}
        kept: Entries = {}
        for name, (file, entry) in left.items():
            needs = [need for need in entry.get("needs", ()) if need in known]
            if needs:
                kept[name] = (file, entry | {"needs": needs})
            elif "needs" not in entry:
                kept[name] = (file, entry)
        if kept == left:
            return left
        left = kept
