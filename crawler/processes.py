"""Whether another process of this machine still lives: what it held may be taken over if not."""

from __future__ import annotations

import os
from pathlib import Path

PROCESSES = Path("/proc")  # Linux


def is_running(pid: int) -> bool:
    """Whether a process with that id is there, this one included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def has_open(pid: int, file: Path) -> bool:
    """Whether the process with that id is there and has the file open: one that merely got the
    number of a dead one has not. Where the system does not tell, being there is enough."""
    if not is_running(pid):
        return False
    try:
        wanted = file.stat()
        links = list((PROCESSES / str(pid) / "fd").iterdir())
    except OSError:
        return is_running(pid)
    return any(_is(link, wanted) for link in links)


def _is(link: Path, wanted: os.stat_result) -> bool:
    try:
        return os.path.samestat(link.stat(), wanted)
    except OSError:  # closed meanwhile, or not for us to see
        return False
