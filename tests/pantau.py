"""Runs the console command as its users do: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COMMAND = [str(Path(sys.executable).with_name("pantau"))]


def pantau(*args: object, db: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """The finished process of `pantau ARGS`, its output as text."""
    environment = {**os.environ, "PANTAU_DB": str(db), "PANTAU_REVIEWER": "penguji"}
    return subprocess.run(
        [*COMMAND, *map(str, args)],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        env=environment,
        cwd=db.parent,
        **more,
    )


def json_lines(process: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON lines a command printed."""
    assert process.returncode == 0, process.stderr
    return [json.loads(line) for line in process.stdout.splitlines()]
