"""The catalogue: each outlet is a TOML file, checked key by key, never an `if` in the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

SHIPPED = Path(__file__).parent / "catalogue"
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
    "custom",
)
SOURCE_KINDS = ("feed", "sitemap", "listing", "wp_rest")
TERMS = ("full", "metadata-only", "off")
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

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
class Outlet:
    """One news outlet as its TOML declares it. delay is seconds between requests to its host,
    interval minutes between passes; timezone an IANA name."""

    slug: str
    name: str
    home: str
    family: str
    province: str
    brands: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    terms: str = "full"
    delay: float = 5.0
    interval: float = 30.0
    enabled: bool = True
    regency: str | None = None
    timezone: str = "Asia/Jakarta"
    only_dateline: tuple[str, ...] = ()
    only_category: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    drop: tuple[str, ...] = ()
    file: Path | None = field(default=None, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which a printed time without a label is meant."""
        return ZoneInfo(self.timezone)

    @property
    def host(self) -> str:
        return urlsplit(self.home).hostname or ""
