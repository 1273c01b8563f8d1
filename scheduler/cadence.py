"""How often an outlet deserves to be asked: by what it publishes, how it answers, the hour."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FLOOR = timedelta(minutes=10)
CEILING = timedelta(hours=24)
SILENT_LONGEST = timedelta(hours=12)  # where there is news daily and none came: is it stale?
UNKNOWN = timedelta(minutes=30)  # while there is nothing to go by
WINDOW = timedelta(days=7)  # Miniflux: seven days over the entries of a week
FEW_ENTRIES = 3  # a rate from less than that is none, unless a week was observed
# Media Cloud: faster when less than a third of a source's items was known, slower from two thirds.
FEW_KNOWN, MOST_KNOWN = 1 / 3, 2 / 3
FASTER, SLOWER = 0.5, 1.25
NIGHT_FROM, NIGHT_TO = time(23), time(5)  # local; regional desks sleep
AT_NIGHT = 2
# Media Cloud's weights of a failure: hard 1, soft .5, temporary .25.
HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25
SOFT_CLASSES = frozenset({"http_404", "http_429", "no_such_host", "tls", "timed_out"})
TEMPORARY_CLASSES = frozenset({"connection_refused", "connection", "cut_off", "paused"})
UNREACHABLE = frozenset({"no_such_host", "connection", "connection_refused", "timed_out"})
# The first failures in a row of an outlet are looked at again soon, whatever its interval: so that
# one asked twice a day is known to be down, or to be back, within the day.
DOUBTFUL, DOUBT = 3, timedelta(hours=2)
OFFLINE_LONGEST = timedelta(hours=1)  # between two passes while we are offline
OFFLINE_FROM = 3  # hosts in a row that could not be reached; fewer when fewer are watched


@dataclass(frozen=True, slots=True)
class Habit:
    """What an outlet published of late: so many entries in the time that was observed."""

    entries: int = 0
    observed: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Visit:
    """The latest pass: how many items its sources named, how many of them were new; failures: the
    weights of the failures in a row up to it, 0 after a success; asked: for how long the source
    says it will not change (ttl, max-age)."""

    items: int = 0
    new: int = 0
    failures: float = 0.0
    asked: timedelta = timedelta(0)


def habit_of(published: Collection[datetime], now: datetime, known_for: timedelta) -> Habit:
    """The habit that these times of publication (aware) show: the entries of the last seven days.
    Of an outlet known for less, the newer half of what it named is observed since the oldest of
    that half: one old entry left standing at the end of a feed must not make it look sleepy."""
    recent = sorted(moment for moment in published if timedelta(0) <= now - moment <= WINDOW)
    if known_for >= WINDOW:
        return Habit(len(recent), WINDOW)
    half = recent[len(recent) // 2 :]
    return Habit(len(half), now - half[0]) if half else Habit()


def usual_interval(habit: Habit) -> timedelta:
    """The time from one entry to the next, at least ten minutes and at most a day; half an hour
    while too little is known."""
    if habit.entries < FEW_ENTRIES and habit.observed < WINDOW:
        return UNKNOWN
    return clamped(habit.observed / habit.entries) if habit.entries else CEILING


def next_interval(habit: Habit, visit: Visit) -> timedelta:
    """How long to wait after this visit, by day: the usual interval, shorter or longer by what was
    new, never shorter than the source asks for, times the failures in a row; at most a day, so
    that no outlet is ever given up."""
    interval = usual_interval(habit)
    if not visit.failures and visit.items > 0:
        interval *= pace(1 - visit.new / visit.items)
    if not visit.new and usual_interval(habit) < CEILING:
        interval = min(interval, SILENT_LONGEST)
    return backed_off(clamped(max(interval, visit.asked)), visit.failures)


def pace(known: float) -> float:
    """The factor by which an interval changes when this share of a source's items was known."""
    if known < FEW_KNOWN:
        return FASTER
    return SLOWER if known >= MOST_KNOWN else 1.0


def backed_off(interval: timedelta, failures: float) -> timedelta:
    """The interval times the weighted failures in a row, at most a day (or the interval itself,
    where that is longer)."""
    return max(interval, min(interval * max(failures, 1.0), CEILING))


def clamped(interval: timedelta) -> timedelta:
    """The interval within its floor of ten minutes and its ceiling of a day."""
    return min(max(interval, FLOOR), CEILING)


def due_after(now: datetime, interval: timedelta, zone: ZoneInfo) -> datetime:
    """When that interval is over (aware, now's zone); twice as long in the outlet's night, 23 to 5
    o'clock, but then not past its morning."""
    plain = now + interval
    morning = morning_after(now, zone)
    if morning is None:
        return plain
    return min(now + interval * AT_NIGHT, max(plain, morning.astimezone(now.tzinfo)))


def morning_after(now: datetime, zone: ZoneInfo) -> datetime | None:
    """The end of the night in which `now` lies, in the outlet's zone; None by day."""
    local = now.astimezone(zone)
    if NIGHT_TO <= local.time() < NIGHT_FROM:
        return None
    day = local.date() + timedelta(days=local.time() >= NIGHT_FROM)
    return datetime.combine(day, NIGHT_TO, tzinfo=zone)


def weight_of(failure: str) -> float:
    """How much a failure of that class counts: a stale source, which answers, nothing; soft
    ones (404, 429, 5xx, DNS, TLS, time-out) half, temporary ones a quarter, all others (an
    unreadable source, a refusal) fully."""
    if failure == "stale":
        return 0.0
    if failure in SOFT_CLASSES or failure.startswith("http_5"):
        return SOFT
    return TEMPORARY if failure in TEMPORARY_CLASSES else HARD


def failure_of(failures: Mapping[str, int]) -> str:
    """The class that stands for all of a pass's failures: the most frequent one; "unreadable" when
    every answer came and none could be used."""
    if not failures:
        return "unreadable"
    return max(sorted(failures), key=lambda name: failures[name])


def is_offline(unreached: Collection[str], watched: int) -> bool:
    """Whether we, not they, have lost the network: no host was reached since the last that was,
    and that is true of three of them, or of all where fewer (but at least two) are watched."""
    return len(unreached) >= max(min(OFFLINE_FROM, watched), 2)
