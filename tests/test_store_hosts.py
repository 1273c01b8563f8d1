"""Slots, pauses and failures of hosts, shared by every process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.hosts import failed, host, pause, reserve, save_robots, succeeded
from store.records import HostRow
from tests.test_store_samples import DAY, MINUTE, NOW, sample_store

NAME = "kabar.example"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with closing(sample_store(tmp_path / "pantau.db")) as db:
        yield db


def test_an_unknown_host_has_nothing_against_it(db: Database) -> None:
    assert host(db, NAME) == HostRow(NAME)


def test_slots_are_a_delay_apart(db: Database) -> None:
    slots = [reserve(db, NAME, NOW, 2.5) for _ in range(3)]
    assert slots == [NOW, NOW + timedelta(seconds=2.5), NOW + timedelta(seconds=5)]


def test_slots_closer_than_a_second_keep_their_distance(db: Database) -> None:
    now = NOW + timedelta(microseconds=999_999)
    slots = [reserve(db, NAME, now, 0.001) for _ in range(3)]
    assert [slot - now for slot in slots] == [timedelta(milliseconds=n) for n in range(3)]


def test_a_host_left_alone_is_free_at_once(db: Database) -> None:
    reserve(db, NAME, NOW, 5)
    assert reserve(db, NAME, NOW + MINUTE, 5) == NOW + MINUTE


def test_hosts_do_not_wait_for_each_other(db: Database) -> None:
    reserve(db, NAME, NOW, 5)
    assert reserve(db, "warta.example", NOW, 5) == NOW


def test_a_pause_moves_the_next_slot_to_its_end(db: Database) -> None:
    pause(db, NAME, NOW + MINUTE, "HTTP 429")
    assert reserve(db, NAME, NOW, 5) == NOW + MINUTE
    assert reserve(db, NAME, NOW, 5) == NOW + MINUTE + timedelta(seconds=5)
    assert host(db, NAME).not_before_reason == "HTTP 429"


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
    reserve(db, NAME, NOW, 5)
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
    assert known.next_free_at == NOW + timedelta(seconds=5)


def test_two_processes_never_get_the_same_slot(tmp_path: Path) -> None:
    file = tmp_path / "pantau.db"
    sample_store(file).close()
    code = (
        "import sys; from datetime import UTC, datetime\n"
        "from store.database import open_store\n"
        "from store.hosts import reserve\n"
        "db, now = open_store(sys.argv[1]), datetime(2025, 5, 1, tzinfo=UTC)\n"
        "for _ in range(50): print((reserve(db, 'kabar.example', now, 5) - now).total_seconds())\n"
        "db.close()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", code, str(file)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    slots = [float(line) for child in children for line in child.communicate(timeout=60)[0].split()]
    assert sorted(slots) == [5.0 * n for n in range(100)]
