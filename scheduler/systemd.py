"""Tells systemd that the daemon is there and alive: one datagram each, as sd_notify(3) says."""

from __future__ import annotations

import contextlib
import os
import socket


def notify(state: str) -> bool:
    """Sends a state (READY=1, WATCHDOG=1, STOPPING=1) to the service manager; False when there is
    none or it does not listen."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name.startswith(("/", "@")):
        return False
    address = "\0" + name[1:] if name.startswith("@") else name
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
    ):
        sender.setblocking(False)
        sender.sendto(state.encode(), address)
        return True
    return False
