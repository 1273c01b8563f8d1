"""Reads who wrote, edited or paid for a text from its credit lines and the codes at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.rules import TailRules

# A tail is never longer; patterns see no more of a line than this many characters.
TAIL_LENGTH = 200
_KEY = re.compile(r"[\W_]+")
_BRACKET = re.compile(r"[\s*]*[(\[]\s*([^()\[\]]{0,50}?)\s*[)\]][\s*.]*$")
_STARS = re.compile(r"\s?(?:\*[\s.*]*|#{2,}\s*)$")
_SLASHED = re.compile(r"(?:^|(?<=[.!?”\"’*)])\s*)[#*]?([a-z]{2,6}(?:/[a-z]{2,6})+)[\s.*]*$")
_INITIALS = re.compile(r"[a-z]{2,4}")
_SEPARATOR = re.compile(r"\s*[/,&+|]\s*|\s-\s|\s+dan\s+", re.I)
_NAME = re.compile(r"[^\W\d_][\w®.'’-]*(?:\s+[\w®.'’-]+){0,2}")
_SENTENCE_END = re.compile(r"(?:^|[.!?…”\"’'*)])\s*$")
_RIGHTS = re.compile(r"(?:copyright|hak cipta|©).*$", re.I | re.S)
_BYLINE = re.compile(
    r"(?i:oleh|by|laporan)\s*[-–:]?\s+((?:[A-Z][\w.'’]*\s*){1,4})|"
    r"(?i:laporan\s+(?:wartawan|reporter|jurnalis|kontributor|kabiro))\s+(?:.*[,:]\s*)?(.{3,40})",
)
_CAPITALS = re.compile(r"[A-Z][A-Z.'’]+(?: [A-Z][A-Z.'’]*){1,3}")


@dataclass(frozen=True, slots=True)
class Credit:
    """A name and what its bearer did: byline, editor, other; advertorial and star have none."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands after the last sentence: from where, the rule that says so and its credits."""

    start: int
    rule: str
    credits: tuple[Credit, ...]


def read_credits(line: str, rules: TailRules) -> tuple[Credit, ...]:
    """The credits of a line that holds nothing else ("Pewarta: XEditor: Y Copyright .."); empty
    when it is anything else."""
    if len(line) > TAIL_LENGTH:
        return ()
    text = _RIGHTS.sub("", line).strip(" \t-–|()[]*•.")
    marks = list(rules.label.finditer(text))
    if not marks or marks[0].start() != 0:
        return ()
    credits = []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        name = text[mark.end() : end].strip(" \t-–|,/()[]*")
        if len(name) > 60 or len(name.split()) > 7 or re.search(r"[!?“”\"]|[a-z]{3}\. ", name):
            return ()
        kind = rules.labels[" ".join(mark.group(1).lower().split())]
        credits.append(Credit(kind, name))
        if kind == "byline" and _flags(name, rules):
            credits.append(Credit("advertorial", ""))
    return tuple(credits)


def read_byline(line: str, following: str) -> Credit | None:
    """The byline of one of the first lines: "Oleh Name", "Laporan Wartawan X, Name", or a name in
    capitals over the text (iNews)."""
    if len(line.split()) > 10 or line[-1:] in ".!?":
        return None
    found = _BYLINE.fullmatch(line)
    if found:
        return Credit("byline", (found.group(1) or found.group(2)).strip())
    if _CAPITALS.fullmatch(line) and len(line) <= 32 and len(following.split()) >= 8:
        return (
            None if re.search(r"\b(?:KPK|OTT|RI|BREAKING|NEWS)\b", line) else Credit("byline", line)
        )
    return None


def read_tail(line: str, rules: TailRules, brands: Sequence[str], last: bool) -> Tail | None:
    """The last mark after line's final sentence: a code in brackets, stars, initials, credits.
    last: nothing follows the line, so shapes that need no full stop before them count too."""
    whole, line = line, line[-TAIL_LENGTH:]
    found = _find_tail(line, rules, brands, last)
    if found is None:
        return None
    start = len(whole) - len(line) + found.start
    return Tail(len(whole[:start].rstrip(" *")), found.rule, found.credits)


def _find_tail(line: str, rules: TailRules, brands: Sequence[str], last: bool) -> Tail | None:
    stars = _STARS.search(line)
    if stars:
        return Tail(stars.start(), "tail", ())
    bracket = _BRACKET.search(line)
    if bracket:
        before, code = line[: bracket.start()], bracket.group(1)
        found = _read_code(code, before, rules, brands, last)
        if found is None:
            return None
        return Tail(bracket.start(), _rule(found), found)
    slashed = _SLASHED.search(line)
    if slashed:
        credits = _name_code(slashed.group(1), rules)
        return Tail(slashed.start(), _rule(credits), credits)
    return _read_suffix(line, rules)


def _rule(credits: Sequence[Credit]) -> str:
    kinds = {credit.kind for credit in credits}
    return "advertorial" if "advertorial" in kinds else "byline" if kinds else "tail"


def _read_suffix(line: str, rules: TailRules) -> Tail | None:
    """Credits glued to the end of the last sentence."""
    for mark in rules.label.finditer(line):
        start = mark.start()
        if start and _SENTENCE_END.search(line[:start]) and len(line[start:].split()) <= 16:
            credits = read_credits(line[start:], rules)
            if credits:
                return Tail(len(line[:start].rstrip()), "credit", credits)
    return None


def _read_code(
    code: str, before: str, rules: TailRules, brands: Sequence[str], last: bool
) -> tuple[Credit, ...] | None:
    """The credits in a bracket, () for a mere mark, None when it belongs to the sentence."""
    bare = code.strip("* ./")
    if not bare:
        return ()
    if rules.never.search(bare) and not _flags(bare, rules):
        return None
    if _KEY.sub("", bare).lower() in {_KEY.sub("", brand).lower() for brand in brands}:
        return (Credit("byline", bare),)
    parts = [part.strip("* .") for part in _SEPARATOR.split(bare)]
    parts = [part for part in parts if part]
    if not all(_NAME.fullmatch(part) for part in parts) or len(parts) > 4 or len(bare) > 45:
        return None
    known = any(part.lower() in rules.advertorial | rules.desk for part in parts)
    ended = bool(_SENTENCE_END.search(before))
    initials = len(parts) > 1 and all(_INITIALS.fullmatch(part) for part in parts)
    if not (ended or known or (last and initials)):
        return None
    return _name_code(bare, rules)


def _flags(code: str, rules: TailRules) -> bool:
    parts = {part.strip("* .").lower() for part in _SEPARATOR.split(code)}
    return not parts.isdisjoint(rules.advertorial)


def _name_code(code: str, rules: TailRules) -> tuple[Credit, ...]:
    """The code as a byline, without the parts that only say the text is paid or official."""
    if not _flags(code, rules):
        return (Credit("byline", code),)
    names = [part.strip("* .") for part in _SEPARATOR.split(code)]
    names = [part for part in names if part and part.lower() not in rules.advertorial]
    return (Credit("advertorial", ""), *(Credit("byline", name) for name in names[:1]))
