"""The health page: every outlet, the worst first, and what is wrong in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from review.desk import desk_of
from review.pages import render
from store.health import OutletStatus, outlet_status

State = Literal["failing", "never", "partly", "silent", "good", "off"]
WORST_FIRST: tuple[State, ...] = ("failing", "never", "partly", "silent", "good", "off")


@dataclass(frozen=True, slots=True)
class Judged:
    """An outlet and how it does in one word."""

    outlet: OutletStatus
    state: State


def health(request: Request) -> Response:
    """The page."""
    desk = desk_of(request)
    with desk.reading() as db:
        found = [Judged(one, state_of(one)) for one in outlet_status(db, desk.now())]
        found.sort(key=lambda one: (WORST_FIRST.index(one.state), one.outlet.name.casefold()))
        counts = {state: sum(one.state == state for one in found) for state in WORST_FIRST}
        return render(request, db, "health.html", {"outlets": found, "counts": counts})


def state_of(outlet: OutletStatus) -> State:
    """How an outlet does: switched off, all or some of its sources failing, never fetched, a week
    without anything new, or good."""
    if not outlet.enabled:
        return "off"
    if outlet.sources and outlet.sources_failing >= outlet.sources:
        return "failing"
    if outlet.last_success_at is None:
        return "never"
    if outlet.sources_failing:
        return "partly"
    return "silent" if outlet.new_7d == 0 else "good"
