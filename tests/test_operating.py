"""docs/operating.md says what the code does: every number in its tables is the code's own."""

from __future__ import annotations

import dataclasses
import importlib
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = (Path(__file__).parents[1] / "docs" / "operating.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\|(.+)\| (\d+)(?: ([A-Za-z]+))? \| ((?:crawler|store|scheduler)\.\S+) (\S+) \|$", re.M
)
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
SIZES = {"bytes": 1, "MiB": 1 << 20}


def in_code(module: str, name: str) -> Any:
    """The constant, or the default of a dataclass's field; seconds for a span of time."""
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        if dataclasses.is_dataclass(found):
            found = {field.name: field.default for field in dataclasses.fields(found)}[part]
        else:
            found = getattr(found, part)
    return found.total_seconds() if isinstance(found, timedelta) else found


@pytest.mark.parametrize("row", ROW.findall(DOCUMENT), ids=lambda row: f"{row[3]}.{row[4]}")
def test_a_number_of_the_document_is_the_codes(row: tuple[str, ...]) -> None:
    _, number, unit, module, name = row
    factor = {**SECONDS, **SIZES}[unit if unit in SIZES else unit.rstrip("s")] if unit else 1
    assert in_code(module, name) == int(number) * factor


def test_every_row_of_the_tables_of_numbers_is_checked() -> None:
    rows = [
        line
        for line in DOCUMENT.splitlines()
        if re.search(r"\| (?:crawler|store|sch)\S+ \S+ \|$", line)
    ]
    assert len(rows) == len(ROW.findall(DOCUMENT)) >= 25


def test_the_ages_of_rechecks_are_those_in_the_text() -> None:
    ages = [span.total_seconds() for span in importlib.import_module("crawler.rechecks").AGES]
    text = DOCUMENT.replace("\n", " ")
    said = re.search(r"known article is asked for again (.+?) after it appeared", text)
    assert said is not None
    found = re.findall(r"(\d+) (hour|day)", said[1])
    assert [int(number) * SECONDS[unit] for number, unit in found] == ages


def test_the_waits_after_a_failure_are_those_in_the_text() -> None:
    outcomes = importlib.import_module("store.outcomes")
    waits = [outcomes.FIRST_WAIT_S * 4**n / 60 for n in range(outcomes.MAX_ATTEMPTS - 1)]
    said = re.search(r"tried again after ([\d, and]+) minutes", DOCUMENT)
    assert said is not None
    assert [int(number) for number in re.findall(r"\d+", said[1])] == waits
