"""What goes wrong in the simulated fortnight: where, when, what it is to be called, how soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from benchmarks.fortnight_town import DAY, FEW, HOUR, START, Kind, Room

Ill = Literal[
    "silent feed",
    "stopped",
    "no text",
    "odd text",
    "no dates",
    "errors",
    "forbidden",
    "captcha",
    "moved",
    "never worked",
    "timeouts",
    "retry later",
]
# What the daemon is to say; None: nothing, it passes or mends itself.
NAMES: dict[Ill, str | None] = {
    "silent feed": "quiet",
    "stopped": "quiet",
    "no text": "changed layout",
    "odd text": "changed layout",
    "no dates": "changed layout",
    "errors": "failing",
    "forbidden": "blocked",
    "captcha": "blocked",
    "moved": "failing",
    "never worked": "never worked",
    "timeouts": "failing",
    "retry later": None,
}
# Kind of fault, kind of outlet, day it begins, days it lasts (0: to the end), how many of it.
PLAN: tuple[tuple[Ill, Kind, float, float, int], ...] = (
    ("silent feed", "busy", 8.4, 0, 1),
    ("silent feed", "busy", 9.4, 3, 1),
    ("silent feed", "usual", 7.4, 0, 2),
    ("silent feed", "usual", 8.6, 4, 2),
    ("silent feed", "weekday", 8.4, 0, 1),
    ("silent feed", "bursts", 8.4, 0, 1),
    ("silent feed", "slow", 7.4, 0, 2),
    ("silent feed", "sitemap", 8.4, 0, 1),
    ("stopped", "busy", 8.4, 0, 1),
    ("stopped", "usual", 8.4, 0, 2),
    ("no text", "busy", 8.4, 3, 1),
    ("no text", "usual", 8.5, 0, 2),
    ("odd text", "busy", 9.4, 0, 1),
    ("odd text", "usual", 8.4, 0, 2),
    ("odd text", "usual", 8.4, 4, 1),
    ("odd text", "weekday", 8.4, 0, 1),
    ("odd text", "slow", 7.4, 0, 1),
    ("no dates", "listing", 8.4, 0, 2),
    ("errors", "usual", 8.4, 1 / 3, 3),
    ("errors", "usual", 9.2, 2, 3),
    ("errors", "busy", 9.2, 2, 1),
    ("errors", "slow", 8.2, 3, 1),
    ("forbidden", "busy", 8.4, 3, 1),
    ("forbidden", "usual", 8.4, 3, 2),
    ("captcha", "usual", 8.5, 3, 2),
    ("captcha", "busy", 8.5, 0, 1),
    ("moved", "usual", 8.4, 0, 3),
    ("never worked", "usual", 0, 0, 2),
    ("timeouts", "usual", 9.4, 2, 2),
    ("retry later", "usual", 8.4, 0.1, 2),
)
# For a town of a few outlets, of which there must be two of a kind: one of them stays well.
SMALL: tuple[tuple[Ill, Kind, float, float, int], ...] = (
    ("silent feed", "busy", 5, 0, 1),
    ("odd text", "busy", 5, 0, 1),
)
OUTAGES = ((4.3, 0.25), (10.6, 0.05))  # the whole network is gone: day, days


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault. limit is how soon it must be named after it began; None: it need not be
    named (but by no other name either)."""

    room: Room
    ill: Ill
    begin: datetime
    end: datetime
    limit: timedelta | None


def plant(rooms: Sequence[Room], days: float) -> list[Fault]:
    """The faults of the plan among these outlets, one an outlet, as far as there are outlets; the
    plan's fortnight is drawn together into so many days."""
    free = list(rooms)
    faults = []
    end, scale = START + days * DAY, days / 14
    for ill, kind, day, length, number in PLAN if len(rooms) > FEW else SMALL:
        for _ in range(number):
            fitting = [room for room in free if room.habit.kind == kind]
            if len(fitting) < 2:  # one of each kind stays well
                continue
            room = fitting[-1]
            free.remove(room)
            begin = START + day * scale * DAY
            until = min(begin + length * scale * DAY, end) if length else end
            faults.append(Fault(room, ill, begin, until, limit_of(ill, room, begin, until)))
    return faults


def limit_of(ill: Ill, room: Room, begin: datetime, until: datetime) -> timedelta | None:
    """How soon a fault must be named. A feed that is silent while its home is not: three of the
    outlet's expected periods, but a day at least; an outlet that stops, which nothing but time can
    tell: a day later. A layout: a day after the third article that is out of order. A failure: a
    day, or two and a half where one is asked once a day; a block: twelve hours, or a day where
    there are few items."""
    slow = room.habit.kind == "slow"
    limit: timedelta | None = 2.5 * DAY if slow else DAY
    if ill in ("silent feed", "stopped"):
        limit = max(DAY, 3 * room.expected(begin)) + (DAY if ill == "stopped" else timedelta(0))
    elif ill in ("no text", "odd text", "no dates"):
        bad = room.between(begin, until)
        limit = bad[2].at + DAY - begin if len(bad) > 2 else None
    elif ill in ("forbidden", "captcha"):
        limit = 12 * HOUR if room.habit.per_day > 5 else DAY
    elif ill == "retry later" or (ill == "moved" and not room.habit.named):
        limit = None
    return limit if limit is not None and until - begin > limit else None
