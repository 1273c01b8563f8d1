"""The console command `pantau`: its switches, its help, and how it fails."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from scheduler.parser import build_parser
from scheduler.terminal import complain

# What can be wrong with files a person wrote; each message says what to do.
EXPECTED = {
    "crawler.configuration": "ConfigurationError",
    "crawler.outlet_keys": "CatalogueError",
    "crawler.recordings": "RecordingError",
    "crawler.rules": "RulesError",
    "crawler.terms": "VocabularyError",
    "store.database": "StoreError",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code: 0 done, 1 failed, 2 wrong use."""
    args = build_parser().parse_args(argv)
    if args.command is None:
        build_parser().print_help()
        return 2
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except argparse.ArgumentTypeError as error:
        complain(str(error))
        return 2
    except BrokenPipeError:  # `pantau export | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 1
    except Exception as error:
        if not isinstance(error, expected()):
            raise
        complain(str(error))
        return 1


def expected() -> tuple[type[Exception], ...]:
    """The errors of EXPECTED, of the modules that this command has loaded."""
    return tuple(
        getattr(sys.modules[module], name)
        for module, name in EXPECTED.items()
        if module in sys.modules
    )


if __name__ == "__main__":
    sys.exit(main())
