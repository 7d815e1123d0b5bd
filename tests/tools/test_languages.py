"""Programs in the languages whose hosts are built: each is run by the real engine, and declares an output only."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.shell import Shell
from tools.engine import Engine

PROGRAMS = Path(__file__).with_name("programs")
# Where Go and npm find their caches, proxies and registries.
OF_THE_TOOLCHAINS = {name: value for name, value in os.environ.items() if name.startswith(("GO", "npm_config_"))}
# As the engine itself is built, so that what both have in common is compiled once.
LIKE_THE_ENGINE = {"CGO_ENABLED": "0", "GOFLAGS": "-trimpath"}
PREPARE = {"nodejs": "npm install --no-audit --no-fund --silent"}


# The first time, npm and Go download the SDK, and Go compiles it.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["yaml", "nodejs", "go"])
def test_a_program_runs_through_up_and_destroy(language: str, tmp_path: Path, engine: Engine) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROGRAMS / language, project)
    environment = {**OF_THE_TOOLCHAINS, **LIKE_THE_ENGINE} if language == "go" else OF_THE_TOOLCHAINS
    shell = Shell(project, tmp_path / "home", engine, environment, seconds=800)

    shell.run(f"{PREPARE.get(language, '')}\npulumi stack init dev\npulumi up")

    assert shell.run("pulumi stack output said").strip() == "hello"
    assert "The resources in the stack have been deleted" in shell.run("pulumi destroy")
