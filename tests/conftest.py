"""What every test stands on: no socket leaves loopback, one reading pool, a fresh database."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlite_utils import Database

from store.database import open_store

LOOPBACK = ("127.", "::1", "localhost")


def refuse_other_than_loopback(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook: pytest's own plugins do not see Twisted's connect_ex."""
    if event != "socket.connect" or not isinstance(args[1], tuple):
        return
    if not str(args[1][0]).startswith(LOOPBACK):
        raise OSError(errno.EACCES, f"a test reached for {args[1]}")


sys.addaudithook(refuse_other_than_loopback)


# `make test` tries the same examples every time; `make soak` searches at random for others.
hypothesis.settings.register_profile("steady", derandomize=True)
hypothesis.settings.register_profile("searching", print_blob=True)
hypothesis.settings.load_profile("steady")


# What waits more than it computes goes first, so that the rest runs meanwhile.
WAITING = (
    "kill watch_daemon politeness gate_live limits paging incremental watch jobs secrets delivery"
    " review_browser_pages review_browser metrics clock_set goes_on fortnight broken adding"
).split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait come first; with --no-loadscope-reorder the workers keep to it."""
    places = {f"test_{name}": place for place, name in enumerate(WAITING)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """A fresh database."""
    opened = open_store(tmp_path / "pantau.db")
    yield opened
    opened.close()
