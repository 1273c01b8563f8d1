"""Delivers one message, as a process of its own: `python -m scheduler.delivery` reads it as JSON.

It is told of nothing but its own channel (scheduler/channels.py), and no word it says holds an
address or a secret: what a service or a library says is reduced to numbers and words of ours.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import os
import re
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawler.gate import CONNECTIONS, WEB_PORTS, ConnectionPolicy
from scheduler.channels import Channel, channel_of, variable
from scheduler.webhook import NotDelivered, send
from store.outbox import Message

MAIL_PORTS = frozenset({25, 465, 587, 2525})
# What services answered, as Apprise's log has it: its rest may hold addresses and tokens.
HTTP_STATUS = re.compile(r"\berror=([1-5]\d\d)\b")
MAIL_STATUS = re.compile(r"\(([45]\d\d), b['\"]")
UNREACHED = re.compile(r"connection error|socket exception", re.I)


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


def policy_of(channel: Channel) -> NamedTarget:
    """The gate's policy for a channel; the named host is looked up once, here."""
    named: set[tuple[str, int]] = set()
    if channel.host:
        try:
            found = socket.getaddrinfo(channel.host, channel.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
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
        send_by_apprise(channel, message)


def send_by_apprise(channel: Channel, message: Message) -> None:
    """Sends over one of Apprise's services, as plain text: a title of an outlet's must not be
    read as HTML. Raises NotDelivered, also when Apprise is not installed."""
    try:
        apprise: Any = importlib.import_module("apprise")
    except ImportError:
        raise NotDelivered("Apprise is not installed; `pip install pantau[alerts]`") from None
    said = overheard()
    kept = apprise.AppriseAsset(app_id="Pantau", http_redirects=False, storage_mode="memory")
    service = apprise.Apprise(asset=kept)
    if not service.add(channel.address):
        raise NotDelivered("Apprise does not know this kind of address, or something in it")
    subject = " ".join(message.subject.split())
    try:
        arrived = service.notify(title=subject, body=message.body, body_format="text")
    except (OSError, TypeError, ValueError) as error:
        raise NotDelivered(f"Apprise failed ({type(error).__name__})") from None
    if not arrived:
        raise NotDelivered(reason(said, variable(message.channel, "_HOST")))


class Overheard(logging.Handler):
    """Keeps what a library logs; it goes nowhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def overheard() -> list[str]:
    """From now on this process logs nothing, but what Apprise would is put into this list: it
    holds addresses, and so tokens."""
    logging.lastResort = None
    logging.getLogger().setLevel(logging.CRITICAL + 1)
    library, kept = logging.getLogger("apprise"), Overheard()
    library.handlers, library.propagate = [kept], False
    library.setLevel(logging.DEBUG)
    return kept.lines


def reason(said: Sequence[str], remedy: str) -> str:
    """Why Apprise could not deliver, by its log and what the gate refused; remedy is the variable
    that names a host for the gate."""
    text = "\n".join(said)
    status = HTTP_STATUS.findall(text)
    if status:
        return f"the service answered HTTP {status[-1]}"
    status = MAIL_STATUS.findall(text)
    if status:
        return f"the mail server answered {status[-1]}"
    if CONNECTIONS.refused:
        return (
            "the gate refuses its server: not a public address, or an unusual port;"
            f" name it as HOST:PORT in {remedy}"
        )
    if UNREACHED.search(text):
        return "its server cannot be reached, or broke off"
    return "Apprise could not deliver it"


def main() -> int:
    """Exit 0: delivered; 1: not, with a line that says why. No traceback ever shows an address,
    and what a library prints goes nowhere."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
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
