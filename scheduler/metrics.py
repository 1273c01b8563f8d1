"""The daemon's metrics: their names, and where each value comes from."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.registry import Collector

from crawler.configuration import VERSION
from scheduler.meter import Meter
from store.database import StoreError, open_store
from store.measures import Measures, measure
from store.views import time_limit
from store.wellness import STATES

PATIENCE = 5.0  # seconds that a look at the database may take
BUSY = 1.0  # seconds to wait for a lock that even readers feel
Value = float | Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric: its kind, the label its values differ by (None: it has one value), what it
    means."""

    kind: str
    label: str | None
    words: str


METRICS: Mapping[str, Measured] = {
    "pantau_info": Measured("gauge", "version", "1, with the version of Pantau"),
    "pantau_passes_total": Measured(
        "counter", "result", "passes over outlets: a source answered, or all failed"
    ),
    "pantau_pages_total": Measured("counter", "ending", "pages fetched, by the word they ended in"),
    "pantau_articles_total": Measured("counter", "change", "articles stored, new or revised"),
    "pantau_requests_total": Measured("counter", None, "requests to outlets"),
    "pantau_received_bytes_total": Measured("counter", None, "bytes of the answers"),
    "pantau_heartbeat_age_seconds": Measured(
        "gauge", None, "since the daemon's last heartbeat; it beats every 5 seconds"
    ),
    "pantau_last_pass_age_seconds": Measured(
        "gauge", None, "since the last pass ended, before the first one since the start"
    ),
    "pantau_threads": Measured("gauge", None, "threads of the daemon"),
    "pantau_disk_free_bytes": Measured("gauge", None, "free on the database's disk"),
    "pantau_database_bytes": Measured("gauge", "file", "size of the database and of its log"),
    "pantau_database_readable": Measured(
        "gauge", None, "1 if the database could be read; if 0, what follows is missing"
    ),
    "pantau_outlets": Measured("gauge", "state", "outlets, by how they are doing"),
    "pantau_outlets_due": Measured("gauge", None, "outlets whose next pass is due"),
    "pantau_outlet_due_age_seconds": Measured(
        "gauge", None, "since the one that is overdue longest was due"
    ),
    "pantau_pages": Measured("gauge", "state", "pages in the frontier, by state"),
    "pantau_pages_due": Measured("gauge", None, "pages that may be fetched now"),
    "pantau_page_due_age_seconds": Measured(
        "gauge", None, "since the one that waits longest was due"
    ),
    "pantau_items_waiting": Measured(
        "gauge", None, "items in the inbox; more than 10000 are not counted"
    ),
    "pantau_messages": Measured(
        "gauge", "state", "messages in the outbox; what failed is tried again"
    ),
    "pantau_message_age_seconds": Measured(
        "gauge", None, "since the oldest message that is not sent was written"
    ),
    "pantau_hosts_paused": Measured("gauge", None, "hosts that asked for quiet"),
}


@dataclass(frozen=True, eq=False)
class Metrics(Collector):
    """Looks at meter, disk and database each time it is asked."""

    path: Path
    meter: Meter

    def collect(self) -> Iterable[Metric]:
        """Every metric that can be had, as Prometheus's own library writes them out."""
        found = {**of_daemon(self.meter, time.monotonic()), **of_disk(self.path)}
        now = datetime.now(UTC)
        try:
            with closing(open_store(self.path, readonly=True, busy_s=BUSY)) as db:
                with time_limit(db, PATIENCE):
                    found |= of_database(measure(db, now), now)
                found["pantau_database_readable"] = 1
        except (StoreError, sqlite3.Error):
            found["pantau_database_readable"] = 0
        for name, about in METRICS.items():
            if name in found:
                yield family(name, about, found[name])


def family(name: str, about: Measured, value: Value) -> Metric:
    """A metric with its values."""
    made = Metric(name.removesuffix("_total"), about.words, about.kind)
    if isinstance(value, Mapping):
        for word, number in sorted(value.items()):
            made.add_sample(name, {about.label or "": word}, number)
    else:
        made.add_sample(name, {}, value)
    return made


def of_daemon(meter: Meter, moment: float) -> dict[str, Value]:
    """What the process counted of its own work, at a moment of the monotonic clock."""
    return {
        "pantau_info": {VERSION: 1},
        "pantau_passes_total": meter.passes.copy(),
        "pantau_pages_total": meter.endings.copy(),
        "pantau_articles_total": meter.articles.copy(),
        "pantau_requests_total": meter.requests,
        "pantau_received_bytes_total": meter.received,
        "pantau_heartbeat_age_seconds": moment - meter.beaten_at,
        "pantau_last_pass_age_seconds": moment - meter.passed_at,
        "pantau_threads": threading.active_count(),
    }


def of_disk(path: Path) -> dict[str, Value]:
    """How large the database is, and what room it has."""
    sizes = {"database": path, "log": path.with_name(f"{path.name}-wal")}
    try:
        return {
            "pantau_disk_free_bytes": shutil.disk_usage(path.absolute().parent).free,
            "pantau_database_bytes": {
                word: file.stat().st_size for word, file in sizes.items() if file.exists()
            },
        }
    except OSError:
        return {}


def of_database(found: Measures, now: datetime) -> dict[str, Value]:
    """What the database says, as numbers; states without any are 0, so that an alarm on one knows
    it before it first happens."""

    def age(since: datetime | None) -> float:
        return 0 if since is None else max((now - since).total_seconds(), 0)

    states = dict.fromkeys((*STATES, "not asked yet", "disabled"), 0)
    messages = dict.fromkeys(("waiting", "failed", "given up", "sent"), 0)
    return {
        "pantau_outlets": {**states, **found.outlets},
        "pantau_outlets_due": found.outlets_due,
        "pantau_outlet_due_age_seconds": age(found.outlet_due_since),
        "pantau_pages": found.pages,
        "pantau_pages_due": found.pages_due,
        "pantau_page_due_age_seconds": age(found.page_due_since),
        "pantau_items_waiting": found.waiting,
        "pantau_messages": {**messages, **found.messages},
        "pantau_message_age_seconds": age(found.unsent_since),
        "pantau_hosts_paused": found.paused_hosts,
    }
