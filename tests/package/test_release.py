"""A release: what is in it, and that it works where nothing else is installed."""

from __future__ import annotations

import json
import re
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep._addresses import REPOSITORY
from pulumi_adobe_aep.cli.pages import classes, codes
from tests.support.commands import run
from tests.support.documents import ROOT
from tests.support.markdown import links

VERSION = aep.__version__
PACKAGE = ROOT / "provider" / "pulumi_adobe_aep"
DATA = {
    "py.typed",
    "pulumi-plugin.json",
    "emulator/error_catalogues.json",
    "emulator/http/page.html",
    "native/schema.json",
}
ONLY_FOR_THE_EMULATOR = {"fastapi", "uvicorn", "starlette", "psycopg", "python_multipart", "multipart"}
ONLY_FOR_THE_COMMAND_LINE = {"click", "rich"}

DECLARE = """
import json
import pulumi
from pulumi.runtime import Mocks, set_mocks

class Service(Mocks):
    def new_resource(self, args):
        declared.append([args.typ, args.inputs["name"]])
        return f"{args.name}-id", args.inputs

    def call(self, args):
        return {}, None

declared = []
set_mocks(Service(), preview=False)

import pulumi_adobe_aep as aep

def program():
    crm = aep.PostgresBaseConnection(
        "crm",
        sandbox_name="dev",
        auth=aep.BasicAuth(server="db", database="crm", username="me", password="secret", ssl_mode="Verify Full"),
    )
    return crm.connection_id.apply(declared.append)

pulumi.runtime.test(program)()
print(json.dumps([aep.__version__, *declared]))
"""


@pytest.fixture
def built(release: Path) -> Path:
    return release / "dist"


@pytest.fixture
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture
def sdist(built: Path) -> Path:
    (found,) = built.glob("*.tar.gz")
    return found


@pytest.fixture
def empty(release: Path) -> Path:
    """Return the Python of an environment of its own, in which only the wheel is installed, without extras."""
    return release / "environment" / "bin" / "python"


def _modules() -> set[str]:
    files = set(PACKAGE.rglob("*.py")) | {PACKAGE / name for name in DATA}
    return {f"pulumi_adobe_aep/{path.relative_to(PACKAGE).as_posix()}" for path in files}


def _pages(folder: str) -> set[str]:
    return {f"{folder}/errors.md", f"{folder}/command-line.md"}


def test_the_wheel_has_the_package_its_data_and_its_metadata_and_nothing_else(wheel: Path) -> None:
    assert wheel.name == f"pulumi_adobe_aep-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    info = f"pulumi_adobe_aep-{VERSION}.dist-info"
    metadata = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt", "licenses/LICENSE"}
    assert names == _modules() | _pages("pulumi_adobe_aep/pages") | {f"{info}/{name}" for name in metadata}


