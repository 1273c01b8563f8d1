"""Slots, pauses and failures of hosts, shared by every process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.hosts import (
    Holder,
    Turn,
    failed,
    give_turn_back,
    host,
    pause,
    paused_until,
    postpone,
    save_robots,
    succeeded,
    take_turn,
    troubled,
)
from store.records import HostRow
from tests.test_store_samples import DAY, MINUTE, NOW, sample_store

NAME = "kabar.example"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def take(db: Database, name: str, now: datetime, pid: int = 1, delay: float = 0) -> Turn:
    """A turn for a process; of all process ids only 13 is dead."""
    return take_turn(db, name, now, Holder(pid, 60, delay), lambda pid: pid != 13)


def test_an_unknown_host_has_nothing_against_it(db: Database) -> None:
    assert host(db, NAME) == HostRow(NAME)


def test_a_turn_is_one_callers_until_it_is_given_back(db: Database) -> None:
    turn = take(db, NAME, NOW)
    assert turn == Turn(True, NOW + MINUTE)
    assert take(db, NAME, NOW + MINUTE / 2) == Turn(False, NOW + MINUTE)
    give_turn_back(db, NAME, turn, NOW + timedelta(seconds=2.5))
    assert take(db, NAME, NOW) == Turn(False, NOW + timedelta(seconds=2.5))
    assert take(db, NAME, NOW + timedelta(seconds=2.5)).mine


def test_the_turn_of_a_process_that_died_is_free_after_the_delay(db: Database) -> None:
    dead = take(db, NAME, NOW, pid=13)
    free_at = NOW + timedelta(seconds=5)
    assert take(db, NAME, NOW, delay=5) == Turn(False, free_at)
    assert take(db, NAME, NOW, delay=5) == Turn(False, free_at)
    assert take(db, NAME, free_at, delay=5).mine
    give_turn_back(db, NAME, dead, NOW)
    assert not take(db, NAME, free_at).mine


def test_a_turn_that_is_never_given_back_runs_out(db: Database) -> None:
    take(db, NAME, NOW)
    assert take(db, NAME, NOW + MINUTE).mine


def test_hosts_do_not_wait_for_each_other(db: Database) -> None:
    take(db, NAME, NOW)
    assert take(db, "warta.example", NOW).mine


def test_a_delay_the_host_asks_for_moves_the_next_turn(db: Database) -> None:
    turn = take(db, NAME, NOW)
    give_turn_back(db, NAME, turn, NOW)
    postpone(db, NAME, NOW + MINUTE)
    postpone(db, NAME, NOW)
    assert take(db, NAME, NOW) == Turn(False, NOW + MINUTE)


def test_a_paused_host_gives_no_turns(db: Database) -> None:
    pause(db, NAME, NOW + MINUTE, "HTTP 429")
    assert take(db, NAME, NOW) == Turn(False, NOW + MINUTE)
    assert paused_until(db, NAME, NOW) == NOW + MINUTE
    assert [row.not_before_reason for row in troubled(db, NOW)] == ["HTTP 429"]
    assert paused_until(db, NAME, NOW + MINUTE) is None
    assert troubled(db, NOW + MINUTE) == []


def test_a_clock_that_was_wrong_does_not_silence_a_host(db: Database) -> None:
    take(db, NAME, NOW + 365 * DAY)
    pause(db, NAME, NOW + 365 * DAY, "HTTP 503")
    assert take(db, NAME, NOW).mine
    pause(db, NAME, NOW + MINUTE, "HTTP 429")
    assert paused_until(db, NAME, NOW) == NOW + MINUTE


def test_a_robots_txt_that_cannot_be_had_is_trouble(db: Database) -> None:
    for status, troubles in ((503, 1), (429, 1), (None, 1), (404, 0), (200, 0)):
        save_robots(db, HostRow(NAME, robots_status=status, robots_fetched_at=NOW))
        assert len(troubled(db, NOW)) == troubles


def test_a_shorter_pause_does_not_shorten_a_longer_one(db: Database) -> None:
    pause(db, NAME, NOW + DAY, "Retry-After")
    pause(db, NAME, NOW + MINUTE, "HTTP 503")
    assert host(db, NAME).not_before == NOW + DAY
    assert host(db, NAME).not_before_reason == "Retry-After"


def test_failures_count_in_a_row_until_a_success(db: Database) -> None:
    assert [failed(db, NAME) for _ in range(3)] == [1, 2, 3]
    succeeded(db, NAME)
    assert failed(db, NAME) == 1


def test_robots_are_kept_beside_slots_and_failures(db: Database) -> None:
    turn = take(db, NAME, NOW)
    failed(db, NAME)
    answer = HostRow(
        NAME,
        crawl_delay=10.0,
        robots="User-agent: *\nDisallow: /admin",
        robots_status=200,
        robots_good_at=NOW,
        robots_fetched_at=NOW,
    )
    save_robots(db, answer)
    known = host(db, NAME)
    assert (known.robots, known.robots_status) == (answer.robots, 200)
    assert (known.robots_good_at, known.robots_fetched_at) == (NOW, NOW)
    assert (known.crawl_delay, known.failures) == (10.0, 1)
    assert known.next_free_at == turn.until


def test_two_processes_never_hold_the_same_turn(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    sample_store(file).close()
    code = (
        "import sys; from datetime import UTC, datetime, timedelta\n"
        "from store.database import open_store\n"
        "from store.hosts import Holder, take_turn\n"
        "db, now = open_store(sys.argv[1]), datetime(2025, 5, 1, tzinfo=UTC)\n"
        "me = Holder(1, 60, 0)\n"
        "turns = [take_turn(db, f'{n}.example', now, me, bool).mine for n in range(100)]\n"
        "print(*(n for n, mine in enumerate(turns) if mine))\n"
        "db.close()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", code, str(file)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    taken = [n for child in children for n in child.communicate(timeout=60)[0].split()]
    assert sorted(map(int, taken)) == list(range(100))
