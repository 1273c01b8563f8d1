"""review: serves the review page on this machine, and opens the browser."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import socket
import sys
import threading
import webbrowser
from contextlib import closing, suppress
from pathlib import Path

from scheduler.commands.reviewing import reviewer_name
from scheduler.switches import Commands, add
from scheduler.terminal import complain, say
from store.database import open_store

PORT = 8765


def add_review(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command with its switches."""
    page = add(commands, "review", review, "open the review page in the browser")
    page.add_argument("--host", default="127.0.0.1", help="loopback only (default: 127.0.0.1)")
    page.add_argument("--port", type=_port, default=PORT, help=f"default: {PORT}; 0: any free one")
    page.add_argument("--no-browser", dest="browser", action="store_false", help="only serve")
    page.add_argument("--as", dest="reviewer", metavar="NAME", help="your name")


def review(args: argparse.Namespace) -> int:
    """Serves the page until it is interrupted. 2 for a host that others could reach: there are
    no passwords yet, and whoever reaches the page may judge."""
    if not _is_loopback(args.host):
        complain(
            f"--host {args.host}: the page has no passwords, so it serves this machine only"
            " (127.0.0.1, ::1, localhost); reach it from elsewhere with `ssh -L`"
        )
        return 2
    # Held open while the page lives: see Desk.
    with closing(open_store(args.db)):
        try:
            listening = _listen(args.host, args.port)
        except OSError as error:
            complain(f"port {args.port} cannot be used ({error.strerror}); choose another --port")
            return 1
        with listening:
            host = f"[{args.host}]" if ":" in args.host else args.host
            address = f"http://{host}:{listening.getsockname()[1]}/"
            say(f"{address} (Ctrl+C ends it)")
            if args.browser:
                threading.Timer(0.5, webbrowser.open, [address]).start()
            _serve(args.db, reviewer_name(args), listening)
    return 0


def _port(said: str) -> int:
    number = int(said)
    if not 0 <= number < 65536:
        raise ValueError(said)
    return number


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _serve(db: Path, reviewer: str, listening: socket.socket) -> None:
    # Here, so that the other commands start without a web server.
    import uvicorn  # noqa: PLC0415

    from review.app import build  # noqa: PLC0415
    from review.desk import Desk  # noqa: PLC0415

    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        build(Desk(db, reviewer)),
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    with suppress(KeyboardInterrupt):  # the way to end it; uvicorn passes it on when it is done
        uvicorn.Server(config).run(sockets=[listening])
