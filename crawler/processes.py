"""Whether another process of this machine still lives: what it held may be taken over if not."""

from __future__ import annotations

import os


def is_running(pid: int) -> bool:
    """Whether a process with that id is there, this one included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
