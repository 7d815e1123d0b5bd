"""`python -m tools.schema`: write the plugin's schema from the models; with `--sdks FOLDER`, generate SDKs from it."""

import argparse
import sys
from pathlib import Path

from pulumi_adobe_aep.kinds.registry import KINDS
from pulumi_adobe_aep.native.schema import schema, to_text
from tools.schema import SCHEMA
from tools.schema.sdks import write_sdks
from tools.sdks import LANGUAGES, SdksNotGenerated


def main() -> None:
    """Write what the command line asks for, and say where. Exits with 1 and the reason if that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m tools.schema", description="Write the plugin's schema.")
    parser.add_argument("--sdks", type=Path, metavar="FOLDER", help="generate SDKs instead, a folder each")
    parser.add_argument(
        "languages", nargs="*", metavar="LANGUAGE", help=f"all if none is named: {', '.join(LANGUAGES)}"
    )
    options = parser.parse_args()
    if options.sdks is None:
        SCHEMA.write_text(to_text(schema([*KINDS.values()])), encoding="utf-8")
        sys.stdout.write(f"wrote {SCHEMA}\n")
        return
    if unknown := sorted(set(options.languages) - set(LANGUAGES)):
        parser.error(f"unknown language: {', '.join(unknown)} (there are {', '.join(LANGUAGES)})")
    try:
        write_sdks(options.sdks, options.languages or LANGUAGES)
    except SdksNotGenerated as error:
        sys.exit(str(error))
    sys.stdout.write(f"wrote the SDKs below {options.sdks}\n")


if __name__ == "__main__":
    main()
