"""pantau.toml, the file beside the database: the few things a person may set."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

VERSION = "0.1.0"
KEYS = ("contact", "metrics", "topics", "workers")
MAIN_TOPIC = "kpk"  # always on
# What a person may take pantau.toml for: channels of alerts, which stand in the environment.
SECRETS = re.compile(
    r"alert|apprise|auth|channel|key|mail|pass|pantau|secret|slack|smtp|telegram|tgram|token|webhook"
)


class ConfigurationError(Exception):
    """pantau.toml cannot be used; the message names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """contact: an address or page where an outlet reaches whoever runs this Pantau; workers:
    reading processes; topics: what is looked for, by slug, the KPK always among them; metrics: the
    port of `watch --metrics`, None: none are served."""

    contact: str | None = None
    workers: int = 2
    topics: tuple[str, ...] = (MAIN_TOPIC,)
    metrics: int | None = None

    @property
    def user_agent(self) -> str:
        """How we introduce ourselves: honestly, with a contact when one is set."""
        contact = f"; {self.contact}" if self.contact else ""
        return f"Pantau/{VERSION} (news monitor of Indonesian anti-corruption coverage{contact})"


def load_configuration(folder: Path) -> Configuration:
    """The configuration of a database's folder; the defaults when there is no pantau.toml.

    Raises ConfigurationError for a file that is broken or has an unknown key.
    """
    path = folder / "pantau.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Configuration()
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}; correct it") from error
    for key in data:
        if key not in KEYS:
            raise ConfigurationError(f"{path}: {unknown(key)}")
    try:
        contact = checked_contact(data.get("contact"))
        workers = checked_number("workers", data.get("workers", 2), 16)
        port = data.get("metrics")
        topics = checked_topics(data.get("topics", []))
        metrics = None if port is None else checked_number("metrics", port, 65535)
    except ValueError as error:
        raise ConfigurationError(f"{path}: {error}") from None
    return Configuration(contact, workers, topics, metrics)


def unknown(key: str) -> str:
    """What to say of a key nobody knows; never what it was set to."""
    if SECRETS.search(key.lower()):
        return (
            f"{key}: addresses of channels and secrets stand in the environment only, as"
            " PANTAU_CHANNEL_...; take it out (docs/operating.md, Alerts)"
        )
    return f"{key}: unknown key; known: {', '.join(KEYS)}"


def checked_contact(value: Any) -> str | None:
    """The contact. Raises ValueError when a header cannot carry it, or when it gives a user and
    a password away: every outlet gets to read it."""
    if value is None:
        return None
    if not (isinstance(value, str) and value.isascii() and value.isprintable()):
        raise ValueError('contact: must be plain text, as in "mailto:..."')
    try:
        secret = "@" in urlsplit(value).netloc
    except ValueError:
        secret = True
    if secret:
        raise ValueError("contact: an address without user and password; every outlet reads it")
    return value


def checked_number(key: str, value: Any, most: int) -> int:
    """A whole number from 1 to most. Raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ValueError(f"{key}: must be a number from 1 to {most}")
    return value


def checked_topics(value: Any) -> tuple[str, ...]:
    """The topics that are on, the main one first. Raises ValueError for anything but a list of
    slugs; whether there are such topics is not known here."""
    if not isinstance(value, list) or not all(isinstance(slug, str) for slug in value):
        raise ValueError('topics: must be a list of names, as in ["kpk", "bpk"]')
    return tuple(dict.fromkeys((MAIN_TOPIC, *value)))
