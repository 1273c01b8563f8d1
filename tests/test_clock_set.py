"""A clock that is set while the daemon runs: what is planned moves along, what is held stays."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlite_utils import Database

from crawler.outlets import Outlet
from crawler.passes import Run
from crawler.processes import has_open
from scheduler.journal import Journal
from scheduler.pacing import Pacing
from scheduler.watch import Watch
from store import frontier, hosts, outbox
from store.alerts import Rule, add_rule, rules
from store.database import StoreError, open_store
from store.encoding import from_text
from store.hosts import Holder
from store.outbox import Message
from store.outlets import next_run_at, set_next_run
from store.planned import move_back
from store.records import Candidate
from store.runs import start_run
from tests.test_store_samples import NOW, sample_store

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BACK = NOW - HOUR
OUTLET = Outlet("kabar", "Kabar", "https://kabar.example/", "wordpress", "16")
URL = "https://kabar.example/berita/1"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


@contextmanager
def watching(db: Database, now: datetime) -> Iterator[Watch]:
    """The daemon with its outlet planned, its scheduler started and held."""
    clock = SimpleNamespace(now=lambda: now)
    run = cast(Run, SimpleNamespace(db=db, clock=clock, mapping={}, stopping=None))
    daemon = Watch(run, {OUTLET.slug: OUTLET}, Journal(), Pacing(db))
    daemon.scheduler.start(paused=True)
    try:
        yield daemon
    finally:
        daemon.scheduler.shutdown(wait=False)


def mended(db: Database, jump: timedelta, now: datetime) -> datetime:
    """When the daemon's one job is due after it noticed the jump; now is the clock after it."""

    async def mend() -> datetime:
        with watching(db, now) as daemon:
            daemon.plan(now - jump)
            daemon.mend(jump)
            (job,) = daemon.scheduler.get_jobs()
            return cast(datetime, job.next_run_time)

    return asyncio.run(mend())


def test_an_outlet_due_in_ten_minutes_is_so_after_the_clock_was_set_back(db: Database) -> None:
    set_next_run(db, "kabar", NOW + 10 * MINUTE)
    assert mended(db, -HOUR, BACK) == BACK + 10 * MINUTE
    assert next_run_at(db, "kabar") == BACK + 10 * MINUTE


def test_a_clock_set_forward_makes_an_outlet_due_as_it_was_planned(db: Database) -> None:
    set_next_run(db, "kabar", NOW + 10 * MINUTE)
    assert mended(db, HOUR, NOW + HOUR) == NOW + 10 * MINUTE


def test_a_clock_that_is_a_little_off_was_not_set(
    db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    set_next_run(db, "kabar", NOW + 10 * MINUTE)
    assert mended(db, -timedelta(seconds=59), NOW) == NOW + 10 * MINUTE
    assert "clock" not in capsys.readouterr().out


def test_what_a_locked_database_did_not_take_is_moved_at_the_next_beat(tmp_path: Path) -> None:
    sample_store(tmp_path / "pantau.db").close()

    async def mend(db: Database, other: sqlite3.Connection) -> None:
        with watching(db, BACK) as daemon:
            daemon.plan(NOW)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                daemon.mend(-HOUR)
            other.execute("ROLLBACK")
            daemon.mend(timedelta(0))
            assert next_run_at(db, "kabar") == BACK + 10 * MINUTE
            daemon.mend(timedelta(0))
            assert next_run_at(db, "kabar") == BACK + 10 * MINUTE

    with (
        closing(open_store(tmp_path / "pantau.db", busy_s=0.1)) as db,
        closing(sqlite3.connect(tmp_path / "pantau.db", isolation_level=None)) as other,
    ):
        set_next_run(db, "kabar", NOW + 10 * MINUTE)
        asyncio.run(mend(db, other))


def test_a_turn_that_is_free_in_a_minute_is_so_after_the_clock_was_set_back(db: Database) -> None:
    hosts.take_turn(db, "kabar.example", NOW, Holder(os.getpid(), 60, 5), lambda _: True)
    hosts.pause(db, "lain.example", NOW + 2 * MINUTE, "HTTP 429")
    assert move_back(db, HOUR, BACK) == 2
    assert hosts.host(db, "kabar.example").next_free_at == BACK + MINUTE
    assert hosts.paused_until(db, "lain.example", BACK) == BACK + 2 * MINUTE


def test_a_message_that_waits_is_not_kept_waiting_by_a_clock_set_back(db: Database) -> None:
    outbox.post(db, Message("k", "redaksi", "s", "b"), NOW)
    move_back(db, HOUR, BACK)
    assert len(outbox.due(db, BACK)) == 1


def test_an_alert_made_before_the_clock_was_set_back_tells_of_what_comes_now(db: Database) -> None:
    add_rule(db, Rule("semua", "redaksi"), NOW)
    move_back(db, HOUR, BACK)
    assert rules(db)[0].created_at == BACK


def test_what_was_due_long_ago_stays_so(db: Database) -> None:
    set_next_run(db, "kabar", BACK - MINUTE)
    assert move_back(db, HOUR, BACK) == 0


def leased(db: Database, pid: int) -> None:
    """A page that a run of that process holds for an hour."""
    run = start_run(db, "watch", "1", NOW, pid)
    frontier.discover(db, "kabar", [Candidate(url=URL, fetch_url=URL)], NOW)
    assert frontier.lease(db, "kabar", 8, run, NOW, 3600)


def test_a_clock_set_forward_takes_no_page_from_a_process_at_work(db: Database) -> None:
    leased(db, 77)
    assert frontier.recover(db, NOW + 3 * HOUR, lambda pid: pid == 77) == 0
    assert frontier.recover(db, NOW + 3 * HOUR, lambda pid: False) == 1


def test_a_lease_that_ran_out_is_taken_back_where_nobody_can_tell(db: Database) -> None:
    leased(db, 77)
    assert frontier.recover(db, NOW + MINUTE) == 0
    assert frontier.recover(db, NOW + 3 * HOUR) == 1


def test_a_process_that_merely_got_the_number_of_a_dead_one_is_told_apart(db: Database) -> None:
    file = Path(db.conn.execute("PRAGMA database_list").fetchone()[2])
    assert has_open(os.getpid(), file)
    assert not has_open(os.getppid(), file)
    assert not has_open(2**22 + 1, file)


def test_a_wait_keeps_its_length_to_the_second(db: Database) -> None:
    set_next_run(db, "kabar", NOW + MINUTE)
    move_back(db, HOUR + timedelta(seconds=0.25), BACK)
    row: Any = db.conn.execute("SELECT next_run_at FROM outlets WHERE slug = 'kabar'").fetchone()
    assert abs(from_text(row["next_run_at"]) - BACK - MINUTE) <= timedelta(seconds=1)
