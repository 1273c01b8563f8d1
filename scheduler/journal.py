"""The daemon's log: lines for people, or one JSON document a line."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from crawler.session import Tally
from scheduler.terminal import say, say_json

Form = Literal["human", "json"]


@dataclass(frozen=True, slots=True)
class Journal:
    """Writes what happens to standard output, where systemd picks it up. That it cannot be written
    stops nothing."""

    form: Form = "human"

    def note(self, event: str, text: str, outlet: str | None = None, **more: object) -> None:
        """One event: what kind, what to say of it, of which outlet. more goes into JSON only."""
        with contextlib.suppress(OSError):  # a log on a full disk, a pipe nobody reads
            if self.form == "human":
                say(f"{outlet}: {text}" if outlet else text)
                return
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            say_json({"at": at, "event": event, "outlet": outlet, "text": text, **more})

    def step(self, outlet: str, line: str) -> None:
        """A step of a pass."""
        self.note("step", line, outlet)

    def state(self, outlet: str, line: str) -> None:
        """A change in how an outlet, or the network, is doing."""
        self.note("state", line, outlet or None)


def counted(tally: Tally) -> dict[str, object]:
    """A pass's counts for the log."""
    return {
        "new": tally.new,
        "revised": tally.revised,
        "requests": tally.requests,
        "sources_ok": tally.sources_ok,
        "sources_failed": tally.sources_failed,
        "endings": dict(tally.endings),
    }
