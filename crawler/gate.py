"""The one gate: says whether an address may be fetched, and whether a socket may be opened to it.

Used by every fetch path: pages, feeds, robots.txt, redirects, probing. A URL is judged before the
request; the socket address when connecting, so that a name that changes its answer does not pass.
"""

from __future__ import annotations

import errno
import ipaddress
import re
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

WEB_PORTS = frozenset({80, 443})
# NAT64, 6to4 and Teredo carry an IPv4 address inside an IPv6 one that is_global does not see; the
# others are site-local, for documentation and for segment routing, which Python 3.11 calls global.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "2002::/16", "2001::/32", "fec0::/10", "3fff::/20", "5f00::/16")
)
# The audit events of a socket that names its peer: connect_ex raises the first one too.
SENDING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
REVERSE_LOOKUPS = frozenset({"socket.gethostbyaddr", "socket.getnameinfo"})
REFUSES = "the gate refuses"  # how every refusal of a connection begins
HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}\.)*[a-z0-9-]{1,63}")


class Refused(Exception):
    """The gate does not let this through; the message says what and why, in one line."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one outlet may fetch: its hosts, its ports, and under --map where a host is served.

    mapping: host -> (address, port) on loopback. replaying: nothing may be connected at all.
    """

    hosts: frozenset[str]
    ports: frozenset[int] = WEB_PORTS
    mapping: Mapping[str, tuple[str, int]] = field(default_factory=dict)


def check_url(url: str, allowance: Allowance) -> None:
    """Raises Refused unless the URL is http(s), without user or password, to a host and a port
    of the outlet. Judged on the text as it will be requested."""
    if any(char <= " " or char in '\\<>"`' or char == "\x7f" for char in url):
        raise Refused(f"{url[:200]!r}: control characters, spaces or backslashes in the address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(f"{url[:200]!r}: not an address ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise Refused(f"{url[:200]!r}: only http and https are fetched")
    if "@" in parts.netloc:
        raise Refused(f"{url[:200]!r}: a user or password in the address")
    if not HOST.fullmatch(host) or is_numeric(host):
        raise Refused(f"{url[:200]!r}: the host is not a plain name")
    if host not in allowance.hosts:
        raise Refused(f"{url[:200]!r}: {host} is not one of the outlet's hosts")
    wanted = port or (443 if parts.scheme == "https" else 80)
    if wanted not in WEB_PORTS | allowance.ports:
        raise Refused(f"{url[:200]!r}: port {wanted} is not one the outlet names")
    if allowance.mapping and host not in allowance.mapping:
        raise Refused(f"{url[:200]!r}: {host} is not mapped; add --map {host}=127.0.0.1:PORT")


def is_numeric(host: str) -> bool:
    """True for any spelling of an IP address: 127.1, 0x7f.1, 2130706433, 0177.0.0.1."""
    last = host.rstrip(".").rpartition(".")[2]
    return bool(re.fullmatch(r"\d+|0x[0-9a-f]*", last))


def is_address(text: str) -> bool:
    """True for an IP address in its usual spelling, with or without a scope; and for "", the
    wildcard, which nothing can be sent to."""
    try:
        ipaddress.ip_address(text.partition("%")[0] or "0.0.0.0")  # noqa: S104 (bound by nobody)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """True if a socket may be opened to this IP address: globally routable, not multicast, and
    not an IPv6 wrapping of one that is not."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in net for net in NOT_PUBLIC):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


@dataclass(slots=True)
class ConnectionPolicy:
    """Which socket addresses this process may connect to, and which names it may look up.
    Loopback only where it was mapped."""

    offline: bool = False
    loopback: frozenset[tuple[str, int]] = frozenset()
    ports: frozenset[int] = WEB_PORTS

    def refusal(self, address: object) -> str | None:
        """Why a connection to this (host, port, ...) is refused, or None. Addresses of local
        sockets (a path) are no network and pass."""
        if not isinstance(address, tuple) or len(address) < 2:
            return None
        host, port = str(address[0]), address[1]
        if (host, port) in self.loopback:
            return None
        if self.offline:
            return f"{host}:{port}: this process opens no connections"
        if self.loopback:
            return f"{host}:{port}: only mapped addresses are connected to"
        if not is_public(host):
            return f"{host}: not a public address"
        if port not in self.ports:
            return f"{host}:{port}: not a web port"
        return None

    def lookup_refusal(self, name: object) -> str | None:
        """Why this name may not be looked up, or None. The system's resolver asks the network
        itself, below the hook: a process that is offline or mapped asks it for addresses only."""
        text = name.decode("latin-1") if isinstance(name, bytes) else name
        if not isinstance(text, str) or not (self.offline or self.loopback) or is_address(text):
            return None
        return f"{text}: this process looks up no names"

    def answer_refusal(self, name: str, address: str) -> str | None:
        """Why a connection to the address a name resolved to is refused, or None."""
        if any(address == host for host, _ in self.loopback) and name == address:
            return None
        return None if is_public(address) else f"{name}: {address} is not a public address"


class AuditedConnections:
    """The audit hook under every library: a hook can not be taken out again, so its policy is
    exchanged. One for the process; child processes install their own."""

    def __init__(self) -> None:
        self.policy: ConnectionPolicy | None = None
        self.refused: deque[str] = deque(maxlen=100)  # the latest, for whoever looks into it
        self.names: dict[str, str] = {}  # names whose addresses were refused, and why
        self._installed = False

    def enforce(self, policy: ConnectionPolicy | None) -> None:
        """From now on, connections of this process are judged by policy (None: not at all)."""
        self.policy = policy
        if not self._installed:
            sys.addaudithook(self._judge)
            self._installed = True

    def refusal(self, event: str, args: tuple[Any, ...]) -> str | None:
        """Why the policy in force does not let an audited event happen, or None."""
        if self.policy is None:
            return None
        if event in SENDING:
            return self.policy.refusal(args[1])
        if event in LOOKUPS:
            return self.policy.lookup_refusal(args[0])
        if event in REVERSE_LOOKUPS:
            return self.policy.lookup_refusal(f"the name of {args[0]}")
        return None

    def _judge(self, event: str, args: tuple[Any, ...]) -> None:
        if not event.startswith("socket."):
            return
        reason = self.refusal(event, args)
        if reason is not None:
            self.refused.append(reason)
            # An OSError without errno makes Twisted raise TypeError.
            raise OSError(errno.EACCES, f"{REFUSES} {reason}")


CONNECTIONS = AuditedConnections()
