"""What a simulated fortnight came to: items, requests, delays, and how each fault was told."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.fortnight_faults import NAMES, Fault
from benchmarks.fortnight_pages import path_of
from benchmarks.fortnight_run import Fortnight
from benchmarks.fortnight_town import DAY, HOUR, START

SETTLED = DAY  # what came out in the last day may not have been asked for yet
AFTERMATH = 2 * DAY  # how long after a fault its alarm may still stand
REMINDED = 4.5 * DAY  # three, and the time until it is asked again
RECOVERED = 1.2 * DAY
STILL = "still "


@dataclass(frozen=True, slots=True)
class Named:
    """How a fault was told: the first fitting name after it began, wrong names, whether it was
    told again after three days, whether its end was told; lasting and over say whether either had
    to be."""

    fault: Fault
    after: timedelta | None
    wrong: tuple[str, ...]
    reminded: bool
    recovered: bool
    lasting: bool
    over: bool

    @property
    def good(self) -> bool:
        """Named by its name within its time, and by no other; told again, and its end told."""
        if self.wrong or (self.over and not self.recovered):
            return False
        if self.lasting and not self.reminded:
            return False
        limit = self.fault.limit
        return limit is None or (self.after is not None and self.after <= limit)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a fortnight. Delays are from publication to discovery (all items) and to the
    inbox (items about the KPK), sorted; twice: messages that were told more than once."""

    published: int
    missed: tuple[str, ...]
    about: int
    unread: tuple[str, ...]
    requests: int
    new: int
    to_known: Sequence[timedelta]
    to_inbox: Sequence[timedelta]
    named: tuple[Named, ...]
    false: tuple[str, ...]
    twice: tuple[str, ...]
    seconds: float
    troubles: tuple[str, ...]


def figures(fortnight: Fortnight, db: Path) -> Figures:
    """What the database and the deliveries say, held against what was published and planted."""
    connection = sqlite3.connect(db)
    pages = dict(connection.execute("SELECT url, discovered_at FROM pages"))
    inbox = dict(
        connection.execute("SELECT url, first_seen_at FROM articles WHERE relevance = 'about'")
    )
    connection.close()
    items = within_reach(fortnight)
    about = {url: at for url, (at, is_about) in items.items() if is_about}
    named, false, twice = alarms(fortnight)
    return Figures(
        published=len(items),
        missed=tuple(url for url in items if url not in pages),
        about=len(about),
        unread=tuple(url for url in about if url not in inbox),
        requests=sum(fortnight.asked.values()),
        new=len(pages),
        to_known=delays({url: at for url, (at, _) in items.items()}, pages),
        to_inbox=delays(about, inbox),
        named=named,
        false=false,
        twice=twice,
        seconds=fortnight.seconds,
        troubles=tuple(fortnight.troubles),
    )


def within_reach(fortnight: Fortnight) -> dict[str, tuple[datetime, bool]]:
    """The items that had to be found: by address, when each came out and whether it is about the
    KPK."""
    ills = {fault.room.slug: fault for fault in fortnight.faults}
    return {
        f"https://{room.host}{path_of(item)}": (item.at, item.about)
        for room in fortnight.rooms
        for item in room.between(START, fortnight.end - SETTLED)
        if room.slug not in ills or not beyond_reach(ills[room.slug], item.at)
    }


def delays(published: Mapping[str, datetime], found: Mapping[str, str]) -> Sequence[timedelta]:
    """From publication until each was found, sorted."""
    return sorted(
        datetime.fromisoformat(found[url]) - at for url, at in published.items() if url in found
    )


def beyond_reach(fault: Fault, at: datetime) -> bool:
    """Whether an item came out while its outlet gave it to nobody, or only to the human eye. A
    silent feed is no such excuse: the home page names its items."""
    if fault.ill == "moved" and fault.room.habit.named:
        return at >= fault.begin - 2 * DAY  # its TOML says where to ask: a person must mend that
    excused = fault.ill not in ("silent feed", "moved", "no dates", "retry later")
    return excused and fault.begin - 2 * DAY <= at and (fault.ill != "errors" or at < fault.end)


