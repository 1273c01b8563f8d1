"""What a host's robots.txt asks of us, by RFC 9309, from what its server answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

MAX_BYTES = 512_000  # RFC 9309, 2.5: a crawler reads at least 500 KiB
HOLDS = timedelta(hours=24)  # RFC 9309, 2.4: no copy is used for longer
# Our choice: asked for again before the copy runs out, so that one bad answer stops nothing.
FRESH = timedelta(hours=12)
RETRY = timedelta(minutes=30)  # our choice: how soon a host that gave none is asked again
LONGEST_DELAY = 7 * 86_400.0  # seconds; what asks for more is a slip of the pen
PRODUCT = "Pantau"  # the token outlets address us by


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """The last good robots.txt of a host and how its server answered last. text None: never
    had a good one; status None: unreachable."""

    text: str | None
    status: int | None
    good_at: datetime | None
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What may be fetched. reason says why all is refused for want of a robots.txt, if so, and
    until (aware UTC) when the host is asked for one again."""

    parsed: Protego | None
    reason: str | None = None
    until: datetime | None = None

    def allows(self, url: str) -> bool:
        return self.parsed is not None and bool(self.parsed.can_fetch(url, PRODUCT))

    @property
    def crawl_delay(self) -> float:
        """Seconds between requests that the host asks for; 0 when it does not say, or nothing
        that can be waited for."""
        delay = self.parsed.crawl_delay(PRODUCT) if self.parsed else None
        # A comparison with "nan" is false, too.
        return min(float(delay), LONGEST_DELAY) if delay is not None and delay > 0 else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        return tuple(self.parsed.sitemaps) if self.parsed else ()


def needs_asking(copy: RobotsCopy, now: datetime) -> bool:
    """Whether robots.txt has to be fetched: a good answer holds half a day, a bad one half an
    hour, and one from the future (a clock was wrong) not at all."""
    if copy.asked_at is None or copy.asked_at > now:
        return True
    good = copy.status is not None and is_answer(copy.status)
    return now - copy.asked_at >= (FRESH if good else RETRY)


def is_answer(status: int) -> bool:
    """Whether a status settles the question: success, or a 4xx (no robots.txt) but 429."""
    return 200 <= status < 300 or (400 <= status < 500 and status != 429)


def copy_from(status: int | None, body: bytes, before: RobotsCopy, now: datetime) -> RobotsCopy:
    """The copy to keep after an answer. A failure keeps the good text of before."""
    if status is None or not is_answer(status):
        return RobotsCopy(before.text, status, before.good_at, now)
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace") if status < 300 else ""
    return RobotsCopy(text, status, now, now)


def rules_from(copy: RobotsCopy, now: datetime) -> RobotsRules:
    """The rules in force: of the good copy if it is under a day old, else nothing is allowed
    (RFC 9309, 2.3.1.4)."""
    if copy.text is not None and copy.good_at is not None and now - copy.good_at < HOLDS:
        return RobotsRules(Protego.parse(copy.text))
    status = copy.status or "no answer"
    reason = f"robots.txt gave {status} and no copy is under 24 h old: nothing is fetched"
    return RobotsRules(None, reason, (copy.asked_at or now) + RETRY)
