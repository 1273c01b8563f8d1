"""A disk that fills up and is emptied again: a small tmpfs where one may be mounted, else a limit
on the size of the daemon's files."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 400  # MB: the daemon fetches nothing when less than 200 are free


class SmallDisk:
    """A file system of its own, all of it taken by one file."""

    kind = f"tmpfs of {SIZE} MB"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def limit(self, process: subprocess.Popen[str], db: Path) -> None:
        """Names the process, and the file that it writes."""

    def fill(self) -> None:
        """Not a byte is free."""
        with (self.folder / "ballast").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1 << 16)):
                    pass
            except OSError:
                return

    def free(self) -> None:
        """There is room again."""
        (self.folder / "ballast").unlink()


class SizeLimit(SmallDisk):
    """No file of the process may grow."""

    kind = "limit on the size of files"

    def limit(self, process: subprocess.Popen[str], db: Path) -> None:
        self.pid, self.db = process.pid, db

    def fill(self) -> None:
        log = self.db.with_name(self.db.name + "-wal")
        size = max(self.db.stat().st_size, log.stat().st_size)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def free(self) -> None:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, unlimited)


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """The disk this machine lets us have; taken down at the end."""
    place = folder / "disk"
    place.mkdir()
    if not mounted(place):
        yield SizeLimit(place)
        return
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=False)


def mounted(place: Path) -> bool:
    """Whether a tmpfs could be mounted there: by root, outside of most containers."""
    if os.geteuid() != 0 or os.environ.get("PANTAU_NO_MOUNT"):
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
