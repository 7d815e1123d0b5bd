"""The build backend of pyproject.toml: setuptools, whose editable installs also carry pulumi-plugin.json.

Pulumi's Python language host takes every distribution named `pulumi-...` for one with a plugin to download, unless
`pulumi-plugin.json` says otherwise. It looks for that file where `pip list` locates the distribution: in site-packages,
below the package's name. An editable install has its metadata there, but its package in the checkout, and so no such
file. With it there, Python still imports the package from the checkout: a folder without `__init__.py` is taken for a
package only where no other folder on `sys.path` is one (Python Language Reference, "Namespace packages").
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import (
    build_sdist,
    build_wheel,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

_PLUGIN_FILE = "pulumi_adobe_aep/pulumi-plugin.json"


def build_editable(
    wheel_directory: str,
    config_settings: dict[str, str | list[str] | None] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel of an editable install (PEP 660), with pulumi-plugin.json in it; return its file name."""
    name: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    content = Path("provider", _PLUGIN_FILE).read_bytes()
    _add_file(Path(wheel_directory, name), _PLUGIN_FILE, content)
    return name


def _add_file(wheel: Path, path: str, content: bytes) -> None:
    """Add a file to a wheel and to the wheel's RECORD."""
    with zipfile.ZipFile(wheel) as archive:
        entries = {entry: archive.read(entry) for entry in archive.infolist()}
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(path, content)
        for entry, stored in entries.items():
            is_record = entry.filename.endswith(".dist-info/RECORD")
            archive.writestr(entry, stored + _record_line(path, content) if is_record else stored)


def _record_line(path: str, content: bytes) -> bytes:
    """Return the line of RECORD for a file (Python Packaging User Guide, "Recording installed projects")."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode("ascii")
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([path, f"sha256={digest}", len(content)])
    return line.getvalue().encode("utf-8")
