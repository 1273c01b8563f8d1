"""What to cut from a page, read from TOML at the edge and checked key by key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.outlet_keys import FAMILIES

SHIPPED_RULES = Path(__file__).parent / "vocabulary" / "cleaning.toml"
RECORDS = ("page", "body", "never")
SCOPES = ("line", "first", "last", "inline")
FEEDS = ("", "advertorial", "credits")

PRUNE_KEYS = frozenset(
    {"id", "families", "tags", "tokens", "words", "phrases", "patterns", "record"}
)
LINE_KEYS = frozenset({"id", "pattern", "scope", "lines", "max_words", "prose", "feeds"})
RELATED_KEYS = frozenset({"strong", "weak", "max_words"})
TAIL_KEYS = frozenset({"byline", "editor", "other", "advertorial", "desk", "never"})
TABLES = frozenset({"containers", "prune", "related", "line", "prose", "tail"})


class RulesError(Exception):
    """The cleaning rules cannot be used; the message names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class PruneRule:
    """Elements to cut. families empty: everywhere. tokens are whole classes or ids, words parts
    of one, phrases what one begins with, patterns are searched for in one."""

    id: str
    families: frozenset[str]
    tags: frozenset[str]
    tokens: frozenset[str]
    words: frozenset[str]
    phrases: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    record: str


@dataclass(frozen=True, slots=True)
class LineRule:
    """A line to cut when the whole of it matches and it has at most max_words words. prose: a
    line that reads like reporting stays."""

    id: str
    pattern: re.Pattern[str]
    scope: str
    lines: int
    max_words: int
    prose: bool
    feeds: str


@dataclass(frozen=True, slots=True)
class RelatedRules:
    """Words that lead to another story: strong ones stand alone, weak ones need a link."""

    strong: re.Pattern[str]
    any: re.Pattern[str]
    max_words: int


@dataclass(frozen=True, slots=True)
class TailRules:
    """Labels before names, and the codes desks print in brackets after the last sentence."""

    labels: Mapping[str, str]
    label: re.Pattern[str]
    advertorial: frozenset[str]
    desk: frozenset[str]
    never: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything cleaning and extraction know of pages, as data."""

    containers: frozenset[str]
    prune: tuple[PruneRule, ...]
    related: RelatedRules
    lines: tuple[LineRule, ...]
    prose: re.Pattern[str]
    tail: TailRules


def load_rules(path: Path = SHIPPED_RULES) -> Rules:
    """The rules in the TOML file at path. RulesError says what is wrong with it and where."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulesError(
            f"{path}: cannot be read ({error.strerror}); name a readable file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{path}: not TOML in UTF-8 ({error}); mend that place") from error
    return _Reader(path).rules(raw)


def _alternatives(forms: Sequence[str]) -> str:
    return "(?:" + "|".join(sorted(forms, key=len, reverse=True)) + ")"


