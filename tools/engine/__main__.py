"""`python -m tools.engine [LANGUAGE...]`: print the folder to put first on PATH; progress goes to stderr."""

import argparse
import signal
import sys

from tools.engine import LANGUAGES, EngineUnavailable, ensure_engine

_INTERRUPTED = 130


def main() -> None:
    """Find or make the engine. Exits with 1 and the reason if none can be had."""
    parser = argparse.ArgumentParser(prog="python -m tools.engine", description="Find or make the Pulumi engine.")
    # Not by `choices`, which in Python 3.10 and 3.11 do not allow an empty list.
    accepted = f"{', '.join(LANGUAGES)}; python is always there"
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help=accepted)
    languages = parser.parse_args().languages
    if unknown := sorted(set(languages) - set(LANGUAGES)):
        parser.error(f"unknown language: {', '.join(unknown)} (there are {', '.join(LANGUAGES)})")
    # So that ending this process also ends a build and removes what it has made so far.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        engine = ensure_engine(languages=languages)
    except EngineUnavailable as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    sys.stdout.write(f"{engine.bin_dir}\n")


if __name__ == "__main__":
    main()
