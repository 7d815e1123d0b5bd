"""``python -m pulumi_adobe_aep.emulator``."""

import sys

from pulumi_adobe_aep.emulator.command import main

if __name__ == "__main__":
    sys.exit(main())
