"""`python -m tools.sdks SCHEMA FOLDER LANGUAGE...`: write the SDKs of a schema into a folder for each language."""

import argparse
import sys
from pathlib import Path

from tools.sdks import LANGUAGES, SdksNotGenerated, generate_sdks


def main() -> None:
    """Generate what the command line asks for. Exits with 1 and the reason if that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m tools.sdks", description="Generate SDKs from a Pulumi schema.")
    parser.add_argument("schema", type=Path, metavar="SCHEMA", help="the schema, a JSON file")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="gets a folder for each language")
    parser.add_argument("languages", nargs="+", choices=LANGUAGES, metavar="LANGUAGE", help=", ".join(LANGUAGES))
    options = parser.parse_args()
    try:
        generate_sdks(options.schema, options.folder, options.languages)
    except SdksNotGenerated as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
