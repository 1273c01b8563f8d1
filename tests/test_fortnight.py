"""The daemon over weeks, by a clock that jumps: nothing missed, each fault told, nobody accused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def simulated(*switches: str) -> subprocess.CompletedProcess[str]:
    """A simulation in a process of its own; it ends with 0 when all went as it should."""
    command = [sys.executable, "-P", "-m", "benchmarks.fortnight", *switches]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_in_a_small_town_nothing_is_missed_and_both_faults_are_told() -> None:
    process = simulated("--outlets", "3", "--days", "2")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "missed 0" in process.stdout
    assert "faults 2, told rightly 2; false alarms 0, told twice 0" in process.stdout


@pytest.mark.soak
def test_in_a_fortnight_of_200_outlets_nothing_is_missed_and_every_fault_is_told() -> None:
    process = simulated("--outlets", "200", "--days", "14")
    print(process.stdout)
    assert process.returncode == 0, process.stdout + process.stderr
