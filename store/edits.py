"""What changed between two versions of an article, and whether it matters to a reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

EditKind = Literal["none", "cosmetic", "title", "text"]
ChangeKind = Literal["equal", "added", "removed"]

MAX_WORDS = 8000  # above it whole paragraphs are compared: matching words is quadratic
TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
# Counters and stamps that pages print into their text: they change without any edit.
COUNTER = re.compile(
    r"(?:\b(?:dibaca|dilihat|dibagikan|shares?|views?|tayang|komentar|likes?)\W{0,3}\d[\d.,]*\s*"
    r"(?:kali|x|ribu|rb|k)?|\b\d[\d.,]*\s*(?:kali\s+)?"
    r"(?:dibaca|dilihat|dibagikan|shares?|views?|komentar|likes?)\b)",
    re.IGNORECASE,
)
STAMP = re.compile(
    r"^\W*(?:terakhir\s+)?(?:diperbarui|diperbaharui|diupdate|updated?|last updated)\b"
    r"[^\n]{0,40}\d[^\n]{0,40}$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Change:
    """A run of text that stayed, came or went, white space included."""

    kind: ChangeKind
    text: str


def edit_kind(old_title: str, old_text: str, new_title: str, new_text: str) -> EditKind:
    """How an article was edited: none, cosmetic (quotes, spacing, counters, "diperbarui" stamps),
    title (only the title), or text."""
    if (old_title, old_text) == (new_title, new_text):
        return "none"
    if essence(old_text) != essence(new_text):
        return "text"
    return "title" if essence(old_title) != essence(new_title) else "cosmetic"


def essence(text: str) -> str:
    """A text without what changes by itself: counters, stamps, typography and spacing."""
    folded = unicodedata.normalize("NFKC", text)
    folded = STAMP.sub(" ", COUNTER.sub(" ", folded))
    return " ".join(re.findall(r"\w+", folded.casefold()))


def word_diff(before: str, after: str) -> tuple[Change, ...]:
    """The two texts as one run of changes by words; joined, what is not added is before, and what
    is not removed is after. Very long texts are compared by paragraphs."""
    old, new = tokens(before), tokens(after)
    changes: list[Change] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            changes.append(Change("equal", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            changes.append(Change("removed", "".join(old[i1:i2])))
        if j2 > j1:
            changes.append(Change("added", "".join(new[j1:j2])))
    return tuple(changes)


def tokens(text: str) -> Sequence[str]:
    """Words, punctuation and white space; of a very long text its paragraphs."""
    found = TOKEN.findall(text)
    return found if len(found) <= MAX_WORDS else text.splitlines(keepends=True)


def folded(changes: Iterable[Change], around: int = 60) -> tuple[Change, ...]:
    """The changes with long equal runs shortened to some whole words on either side of a change,
    about `around` characters, for showing."""
    whole = list(changes)
    shown = []
    for place, change in enumerate(whole):
        text = change.text
        if change.kind == "equal" and len(text) > 2 * around + 20:
            head = "" if place == 0 else _words(text[:around], text[around])
            tail = "" if place == len(whole) - 1 else _words(text[::-1][:around], text[-around - 1])
            tail = tail[::-1]
            text = f"{head} [...] {tail}"
        shown.append(Change(change.kind, text))
    return tuple(shown)


def _words(text: str, following: str) -> str:
    """The text without a word that its end cut in two; of one long word what there is."""
    if following.isspace() or text[-1:].isspace():
        return text.rstrip()
    return text.rsplit(None, 1)[0] if len(text.split()) > 1 else text
