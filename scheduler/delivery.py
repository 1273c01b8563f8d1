"""Delivers one message, as a process of its own: `python -m scheduler.delivery` reads it as JSON.

Channels are names; their addresses and secrets stand in the environment alone:
PANTAU_CHANNEL_<NAME> is a webhook's address or what Apprise takes, PANTAU_CHANNEL_<NAME>_SECRET the
webhook's key, PANTAU_CHANNEL_<NAME>_HOST a HOST:PORT that Apprise may reach besides public ones.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import re
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.gate import CONNECTIONS, WEB_PORTS, ConnectionPolicy
from scheduler.webhook import NotDelivered, send
from store.outbox import Message

PREFIX = "PANTAU_CHANNEL_"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
MAIL_PORTS = frozenset({25, 465, 587, 2525})


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a channel leads: address a webhook's or Apprise's, exempt the addresses of the one
    host and port that pass the gate because a person named them."""

    address: str
    secret: str
    host: str | None = None
    port: int = 0

    @property
    def is_webhook(self) -> bool:
        return self.address.startswith(("http://", "https://"))


@dataclass(slots=True)
class NamedTarget(ConnectionPolicy):
    """The gate's policy of this process: the named target, and for Apprise's services public
    addresses too."""

    named: frozenset[tuple[str, int]] = frozenset()
    public: bool = False

    def refusal(self, address: object) -> str | None:
        """Why this connection is refused, or None."""
        if isinstance(address, tuple) and (str(address[0]), address[1]) in self.named:
            return None
        if not self.public:
            return "a webhook reaches its own address only"
        return ConnectionPolicy.refusal(self, address)


def variable(name: str, part: str = "") -> str:
    """The environment variable of a channel."""
    return PREFIX + name.upper().replace("-", "_") + part


def channel_of(name: str, environment: Mapping[str, str]) -> Channel:
    """The channel of that name. Raises NotDelivered when the environment does not have it, or a
    webhook has no secret."""
    address = environment.get(variable(name), "") if NAME.fullmatch(name) else ""
    if not address:
        raise NotDelivered(f"channel {name!r} is not set; set {variable(name)}")
    secret = environment.get(variable(name, "_SECRET"), "")
    host, _, port = environment.get(variable(name, "_HOST"), "").rpartition(":")
    channel = Channel(address, secret, host or None, int(port) if port.isdigit() else 0)
    if not channel.is_webhook:
        return channel
    try:
        parts = urlsplit(address)
        host, number = parts.hostname or "", parts.port
    except ValueError:
        raise NotDelivered(f"{variable(name)} is no address") from None
    if not secret:
        raise NotDelivered(f"a webhook is signed; set {variable(name, '_SECRET')}")
    return Channel(address, secret, host, number or (443 if parts.scheme == "https" else 80))


def policy_of(channel: Channel) -> NamedTarget:
    """The gate's policy for a channel; the named host is looked up once, here."""
    named: set[tuple[str, int]] = set()
    if channel.host:
        try:
            found = socket.getaddrinfo(channel.host, channel.port, type=socket.SOCK_STREAM)
        except OSError:
            raise NotDelivered("the channel's host is not found") from None
        named = {(str(answer[4][0]), channel.port) for answer in found}
    ports = WEB_PORTS if channel.is_webhook else WEB_PORTS | MAIL_PORTS
    return NamedTarget(ports=ports, named=frozenset(named), public=not channel.is_webhook)


def deliver(message: Message, environment: Mapping[str, str], now: datetime) -> None:
    """Sends a message over its channel, through the gate. Raises NotDelivered. For a process of
    its own: the gate's policy stays changed."""
    channel = channel_of(message.channel, environment)
    CONNECTIONS.enforce(policy_of(channel))
    if channel.is_webhook:
        send(channel.address, channel.secret, message, now)
    else:
        send_by_apprise(channel.address, message)


def send_by_apprise(address: str, message: Message) -> None:
    """Sends over one of Apprise's services. Raises NotDelivered, also when it is not installed."""
    try:
        apprise: Any = importlib.import_module("apprise")
    except ImportError:
        raise NotDelivered("Apprise is not installed; `pip install pantau[alerts]`") from None
    logging.disable(logging.CRITICAL)  # it logs addresses, which hold tokens
    service = apprise.Apprise()
    if not service.add(address):
        raise NotDelivered("Apprise does not know this kind of address")
    try:
        arrived = service.notify(title=message.subject, body=message.body)
    except (OSError, TypeError, ValueError) as error:
        raise NotDelivered(f"Apprise failed ({type(error).__name__})") from None
    if not arrived:
        raise NotDelivered("Apprise could not deliver it")


def main() -> int:
    """Exit 0: delivered; 1: not, with a line that says why. No traceback ever shows an address."""
    try:
        deliver(Message(**json.load(sys.stdin)), os.environ, datetime.now(UTC))
    except NotDelivered as error:
        print(error)
        return 1
    except Exception as error:  # noqa: BLE001 (the boundary of the process: no secret in a trace)
        print(f"delivery failed ({type(error).__name__})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
