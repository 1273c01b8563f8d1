"""The geometry of pictures: numbers in, places of bars, tiles and points out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 720, 180  # of a chart of columns, in units of its own
ROW = 26  # height of a line of a chart of bars
TILE = 46
STEPS = 5  # shades of a tile

# Where each province stands on the map of tiles: column and row, west to east, north to south.
TILES = {
    "11": (0, 0), "12": (1, 1), "14": (2, 1), "21": (4, 0), "13": (1, 2), "15": (2, 2),
    "19": (4, 2), "17": (2, 3), "16": (3, 3), "18": (3, 4), "36": (4, 5), "31": (5, 4),
    "32": (5, 5), "33": (6, 5), "34": (6, 6), "35": (7, 5), "51": (8, 5), "52": (9, 5),
    "53": (10, 5), "61": (5, 1), "62": (6, 2), "63": (7, 2), "64": (7, 1), "65": (7, 0),
    "71": (10, 0), "75": (9, 1), "72": (9, 2), "76": (8, 2), "73": (8, 3), "74": (9, 3),
    "82": (11, 1), "81": (11, 3), "96": (12, 2), "92": (13, 2), "94": (13, 3), "91": (14, 3),
    "95": (14, 4), "93": (14, 5),
}  # fmt: skip
COLUMNS, ROWS = 15, 7


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, its kind for the style sheet."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of an axis: where, and for which number."""

    at: float
    value: int


@dataclass(frozen=True, slots=True)
class Point:
    """A moment on a line of time: from 0 to 1 along it, and on which row."""

    at: float
    row: int


def columns(stacks: Sequence[Sequence[tuple[str, int]]]) -> list[list[Rect]]:
    """One column a stack, its parts above each other, within WIDTH and HEIGHT; parts of nothing
    are left out."""
    top = nice_top(max((sum(n for _, n in stack) for stack in stacks), default=0))
    step = WIDTH / max(len(stacks), 1)
    gap = min(3.0, step * 0.2)
    drawn = []
    for place, stack in enumerate(stacks):
        rects, floor = [], float(HEIGHT)
        for kind, number in stack:
            if number:
                height = HEIGHT * number / top
                floor -= height
                rects.append(_rect(place * step + gap / 2, floor, step - gap, height, kind))
        drawn.append(rects)
    return drawn


def marks(highest: int) -> list[Mark]:
    """Three lines of an axis up to a round number that holds the highest."""
    top = nice_top(highest)
    values = sorted({0, top // 2, top})
    return [Mark(round(HEIGHT - HEIGHT * value / top, 1), value) for value in values]


def nice_top(highest: int) -> int:
    """The round number (2, 4, 10, 20, 40, 100, ..) that holds the highest; at least 2."""
    if highest <= 2:
        return 2
    power: int = 10 ** math.floor(math.log10(highest))
    return next(top for top in (power, 2 * power, 4 * power, 10 * power) if top >= highest)


def lengths(numbers: Sequence[int]) -> list[float]:
    """How long the bar of each number is, the longest 100."""
    longest = max(numbers, default=0) or 1
    return [round(100 * number / longest, 1) for number in numbers]


def shade(number: int, highest: int) -> int:
    """From 0 (nothing) to STEPS (the highest), by the root: most provinces have few."""
    if number <= 0 or highest <= 0:
        return 0
    return min(STEPS, max(1, math.ceil(STEPS * math.sqrt(number / highest))))


def along(moments: Sequence[datetime]) -> list[Point]:
    """Moments, the first one first, as points of a line from the first to the last, one a row."""
    if not moments:
        return []
    first, span = moments[0], moments[-1] - moments[0]
    length = max(span, timedelta(minutes=1))
    return [Point(round((at - first) / length, 4), row) for row, at in enumerate(moments)]


def _rect(x: float, y: float, width: float, height: float, kind: str) -> Rect:
    return Rect(round(x, 2), round(y, 2), round(width, 2), round(height, 2), kind)
