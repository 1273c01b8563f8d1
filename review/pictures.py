"""Pictures of what was published: by day, outlet, programme and province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from review.charts import COLUMNS, HEIGHT, ROWS, TILE, TILES, WIDTH, columns, lengths, marks, shade
from review.desk import desk_of
from review.pages import render
from review.texts import provinces
from review.view import ZONE
from store.tallies import (
    DayTally,
    ProvinceTally,
    tally_days,
    tally_outlets,
    tally_programmes,
    tally_provinces,
)

PERIODS = (7, 30, 90)
MOST_OUTLETS = 15
SILENT_DAYS = 14  # a province of which nothing was kept for so long is drawn as silent


@dataclass(frozen=True, slots=True)
class Tile:
    """A province on the map: where, how dark (0 to 5), and since when nothing came of it (days;
    None: never anything)."""

    code: str
    name: str
    x: int
    y: int
    shade: int
    count: int
    silent_days: int | None

    @property
    def silent(self) -> bool:
        return self.silent_days is None or self.silent_days >= SILENT_DAYS


def pictures(request: Request) -> Response:
    """The last 7, 30 or 90 days (`days`) in pictures, each with the table behind it."""
    now = desk_of(request).now()
    asked = request.query_params.get("days", "")
    length = int(asked) if asked in {str(n) for n in PERIODS} else 30
    last = now.astimezone(ZONE).date()
    first = last - timedelta(days=length - 1)
    with desk_of(request).reading() as db:
        days = tally_days(db, first, last)
        outlets = tally_outlets(db, first, last, MOST_OUTLETS)
        programmes = tally_programmes(db, first, last)
        tiles = _tiles(tally_provinces(db, first, last, list(provinces())), now)
        values = {
            "length": length,
            "periods": PERIODS,
            "first": first,
            "last": last,
            "days": days,
            "total": sum(day.total for day in days),
            "columns": columns([day.by_verdict for day in days]),
            "marks": marks(max((day.total for day in days), default=0)),
            "labelled": _labelled(days),
            "size": (WIDTH, HEIGHT),
            "outlets": list(zip(outlets, lengths([one.count for one in outlets]), strict=True)),
            "programmes": list(
                zip(programmes, lengths([one.count for one in programmes]), strict=True)
            ),
            "tiles": tiles,
            "map_size": (COLUMNS * TILE, ROWS * TILE, TILE - 4),
            "silent": sum(tile.silent for tile in tiles),
        }
        return render(request, db, "pictures.html", values)


def _tiles(found: list[ProvinceTally], now: datetime) -> list[Tile]:
    names = provinces()
    most = max((one.count for one in found), default=0)
    tiles = []
    for one in found:
        column, row = TILES[one.code]
        silent = None if one.newest is None else max((now - one.newest).days, 0)
        tiles.append(
            Tile(
                one.code,
                names[one.code],
                column * TILE + 2,
                row * TILE + 2,
                shade(one.count, most),
                one.count,
                silent,
            )
        )
    return tiles


def _labelled(days: list[DayTally]) -> list[tuple[float, date]]:
    """Some days of the axis with the middle of their columns: about six."""
    every = max(1, len(days) // 6)
    step = WIDTH / max(len(days), 1)
    return [
        (round((place + 0.5) * step, 1), day.day)
        for place, day in enumerate(days)
        if (len(days) - 1 - place) % every == 0
    ]
