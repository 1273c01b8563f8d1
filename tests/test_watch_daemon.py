"""The daemon as a process: alone on its database, quick to stop, told by rows, seen by systemd."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from crawler.outlets import Outlet
from crawler.session import Tally
from scheduler.clock_jumps import Jumps
from scheduler.daemon_lock import only_daemon, watching_pid
from scheduler.pacing import Pacing
from store import polls
from store.database import StoreError
from store.outlets import sync_outlets
from store.records import OutletRow
from store.sources import save_source, source_failed
from tests.local_web import Page
from tests.newsroom import Newsroom, Town, article
from tests.pantau import COMMAND, json_lines, pantau

NOW = datetime(2025, 4, 30, 5, tzinfo=UTC)
QUICK = "delay = 0\ninterval = 1"


def switches(town: Town) -> list[str]:
    return ["watch", "--db", str(town.db), *town.switches()[2:]]


@contextmanager
def daemon(town: Town, *more: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A daemon over the town; killed at the end if it still lives."""
    process = subprocess.Popen(
        [*COMMAND, *switches(town), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def wait_for(true: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def rows(db: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def stop(process: subprocess.Popen[str]) -> tuple[float, str]:
    """Seconds until it ended after SIGTERM, and what it said."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    return time.monotonic() - begun, output


def test_a_second_daemon_refuses_to_start_and_names_the_first(tmp_path: Path) -> None:
    with Town(tmp_path, [Newsroom(keys=QUICK)]) as town, daemon(town) as first:
        wait_for(lambda: watching_pid(town.db) == first.pid)
        second = pantau(*switches(town), db=town.db)
        assert second.returncode == 1
        assert f"watched already, by process {first.pid}" in second.stderr
        first.kill()
        first.wait()
        assert watching_pid(town.db) is None


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    db = tmp_path / "pantau.db"
    with only_daemon(db), pytest.raises(StoreError), only_daemon(db):
        pass
    with only_daemon(db):
        pass


def test_a_page_that_hangs_does_not_keep_the_daemon_from_stopping(tmp_path: Path) -> None:
    room = Newsroom(keys=QUICK)
    room.answers["/berita/0/"] = Page(b"", wait=25)
    with Town(tmp_path, [room]) as town, daemon(town) as process:
        wait_for(lambda: "/berita/0/" in town.web.paths())
        seconds, output = stop(process)
        assert process.returncode == 0, output
        assert seconds < 10
        assert rows(town.db, "SELECT count(*) FROM pages WHERE state = 'leased'") == [(0,)]
        assert rows(town.db, "SELECT sum(attempts) FROM pages") == [(0,)]


def test_switches_are_noticed_without_a_restart(tmp_path: Path) -> None:
    room = Newsroom(keys=QUICK)
    with Town(tmp_path, [room]) as town:
        assert pantau(*switches(town), "--once", db=town.db).returncode == 0
        with closing(sqlite3.connect(town.db)) as connection:
            connection.execute("UPDATE outlets SET switched = 0")
            connection.commit()
        with daemon(town):
            wait_for(lambda: watching_pid(town.db) is not None)
            time.sleep(3)
            town.asked()
            with closing(sqlite3.connect(town.db)) as connection:
                connection.execute("UPDATE outlets SET switched = 1")
                connection.commit()
            wait_for(lambda: "/feed/" in town.web.paths())


def test_once_passes_over_what_is_due_and_ends(tmp_path: Path) -> None:
    with Town(tmp_path, [Newsroom(keys="delay = 0")]) as town:
        first = pantau(*switches(town), "--once", "--log", "json", db=town.db)
        lines = json_lines(first)
        (told,) = [line for line in lines if line["event"] == "pass"]
        assert (told["outlet"], told["new"], told["sources_ok"]) == ("warta-contoh", 1, 1)
        again = json_lines(pantau(*switches(town), "--once", "--log", "json", db=town.db))
        assert [line["event"] for line in again] == ["end"]
        (status,) = json_lines(pantau("status", "--json", db=town.db))
        assert status["state"] == "well"
        due = datetime.fromisoformat(status["next_run_at"]) - datetime.now(UTC)
        assert timedelta(minutes=5) < due < timedelta(minutes=65)


def test_a_feed_that_asks_for_quiet_gets_it(tmp_path: Path) -> None:
    room = Newsroom(keys="delay = 0")
    plain = room.page("/feed/")
    headers = {**plain.headers, "Cache-Control": "max-age=7200"}
    room.answers["/feed/"] = Page(plain.body, headers=headers)
    with Town(tmp_path, [room]) as town:
        assert pantau(*switches(town), "--once", db=town.db).returncode == 0
        ((due,),) = rows(town.db, "SELECT next_run_at FROM outlets")
    assert datetime.fromisoformat(due) - datetime.now(UTC) > timedelta(minutes=115)


def test_a_daemon_that_is_killed_loses_nothing_and_goes_on(tmp_path: Path) -> None:
    room = Newsroom(keys=QUICK, articles=12)
    for path in room.paths:
        number = int(path.split("/")[2])
        room.answers[path] = Page(article(number, f"https://{room.host}{path}"), wait=0.2)
    with Town(tmp_path, [room]) as town:
        for killed_at in ("/berita/2/", "/berita/5/"):
            with daemon(town):
                wait_for(lambda path=killed_at: path in town.web.paths())  # type: ignore[misc]
        with daemon(town) as process:
            wait_for(lambda: "/berita/11/" in town.web.paths())
            time.sleep(2)
            stop(process)
        states = rows(town.db, "SELECT state, count(*) FROM pages GROUP BY state ORDER BY state")
        assert states == [("done", 4), ("off_topic", 8)]
        assert rows(town.db, "SELECT count(*) FROM articles") == [(4,)]


def test_systemd_is_told_that_it_is_ready_and_alive(tmp_path: Path) -> None:
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
        Town(tmp_path, [Newsroom(keys=QUICK)]) as town,
    ):
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(40)
        with daemon(town, NOTIFY_SOCKET=str(tmp_path / "notify")) as process:
            assert manager.recv(100) == b"READY=1"
            assert manager.recv(100) == b"WATCHDOG=1"
            stop(process)
            said = {manager.recv(100)}
            while b"STOPPING=1" not in said:
                said.add(manager.recv(100))


def test_the_log_is_one_json_document_a_line(tmp_path: Path) -> None:
    with Town(tmp_path, [Newsroom(keys=QUICK)]) as town, daemon(town, "--log=json") as process:
        wait_for(lambda: "/berita/2/" in town.web.paths())
        _, output = stop(process)
        events = [json.loads(line)["event"] for line in output.splitlines()]
        assert events[0] == "begin"
        assert events[-1] == "end"


OUTLETS = [
    Outlet(name, name, f"https://{name}.example/", "wordpress", "16", interval=1800.0)
    for name in ("aaa", "bbb", "ccc", "ddd")
]


@pytest.fixture
def pacing(db: Database) -> Pacing:
    sync_outlets(
        db,
        [OutletRow(o.slug, o.name, o.home, o.family, o.province, o.timezone) for o in OUTLETS],
        NOW,
    )
    for outlet in OUTLETS:
        save_source(db, outlet.slug, "feed", f"{outlet.home}feed/", NOW)
    return Pacing(db, watched=len(OUTLETS))


def unreachable(pacing: Pacing, outlet: Outlet, at: datetime) -> datetime:
    source = polls_source(pacing.db, outlet.slug)
    source_failed(pacing.db, source, None, "no such host", at)
    tally = Tally(sources_failed=1)
    tally.failures["no_such_host"] = 1
    return pacing.after(outlet, tally, at, at)


def polls_source(db: Database, slug: str) -> int:
    return int(db.conn.execute("SELECT id FROM sources WHERE outlet = ?", (slug,)).fetchone()[0])


def test_being_offline_is_nobodys_failure(pacing: Pacing) -> None:
    for outlet in OUTLETS:
        due = unreachable(pacing, outlet, NOW)
    assert pacing.offline
    assert due - NOW <= timedelta(hours=1)
    assert [polls.failures_in_a_row(pacing.db, outlet.slug) for outlet in OUTLETS] == [0, 0, 0, 0]
    failures = pacing.db.conn.execute("SELECT sum(failures) FROM sources").fetchone()[0]
    assert failures == 0


def test_one_outlet_that_cannot_be_reached_is_its_own_failure(pacing: Pacing) -> None:
    unreachable(pacing, OUTLETS[0], NOW)
    pacing.after(OUTLETS[1], Tally(sources_ok=1, answered=1), NOW, NOW)
    unreachable(pacing, OUTLETS[0], NOW)
    assert polls.failures_in_a_row(pacing.db, "aaa") == 1.0
    assert not pacing.offline


def test_the_network_is_back_with_the_first_answer(pacing: Pacing) -> None:
    for outlet in OUTLETS:
        unreachable(pacing, outlet, NOW)
    pacing.after(OUTLETS[0], Tally(sources_ok=1, answered=1), NOW, NOW)
    assert not pacing.offline


def test_a_named_interval_is_kept(pacing: Pacing) -> None:
    outlet = Outlet(
        "aaa", "A", "https://aaa.example/", "wordpress", "16", interval=7200.0, fixed_interval=True
    )
    due = pacing.after(outlet, Tally(sources_ok=1, answered=1), NOW, NOW)
    assert due - NOW == timedelta(hours=2)


def test_a_clock_that_keeps_time_has_not_jumped() -> None:
    assert abs(Jumps().jump(datetime.now(UTC))) < timedelta(seconds=1)


def test_a_clock_that_was_set_back_has_jumped() -> None:
    jump = Jumps().jump(datetime.now(UTC) - timedelta(hours=1))
    assert timedelta(minutes=59) < -jump < timedelta(minutes=61)
