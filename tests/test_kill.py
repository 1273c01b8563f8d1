"""kill -9 at any moment loses nothing and stores nothing twice."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.pantau import COMMAND, json_lines, pantau


def articles(db: Path) -> list[dict[str, Any]]:
    """All articles but for what depends on the order of storing."""
    found = json_lines(pantau("export", db=db))
    for article in found:
        del article["id"]
    return sorted(found, key=lambda article: article["url"])


def test_a_replay_killed_again_and_again_ends_like_one_that_was_not(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    assert pantau("replay", db=whole).returncode == 0
    moments = random.Random(7)
    for _ in range(5):
        process = subprocess.Popen(
            [*COMMAND, "replay", "--db", str(killed)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moments.uniform(1.0, 5.0))
        process.kill()
        process.wait()
    assert pantau("replay", db=killed).returncode == 0
    assert articles(killed) == articles(whole)
    assert pantau("doctor", db=killed).returncode == 0
