"""What a run came to, for a person or as JSON: its counts, and its walks through older pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from crawler.passes import Run
from crawler.session import Tally
from scheduler.terminal import say, say_json
from store.gaps import Gap, latest_gaps

ENDED: Mapping[str | None, str] = {  # how a walk through older pages ended (store/gaps.py)
    None: "the next pass goes on from there",
    "known_ground": "known ground was reached",
    "date": "its day was reached",
    "end": "there are no older pages",
    "repeats": "its further pages repeat what is known",
    "refused": "robots.txt or the gate refuses its older pages",
    "no_paging": "it has no older pages that Pantau knows how to ask for",
    "failed": "its older pages could not be had",
    "given_up": "known ground was not found",
    "budget": "its pages bear no dates, and the most that are asked without were asked",
}


def walked_back(run: Run, slug: str, begun: datetime) -> list[str]:
    """A line for each walk through an outlet's older pages that this run ended or left open."""
    second = begun.replace(microsecond=0)
    return [
        told(gap)
        for gap in latest_gaps(run.db, slug)
        if gap.closed_at is None or gap.closed_at >= second
    ]


def told(gap: Gap) -> str:
    """A walk through older pages in one line."""
    until = f" {gap.until}" if gap.reason == "since" else ""
    return (
        f"{gap.reason}{until}: {gap.pages} pages back, {gap.items} entries named,"
        f" {gap.new} of them new; {ENDED[gap.ended]}"
    )


def report(
    tallies: Mapping[str, Tally], as_json: bool, walks: Mapping[str, list[str]] | None = None
) -> None:
    """What the run came to, outlet by outlet."""
    walks = walks or {}
    if as_json:
        say_json(
            {name: {**as_counts(t), "older": walks.get(name, [])} for name, t in tallies.items()}
        )
        return
    total: Counter[str] = Counter()
    for name, tally in tallies.items():
        words = ", ".join(f"{n} {word}" for word, n in sorted(tally.endings.items()))
        say(f"{name}: {tally.new} new, {tally.revised} revised ({words or 'nothing fetched'})")
        for walk in walks.get(name, ()):
            say(f"  {walk}")
        total.update(new=tally.new, revised=tally.revised, unrecorded=tally.unrecorded)
    if len(tallies) > 1:
        say(f"{len(tallies)} outlets: {total['new']} new, {total['revised']} revised")


def as_counts(tally: Tally) -> dict[str, object]:
    """A tally as JSON."""
    counts = tally.counts()
    return {
        "new": counts.new,
        "revised": counts.revised,
        "requests": counts.requests,
        "bytes": counts.bytes,
        "not_modified": counts.not_modified,
        "unrecorded": counts.unrecorded,
        "missing_dates": counts.missing_dates,
        "endings": counts.endings,
        "failures": counts.failures,
        "pages": tally.pages,
    }
