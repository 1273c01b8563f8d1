"""What is usual for an outlet: when it publishes, how long it is silent, how many pages fail."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from store.polls import Poll

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LEAST_GAPS = 12  # silences seen before any is called usual
LEAST_FOR_A_LOOK = 5  # for which a wrong guess costs one request
LEAST_OBSERVED = timedelta(days=7)  # until then, the look at its home must do
WEEK_SEEN = timedelta(days=8)  # before, a weekend was perhaps not seen yet, and counts for nothing
MOST_SILENCE = timedelta(days=14)  # what is allowed an outlet of which less is known
PERIODS = 3  # expected periods without a new item (Huginn)
DOUBT, DOUBT_FROM = 1.25, 3 * HOUR  # from when a silence is worth a look at the home page
BEYOND = 1.25  # a silence this much longer than any before
TYPICAL = 0.9  # of the silences are no longer than the expected period
WINDOWS = 10  # Spidermon: the mean of the last ten
LESS = 0.9  # and an alarm below 90 % of it
SPREADS = 4  # but not for what chance explains
CHANCE = 1e-5  # how unlikely a share of failures must be to be called unusual
MENDED = 4  # good pages in a row after which nothing is wrong any more
LEAST_BAD = 3  # one odd page is no change of layout
LATEST = 12  # pages that are held against the usual


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing new came, how long one usually waits (both by the clock), and whether that
    is longer than this outlet's habits explain."""

    length: timedelta
    usual: timedelta | None
    unusual: bool


class Rhythm:
    """The hours of an outlet's week: counts how active it usually is, so that a night or a weekend
    is a short silence and a working morning a long one."""

    def __init__(self, moments: Sequence[datetime], start: datetime, end: datetime) -> None:
        self.start = start
        zone = start.tzinfo
        hours = [start + number * HOUR for number in range(int((end - start) / HOUR) + 2)]
        seen = Counter(slot(hour) for hour in hours)
        active = Counter(slot(moment.astimezone(zone)) for moment in moments)
        mean = max(len(moments), 1) / len(hours)
        # Half an hour more of each kind, of mean activity: nothing is ever impossible.
        rates = {kind: (active[kind] + mean / 2) / (n + 0.5) for kind, n in seen.items()}
        if end - start < WEEK_SEEN:
            rates |= {kind: 0.0 for kind in rates if kind[0]}
        whole = sum(rates[slot(hour)] for hour in hours) / len(hours) or 1.0
        self.until = [0.0, *accumulate(rates[slot(hour)] / whole for hour in hours)]

    def length(self, begin: datetime, end: datetime) -> float:
        """The hours between two moments, each counted by its usual activity (1 on average)."""
        return self._at(end) - self._at(begin)

    def _at(self, moment: datetime) -> float:
        hours = min(max((moment - self.start) / HOUR, 0.0), len(self.until) - 1.001)
        below = int(hours)
        share = hours - below
        return self.until[below] * (1 - share) + self.until[below + 1] * share


def slot(moment: datetime) -> tuple[bool, int]:
    """The kind of hour: a weekend's or not, and which."""
    return moment.weekday() >= 5, moment.hour


def silence(polls: Sequence[Poll], now: datetime, zone: ZoneInfo) -> Silence:
    """How long the outlet has been silent, held against its own history. The first pass counts as
    news of its moment; gaps in which passes failed say nothing of its habits."""
    moments = [poll.at for poll in polls if poll.new]
    first = polls[0].at
    length = now - (moments[-1] if moments else first)
    gaps = honest_gaps(polls)
    if len(gaps) < LEAST_GAPS or now - first < LEAST_OBSERVED:
        return Silence(length, None, length > MOST_SILENCE)
    rhythm = Rhythm(moments, first.astimezone(zone), now)
    active = sorted(rhythm.length(begin, end) for begin, end in gaps)
    usual = sorted(end - begin for begin, end in gaps)[int(TYPICAL * (len(gaps) - 1))]
    expected = active[int(TYPICAL * (len(active) - 1))]
    # The fewer silences were seen, the less is known of the longest that is still usual.
    limit = max(PERIODS * expected, BEYOND * active[-1]) * (1 + 2 / len(gaps))
    return Silence(length, usual, rhythm.length(moments[-1], now) > limit)


