"""What collects gives way to the review page."""

from __future__ import annotations

import os
import subprocess
import sys

from scheduler.priority import NICENESS

SCRIPT = "import os; from scheduler.priority import give_way; give_way(); give_way()"


def test_a_process_that_collects_gives_way_once() -> None:
    # In a process of its own: priority once given up does not come back.
    process = subprocess.run(
        [sys.executable, "-P", "-c", f"{SCRIPT}; print(os.nice(0))"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert int(process.stdout) == max(NICENESS, os.nice(0))
