"""Tells in a millisecond which pages cannot be about the KPK and need not be read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import ahocorasick_rs

from crawler.passages import INVISIBLE, SAME
from crawler.terms import Vocabulary

# Elements that stand inside a word ("K<b>PK</b>"); every other tag ends one.
INLINE = re.compile(
    r"<!--.*?-->|</?(?:a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|small|span"
    r"|strike|strong|sub|sup|time|tt|u|var|wbr)\b[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
TAG = re.compile(r"<[^<>]*>")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
BLANK = re.compile(r"\s+")
# The sign for an unreadable byte is what is left of a hard space in an old charset.
DROPPED = str.maketrans(dict.fromkeys(INVISIBLE, "") | {"\\": "", "\ufffd": ""})


class Prefilter:
    """Built from the anchors of a vocabulary and from what the active cases are called
    (extra_forms); build it once. It is generous: it reads neither word boundaries nor sense."""

    def __init__(self, vocabulary: Vocabulary, extra_forms: Iterable[str] = ()) -> None:
        forms = [form for term in vocabulary.anchors for form in term.forms]
        plain = [_plain(form).strip() for form in (*forms, *extra_forms)]
        self._words = _automaton(form for form in plain if " " not in form)
        # A phrase may be broken by any markup, so it is sought with all spaces taken out. A short
        # word may not: "untuk PKK" would hold it.
        self._phrases = _automaton(BLANK.sub("", form) for form in plain if " " in form)

    def may_matter(self, body: bytes) -> bool:
        """Whether a page, as bytes in any charset that extends ASCII (or UTF-16 with a mark),
        could be judged about the topic. False is certain; True only asks for a closer look."""
        text = html.unescape(_decode(body))
        if "\\u" in text:
            text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = html.unescape(text).translate(DROPPED)
        return self._says(text) or self._says(TAG.sub(" ", INLINE.sub("", text)))

    def _says(self, text: str) -> bool:
        text = _plain(text)
        if self._words is not None and self._words.find_matches_as_indexes(text):
            return True
        return self._phrases is not None and bool(
            self._phrases.find_matches_as_indexes(BLANK.sub("", text))
        )


def _automaton(needles: Iterable[str]) -> ahocorasick_rs.AhoCorasick | None:
    found = {needle for needle in needles if needle}
    # "KPK RI" is found wherever "KPK" is.
    shortest = sorted(n for n in found if not any(m != n and m in n for m in found))
    return ahocorasick_rs.AhoCorasick(shortest) if shortest else None


def _plain(text: str) -> str:
    """Lower case, every space and hyphen a space, without invisible characters."""
    return text.translate(DROPPED).translate(SAME).lower()


def _decode(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", errors="replace")
    return body.decode("utf-8", errors="replace")
