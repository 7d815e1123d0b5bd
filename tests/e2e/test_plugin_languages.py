"""Programs in TypeScript and Go: SDKs are generated from the schema and compiled, and the engine runs the programs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.canaries import found_below, found_in
from tests.support.documents import ROOT
from tests.support.markdown import blocks
from tests.support.shell import Shell
from tools.engine import Engine, ensure_engine
from tools.schema.sdks import write_sdks

PROGRAMS = Path(__file__).with_name("programs")
PASSWORD = "canary-of-a-language-4711"
SECOND_PASSWORD = "canary-of-a-language-0815"
# Where Go and npm find their caches, proxies and registries; Go as the engine itself is built, so that what both have
# in common is compiled once.
TOOLCHAINS = {name: value for name, value in os.environ.items() if name.startswith(("GO", "npm_config_"))}
ENVIRONMENT = {"nodejs": TOOLCHAINS, "go": {**TOOLCHAINS, "CGO_ENABLED": "0", "GOFLAGS": "-trimpath -mod=mod"}}
SDK_FOLDER = {"nodejs": "sdk", "go": "adobeaep"}
ON_THE_PAGE = {"nodejs": ("index.ts", "ts", "sdks/nodejs"), "go": ("main.go", "go", "adobeaep")}
"""Where the program of the page for beginners is saved, its language on the page, and where it has the SDK."""
COMPILE = {"nodejs": "npm install --no-audit --no-fund --silent && npx tsc", "go": "go vet ./..."}


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine with the hosts of both languages."""
    return ensure_engine(languages=["nodejs", "go"])


# The first time, npm and Go download the SDK, and Go compiles it.
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", SDK_FOLDER)
def test_a_program_with_a_generated_sdk_is_compiled_and_lives(
    language: str, tmp_path: Path, engine: Engine, aep_emulator: Emulator
) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROGRAMS / language, project)
    write_sdks(tmp_path / "sdks", [language])
    shutil.copytree(tmp_path / "sdks" / language, project / SDK_FOLDER[language])
    environment = {**ENVIRONMENT[language], **aep_emulator.environment(), "CRM_PASSWORD": PASSWORD}
    shell = Shell(project, tmp_path / "home", engine, environment, seconds=800)
    console = [shell.run(COMPILE[language])]

    def run(script: str) -> str:
        console.append(shell.run(script))
        return console[-1]

    run(f"pulumi stack init dev\npulumi config set --secret password <<< {PASSWORD}")
    assert "[secret]" in run("pulumi preview --diff")
    run("pulumi up")
    found = {str(each["name"]): each for each in aep_emulator.connections(secrets=True)}
    assert set(found) == {"crm", "from-env"}
    assert run("pulumi stack output connectionId").strip() == found["crm"]["id"]
    # What comes of an object with a secret in it is one, in these languages.
    assert shell.run("pulumi stack output --show-secrets server").strip() == "db.example.com"
    run("pulumi preview --expect-no-changes")

    run(f"pulumi config set --secret password <<< {SECOND_PASSWORD}\npulumi up")
    rotated = aep_emulator.connections(secrets=True)
    assert any(SECOND_PASSWORD in str(each["auth"]) for each in rotated)
    aep_emulator.change(str(found["crm"]["id"]), fields={"description": "by hand"})
    assert "by hand" in run("pulumi refresh --diff")
    run("pulumi up")
    run("pulumi up --refresh --expect-no-changes")
    run("pulumi destroy")
    assert aep_emulator.connections() == []

    secrets = (PASSWORD, SECOND_PASSWORD, aep_emulator.client_secret)
    assert found_in("\n".join(console).encode(), secrets) == []
    assert found_below(tmp_path / "home", secrets) == {}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ON_THE_PAGE)
def test_the_program_of_the_page_is_compiled(language: str, tmp_path: Path, engine: Engine) -> None:
    file, fence, sdk = ON_THE_PAGE[language]
    (block,) = blocks(ROOT / "docs" / "getting-started-emulator.md", fence)
    project = tmp_path / "project"
    shutil.copytree(PROGRAMS / language, project)
    write_sdks(tmp_path / "sdks", [language])
    shutil.copytree(tmp_path / "sdks" / language, project / sdk)
    (project / file).write_text(block.text, encoding="utf-8")

    Shell(project, tmp_path / "home", engine, ENVIRONMENT[language], seconds=800).run(COMPILE[language])
