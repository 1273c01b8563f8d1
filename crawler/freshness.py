"""For how long a source says of itself that it will not change."""

from __future__ import annotations

import re

LONGEST = 24 * 3600.0  # seconds; who asks for more is asked once a day all the same
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.I)
_NEVER = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?:[\s,=]|$)", re.I)


def max_age(cache_control: str | None) -> float:
    """The seconds of a Cache-Control header's max-age (RFC 9111, 5.2.2), at most a day; 0 when it
    names none or forbids to keep the answer."""
    if not cache_control or _NEVER.search(cache_control):
        return 0.0
    found = _MAX_AGE.search(cache_control)
    return min(float(found[1]), LONGEST) if found else 0.0


def ttl(minutes: object) -> float:
    """The seconds of an RSS feed's ttl, which is in minutes, at most a day; 0 when it is none."""
    text = str(minutes).strip() if isinstance(minutes, (str, int)) else ""
    if not (text.isascii() and text.isdigit()):
        return 0.0
    return min(float(text[:9]) * 60, LONGEST)
