"""review: serves the review page, to this machine or to people who log in; opens the browser."""

from __future__ import annotations

import argparse
import errno
import gc
import ipaddress
import logging
import re
import socket
import sys
import threading
import webbrowser
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from scheduler.commands.reviewing import reviewer_name
from scheduler.switches import Commands, add
from scheduler.terminal import complain, say
from store.database import open_store
from store.people import people

PORT = 8765
LOOPBACK = "127.0.0.1"
LOOPBACK_HOSTS = (LOOPBACK, "localhost", "[::1]")
HOST_NAME = re.compile(
    r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*"
)


@dataclass(frozen=True, slots=True)
class Served:
    """What to serve, to requests for which hosts; reviewer: the name on a page without login."""

    db: Path
    reviewer: str
    hosts: tuple[str, ...]
    login_needed: bool
    https: bool


def add_review(commands: Commands[argparse.ArgumentParser]) -> None:
    """The command with its switches."""
    page = add(commands, "review", review, "open the review page in the browser")
    page.add_argument(
        "--host",
        default=LOOPBACK,
        help=f"the address to serve at; beyond this machine people log in (default: {LOOPBACK})",
    )
    page.add_argument("--port", type=_port, default=PORT, help=f"default: {PORT}; 0: any free one")
    page.add_argument(
        "--allowed-host",
        dest="allowed_hosts",
        action="append",
        default=[],
        type=host_name_or_address,
        metavar="NAME",
        help="a name the page is reached by from elsewhere; repeatable; people log in",
    )
    page.add_argument(
        "--behind-https",
        action="store_true",
        help="a proxy on this machine gives the page to browsers by https; people log in",
    )
    page.add_argument("--login", action="store_true", help="people log in on this machine too")
    page.add_argument("--no-browser", dest="browser", action="store_false", help="only serve")
    page.add_argument("--as", dest="reviewer", metavar="NAME", help="your name, without login")


def review(args: argparse.Namespace) -> int:
    """Serves the page until it is interrupted. 2 for a page that others could reach while nobody
    has a password, or by no name they could call it."""
    open_to_others = not _is_loopback(args.host) or args.allowed_hosts or args.behind_https
    login_needed = bool(open_to_others or args.login)
    wrong = _wrong(args) if login_needed else None
    if wrong:
        complain(wrong)
        return 2
    served = Served(
        db=args.db,
        reviewer="" if login_needed else reviewer_name(args),
        hosts=(*(LOOPBACK_HOSTS if _is_loopback(args.host) else ()), *args.allowed_hosts),
        login_needed=login_needed,
        https=args.behind_https,
    )
    # Held open while the page lives: see Desk.
    with closing(open_store(args.db)):
        try:
            listening = _listen(args.host, args.port)
        except OSError as error:
            complain(_unusable(args, error))
            return 1
        with listening:
            address = _address(args, listening.getsockname()[1])
            say(f"{address} (Ctrl+C ends it)")
            if args.browser:
                threading.Timer(0.5, webbrowser.open, [address]).start()
            _serve(served, listening)
    return 0


def host_name_or_address(text: str) -> str:
    """An --allowed-host argument: what stands in a Host header, without its port."""
    name = text.lower().rstrip(".")
    with suppress(ValueError):
        address = ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        return f"[{address}]" if address.version == 6 else str(address)
    if len(name) > 253 or not HOST_NAME.fullmatch(name):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a host name nor an address; write it without http:// and port"
        )
    return name


def _wrong(args: argparse.Namespace) -> str | None:
    """Why people cannot log in to this page, with the remedy; None: they can."""
    if args.reviewer:
        return "--as is for a page without login; here everybody acts under the name they log in by"
    if not _anybody(args.db):
        return (
            "the page has no passwords, so nobody could log in:"
            " `pantau reviewers add NAME` gives somebody one"
        )
    if _is_loopback(args.host):
        return None
    if not args.allowed_hosts:
        return (
            f"--host {args.host}: name what others call this machine, as in their address bar:"
            " --allowed-host NAME"
        )
    try:
        ipaddress.ip_address(args.host)
    except ValueError:
        return f"--host {args.host}: an address of this machine is wanted here, or localhost"
    return None


def _anybody(db: Path) -> bool:
    """Whether somebody can log in. Makes no file: where there is none there is nobody."""
    if not db.exists():
        return False
    with closing(open_store(db)) as found:
        return bool(people(found))


def _unusable(args: argparse.Namespace, error: OSError) -> str:
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return f"--host {args.host}: this machine has no such address"
    return f"port {args.port} cannot be used ({error.strerror}); choose another --port"


def _address(args: argparse.Namespace, port: int) -> str:
    """Where to open the page: by the first name it is reached by from elsewhere, if it has one."""
    if args.behind_https and args.allowed_hosts:
        return f"https://{args.allowed_hosts[0]}/"
    own = f"[{args.host}]" if ":" in args.host else args.host
    return f"http://{own if _is_loopback(args.host) else args.allowed_hosts[0]}:{port}/"


def _port(said: str) -> int:
    number = int(said)
    if not 0 <= number < 65536:
        raise ValueError(said)
    return number


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Told the protocol, for only then does asyncio send small answers at once: 40 ms a page.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()  # before anybody is told the address
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


def _serve(served: Served, listening: socket.socket) -> None:
    # Here, so that the other commands start without a web server.
    import uvicorn  # noqa: PLC0415

    from review.app import build  # noqa: PLC0415
    from review.desk import Desk  # noqa: PLC0415
    from review.pages import load_templates  # noqa: PLC0415

    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    app = build(
        Desk(served.db, served.reviewer),
        served.hosts,
        login_needed=served.login_needed,
        https=served.https,
    )
    config = uvicorn.Config(
        app,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        # Who is asking, for counting failed logins: a proxy's word only where there is a proxy.
        proxy_headers=served.https,
        forwarded_allow_ips=[LOOPBACK, "::1"],
        timeout_graceful_shutdown=2,
    )
    load_templates()
    # What stays for good is no garbage: looking through it again and again held pages up for 35 ms.
    gc.collect()
    gc.freeze()
    with suppress(KeyboardInterrupt):  # the way to end it; uvicorn passes it on when it is done
        uvicorn.Server(config).run(sockets=[listening])
