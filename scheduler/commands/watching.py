"""watch: the daemon, started by a person or by systemd."""

from __future__ import annotations

import argparse
import os

from crawler import reactor
from crawler.passes import Hosts, guard_connections
from scheduler.alerts import Errands, operations_channel
from scheduler.commands.crawling import chosen_catalogue, opened, stop_on_signals
from scheduler.daemon_lock import only_daemon
from scheduler.endpoint import served
from scheduler.journal import Journal
from scheduler.pacing import Pacing
from scheduler.priority import give_way
from scheduler.upkeep import Disk
from scheduler.watch import Watch
from store.database import StoreError


def watch(args: argparse.Namespace) -> int:
    """Every outlet as often as it deserves until SIGTERM or SIGINT, which end it with 0; --once:
    those that are due, once. Exit 1 when another daemon watches this database."""
    outlets = chosen_catalogue(args)
    if not outlets:
        raise StoreError("there is no outlet to watch; see `pantau outlets list`")
    if args.once and args.metrics is not None:
        raise argparse.ArgumentTypeError("--metrics is for the daemon; leave out --once")
    mapping: Hosts = dict(args.map)
    journal = Journal(args.log)
    give_way()
    with only_daemon(args.db):
        guard_connections(outlets.values(), mapping)
        with opened(args, "watch", mapping, quiet=False) as run:
            if args.log == "json":
                run.say = journal.step
            channel = operations_channel(os.environ)
            pacing = Pacing(run.db, bool(mapping), channel=channel, tell=journal.state)
            errands = Errands(run.db, args.db, journal, channel, Disk(args.db.absolute().parent))
            daemon = Watch(run, outlets, journal, pacing, errands)
            if args.once:
                return reactor.run(lambda: daemon.once(stop_on_signals))
            port = args.metrics or run.configuration.metrics
            with served(port, args.db, daemon.meter):
                return reactor.run(lambda: daemon.run(stop_on_signals))
