"""`python -m tools.docs`: write the generated pages; with `--check`, fail when one is stale."""

import argparse
import sys

from tools.docs.pages import stale, write


def main() -> int:
    """Write or check the pages. Returns the exit code: 1 when a page is stale."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when a page is stale")
    if not parser.parse_args().check:
        for path in write():
            sys.stdout.write(f"wrote {path}\n")
        return 0
    paths = stale()
    for path in paths:
        sys.stderr.write(f"{path} is stale: run `make docs`\n")
    return 1 if paths else 0


if __name__ == "__main__":
    sys.exit(main())
