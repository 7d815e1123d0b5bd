"""`python -m tools.plugin FOLDER`: write the archive of the plugin for each system that the engine asks for."""

import argparse
import sys
from pathlib import Path

from tools.plugin.archive import write_archives


def main() -> None:
    """Write the archives, and say which."""
    parser = argparse.ArgumentParser(prog="python -m tools.plugin", description="Write the archives of the plugin.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to")
    for archive in write_archives(parser.parse_args().folder):
        sys.stdout.write(f"wrote {archive}\n")


if __name__ == "__main__":
    main()
