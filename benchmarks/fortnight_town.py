"""Made-up outlets of different habits, what each publishes in a fortnight, and the faults that are
planted among them. Pure: everything follows from a seed."""

from __future__ import annotations

import itertools
import random
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jakarta")
START = datetime(2025, 3, 2, 17, tzinfo=UTC)  # a Monday, 0 o'clock in Jakarta
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACKLOG = 30 * DAY  # what was published before the first pass
STEP = timedelta(minutes=5)
ABOUT = 0.07  # of the items are about the KPK

Kind = Literal["busy", "usual", "slow", "weekday", "bursts", "sitemap", "listing"]
FEW = 6  # outlets make a small town, for a quick run
SHARES: dict[Kind, float] = {
    "busy": 0.04,
    "usual": 0.56,
    "slow": 0.15,
    "weekday": 0.09,
    "bursts": 0.06,
    "sitemap": 0.05,
    "listing": 0.05,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One article: its number at its outlet, when it came out, whether it is about the KPK."""

    number: int
    at: datetime
    about: bool


@dataclass(slots=True)
class Habit:
    """How an outlet publishes: items a day, how much of that at night and on weekends, how many
    at once; named says that its TOML names its source."""

    kind: Kind
    per_day: float
    night: float
    weekend: float
    burst: int = 1
    office: bool = False
    named: bool = False

    def rate(self, at: datetime) -> float:
        """Items a day at that hour."""
        local = at.astimezone(ZONE)
        rate = self.per_day * (self.weekend if local.weekday() >= 5 else 1.0)
        if self.office:
            return rate * (2.2 if 8 <= local.hour < 18 else 0.02)
        return rate * (self.night if local.hour >= 23 or local.hour < 5 else 1.2)


@dataclass(slots=True)
class Room:
    """One outlet and what it publishes, oldest first."""

    number: int
    habit: Habit
    items: list[Item] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return f"kabar-{self.number:03}"

    @property
    def host(self) -> str:
        return f"kabar-{self.number:03}.example"

    def out(self, now: datetime) -> list[Item]:
        """What is out by then, the newest 60 of it, oldest first."""
        end = bisect_right(self.times, now)
        return self.items[max(end - 60, 0) : end]

    def between(self, begin: datetime, end: datetime) -> list[Item]:
        """What came out then."""
        return self.items[bisect_right(self.times, begin) : bisect_right(self.times, end)]

    def expected(self, before: datetime) -> timedelta:
        """How long one usually waits for news: nine of ten gaps of the weeks before were no
        longer."""
        times = [at for at in self.times if at < before]
        gaps = sorted(b - a for a, b in itertools.pairwise(times))
        return gaps[int(0.9 * (len(gaps) - 1))] if gaps else 30 * DAY


def town(count: int, days: float, seed: int) -> list[Room]:
    """So many outlets, with what they publish until the end of the simulation."""
    kinds: list[Kind] = []
    if count <= FEW:
        kinds = ["busy"] * 3
    for kind, share in SHARES.items():
        kinds += [kind] * max(round(share * count), 1) if count > FEW else []
    rooms = []
    for number, kind in enumerate((kinds + ["usual"] * count)[:count]):
        rng = random.Random(f"{seed} {number}")
        room = Room(number, habit_of(kind, rng))
        publish(room, rng, START + days * DAY)
        rooms.append(room)
    return rooms


def habit_of(kind: Kind, rng: random.Random) -> Habit:
    """An outlet's habit of that kind."""
    night = rng.choice([0.0, 0.1, 0.5])
    weekend = rng.choice([0.4, 0.7, 1.0])
    named = rng.random() < 0.5
    if kind == "busy":
        return Habit(kind, rng.uniform(32, 48), night, weekend, named=named)
    if kind == "slow":
        return Habit(kind, rng.uniform(0.25, 0.5), night, 1.0, named=named)
    if kind == "weekday":
        return Habit(kind, rng.uniform(3, 6), 0.0, 0.0, office=True, named=named)
    if kind == "bursts":
        return Habit(kind, rng.uniform(5, 8), night, weekend, burst=4, named=named)
    return Habit(kind, rng.uniform(3, 8), night, weekend, named=named and kind == "usual")


def publish(room: Room, rng: random.Random, end: datetime) -> None:
    """Fills a room with items: by chance, at the rate of its habit."""
    habit, at = room.habit, START - BACKLOG
    while at < end:
        if rng.random() < habit.rate(at) * (STEP / DAY) / habit.burst:
            size = rng.randint(1, 2 * habit.burst - 1)
            for _ in range(size):
                about = rng.random() < ABOUT
                room.items.append(Item(len(room.items), at, about))
                room.times.append(at)
        at += STEP
