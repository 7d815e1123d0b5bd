"""SDKs of the plugin in other languages, generated from its schema."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pulumi_adobe_aep import __version__
from tools.schema import SCHEMA
from tools.sdks import generate_sdks


def write_sdks(folder: Path, languages: Sequence[str]) -> None:
    """Write the SDK of each language into `folder`/<language>, with the version of this package.

    Args:
        folder: The folder of the SDKs.
        languages: Of `tools.sdks.LANGUAGES`.

    Raises:
        SdksNotGenerated: The generators cannot be built here.
    """
    schema = {**json.loads(SCHEMA.read_text(encoding="utf-8")), "version": __version__}
    with tempfile.TemporaryDirectory() as temporary:
        versioned = Path(temporary, "schema.json")
        versioned.write_text(json.dumps(schema), encoding="utf-8")
        generate_sdks(versioned, folder, languages)