def test_the_sdist_has_what_a_build_needs_and_no_tests(sdist: Path) -> None:
    assert sdist.name == f"pulumi_adobe_aep-{VERSION}.tar.gz"
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    beside = {"setup.py", "setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "PKG-INFO"}
    backend = {"tools/packaging/build_backend.py"}
    egg = {name for name in names if name.startswith("provider/pulumi_adobe_aep.egg-info/")}
    assert names - egg == {f"provider/{name}" for name in _modules()} | _pages("docs") | beside | backend


@pytest.fixture
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(f"pulumi_adobe_aep-{VERSION}.dist-info/METADATA")
    return HeaderParser().parsestr(content.decode())


def test_the_metadata_says_who_made_it_where_it_lives_and_which_pythons_it_is_for(metadata: Message) -> None:
    addresses = dict(each.split(", ") for each in metadata.get_all("Project-URL", []))
    assert {"Source", "Documentation", "Changelog", "Issues", "Security"} <= addresses.keys()
    assert addresses["Source"] == REPOSITORY
    assert [each for each in addresses.values() if not f"{each}/".startswith(f"{REPOSITORY}/")] == []
    assert metadata["Author"]
    assert metadata["License-Expression"] == "Apache-2.0"
    pythons = {each.rpartition(" ")[2] for each in metadata.get_all("Classifier", []) if ":: Python :: 3." in each}
    assert pythons == {"3.10", "3.11", "3.12", "3.13", "3.14"}


def test_the_readme_on_the_index_leads_to_the_pages_and_pictures_of_its_version(
    metadata: Message, tmp_path: Path
) -> None:
    shown = tmp_path / "README.md"
    shown.write_text(str(metadata.get_payload()), encoding="utf-8")
    pictures = REPOSITORY.replace("//github.com", "//raw.githubusercontent.com")
    assert [link for link in links(shown) if not link.startswith(("https://", "#"))] == []
    for link in links(ROOT / "README.md"):
        if not link.startswith(("https://", "#")):
            base = f"{pictures}/v{VERSION}" if link.endswith(".svg") else f"{REPOSITORY}/blob/v{VERSION}"
            assert f"{base}/{link}" in links(shown)


def test_the_index_would_take_it(built: Path) -> None:
    run(sys.executable, "-m", "twine", "check", "--strict", *built.iterdir())


def test_it_works_in_an_empty_environment(empty: Path, tmp_path: Path) -> None:
    version, declared, connection_id = json.loads(run(empty, "-W", "error", "-c", DECLARE, cwd=tmp_path))
    assert version == VERSION
    assert declared == ["pulumi-python:dynamic/adobe-aep:PostgresBaseConnection", "crm"]
    assert connection_id == "crm-id"


def test_the_pages_that_messages_lead_to_are_those_of_the_checkout(empty: Path, tmp_path: Path) -> None:
    script = "from pulumi_adobe_aep.cli import pages; print(pages.__file__); print(pages.classes(), pages.codes())"
    found, _, shown = run(empty, "-c", script, cwd=tmp_path).partition("\n")
    assert Path(found).is_relative_to(empty.parents[1])
    assert shown == f"{classes()} {codes()}\n"


def test_the_provider_brings_neither_the_emulators_nor_the_command_lines_dependencies(empty: Path) -> None:
    installed = json.loads(run(sys.executable, "-m", "uv", "pip", "list", "--format=json", "--python", empty))
    names = {re.sub(r"[-.]+", "_", each["name"].lower()) for each in installed}
    assert names & (ONLY_FOR_THE_EMULATOR | ONLY_FOR_THE_COMMAND_LINE) == set()
    assert {"pulumi", "pydantic", "requests", "urllib3"} <= names


def test_the_program_of_a_user_loads_neither_the_emulator_nor_the_command_line(empty: Path, tmp_path: Path) -> None:
    script = "import sys, pulumi_adobe_aep as aep; aep.PostgresBaseConnection; print(*sorted(sys.modules))"
    loaded = run(empty, "-c", script, cwd=tmp_path).split()
    parts = ("pulumi_adobe_aep.emulator", "pulumi_adobe_aep.cli")
    assert [name for name in loaded if name.startswith(parts)] == []


def test_the_emulators_extra_alone_is_enough_to_start_it(wheel: Path, tmp_path: Path) -> None:
    uv, environment = (sys.executable, "-m", "uv"), tmp_path / "environment"
    run(*uv, "venv", "--quiet", "--python", sys.executable, environment)
    programs = environment / "bin"
    run(*uv, "pip", "install", "--quiet", "--python", programs / "python", f"{wheel}[emulator]")
    by_module = ("-m", "pulumi_adobe_aep.emulator")
    for command in ((programs / "pulumi-adobe-aep", "emulator"), (programs / "python", *by_module)):
        assert "--ready-file FILE" in run(*command, "--help", cwd=tmp_path)


def test_no_pytest_run_loads_anything_of_it_unasked(empty: Path, tmp_path: Path) -> None:
    script = "from importlib.metadata import entry_points as e; print(*(p.value for p in e(group='pytest11')))"
    assert run(empty, "-c", script, cwd=tmp_path).split() == []