def is_long(polls: Sequence[Poll], now: datetime, zone: ZoneInfo) -> bool:
    """Whether nothing new came for so long that it is worth a look whether the sources still say
    what is new: a quarter longer than one usually waits, and three hours at least; a day while
    too little is known."""
    if not polls:
        return False
    moments = [poll.at for poll in polls if poll.new]
    length = now - (moments[-1] if moments else polls[0].at)
    gaps = honest_gaps(polls)
    if len(gaps) < LEAST_FOR_A_LOOK:
        return length >= DAY
    rhythm = Rhythm(moments, polls[0].at.astimezone(zone), now)
    active = sorted(rhythm.length(begin, end) for begin, end in gaps)
    expected = active[int(TYPICAL * (len(active) - 1))]
    return length >= DOUBT_FROM and rhythm.length(moments[-1], now) > DOUBT * expected


def honest_gaps(polls: Sequence[Poll]) -> list[tuple[datetime, datetime]]:
    """From one pass that brought news to the next, where no pass in between failed."""
    news = [index for index, poll in enumerate(polls) if poll.new]
    return [
        (polls[a].at, polls[b].at)
        for a, b in pairwise(news)
        if not any(poll.failure for poll in polls[a:b])
    ]


@dataclass(frozen=True, slots=True)
class Yield:
    """How many new items the last day brought, how many a day usually does, and whether that is
    less than chance explains."""

    latest: int
    usual: float
    unusual: bool


def day_yield(polls: Sequence[Poll], now: datetime, zone: ZoneInfo) -> Yield:
    """The last 24 hours against the (up to ten) days before, each by how active its hours usually
    are; the first pass, which brings what had piled up, is left out."""
    first, later = polls[0].at, polls[1:]
    days = min(int((now - first) / DAY), WINDOWS + 1)
    counts = [0] * max(days, 1)
    for poll in later:
        age = int((now - poll.at) / DAY)
        if 0 <= age < len(counts):
            counts[age] += poll.new
    if now - first < WEEK_SEEN:
        return Yield(counts[0], 0.0, False)
    rhythm = Rhythm([poll.at for poll in later if poll.new], first.astimezone(zone), now)
    lengths = [rhythm.length(now - (age + 1) * DAY, now - age * DAY) for age in range(days)]
    mean = sum(counts[1:]) / (sum(lengths[1:]) or 1.0)
    expected = mean * lengths[0]
    before = zip(counts[1:], lengths[1:], strict=True)
    variance = sum((n - mean * hours) ** 2 for n, hours in before) / (days - 1)
    spread = math.sqrt(max(variance, expected))
    few = counts[0] < LESS * expected and expected - counts[0] > SPREADS * spread
    return Yield(counts[0], expected, few)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the latest pages were bad, of how many; the usual share, and whether that many
    are more than chance explains."""

    bad: int
    of: int
    usual: float
    unusual: bool


def bad_share(events: Sequence[tuple[int, int]]) -> Share:
    """The latest pages, up to a dozen, against those before: as many of them as look worst. Where
    pages have been bad for longer, against those before that: what lasts must not become usual.
    Four good ones in a row say that it is over.
    events: for each pass, oldest first, how many pages were good and how many bad."""
    total = sum(good + wrong for good, wrong in events)
    wrongs = sum(wrong for _, wrong in events)
    bad = of = latest_bad = latest = 0
    share = Share(0, 0, 0.0, False)
    for good, wrong in reversed(events):
        lasts = of >= LATEST
        of, bad = of + good + wrong, bad + wrong
        if lasts and 2 * bad < of:
            break
        if not lasts:
            latest_bad, latest = bad, of
        if of >= MENDED and not bad:
            break
        usual = (wrongs - bad + 0.5) / (total - of + 5)
        enough = latest_bad >= LEAST_BAD and 2 * latest_bad >= latest
        if enough and chance_of(latest_bad, latest, usual) <= CHANCE:
            share = Share(latest_bad, latest, usual, True)
    return share


def chance_of(bad: int, of: int, share: float) -> float:
    """How likely at least so many bad ones are by chance (binomial)."""
    terms = (
        math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(bad, min(of, 500) + 1)
    )
    return sum(terms) if of else 1.0
