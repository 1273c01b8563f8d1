"""Passwords as they are kept: scrypt's hash beside its salt and cost, so that the cost can grow."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import scrypt

SHORTEST = 12  # characters
LONGEST = 256
SALT_BYTES = 16
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """How dear one try is: 128 * n * r bytes of memory, and time with them."""

    n: int = 2**16  # with r = 8: 64 MiB and a fifth of a second
    r: int = 8
    p: int = 1


COST = Cost()


@dataclass(frozen=True, slots=True)
class _Kept:
    cost: Cost
    salt: bytes
    hash: bytes


def check_new(password: str) -> None:
    """ValueError, saying why, for a password nobody should have."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in password):
        raise ValueError("a password has no control characters")
    if len(set(password)) < 4:
        raise ValueError("a password is more than one character again and again")


def hashed(password: str, cost: Cost = COST) -> str:
    """What is kept of a password: scrypt$N$R$P$SALT$HASH."""
    salt = secrets.token_bytes(SALT_BYTES)
    parts = (salt, _hash(password, salt, cost))
    salt_text, hash_text = (b64encode(part).decode("ascii") for part in parts)
    return f"scrypt${cost.n}${cost.r}${cost.p}${salt_text}${hash_text}"


def matches(password: str, kept: str | None, cost: Cost = COST) -> bool:
    """Whether it is the password that was kept. None (nobody has that name) and what cannot be
    read cost as much time and are never matched."""
    known = _read(kept)
    if known is None:
        _hash(password, bytes(SALT_BYTES), cost)
        return False
    return hmac.compare_digest(_hash(password, known.salt, known.cost), known.hash)


def is_outdated(kept: str, cost: Cost = COST) -> bool:
    """Whether it was kept at another cost than today's."""
    known = _read(kept)
    return known is None or known.cost != cost


def _hash(password: str, salt: bytes, cost: Cost) -> bytes:
    # The same letter can be typed as one sign or as two.
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    room = 2 * 128 * cost.n * cost.r
    return scrypt(typed, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=room, dklen=HASH_BYTES)


def _read(kept: str | None) -> _Kept | None:
    try:
        kind, n, r, p, salt, hash_ = (kept or "").split("$")
        cost = Cost(int(n), int(r), int(p))
        known = _Kept(cost, b64decode(salt, validate=True), b64decode(hash_, validate=True))
    except ValueError:
        return None
    usable = cost.n in (2**power for power in range(1, 21)) and cost.r == 8 and cost.p in (1, 2, 3)
    return known if kind == "scrypt" and usable and len(known.hash) == HASH_BYTES else None
