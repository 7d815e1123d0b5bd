"""Archives with a folder that the engine runs with its Python language host, which makes the environment for it."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from pulumi_adobe_aep import __version__

PLUGIN = Path(__file__).parents[2] / "plugin"
REQUIREMENTS = "requirements.txt"
# Python runs on each, so the content is the same; the engine asks for a name with its own system.
SYSTEMS = ("darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64")


def write_archives(folder: Path) -> Iterator[Path]:
    """Write `pulumi-resource-adobe-aep-vVERSION-SYSTEM.tar.gz` for each system, as the engine asks for it.

    The same version gives the same bytes: nothing in them depends on when and by whom they are made.

    Args:
        folder: Where to; made if it is not there.

    Returns:
        The archives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for system in SYSTEMS:
        path = folder / f"pulumi-resource-adobe-aep-v{__version__}-{system}.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for file in sorted(each for each in PLUGIN.iterdir() if each.is_file()):
                content = file.read_bytes()
                if file.name == REQUIREMENTS:
                    # A release runs the version that it says.
                    content = f"pulumi-adobe-aep=={__version__}\n".encode()
                info = tarfile.TarInfo(file.name)
                info.size, info.mode = len(content), 0o644
                archive.addfile(info, io.BytesIO(content))
        yield path
