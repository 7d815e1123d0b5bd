"""``python -m pulumi_adobe_aep.emulator``."""

import sys

if __name__ == "__main__":
    try:
        from pulumi_adobe_aep.emulator.command import main
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("pulumi_adobe_aep"):
            raise
        sys.exit(f"The emulator needs the extra: pip install 'pulumi-adobe-aep[emulator]' ({error.name} is missing)")
    sys.exit(main())
