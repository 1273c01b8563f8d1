"""The outlets page: the catalogue by province, where it has gaps, and switching outlets on and
off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from review.actions import Answer, Sent
from review.conditions import WORKING, Shown, shown
from review.desk import Desk, desk_of
from review.pages import render, texts_for
from review.texts import provinces
from store.condition import conditions
from store.outlets import switch_outlet
from store.watching import watching_pid

Coverage = Literal["covered", "silent", "none"]


@dataclass(frozen=True, slots=True)
class Province:
    """A province and its outlets. covered: news comes from at least one of them."""

    code: str
    name: str
    outlets: Sequence[Shown]

    @property
    def coverage(self) -> Coverage:
        """Whether news comes from there, or only could, or cannot."""
        if not self.outlets:
            return "none"
        return "covered" if any(one.state in WORKING for one in self.outlets) else "silent"


def by_province(found: Sequence[Shown]) -> list[Province]:
    """The 38 provinces in the order of their codes, and after them what has an unknown code."""
    names = dict(provinces())
    strays = sorted({one.outlet.province for one in found} - names.keys())
    return [
        Province(code, name, [one for one in found if one.outlet.province == code])
        for code, name in [*names.items(), *((code, code) for code in strays)]
    ]


def outlets(request: Request) -> Response:
    """The page."""
    desk, t = desk_of(request), texts_for(request)
    pid, now = watching_pid(desk.path), desk.now()
    with desk.reading() as db:
        found = [shown(one, t, now, pid is not None) for one in conditions(db, now)]
        found.sort(key=lambda one: one.outlet.name.casefold())
        parts = by_province(found)
        gaps = {c: [p for p in parts if p.coverage == c] for c in ("none", "silent", "covered")}
        values = {"provinces_shown": parts, "gaps": gaps, "total": len(found)}
        return render(request, db, "outlets.html", values)


def switch(desk: Desk, sent: Sent) -> Answer:
    """Switch an outlet on (value 1) or off (0), over what the catalogue says."""
    if sent["value"] not in ("0", "1"):
        raise ValueError("an outlet is switched on (1) or off (0)")
    on = sent["value"] == "1"
    with desk.writing() as db:
        switch_outlet(db, sent["outlet"], on, desk.reviewer, desk.now())
    return {"enabled": on}
