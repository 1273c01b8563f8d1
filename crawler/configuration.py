"""pantau.toml, the file beside the database: the few things a person may set."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

VERSION = "0.1.0"
KEYS = ("contact", "workers")


class ConfigurationError(Exception):
    """pantau.toml cannot be used; the message names file, key and remedy."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """contact: an address or page where an outlet reaches whoever runs this Pantau; workers:
    reading processes."""

    contact: str | None = None
    workers: int = 2

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
            raise ConfigurationError(f"{path}: {key}: unknown key; known: {', '.join(KEYS)}")
    contact, workers = data.get("contact"), data.get("workers", 2)
    printable = isinstance(contact, str) and contact.isascii() and contact.isprintable()
    if contact is not None and not printable:
        raise ConfigurationError(f'{path}: contact: must be plain text, as in "mailto:..."')
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= 16:
        raise ConfigurationError(f"{path}: workers: must be a number from 1 to 16")
    return Configuration(contact, workers)
