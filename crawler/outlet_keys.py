"""Checks the keys of an outlet's TOML and says, in one line, which is wrong and what to write."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FAMILIES = (
    "wordpress",
    "bacakoran",
    "disway",
    "antara",
    "tribun",
    "promedia",
    "inews",
    "detik",
    "suara",
    "jpnn",
    "idntimes",
    "kompas",
    "rmol",
    "blogger",
    "drupal",
    "rri",
    "custom",
)
SOURCE_KINDS = ("feed", "sitemap", "listing", "wp_rest")
TERMS = ("full", "metadata-only", "off")
TLS = ("verified", "unverified")
# WIB, WITA, WIT by province (Kemendagri code; facts/outlets.md section 6). All others are WIB.
WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96"})
WIB_PROVINCES = frozenset(
    {"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35"}
    | {"36", "61", "62"}
)
PROVINCES = WIB_PROVINCES | WITA | WIT

REQUIRED = ("name", "home", "family", "province")
OPTIONAL: Mapping[str, type | tuple[type, ...]] = {
    "brands": list,
    "hosts": list,
    "ports": list,
    "terms": str,
    "delay": (int, float),
    "interval": (int, float),
    "enabled": bool,
    "regency": str,
    "timezone": str,
    "tls": str,
    "only": dict,
    "source": list,
    "extract": dict,
}


class CatalogueError(Exception):
    """An outlet's file cannot be used; the message names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place where an outlet lists its articles."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Keys:
    """One TOML file's values, and the checks that turn them into an outlet's."""

    data: Mapping[str, Any]
    path: Path

    def wrong(self, key: str, what: str) -> CatalogueError:
        return CatalogueError(f"{self.path}: {key}: {what}")

    def check_names(self, known: Sequence[str], prefix: str = "") -> None:
        """Refuses a key nobody knows: a typing error must not silently change a crawl."""
        data = self.data if not prefix else self.data[prefix]
        for key in data:
            if key not in known:
                name = f"{prefix}.{key}" if prefix else key
                near = difflib.get_close_matches(key, known, 1, 0.6)
                hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
                raise self.wrong(name, f"unknown key; {hint}")

    def check_all(self) -> None:
        """Names, types and choices of every key; what a table holds is checked as it is read."""
        self.check_names((*REQUIRED, *OPTIONAL))
        self.check_required()
        for key in REQUIRED:
            self.check_type(key, str)
        for key, kind in OPTIONAL.items():
            self.check_type(key, kind)
        self.check_choice("family", FAMILIES)
        self.check_choice("province", sorted(PROVINCES))
        self.check_choice("terms", TERMS)
        self.check_choice("tls", TLS)
        self.check_url("home", self.data["home"])

    def check_required(self) -> None:
        for key in REQUIRED:
            if not self.data.get(key):
                raise self.wrong(key, f'missing; add a line {key} = "..."')

    def check_type(self, key: str, kind: type | tuple[type, ...]) -> None:
        if key not in self.data:
            return
        value = self.data[key]
        flag = isinstance(value, bool) and kind is not bool
        if flag or not isinstance(value, kind):
            names = {str: "a string", list: "a list", dict: "a table", bool: "true or false"}
            wanted = names.get(kind, "a number") if isinstance(kind, type) else "a number"
            raise self.wrong(key, f"must be {wanted}, not {value!r}")

    def check_choice(self, key: str, choices: Sequence[str]) -> None:
        value = self.data.get(key)
        if value is not None and value not in choices:
            raise self.wrong(key, f"{value!r} is not one of {', '.join(choices)}")

    def check_url(self, key: str, value: object) -> None:
        try:
            parts = urlsplit(value if isinstance(value, str) else "")
            good = parts.scheme in ("http", "https") and bool(parts.hostname)
            good = good and "@" not in parts.netloc
        except ValueError:
            good = False
        if not good and "@" in str(value):
            # Not shown: what stands before it may be a password.
            raise self.wrong(key, "holds an @, as of a user and password; write https://host/path")
        if not good:
            raise self.wrong(key, f"{value!r} is not an address; write https://host/path")

    def strings(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, f'must be a list of strings, as in ["..."], not {value!r}')
        return tuple(value)

    def table(self, key: str, known: Sequence[str]) -> Mapping[str, Any]:
        if key not in self.data:
            return {}
        self.check_names(known, key)
        table: Mapping[str, Any] = self.data[key]
        return table

    def ports(self) -> tuple[int, ...]:
        ports = self.data.get("ports", [])
        for port in ports:
            if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536:
                raise self.wrong("ports", f"{port!r} is not a port; use numbers from 1 to 65535")
        return tuple(ports)

    def delay(self, mapped: bool) -> float:
        delay = float(self.data.get("delay", 5.0))
        if not math.isfinite(delay) or delay < (0 if mapped else 1):
            raise self.wrong("delay", f"{delay:g} s is rude; use 1 or more (0 only under --map)")
        return delay

    def positive(self, key: str, default: float) -> float:
        value = float(self.data.get(key, default))
        if not math.isfinite(value) or value <= 0:
            raise self.wrong(key, f"{value:g} must be more than 0 (seconds)")
        return value

    def timezone(self) -> str:
        """The IANA zone: the one named, else the province's (facts/outlets.md section 6)."""
        province = self.data["province"]
        zone = "Asia/Makassar" if province in WITA else "Asia/Jakarta"
        zone = self.data.get("timezone", "Asia/Jayapura" if province in WIT else zone)
        try:
            return ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self.wrong("timezone", f"{zone!r} is no zone; e.g. Asia/Makassar") from error

    def sources(self) -> tuple[Source, ...]:
        found = []
        for item in self.data.get("source", []):
            if not isinstance(item, dict) or set(item) != {"kind", "url"}:
                raise self.wrong("source", "each [[source]] has exactly a kind and a url")
            if item["kind"] not in SOURCE_KINDS:
                kinds = ", ".join(SOURCE_KINDS)
                raise self.wrong("source.kind", f"{item['kind']!r} is not one of {kinds}")
            self.check_url("source.url", item["url"])
            found.append(Source(item["kind"], item["url"]))
        return tuple(found)
