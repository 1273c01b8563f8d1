"""The vocabulary: what a topic is called, as data that anyone may read, extend or switch off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from crawler.term_files import joined, laid_over, read_file, with_borrowed
from crawler.term_keys import ANCHORS, KINDS, VocabularyError, check_keys, identity

__all__ = ["Term", "Vocabulary", "VocabularyError", "load_vocabulary"]

SHIPPED = Path(__file__).parent / "vocabulary"
KPK = SHIPPED / "kpk.toml"
EVENTS_FILE = "events.toml"
REGIONS_FILE = "regions.toml"

# A dated term still counts outside its years, seven tenths: MCP lives on beside MCSP.
OUTDATED = 0.7

NAMES = ("entity", "epithet")
OWN = ("programme", "unit")
# They speak of the KPK only where no other agency is at work (co-handled cases).
HINTS = ("place", "person", "hint")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a text may say. The first form is its label; a form between slashes is a regular
    expression over lower-cased text. weight is 0-1; needs names kinds or ids of terms one of
    which must also stand within the same sentence, paragraph or text."""

    id: str
    kind: str
    forms: tuple[str, ...]
    case: bool = False
    since: date | None = None
    until: date | None = None
    weight: float = 1.0
    needs: tuple[str, ...] = ()
    within: str = "text"

    @property
    def slug(self) -> str:
        """The label's address: what stands before a dot ("spi.short" speaks for "spi")."""
        return self.id.partition(".")[0]

    @property
    def label(self) -> str:
        return self.forms[0]

    @property
    def plain_forms(self) -> tuple[str, ...]:
        return tuple(form for form in self.forms if not is_pattern(form))

    @property
    def patterns(self) -> tuple[str, ...]:
        return tuple(form[1:-1] for form in self.forms if is_pattern(form))

    def in_force(self, on: date) -> bool:
        """Whether the day on lies within from and until."""
        return (self.since is None or on >= self.since) and (self.until is None or on <= self.until)

    def weight_on(self, on: date) -> float:
        """The weight on a day: less outside the term's own years."""
        return self.weight if self.in_force(on) else self.weight * OUTDATED


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of one topic, in the order of their files; name is what people call it, as its
    file says."""

    terms: tuple[Term, ...]
    name: str = ""
    # What others build from the terms once and look up again (the search automaton).
    derived: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[type[Vocabulary], tuple[tuple[Term, ...], str]]:
        return Vocabulary, (self.terms, self.name)

    def of_kind(self, *kinds: str) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.kind in kinds)

    @property
    def anchors(self) -> tuple[Term, ...]:
        """The terms of which an item must hold at least one to be kept at all."""
        return tuple(term for term in self.of_kind(*ANCHORS) if term.weight > 0)


def is_full_name(term: Term) -> bool:
    """Whether the words are the name written out, which no look-alike shares ("kpk.full")."""
    return term.kind == "entity" and term.id.endswith(".full")


def is_pattern(form: str) -> bool:
    return len(form) > 2 and form.startswith("/") and form.endswith("/")


def load_vocabulary(path: Path = KPK, overlay: Path | None = None) -> Vocabulary:
    """The terms of a topic's file, and those its [topic] table borrows from the shipped ones; a
    file without that table has those of the events file beside it. A user's file is laid over
    them by id: its keys replace the term's, a new id adds one, `off = true` takes one away.
    Raises VocabularyError."""
    topic = read_file(path)
    entries, events = topic.entries, path.with_name(EVENTS_FILE)
    if topic.header is not None:
        words = topic.header.get("borrow", ())
        offered = read_file(KPK).entries | read_file(SHIPPED / EVENTS_FILE).entries if words else {}
        entries = with_borrowed(path, entries, words, offered)
    elif path.name != EVENTS_FILE and events.exists():
        entries = joined(events, entries, read_file(events).entries)
    known = set(KINDS) | entries.keys()
    if overlay is not None:
        entries = laid_over(overlay, entries)
    terms = tuple(_term(file, entry) for file, entry in entries.values())
    known.update(entries)
    for term in terms:
        for need in term.needs:
            if need not in known:
                raise VocabularyError(
                    f"{entries[term.id][0]}: term {term.id!r}, key 'needs': {need!r} is no term "
                    "and no kind; name one that exists"
                )
    return Vocabulary(terms, (topic.header or {}).get("name", ""))


def _term(file: Path, entry: Mapping[str, Any]) -> Term:
    name = identity(file, entry)
    check_keys(file, name, entry)
    for key in ("kind", "forms"):
        if key not in entry:
            raise VocabularyError(f"{file}: term {name!r}, key {key!r}: is missing; add it")
    term = Term(
        id=name,
        kind=entry["kind"],
        forms=tuple(entry["forms"]),
        case=entry.get("case", False),
        since=entry.get("from"),
        until=entry.get("until"),
        weight=float(entry.get("weight", 1.0)),
        needs=tuple(entry.get("needs", ())),
        within=entry.get("within", "text"),
    )
    if term.since and term.until and term.since > term.until:
        raise VocabularyError(f"{file}: term {name!r}, key 'until': lies before 'from'; swap them")
    _check_patterns(file, term)
    return term


def _check_patterns(file: Path, term: Term) -> None:
    if term.patterns and term.kind in ANCHORS:
        # The prefilter is built from the anchors' words; it cannot promise anything of a pattern.
        raise VocabularyError(
            f"{file}: term {term.id!r}, key 'forms': kind {term.kind!r} takes plain words only; "
            "write each form out"
        )
    for pattern in term.patterns:
        try:
            empty = re.compile(pattern).match("") is not None
        except (re.error, OverflowError, RecursionError) as error:
            raise VocabularyError(
                f"{file}: term {term.id!r}, key 'forms': /{pattern}/ is no regular expression "
                f"({error}); mend it or write the words plainly"
            ) from error
        if empty:
            raise VocabularyError(
                f"{file}: term {term.id!r}, key 'forms': /{pattern}/ matches nothing at all; "
                "ask for at least one letter"
            )