class _Reader:
    """Turns the tables of one file into rules, naming the key of whatever does not fit."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rules(self, raw: Mapping[str, Any]) -> Rules:
        self.known(raw, TABLES, "")
        missing = sorted(TABLES - set(raw))
        if missing:
            raise self.wrong(missing[0], "is missing; add the table")
        containers = self.table(raw, "containers", frozenset({"strong"}))
        related = self.table(raw, "related", RELATED_KEYS)
        return Rules(
            containers=frozenset(self.strings(containers, "strong", "containers.")),
            prune=tuple(self.prune(row, n) for n, row in enumerate(self.rows(raw, "prune"))),
            related=self.related(related),
            lines=tuple(self.line(row, n) for n, row in enumerate(self.rows(raw, "line"))),
            prose=self.pattern(
                self.table(raw, "prose", frozenset({"pattern"})).get("pattern"), "prose.pattern"
            ),
            tail=self.tail(self.table(raw, "tail", TAIL_KEYS)),
        )

    def wrong(self, key: str, remedy: str) -> RulesError:
        return RulesError(f"{self.path}: {key} {remedy}")

    def known(self, row: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
        for key in row:
            if key not in keys:
                known = ", ".join(sorted(keys))
                raise self.wrong(f"{where}{key}", f"is not a known key; use one of {known}")

    def table(self, raw: Mapping[str, Any], key: str, keys: frozenset[str]) -> Mapping[str, Any]:
        value = raw.get(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table; write it as [" + key + "]")
        self.known(value, keys, f"{key}.")
        return value

    def rows(self, raw: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
        value = raw.get(key)
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.wrong(key, f"must be a list of tables; write each as [[{key}]]")
        return value

    def strings(self, row: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(x, str) and x for x in value):
            raise self.wrong(f"{where}{key}", 'must be a list of strings; write ["..", ".."]')
        return tuple(value)

    def text(self, row: Mapping[str, Any], key: str, where: str, default: str | None = None) -> str:
        value = row.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(f"{where}{key}", 'must be a string; write key = ".."')
        return value

    def number(self, row: Mapping[str, Any], key: str, where: str, default: int) -> int:
        value = row.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(f"{where}{key}", "must be a whole number above zero")
        return value

    def word(self, row: Mapping[str, Any], key: str, where: str, words: Sequence[str]) -> str:
        value = self.text(row, key, where, words[0])
        if value not in words:
            raise self.wrong(f"{where}{key}", f"is {value!r}; use one of {', '.join(words)}")
        return value

    def pattern(self, value: object, key: str) -> re.Pattern[str]:
        if not isinstance(value, str):
            raise self.wrong(key, "must be a regular expression in a string")
        try:
            return re.compile(value, re.IGNORECASE)
        except re.error as error:
            raise self.wrong(key, f"is not a regular expression ({error}); mend it") from error

    def prune(self, row: Mapping[str, Any], n: int) -> PruneRule:
        where = f"prune[{n}]."
        self.known(row, PRUNE_KEYS, where)
        families = frozenset(self.strings(row, "families", where))
        if not families <= frozenset(FAMILIES):
            raise self.wrong(f"{where}families", f"may name only {', '.join(FAMILIES)}")
        patterns = self.strings(row, "patterns", where)
        return PruneRule(
            id=self.text(row, "id", where),
            families=families,
            tags=frozenset(self.strings(row, "tags", where)),
            tokens=frozenset(x.lower() for x in self.strings(row, "tokens", where)),
            words=frozenset(self.strings(row, "words", where)),
            phrases=self.strings(row, "phrases", where),
            patterns=tuple(self.pattern(x, f"{where}patterns") for x in patterns),
            record=self.word(row, "record", where, RECORDS),
        )

    def line(self, row: Mapping[str, Any], n: int) -> LineRule:
        where = f"line[{n}]."
        self.known(row, LINE_KEYS, where)
        return LineRule(
            id=self.text(row, "id", where),
            pattern=self.pattern(row.get("pattern"), f"{where}pattern"),
            scope=self.word(row, "scope", where, SCOPES),
            lines=self.number(row, "lines", where, 1),
            max_words=self.number(row, "max_words", where, 30),
            prose=row.get("prose") is True,
            feeds=self.word(row, "feeds", where, FEEDS),
        )

    def related(self, row: Mapping[str, Any]) -> RelatedRules:
        strong = self.strings(row, "strong", "related.")
        weak = self.strings(row, "weak", "related.")
        if not strong:
            raise self.wrong("related.strong", "is empty; name at least one lead")
        return RelatedRules(
            strong=self.pattern(_alternatives(strong), "related.strong"),
            any=self.pattern(_alternatives((*strong, *weak)), "related.weak"),
            max_words=self.number(row, "max_words", "related.", 30),
        )

    def tail(self, row: Mapping[str, Any]) -> TailRules:
        labels = {
            word: kind
            for kind in ("byline", "editor", "other")
            for word in self.strings(row, kind, "tail.")
        }
        never = self.strings(row, "never", "tail.")
        return TailRules(
            labels=labels,
            label=self.pattern(f"({_alternatives(list(labels))})\\s*\\.?\\s*[:：]", "tail.byline"),
            advertorial=frozenset(self.strings(row, "advertorial", "tail.")),
            desk=frozenset(self.strings(row, "desk", "tail.")),
            never=self.pattern(_alternatives(never) if never else "(?!)", "tail.never"),
        )
