"""`python -m tools.engine`: print the folder to put first on PATH; what is being done goes to stderr."""

import signal
import sys

from . import EngineUnavailable, ensure_engine

_INTERRUPTED = 130


def main() -> None:
    """Find or make the engine. Exits with 1 and the reason when there is no way to one."""
    # Ending this process ends a build too, and removes what it has made so far.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        engine = ensure_engine()
    except EngineUnavailable as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    sys.stdout.write(f"{engine.bin_dir}\n")


if __name__ == "__main__":
    main()
