"""A fortnight of the daemon in minutes: `python -P -m benchmarks.fortnight`.

Exit 1 when an item was missed, a fault not told in time, or a healthy outlet accused."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.fortnight_report import Figures, figures, lines
from benchmarks.fortnight_run import simulate


def measured(count: int, days: float, seed: int, db: Path | None = None) -> Figures:
    """The figures of a simulation; its database is kept when a path is given."""

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        path = db or Path(folder) / "pantau.db"
        return figures(simulate(count, days, seed, path, say), path)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outlets", type=int, default=200)
    parser.add_argument("--days", type=float, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--db", type=Path, help="keep the database there")
    args = parser.parse_args()
    found = measured(args.outlets, args.days, args.seed, args.db)
    print("\n".join(lines(found)))
    bad = found.missed or found.unread or found.false or found.twice or found.troubles
    return int(bool(bad) or not all(named.good for named in found.named))


if __name__ == "__main__":
    sys.exit(main())
