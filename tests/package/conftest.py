"""A release, built and installed once for all tests."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.commands import run
from tests.support.documents import ROOT


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Build the sdist and the wheel from a copy of this checkout, and install the wheel; once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "release"
    with FileLock(f"{folder}.lock"):
        if not (folder / "done").exists():
            _build(folder)
            (folder / "done").touch()
    return folder


def _build(folder: Path) -> None:
    source = folder / "source"
    source.mkdir(parents=True)
    for name in ("setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("provider", "tests", "tools", "examples", "docs"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    run(sys.executable, "-m", "build", "--installer", "uv", "--outdir", folder / "dist", source)
    # With pip, by which the engine's language host lists what is installed.
    uv, environment = (sys.executable, "-m", "uv"), folder / "environment"
    run(*uv, "venv", "--quiet", "--seed", "--python", sys.executable, environment)
    (wheel,) = (folder / "dist").glob("*.whl")
    run(*uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python", wheel)
