"""What a person sees in a terminal: safe text, one-line complaints, progress."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import unicodedata
from collections.abc import Iterable
from typing import Any

WIDTH = 100


def plain(text: str) -> str:
    """Fetched text made safe to print: no control, bidi or escape characters, which could make a
    terminal show something else than it was given."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs") else "\ufffd"
        for char in text
    )


def say(text: str = "") -> None:
    """Prints a line on standard output."""
    print(plain(text), flush=True)


def complain(text: str) -> None:
    """Prints a problem on standard error, in one line."""
    print(f"pantau: {plain(text)}", file=sys.stderr, flush=True)


def say_json(value: Any) -> None:
    """Prints one JSON document on one line."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def wrapped(text: str, indent: str = "  ") -> str:
    """A paragraph broken to the terminal's width, at most WIDTH columns."""
    width = min(os.get_terminal_size().columns, WIDTH) if sys.stdout.isatty() else WIDTH
    return textwrap.fill(
        plain(text),
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Iterable[tuple[str, ...]]) -> None:
    """Prints rows with their columns aligned."""
    cells = [tuple(plain(cell).replace("\n", " ") for cell in row) for row in rows]
    if not cells:
        return
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    for row in cells:
        print("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip())


class Progress:
    """Lines of long work: on a terminal every step, in a pipe only what matters."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.live = sys.stderr.isatty()

    def __call__(self, slug: str, line: str) -> None:
        """Shows what an outlet's pass just did."""
        if not self.quiet:
            print(f"  {slug}: {plain(line)}"[:300], file=sys.stderr, flush=True)
