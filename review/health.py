"""The health page: every outlet, the worst first, what is wrong in words, and what a reviewer can
ask the daemon to do about it."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from review.actions import Answer, Sent
from review.conditions import WORST_FIRST, shown
from review.desk import Desk, desk_of
from review.pages import render, texts_for
from store import jobs
from store.condition import conditions
from store.encoding import to_text
from store.watching import watching_pid

PAUSES = ("1", "7")  # days
# In these a look for other sources may help.
LOST = frozenset({"never", "layout", "failing", "partly", "quiet"})


def health(request: Request) -> Response:
    """The page."""
    desk, t = desk_of(request), texts_for(request)
    pid, now = watching_pid(desk.path), desk.now()
    with desk.reading() as db:
        found = [shown(one, t, now, pid is not None) for one in conditions(db, now)]
        found.sort(key=lambda one: (WORST_FIRST.index(one.state), one.outlet.name.casefold()))
        counts = {state: sum(one.state == state for one in found) for state in WORST_FIRST}
        values = {"outlets": found, "counts": counts, "pid": pid, "pauses": PAUSES, "lost": LOST}
        return render(request, db, "health.html", values)


def ask(desk: Desk, sent: Sent) -> Answer:
    """Leave a job for the daemon: the kind, the outlet, and for a pause how many days."""
    now, until = desk.now(), None
    if sent["kind"] == "pause":
        if sent["days"] not in PAUSES:
            raise ValueError(f"a pause is of {' or '.join(PAUSES)} days")
        until = to_text(now + timedelta(days=int(sent["days"])))
    with desk.writing() as db:
        job = jobs.ask(db, sent["kind"], sent["outlet"], desk.reviewer, now, until)
    return {"asked": job}
