"""Checking a file against the schema that its vendor publishes, as check-jsonschema carries it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def problems(instance: Path, schema: str, *options: str) -> str:
    """Return what is wrong with a file, empty when nothing is.

    Args:
        instance: a file in YAML or JSON.
        schema: one that `check-jsonschema --help` lists, such as `vendor.dependabot`.
        options: of check-jsonschema.
    """
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *options, str(instance)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if checked.returncode == 0 else checked.stdout + checked.stderr
