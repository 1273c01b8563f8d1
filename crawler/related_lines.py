"""Finds links to other stories among plain lines, where no markup tells what was a link."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.rules import RelatedRules

TITLES = 6
TITLE_WORDS = 26
_OPENING = r"[\s\[(>»•▶►→*|–—-]*"
_POINT = r"\s*(?:[:：>»|→–—]|-(?!\w))+\s*"
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SMALL = frozenset(
    {"di", "ke", "dari", "dan", "yang", "untuk", "pada", "dengan", "dalam", "atau", "bagi"}
    | {"oleh", "ini", "itu"}
)
_CLOSED = re.compile(r"[.!?…:;][\"”’')\]]*$")


def reads_like_title(line: str) -> bool:
    """Whether most of the words that can be capitals are, as in a headline."""
    words = [word for word in _WORD.findall(line) if word.lower() not in _SMALL]
    capitals = sum(1 for word in words if word[0].isupper())
    return len(words) >= 2 and capitals >= 0.6 * len(words)


def reads_like_sentence(line: str) -> bool:
    """Whether it goes on in small letters to a full stop, as no headline does."""
    return line[:1].islower() and line.endswith((".", ".”", '."')) and len(line.split()) >= 4


def _is_bare(line: str) -> bool:
    """Whether a line holds no words: a rule, or a naked address."""
    bare = line.strip(" |>»•*–—-")
    return not bare or (bare.startswith(("http://", "https://")) and " " not in bare)


class RelatedLines:
    """The leads compiled for lines without markup, with guards in place of links."""

    def __init__(self, rules: RelatedRules) -> None:
        strong = rules.strong.pattern
        self.alone = re.compile(rf"{_OPENING}{strong}(?:{_POINT}|[\s.]*)[\])|*]*", re.I)
        self.pointed = re.compile(rf"{_OPENING}{strong}{_POINT}", re.I)
        self.bare = re.compile(rf"{_OPENING}{strong}\s+", re.I)
        self.bracketed = re.compile(
            rf"\s*([(\[])\s*(?:{strong}|baca)\s*[:：][^()\[\]]{{3,200}}[)\]]", re.I
        )
        self.after_sentence = re.compile(rf"(?<=[.!?”\"])\s*({strong})\s*[:：]\s*(\S.*)$", re.I)
        self.max_words = rules.max_words

    def whole_lines(self, lines: Sequence[str]) -> list[int]:
        """The places of lines that are leads, leads with their titles, or titles under a lead."""
        found: list[int] = []
        titles = -1  # how many titles followed the lead so far; -1: no lead
        for n, line in enumerate(lines):
            if self._is_lead(line):
                found.append(n)
                titles = 0 if self.alone.fullmatch(line) else TITLES
            elif titles >= 0 and (_is_bare(line) or self._is_title(line, titles)):
                found.append(n)
                titles += 1
            else:
                titles = -1
        return found

    def inside(self, line: str) -> tuple[int, int] | None:
        """Where a lead with its title stands in a line with sentences of its own."""
        bracketed = self.bracketed.search(line)
        if bracketed:
            return bracketed.span()
        after = self.after_sentence.search(line)
        if (
            after
            and len(after.group(2).split()) <= TITLE_WORDS
            and reads_like_title(after.group(2))
        ):
            inner = re.search(r"[.!?]\s+\S", after.group(2))
            return None if inner else (after.start(), len(line))
        return None

    def _is_lead(self, line: str) -> bool:
        words = len(line.split())
        if self.alone.fullmatch(line):
            return True
        pointed = self.pointed.match(line)
        if pointed:
            return words <= self.max_words and not reads_like_sentence(line[pointed.end() :])
        bare = self.bare.match(line)
        if bare is None or words > TITLE_WORDS:
            return False
        lead, title = bare.group(0).split(), line[bare.end() :]
        shouted = len(lead) > 1 and lead[1][:1].isupper()
        if line.endswith("."):
            return shouted and reads_like_title(title)
        return (shouted and title[:1].isupper()) or reads_like_title(title)

    def _is_title(self, line: str, titles: int) -> bool:
        if titles >= TITLES or len(line.split()) > TITLE_WORDS or line[:1] in '"“”':
            return False
        if _CLOSED.search(line):
            return line[-1:] in "?!" and reads_like_title(line)
        return titles == 0 or reads_like_title(line)
