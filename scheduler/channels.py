"""Channels of alerts: names, whose addresses and secrets stand in the environment alone.

PANTAU_CHANNEL_<NAME> is a webhook's address or what Apprise takes, PANTAU_CHANNEL_<NAME>_SECRET the
webhook's key, PANTAU_CHANNEL_<NAME>_HOST a HOST:PORT that Apprise may reach besides public ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scheduler.webhook import NotDelivered
from store.alerts import CHANNEL

PREFIX = "PANTAU_CHANNEL_"
PARTS = ("_SECRET", "_HOST")
NAME = CHANNEL
KIND = re.compile(r"([a-z][a-z0-9+-]{1,20})://", re.I)


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a channel leads: address is a webhook's or Apprise's; host and port are what passes
    the gate because a person named it. Not for any log: repr() shows nothing of it."""

    address: str
    secret: str = ""
    host: str | None = None
    port: int = 0

    def __repr__(self) -> str:
        return f"Channel({self.kind})"

    @property
    def is_webhook(self) -> bool:
        return self.address.lower().startswith(("http://", "https://"))

    @property
    def kind(self) -> str:
        """What carries its messages: "webhook", or Apprise's word (mailto, tgram, slack)."""
        if self.is_webhook:
            return "webhook"
        found = KIND.match(self.address)
        return found[1].lower() if found else "unknown"


def variable(name: str, part: str = "") -> str:
    """The environment variable of a channel."""
    return PREFIX + name.upper().replace("-", "_") + part


def names_set(environment: Mapping[str, str]) -> list[str]:
    """The channels the environment has addresses of, by name; where a person wrote - or _ is not
    to be seen there: -."""
    found = [key.removeprefix(PREFIX) for key in environment if key.startswith(PREFIX)]
    names = (part.lower().replace("_", "-") for part in found if not part.endswith(PARTS))
    return sorted(n for n in names if NAME.fullmatch(n) and environment.get(variable(n)))


def only(name: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that delivers over one channel: without all others."""
    own = {variable(name, part) for part in ("", *PARTS)}
    return {
        key: value for key, value in environment.items() if key in own or not key.startswith(PREFIX)
    }


def channel_of(name: str, environment: Mapping[str, str]) -> Channel:
    """The channel of that name. Raises NotDelivered, naming the variable and never its value,
    when the environment does not have it, or what it has cannot be used."""
    address = environment.get(variable(name), "").strip() if NAME.fullmatch(name) else ""
    if not address:
        raise NotDelivered(f"channel {name!r} is not set; set {variable(name)}")
    channel = Channel(address, environment.get(variable(name, "_SECRET"), ""))
    if channel.is_webhook:
        return webhook(channel, name)
    named = environment.get(variable(name, "_HOST"), "").strip()
    if not named:
        return channel
    host, _, port = named.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise NotDelivered(f"{variable(name, '_HOST')} is not HOST:PORT")
    return replace(channel, host=host.strip("[]"), port=int(port))


def webhook(channel: Channel, name: str) -> Channel:
    """A webhook's channel, with the one host and port its messages may go to."""
    try:
        parts = urlsplit(channel.address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or not channel.address.isascii() or not channel.address.isprintable():
        raise NotDelivered(f"{variable(name)} is no address")
    if "@" in parts.netloc:
        remedy = f"a webhook is known by its signature; set {variable(name, '_SECRET')} alone"
        raise NotDelivered(f"{variable(name)} holds a user or a password: {remedy}")
    if not channel.secret:
        raise NotDelivered(f"a webhook is signed; set {variable(name, '_SECRET')}")
    return replace(channel, host=host, port=port or (443 if parts.scheme == "https" else 80))
