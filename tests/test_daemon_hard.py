"""The daemon's hard times, each a real process over outlets that keep publishing: nothing is lost,
no story is told twice, and it goes on."""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faked_time import SetClock
from tests.hard_times import HardTimes, desks, until
from tests.pantau import COMMAND
from tests.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.soak

HOUR, SETTLED = timedelta(hours=1), timedelta(minutes=15)
QUICK = "delay = 0\ninterval = 2"
HOLD = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
db.execute("ROLLBACK")
"""


@pytest.fixture
def clock(tmp_path: Path) -> SetClock:
    folder = tmp_path / "clock"
    folder.mkdir()
    return SetClock(folder)


@contextmanager
def hard_times(
    folder: Path, clock: SetClock, outlets: int = 4, logs: Path | None = None
) -> Iterator[HardTimes]:
    with HardTimes(folder, desks(outlets, QUICK), clock.environment, logs) as times:
        yield times


def settle(times: HardTimes, clock: SetClock, ahead: timedelta) -> None:
    """All that was published is stored; then the stories are old enough to be told, and are."""
    until(times.has_all, 200, "not everything was stored")
    clock.set(ahead)
    until(lambda: set(times.listener.told()) == times.urls, 400, "not everything was told")
    until(times.noted, 60, "what was told was not noted")


def test_ten_kills_under_load_lose_nothing(tmp_path: Path, clock: SetClock) -> None:
    moments = random.Random(5)
    with hard_times(tmp_path, clock) as times:
        times.listener.wait = 0.3
        for number in range(10):
            if number == 5:
                clock.set(SETTLED)  # from here on stories are told as well
            times.publish(2 * (number < 9))
            with times.daemon("--log=json") as process:
                busy_with(times, telling=number >= 5, steps=moments.randrange(6))
                time.sleep(moments.uniform(0, 0.5))
                process.kill()
                process.wait()
        with times.daemon("--log=json"):
            settle(times, clock, 2 * SETTLED)
        again = sum(times.listener.keys.values()) - len(times.listener.keys)
        pages = times.rows("SELECT count(*), max(attempts) FROM pages")[0]
        print(f"\n10 kills: {pages[0]} pages, at most {pages[1]} attempts left on one,", end=" ")
        print(f"{len(times.urls)} stories told, {again} messages came again with their key")
        times.check(repeats=10)


def busy_with(times: HardTimes, telling: bool, steps: int) -> None:
    """Waits until the daemon has asked for so many pages more, or told of so many stories more; a
    while at most: there may be less to do."""

    def done() -> int:
        return sum(times.listener.keys.values()) if telling else len(times.town.web.requests)

    deadline, before = time.monotonic() + 15, done()
    while done() < before + steps and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_clock_set_forward_and_back_by_an_hour_loses_nothing(
    tmp_path: Path, clock: SetClock
) -> None:
    took = []
    with hard_times(tmp_path, clock) as times, times.daemon("--log=json") as process:
        for ahead in (0, 1, 0, -1, 0):
            clock.set(ahead * HOUR)
            times.publish()
            took.append(until(times.has_all, 90, f"stands still at {ahead:+} h"))
            time.sleep(8)  # it looks at the clock every five seconds
        settle(times, clock, 2 * HOUR)
        assert process.poll() is None
        print("\nclock at +0, +1, +0, -1, +0 h: all stored after", *(f"{s:.0f} s" for s in took))
        times.check()
    print(times.log.count("the clock was set by"), "jumps noticed")


def test_a_process_stopped_for_a_minute_while_the_clock_jumps_loses_nothing(
    tmp_path: Path, clock: SetClock
) -> None:
    with hard_times(tmp_path, clock) as times, times.daemon("--log=json") as process:
        times.publish(2)
        until(times.has_all, 90)
        clock.set(SETTLED)
        times.listener.wait = 2.0
        until(lambda: bool(times.listener.keys), 60)  # a message is on its way
        times.rooms[0].wait = 2.0
        times.publish(2)
        asked = len(times.town.web.requests)
        until(lambda: len(times.town.web.requests) > asked + 4, 30)
        process.send_signal(signal.SIGSTOP)
        clock.set(3 * HOUR)
        times.publish(2)
        time.sleep(60)
        process.send_signal(signal.SIGCONT)
        times.listener.wait = times.rooms[0].wait = 0.0
        took = until(times.has_all, 150, "it does not go on")
        settle(times, clock, 3 * HOUR + SETTLED)
        print(f"\nstopped for 60 s, clock +3 h: all stored {took:.0f} s after it went on")
        times.check()


def test_a_database_locked_for_20_seconds_loses_nothing(tmp_path: Path, clock: SetClock) -> None:
    with (
        hard_times(tmp_path, clock) as times,
        times.daemon("--log=json") as process,
        review(times) as port,
    ):
        times.publish(2)
        until(times.has_all, 90)
        clock.set(SETTLED)
        times.listener.wait = 1.0
        until(lambda: bool(times.listener.keys), 60)  # a message is on its way
        times.publish(2)
        with locked(times, 20) as holder:
            first = decide(port)
            times.publish()
            holder.wait()
        second = decide(port)
        took = until(times.has_all, 150, "it does not go on")
        settle(times, clock, 2 * SETTLED)
        assert process.poll() is None
        print(f"\nlocked for 20 s: a verdict meanwhile gave {first}, after it {second};", end=" ")
        print(f"all stored {took:.0f} s after the lock")
        assert (first, second) == (409, 303)
        times.check()
    assert "is locked by another process" in times.log


def test_a_full_disk_loses_nothing(tmp_path: Path, clock: SetClock) -> None:
    with small_disk(tmp_path) as disk, hard_times(disk.folder, clock, logs=tmp_path) as times:
        times.publish(2)
        with times.daemon("--log=json") as process:
            disk.limit(process, times.db)
            until(times.has_all, 90)
            clock.set(SETTLED)
            until(lambda: bool(times.listener.keys), 60)
            disk.fill()
            times.publish(10)
            said = until(lambda: full(times), 120, "it does not say that the disk is full")
            time.sleep(30)
            assert process.poll() is None
            assert not times.has_all()
            disk.free()
            took = until(times.has_all, 240, "it does not go on")
            settle(times, clock, 2 * SETTLED)
        report(disk, said, took, times)
        times.check()


def full(times: HardTimes) -> bool:
    """Whether the log says so."""
    said = times.log_file.read_text()
    words = ("disk is full", "disk I/O error", "nothing is fetched until there is more room")
    return any(word in said for word in words)


def report(disk: SmallDisk, said: float, took: float, times: HardTimes) -> None:
    """Prints the full disk's figures."""
    print(
        f"\nfull disk ({disk.kind}): said after {said:.0f} s; all {len(times.urls)} stories",
        end=" ",
    )
    print(f"stored {took:.0f} s after there was room")


@contextmanager
def locked(times: HardTimes, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process holds the database for so long, from here on."""
    command = [sys.executable, "-P", "-c", HOLD, str(times.db), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


@contextmanager
def review(times: HardTimes) -> Iterator[int]:
    """A review page over the database, on the port this gives."""
    command = [*COMMAND, "review", "--db", str(times.db), "--port=0", "--no-browser", "--as=Rina"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as page:
        assert page.stdout is not None
        address = page.stdout.readline().split()[0]
        try:
            yield int(address.rstrip("/").rpartition(":")[2])
        finally:
            page.send_signal(signal.SIGINT)
            page.wait(20)


def decide(port: int) -> int:
    """The status of a verdict on the first article, sent as the page's form sends it."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=40)) as connection:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
            "Sec-Fetch-Site": "same-origin",
        }
        form = urlencode({"verdict": "relevant"})
        connection.request("POST", "/items/1/verdict", form, headers)
        return connection.getresponse().status
