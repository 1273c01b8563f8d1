"""Repairs the characters of a text: broken encodings, invisible characters, white space."""

from __future__ import annotations

import html
import re


def _byte(char: str) -> int | None:
    """The byte a Windows-1252 reader would have made this character of."""
    try:
        return char.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(char) if ord(char) < 0x100 else None


_CONTINUATION = "".join(
    {bytes([n]).decode("cp1252", "ignore") for n in range(0x80, 0xC0)}
    | {chr(n) for n in range(0x80, 0xC0)}
)
# UTF-8 read as Windows-1252: a lead byte, then one to three continuation bytes.
_TWICE_ENCODED = re.compile(f"[\u00c2-\u00f4][{re.escape(_CONTINUATION)}]{{1,3}}")
# What is left of a soft hyphen or a hard space when its second byte was lost (posmetropadang).
_ORPHAN = re.compile("(?<=[a-z:,.;])Â|Â(?=[a-z\\s\u00ad\u00a0]|$)")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,5});")


def _decode(match: re.Match[str]) -> str:
    text = match.group(0)
    for end in range(len(text), 1, -1):
        found = [_byte(char) for char in text[:end]]
        known = bytes(byte for byte in found if byte is not None)
        try:
            return known.decode("utf-8") + text[end:] if len(known) == end else text
        except UnicodeDecodeError:
            continue
    return text


def tidy(raw: str) -> str:
    """raw with twice-encoded characters and entities repaired, invisible characters gone and
    every run of white space one space."""
    if not raw.isascii():
        raw = _TWICE_ENCODED.sub(_decode, raw)
        raw = _ORPHAN.sub("", raw)
        raw = _INVISIBLE.sub("", raw)
    if "&" in raw:
        raw = _ENTITY.sub(lambda match: html.unescape(match.group(0)), raw)
    return " ".join(raw.split())
