"""What goes wrong beside the daemon does not stop it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.outlets import Outlet
from crawler.pool import ReadingPool
from scheduler.alerts import Errands, send_due
from scheduler.journal import Journal
from scheduler.upkeep import Disk
from scheduler.vitals import Vitals, taken_now
from store import outbox
from store.database import StoreError, open_store
from store.outbox import Message
from tests.test_store_samples import sample_store

OUTLET = Outlet("kabar", "Kabar", "https://kabar.example/", "wordpress", "16")
HOME = b"<html><head><link rel='alternate' type='application/rss+xml' href='/feed/'></head></html>"
HOUR = timedelta(hours=1)


def below(pid: int) -> list[int]:
    """The processes a process started, and theirs."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [one for child in map(int, text.split()) for one in (child, *below(child))]


def test_reading_goes_on_after_idle_children_were_killed() -> None:
    async def read() -> None:
        with ReadingPool(workers=1) as pool:
            before = await pool.feeds(HOME, "text/html", OUTLET.home, OUTLET)
            for pid in below(os.getpid()):
                if b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes() and not below(pid):
                    os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.5)
            assert before == ("https://kabar.example/feed/",)
            for _ in range(2):
                assert await pool.feeds(HOME, "text/html", OUTLET.home, OUTLET) == before

    asyncio.run(read())


def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("w")  # noqa: SIM115 (closing it fails as well)
    monkeypatch.setattr(sys, "stdout", full)
    Journal().note("trouble", "kabar")
    Journal("json").note("trouble", "kabar")
    monkeypatch.undo()
    with suppress(OSError):
        full.close()


def test_the_daemon_says_once_an_hour_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    async def hours() -> None:
        vitals, start = Vitals(Journal()), datetime.now(UTC)
        for passed in (0.0, 0.5, 0.9, 1.1, 1.5, 2.2):
            vitals.look(start + passed * HOUR)
        assert taken_now()["tasks"] == 1

    asyncio.run(hours())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("kB" in line and "threads" in line and "files" in line for line in lines)


def test_a_message_that_arrived_while_the_database_was_locked_is_not_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pantau.db"
    sample_store(path).close()
    monkeypatch.setattr("scheduler.alerts.AGAIN", 0.05)
    arrived = []

    async def send() -> None:
        with (
            closing(open_store(path, busy_s=0.05)) as db,
            closing(sqlite3.connect(path, isolation_level=None)) as other,
        ):
            outbox.post(db, Message("k", "redaksi", "s", "b"), datetime.now(UTC) - HOUR)

            async def arrive(message: Message) -> None:
                arrived.append(message.key)
                other.execute("BEGIN IMMEDIATE")
                asyncio.get_running_loop().call_later(0.3, other.execute, "ROLLBACK")

            for _ in range(2):
                await send_due(db, Journal(), arrive)

    asyncio.run(send())
    assert arrived == ["k"]


def test_a_report_that_a_full_disk_did_not_take_is_told_when_there_is_room(tmp_path: Path) -> None:
    path, now = tmp_path / "pantau.db", datetime.now(UTC)
    sample_store(path).close()
    with (
        closing(open_store(path, busy_s=0.05)) as db,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        errands = Errands(db, path, Journal(), "operations", Disk(tmp_path, room=0))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError):
            errands.report("0 MB free", now)
        other.execute("ROLLBACK")
        errands.tell(now)
        errands.tell(now)
        assert [posted.message.subject for posted in outbox.due(db, now)] == ["0 MB free"]
