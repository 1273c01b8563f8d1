"""A day of the real daemon in 24 minutes: what it takes stays the same. PANTAU_SOAK_HOURS=1 gives a
first impression in one."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import linear_regression, mean

import pytest

from tests.faked_time import fast
from tests.hard_times import Desk, HardTimes, desks

SPEED = 60
HOUR = 3600 / SPEED  # seconds
WARM, DAY = 4, 24  # hours: until caches are filled, and in all
OUTLETS = 12
GROWTH = 0.05  # of the memory, in the twenty hours after that


@dataclass(frozen=True)
class Sample:
    """What the process took: hour counts from the start, memory is in kB."""

    hour: float
    memory: int
    threads: int
    files: int
    children: int


def sample(pid: int, hour: float) -> Sample:
    """Looks at a process from outside."""
    process = Path(f"/proc/{pid}")
    status = dict(
        line.partition(":")[::2] for line in (process / "status").read_text().splitlines()
    )
    below = process / "task" / str(pid) / "children"
    return Sample(
        hour,
        int(status["VmRSS"].split()[0]),
        int(status["Threads"]),
        len(list((process / "fd").iterdir())),
        len(below.read_text().split()),
    )


def typical(numbers: list[int]) -> int:
    """The middle one: a request on its way has a file of its own."""
    return sorted(numbers)[len(numbers) // 2]


def watch_for(hours: float, times: HardTimes, process: subprocess.Popen[str]) -> list[Sample]:
    """Samples of the daemon while its outlets publish: every 20 to 130 of its minutes each."""
    begun, samples = time.monotonic(), []
    dues = {room.slug: 0.1 * n for n, room in enumerate(times.rooms)}
    while (hour := (time.monotonic() - begun) / HOUR) < hours:
        for n, room in enumerate(times.rooms):
            if hour >= dues[room.slug]:
                room.publish()
                dues[room.slug] += (20 + 10 * n) / 60
        samples.append(sample(process.pid, hour))
        time.sleep(1)
        assert process.poll() is None
    return samples


@pytest.mark.soak
def test_a_day_of_the_daemon_leaves_memory_threads_files_and_tasks_as_they_were(
    tmp_path: Path,
) -> None:
    hours = float(os.environ.get("PANTAU_SOAK_HOURS", DAY))
    begun = time.monotonic()
    start = datetime.now(UTC)

    def now() -> datetime:
        return start + timedelta(seconds=(time.monotonic() - begun) * SPEED)

    rooms: list[Desk] = desks(OUTLETS, "delay = 1\ninterval = 600")
    for room in rooms:
        room.now = now
    with HardTimes(tmp_path, rooms, fast(SPEED)) as times:
        with times.daemon("--log=json") as process:
            samples = watch_for(hours, times, process)
        report(times, samples)
        check_work(times, hours)
        check_flat(times, [one for one in samples if one.hour >= min(WARM, hours / 2)])


def vitals(times: HardTimes) -> list[dict[str, int]]:
    """What the daemon said of itself, hour by hour."""
    lines = [json.loads(line) for line in times.log.splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "vitals"]


def report(times: HardTimes, samples: list[Sample]) -> None:
    """Prints the day in a few lines."""
    print()
    step = max(len(samples) // 24, 1)
    for one in samples[::step]:
        print(
            f"{one.hour:5.1f} h {one.memory / 1024:6.1f} MB, {one.threads} threads,"
            f" {one.files} files, {one.children} children"
        )
    print("tasks:", [line["tasks"] for line in vitals(times)])
    passes = times.rows("SELECT count(*) FROM polls")[0][0]
    failed = times.rows("SELECT count(*) FROM polls WHERE failure IS NOT NULL")[0][0]
    published = sum(room.published for room in times.rooms)
    stored, told = len(times.stored()), times.listener.keys
    print(f"{passes} passes ({failed} failed) over {published} articles, {stored} stored,")
    print(f"{len(told)} messages, {sum(told.values()) - len(told)} of them again")


def check_work(times: HardTimes, hours: float) -> None:
    """It had work all day, did it, and told of it. What came out in its last half hour may not
    have been visited, or not told, yet."""
    passes, failed = times.rows("SELECT count(*), count(failure) FROM polls")[0]
    assert passes > 3 * OUTLETS * hours
    assert failed < passes / 50
    settled = times.rooms[0].now() - timedelta(minutes=40)
    due = set[str]().union(*(room.published_before(settled) for room in times.rooms))
    assert due <= times.stored()
    assert due <= set(times.listener.told())
    assert len(times.listener.told()) == len(set(times.listener.told()))


def check_flat(times: HardTimes, samples: list[Sample]) -> None:
    """The day after its warm-up: flat."""
    slope, base = linear_regression(
        [one.hour for one in samples], [float(one.memory) for one in samples]
    )
    first, last = samples[0].hour, samples[-1].hour
    before, after = base + slope * first, base + slope * last
    growth = (after - before) / before
    highest = max(one.memory for one in samples) / mean(one.memory for one in samples) - 1
    print(f"memory: {growth:+.1%} from hour {first:.0f} to {last:.0f}, at most {highest:+.1%}")
    assert growth < GROWTH
    quarter = max(len(samples) // 4, 1)
    for name in ("threads", "files", "children"):
        numbers = [getattr(one, name) for one in samples]
        begun, ended = typical(numbers[:quarter]), typical(numbers[-quarter:])
        print(f"{name}: {begun} then {ended}")
        assert abs(ended - begun) <= 2, name
    tasks = [line["tasks"] for line in vitals(times)][1:]
    if len(tasks) > 8:
        assert abs(typical(tasks[:6]) - typical(tasks[-6:])) <= 4
