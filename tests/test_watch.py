"""The daemon: a real process on a local copy of the recordings."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from crawler.outlets import SHIPPED
from tests.local_web import LocalWeb, recorded_web, shipped_recordings
from tests.pantau import COMMAND, json_lines, pantau

HOSTS = (
    "aksaranewsroom.id",
    "prabumulihpos.bacakoran.co",
    "radarokuraya.com",
    "sumateraekspres.bacakoran.co",
    "warta.in",
)


@pytest.fixture
def quick_catalogue(tmp_path: Path) -> Path:
    """The shipped outlets, impatient: for a local web only."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    for path in SHIPPED.glob("*.toml"):
        text = re.sub(r"(?m)^province", "delay = 0\ninterval = 2\nprovince", path.read_text())
        (folder / path.name).write_text(text)
    return folder


def mapping(web: LocalWeb) -> list[str]:
    return [word for host in HOSTS for word in ("--map", f"{host}=127.0.0.1:{web.port}")]


def homes_asked(web: LocalWeb) -> Counter[str]:
    """How often each host was asked for a source."""
    return Counter(host for _, host, path in web.requests if path in ("/", "/feed/"))


def test_watch_crawls_all_five_twice_and_ends_on_sigterm(
    tmp_path: Path, quick_catalogue: Path
) -> None:
    db = tmp_path / "pantau.db"
    command = [*COMMAND, "watch", "--db", str(db), "--catalogue", str(quick_catalogue)]
    with recorded_web(*shipped_recordings()) as web:
        process = subprocess.Popen(
            [*command, *mapping(web)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            deadline = time.monotonic() + 90
            while time.monotonic() < deadline and process.poll() is None:
                if all(homes_asked(web)[host] >= 3 for host in HOSTS):
                    break
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=15)
        finally:
            process.kill()
            process.wait()
    assert process.returncode == 0, output
    inbox = json_lines(pantau("inbox", "--json", db=db))
    assert len(inbox) == 5
    assert all(homes_asked(web)[host] >= 2 for host in HOSTS), output
    connection = sqlite3.connect(db)
    leased = connection.execute("SELECT count(*) FROM pages WHERE state = 'leased'").fetchone()[0]
    due = connection.execute("SELECT count(next_run_at) FROM outlets").fetchone()[0]
    connection.close()
    assert (leased, due) == (0, 5)


def test_the_second_pass_fetches_no_page_again(tmp_path: Path, quick_catalogue: Path) -> None:
    db = tmp_path / "pantau.db"
    with recorded_web(*shipped_recordings()) as web:
        switches = ["--db", db, "--catalogue", quick_catalogue, *mapping(web)]
        first = pantau("crawl", *switches, "--json", db=db)
        assert first.returncode == 0, first.stderr
        asked = len(web.requests)
        second = pantau("crawl", "--force", *switches, "--json", db=db)
        assert second.returncode == 0, second.stderr
        later = [path for _, _, path in web.requests[asked:]]
    assert len(later) == 5
    assert set(later) <= {"/", "/feed/"}
