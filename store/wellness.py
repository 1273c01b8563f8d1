"""How an outlet is doing, in one of six words, why, and what a person can do about it: judged by
its passes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from store.habits import DAY, HOUR, Share, bad_share, day_yield, silence
from store.polls import Poll

State = Literal["well", "quiet", "failing", "blocked", "changed layout", "never worked"]
Measured = Mapping[str, str | int]
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
LOOK_BACK = timedelta(days=7)  # older pages say nothing of today's layout; a weekend has none
REFUSING = frozenset({"http_401", "http_403", "http_429", "http_451", "blocked", "paused"})
STALE = "its source names nothing new, while its home page does, which is read in its stead"
CLASSES = {
    "no_such_host": "its name is not found",
    "connection": "it cannot be connected to",
    "connection_refused": "it refuses connections",
    "timed_out": "it does not answer in time",
    "tls": "its certificate is not valid",
    "paused": "its host is paused",
    "blocked": "it answers with block pages",
    "unreadable": "its sources answer, but name no article",
    "cut_off": "its answers break off",
}


@dataclass(frozen=True, slots=True)
class Wellness:
    """An outlet's state, why in words, and what to do; the remedy is empty when nothing needs to
    be done. measured is what the words say, to say it in another language: a cause, and its
    figures (minutes are lengths of time, usual is a percentage where of is given)."""

    state: State
    words: str = ""
    remedy: str = ""
    measured: Measured = field(default_factory=dict)


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
    failure = (row[-1].failure or "") if row else ""
    measured: Measured = {"cause": "never", "passes": len(polls), "failure": failure}
    return Wellness("never worked", f"in {len(polls)} passes nothing came: {why}", remedy, measured)


def of_failures(polls: Sequence[Poll], row: Sequence[Poll], now: datetime) -> Wellness:
    """An outlet whose latest passes failed."""
    since = now - row[0].at
    classes = [poll.failure or "" for poll in row]
    why = f"{reason(classes[-1])}, {len(row)} passes in a row for {spell(since)}"
    measured: Measured = {
        "cause": "failures",
        "failure": classes[-1],
        "passes": len(row),
        "minutes": minutes_of(since),
    }
    fewer = any(len(row) >= few and since >= span for few, span in FEWER_IN_A_ROW)
    lasting = len(row) >= IN_A_ROW or fewer
    if 2 * classes.count("stale") >= len(row):
        remedy = "name another [[source]] in its TOML"
        return Wellness("quiet", STALE, remedy, {"cause": "stale"})
    refused = sum(name in REFUSING for name in classes)
    if 2 * refused >= len(row) and (lasting or (len(row) >= 2 and since >= HOUR)):
        remedy = "open it in a browser; if it is well, write to the outlet"
        return Wellness("blocked", why, remedy, measured)
    silent = sum(name == "unreadable" for name in classes)
    if 2 * silent >= len(row) and (lasting or len(row) >= LAYOUT_IN_A_ROW):
        remedy = "look at its home and name its [[source]] anew"
        return Wellness("changed layout", why, remedy, measured)
    if lasting:
        remedy = "wait, or disable it; it is asked once a day at least"
        return Wellness("failing", why, remedy, measured)
    return WELL


def of_pages(polls: Sequence[Poll], now: datetime) -> Wellness | None:
    """What the pages say that were fetched of late: blocked, unreadable, or without dates."""
    recent = [poll for poll in polls if now - poll.at <= LOOK_BACK]
    day = [poll for poll in recent if now - poll.at <= DAY]
    blocked = sum(poll.blocked for poll in day)
    if blocked >= 3 and blocked > 3 * sum(poll.read for poll in day):
        words = f"{blocked} pages of the last day were block pages"
        remedy = "open one in a browser; if it is well, write to them"
        return Wellness("blocked", words, remedy, {"cause": "block_pages", "pages": blocked})
    remedy = "look at `pantau show` of its latest and at its [extract] in the TOML"
    looked = bad_share([(poll.read, poll.empty) for poll in polls])
    if looked.unusual and sum(poll.empty for poll in recent) >= 3:
        words = f"no text in {looked.bad} of its latest {looked.of} pages"
        return Wellness(
            "changed layout", f"{words}; usually {looked.usual:.0%}", remedy, shares(looked, "text")
        )
    dated = bad_share([(poll.kept - poll.undated, poll.undated) for poll in polls])
    if dated.unusual and sum(poll.undated for poll in recent) >= 3:
        words = f"no date in {dated.bad} of its latest {dated.of} articles"
        return Wellness(
            "changed layout", f"{words}; usually {dated.usual:.0%}", remedy, shares(dated, "date")
        )
    return None


def shares(found: Share, lacking: str) -> Measured:
    """A share of bad pages as figures."""
    usual = round(100 * found.usual)
    return {"cause": f"no_{lacking}", "bad": found.bad, "of": found.of, "usual": usual}


def of_news(polls: Sequence[Poll], now: datetime, zone: ZoneInfo) -> Wellness | None:
    """Whether less comes than this outlet's own history lets expect."""
    remedy = "open its home: if there is news, its source is stale; name another in its TOML"
    quiet = silence(polls, now, zone)
    if quiet.unusual:
        usually = f"; usually one within {spell(quiet.usual)}" if quiet.usual else ""
        measured: dict[str, str | int] = {"cause": "silence", "minutes": minutes_of(quiet.length)}
        if quiet.usual:
            measured["usual"] = minutes_of(quiet.usual)
        words = f"nothing new for {spell(quiet.length)}{usually}"
        return Wellness("quiet", words, remedy, measured)
    day = day_yield(polls, now, zone)
    if day.unusual:
        words = f"{day.latest} new items in the last day, usually {day.usual:.0f}"
        figures = {"latest": day.latest, "usual": round(day.usual)}
        return Wellness("quiet", words, remedy, {"cause": "few", **figures})
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
    minutes = minutes_of(length)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 72 * 60 else f"{minutes // 1440} days"


def minutes_of(length: timedelta) -> int:
    """Whole minutes, never less than none."""
    return max(int(length / timedelta(minutes=1)), 0)
