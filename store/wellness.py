"""How an outlet is doing, in one of six words, why, and what a person can do about it: judged by
its passes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from store.habits import DAY, HOUR, bad_share, day_yield, silence
from store.polls import Poll

State = Literal["well", "quiet", "failing", "blocked", "changed layout", "never worked"]
# The worst first: what nobody but a person can mend, then what may pass.
STATES: tuple[State, ...] = (
    "never worked",
    "changed layout",
    "blocked",
    "failing",
    "quiet",
    "well",
)
IN_A_ROW = 6  # changedetection.io: an alarm after six failures in a row
# Fewer are enough where they span half a day: who is asked rarely fails rarely.
FEWER_IN_A_ROW = ((3, timedelta(hours=6)), (2, timedelta(hours=12)))
EVER = 3  # failures after which an outlet that never worked is called so
LAYOUT_IN_A_ROW = 3  # answers that came and named nothing
LOOK_BACK = timedelta(days=3)  # pages older than that say nothing of today's layout
REFUSING = frozenset({"http_401", "http_403", "http_429", "http_451", "blocked", "paused"})
CLASSES = {
    "no_such_host": "its name is not found",
    "connection": "it cannot be connected to",
    "connection_refused": "it refuses connections",
    "timed_out": "it does not answer in time",
    "tls": "its certificate is not valid",
    "paused": "its host is paused",
    "unreadable": "its sources answer, but name no article",
    "cut_off": "its answers break off",
}


@dataclass(frozen=True, slots=True)
class Wellness:
    """An outlet's state, why in words, and what to do; the remedy is empty when nothing needs to
    be done."""

    state: State
    words: str = ""
    remedy: str = ""


WELL = Wellness("well")


def judge(polls: Sequence[Poll], now: datetime, zone: ZoneInfo, *, worked: bool) -> Wellness | None:
    """The outlet's wellness by its passes of the last weeks, oldest first; None when it was never
    asked. zone is its own; worked says that it gave articles before these passes."""
    if not polls:
        return None
    worked = worked or any(poll.failure is None and poll.items for poll in polls)
    row = failures_in_a_row(polls)
    if not worked:
        return never_worked(polls, row, now)
    if row:
        return of_failures(polls, row, now)
    return of_pages(polls, now) or of_news(polls, now, zone) or WELL


def failures_in_a_row(polls: Sequence[Poll]) -> Sequence[Poll]:
    """The failed passes since the last good one."""
    at = len(polls)
    while at > 0 and polls[at - 1].failure is not None:
        at -= 1
    return polls[at:]


def never_worked(polls: Sequence[Poll], row: Sequence[Poll], now: datetime) -> Wellness:
    """An outlet of which nothing was ever had: a failure at first may still pass."""
    if len(row) < EVER and now - polls[0].at < DAY:
        return WELL
    why = reason(row[-1].failure) if row else "its sources name no article"
    remedy = "check its home and name a [[source]] in its TOML, or disable it"
    return Wellness("never worked", f"in {len(polls)} passes nothing came: {why}", remedy)


def of_failures(polls: Sequence[Poll], row: Sequence[Poll], now: datetime) -> Wellness:
    """An outlet whose latest passes failed."""
    good = [poll.at for poll in polls if poll.failure is None]
    since = now - (good[-1] if good else polls[0].at)
    classes = [poll.failure or "" for poll in row]
    why = f"{reason(classes[-1])}, {len(row)} passes in a row for {spell(since)}"
    fewer = any(len(row) >= few and since >= span for few, span in FEWER_IN_A_ROW)
    lasting = len(row) >= IN_A_ROW or fewer
    refused = sum(name in REFUSING for name in classes)
    if 2 * refused >= len(row) and (lasting or (len(row) >= 2 and since >= HOUR)):
        return Wellness("blocked", why, "open it in a browser; if it is well, write to the outlet")
    silent = sum(name == "unreadable" for name in classes)
    if 2 * silent >= len(row) and (lasting or len(row) >= LAYOUT_IN_A_ROW):
        return Wellness("changed layout", why, "look at its home and name its [[source]] anew")
    if lasting:
        return Wellness("failing", why, "wait, or disable it; it is asked once a day at least")
    return WELL


def of_pages(polls: Sequence[Poll], now: datetime) -> Wellness | None:
    """What the pages say that were fetched of late: blocked, unreadable, or without dates."""
    recent = [poll for poll in polls if now - poll.at <= LOOK_BACK]
    day = [poll for poll in recent if now - poll.at <= DAY]
    blocked = sum(poll.blocked for poll in day)
    if blocked >= 3 and blocked > 3 * sum(poll.read for poll in day):
        words = f"{blocked} pages of the last day were block pages"
        return Wellness("blocked", words, "open one in a browser; if it is well, write to them")
    remedy = "look at `pantau show` of its latest and at its [extract] in the TOML"
    looked = bad_share([(poll.read, poll.empty) for poll in polls])
    if looked.unusual and sum(poll.empty for poll in recent) >= 3:
        words = f"no text in {looked.bad} of its latest {looked.of} pages"
        return Wellness("changed layout", f"{words}; usually {looked.usual:.0%}", remedy)
    dated = bad_share([(poll.kept - poll.undated, poll.undated) for poll in polls])
    if dated.unusual and sum(poll.undated for poll in recent) >= 3:
        words = f"no date in {dated.bad} of its latest {dated.of} articles"
        return Wellness("changed layout", f"{words}; usually {dated.usual:.0%}", remedy)
    return None


def of_news(polls: Sequence[Poll], now: datetime, zone: ZoneInfo) -> Wellness | None:
    """Whether less comes than this outlet's own history lets expect."""
    remedy = "open its home: if there is news, its source is stale; name another in its TOML"
    quiet = silence(polls, now, zone)
    if quiet.unusual:
        usually = f"; usually one within {spell(quiet.usual)}" if quiet.usual else ""
        return Wellness("quiet", f"nothing new for {spell(quiet.length)}{usually}", remedy)
    day = day_yield(polls, now, zone)
    if day.unusual:
        words = f"{day.latest} new items in the last day, usually {day.usual:.0f}"
        return Wellness("quiet", words, remedy)
    return None


def reason(failure: str | None) -> str:
    """A class of failures in words."""
    if failure is None:
        return "no answer"
    if failure.startswith("http_"):
        return f"it answers HTTP {failure.removeprefix('http_')}"
    return CLASSES.get(failure, f"it fails ({failure})")


def spell(length: timedelta) -> str:
    """A length of time as people say it: the larger unit alone."""
    minutes = max(int(length / timedelta(minutes=1)), 0)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 72 * 60 else f"{minutes // 1440} days"