def alarms(fortnight: Fortnight) -> tuple[tuple[Named, ...], tuple[str, ...], tuple[str, ...]]:
    """How each fault was told, which alarms were false, and which were told twice."""
    ills = {fault.room.slug: fault for fault in fortnight.faults}
    by_slug: dict[str, list[tuple[datetime, str]]] = {room.slug: [] for room in fortnight.rooms}
    keys: dict[str, int] = {}
    false, twice = [], []
    for at, message in fortnight.told:
        keys[message.key] = keys.get(message.key, 0) + 1
        slug, _, said = message.subject.partition(" ")
        if slug not in by_slug:
            false.append(message.subject)
            continue
        by_slug[slug].append((at, said))
        fault = ills.get(slug)
        if fault is None or not fault.begin <= at <= fault.end + AFTERMATH:
            words = message.body.partition("\n")[0]
            day = (at - START) / DAY
            false.append(f"day {day:.1f}: {message.subject} ({words})")
    twice += [key for key, number in keys.items() if number > 1]
    named = []
    for fault in fortnight.faults:
        said = by_slug[fault.room.slug]
        twice += [f"{fault.room.slug} {words}" for words in repeated(said)]
        since = [(at, words) for at, words in said if at >= fault.begin]
        named.append(told(fault, since, fortnight.end))
    return tuple(named), tuple(false), tuple(twice)


def repeated(said: Sequence[tuple[datetime, str]]) -> list[str]:
    """What was told again without a change in between and before a reminder was due."""
    again = []
    for (at, words), (later, next_words) in itertools.pairwise(said):
        reminded = STILL in next_words and later - at >= 3 * DAY - HOUR
        if not reminded and (next_words == words or STILL in next_words):
            again.append(next_words)
    return again


def told(fault: Fault, said: Sequence[tuple[datetime, str]], end: datetime) -> Named:
    """How one fault was told until the end of the simulation."""
    after, wrong, recovered = None, [], False
    reminded = any(STILL in words for _, words in said)
    for at, words in said:
        name = " ".join(word for word in words.split() if word not in ("is", "has", "still"))
        if name == "well again":
            recovered = recovered or at >= fault.end
            wrong += ["well too soon"] * (at < fault.end)
        elif name == NAMES[fault.ill]:
            after = at - fault.begin if after is None else after
        elif after is None or STILL not in words:
            wrong.append(name)
    known = None if after is None else fault.begin + after
    lasting = known is not None and min(fault.end, end) - known > REMINDED
    over = known is not None and end - fault.end > RECOVERED
    return Named(fault, after, tuple(wrong), reminded, recovered, lasting, over)


def at_share(delays: Sequence[timedelta], share: float) -> float:
    """The delay, in hours, that so large a share of them stays under."""
    return delays[int(share * (len(delays) - 1))] / HOUR if delays else 0.0


def lines(found: Figures) -> list[str]:
    """The figures for a person."""
    good = sum(named.good for named in found.named)
    said = [
        f"items published {found.published}, missed {len(found.missed)}",
        f"about the KPK {found.about}, not in the inbox {len(found.unread)}",
        f"requests {found.requests}, per new item {found.requests / max(found.new, 1):.2f}",
        "hours from publication until known: median"
        f" {at_share(found.to_known, 0.5):.2f}, p95 {at_share(found.to_known, 0.95):.2f}",
        "hours from publication to inbox: median"
        f" {at_share(found.to_inbox, 0.5):.2f}, p95 {at_share(found.to_inbox, 0.95):.2f}",
        f"faults {len(found.named)}, told rightly {good}; false alarms {len(found.false)},"
        f" told twice {len(found.twice)}; {found.seconds:.0f} s",
        "| fault | outlet | its period | named after | limit | wrongly | reminded, recovered |",
        "|---|---|---|---|---|---|---|",
    ]
    for named in found.named:
        fault = named.fault
        said.append(
            f"| {fault.ill} | {fault.room.habit.kind} {fault.room.number} |"
            f" {hours(fault.room.expected(fault.begin))} | {hours(named.after)} |"
            f" {hours(fault.limit)} | {', '.join(named.wrong) or '-'} |"
            f" {'yes' if named.reminded else '-'}, {'yes' if named.recovered else '-'} |"
            f"{'' if named.good else ' <-- NOT'}"
        )
    said += [f"FALSE {line}" for line in found.false]
    said += [f"TWICE {line}" for line in found.twice]
    said += [f"MISSED {url}" for url in found.missed[:20]]
    said += [f"NOT IN THE INBOX {url}" for url in found.unread[:20]]
    said += [f"TROUBLE {line}" for line in found.troubles[:10]]
    return said


def hours(length: timedelta | None) -> str:
    """A length of time in hours."""
    return "-" if length is None else f"{length / HOUR:.1f} h"
