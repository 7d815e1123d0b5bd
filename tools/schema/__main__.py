"""`python -m tools.schema`: write the plugin's schema, from the models."""

import sys

from pulumi_adobe_aep.kinds.registry import KINDS
from pulumi_adobe_aep.native.schema import schema, to_text
from tools.schema import SCHEMA


def main() -> None:
    """Write it, and say where."""
    SCHEMA.write_text(to_text(schema([*KINDS.values()])), encoding="utf-8")
    sys.stdout.write(f"wrote {SCHEMA}\n")


if __name__ == "__main__":
    main()
