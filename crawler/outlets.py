"""The catalogue: each outlet is a TOML file, checked key by key, never an `if` in the code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.outlet_keys import (
    CatalogueError,
    Keys,
    Source,
)

__all__ = ["CatalogueError", "Outlet", "Source", "load_catalogue", "load_outlet", "outlet_from"]

SHIPPED = Path(__file__).parent / "catalogue"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Outlet:
    """One news outlet as its TOML declares it. delay is seconds between requests to its host,
    interval seconds between passes, fixed_interval that its TOML names it; timezone an IANA name;
    tls "unverified" for a server whose certificate chain is broken."""

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
    interval: float = 1800.0
    fixed_interval: bool = False
    enabled: bool = True
    regency: str | None = None
    timezone: str = "Asia/Jakarta"
    tls: str = "verified"
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

    @property
    def all_hosts(self) -> frozenset[str]:
        """Every host this outlet may be fetched from: its own, with the www, m and amp forms a
        redirect may lead to, and those its TOML names."""
        named = {self.host, *self.hosts}
        bare = {re.sub(r"^(?:www|m|amp)\.", "", host) for host in named}
        return frozenset(
            named | {f"{p}{host}" for host in bare for p in ("", "www.", "m.", "amp.")}
        )


def load_catalogue(
    *folders: Path, mapped: bool = False
) -> tuple[dict[str, Outlet], list[CatalogueError]]:
    """The outlets of the folders, by slug, and what is wrong with those that cannot be used.

    A later folder's file replaces an earlier one's of the same name. mapped allows delay = 0,
    as under --map. One bad file never hides the others.
    """
    outlets: dict[str, Outlet] = {}
    problems: list[CatalogueError] = []
    for folder in folders:
        if not folder.is_dir():
            problems.append(
                CatalogueError(f"{folder}: no such folder; name one that holds outlets' TOML files")
            )
            continue
        for path in sorted(folder.glob("*.toml")):
            try:
                outlets[path.stem] = load_outlet(path, mapped=mapped)
            except CatalogueError as error:
                problems.append(error)
    return outlets, problems


def load_outlet(path: Path, slug: str | None = None, *, mapped: bool = False) -> Outlet:
    """The outlet a TOML file declares; its slug is the file's name unless given.

    Raises CatalogueError, one line that names the file, the key and the remedy.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}; correct that line") from error
    return outlet_from(data, slug or path.stem, path, mapped=mapped)


def outlet_from(data: Mapping[str, Any], slug: str, path: Path, *, mapped: bool = False) -> Outlet:
    """The outlet these TOML values declare. path is only named in errors; see load_outlet."""
    keys = Keys(data, path)
    if not SLUG.fullmatch(slug):
        raise CatalogueError(
            f"{path}: the file's name is the outlet's slug; use a-z, 0-9 and '-' only"
        )
    keys.check_all()
    only = keys.table("only", ("dateline", "category"))
    extract = keys.table("extract", ("drop",))
    return Outlet(
        slug=slug,
        name=data["name"].strip(),
        home=data["home"],
        family=data["family"],
        province=data["province"],
        brands=keys.strings("brands", data.get("brands", [])) or (data["name"].strip(),),
        hosts=tuple(host.lower() for host in keys.strings("hosts", data.get("hosts", []))),
        ports=keys.ports(),
        terms=data.get("terms", "full"),
        delay=keys.delay(mapped),
        interval=keys.positive("interval", 1800.0),
        fixed_interval="interval" in data,
        enabled=data.get("enabled", True),
        regency=data.get("regency"),
        timezone=keys.timezone(),
        tls=data.get("tls", "verified"),
        only_dateline=keys.strings("only.dateline", only.get("dateline", [])),
        only_category=keys.strings("only.category", only.get("category", [])),
        sources=keys.sources(),
        drop=keys.strings("extract.drop", extract.get("drop", [])),
        file=path,
    )
