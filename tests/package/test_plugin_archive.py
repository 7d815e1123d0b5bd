"""The archives that the engine downloads, and the folder that `pulumi package add` takes."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import yaml

from pulumi_adobe_aep import __version__
from tools.plugin.archive import PLUGIN, SYSTEMS, write_archives


def test_there_is_an_archive_for_each_system_under_the_name_that_the_engine_asks_for(tmp_path: Path) -> None:
    archives = list(write_archives(tmp_path / "dist"))
    assert [each.name for each in archives] == [
        f"pulumi-resource-adobe-aep-v{__version__}-{system}.tar.gz" for system in SYSTEMS
    ]
    for archive in archives:
        with tarfile.open(archive) as content:
            content.extractall(tmp_path / archive.name, filter="data")
        files = {each.name: each.read_text(encoding="utf-8") for each in (tmp_path / archive.name).iterdir()}
        assert set(files) == {"PulumiPlugin.yaml", "__main__.py", "requirements.txt"}
        assert files["requirements.txt"] == f"pulumi-adobe-aep=={__version__}\n"
        assert yaml.safe_load(files["PulumiPlugin.yaml"]) == {"runtime": "python"}


def test_the_folder_runs_as_a_plugin() -> None:
    # As Pulumi's Python language host runs it.
    with subprocess.Popen([sys.executable, PLUGIN, "127.0.0.1:1"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        process.terminate()
    assert port.isdigit()
