"""DESIGN.md names modules that exist, and a new database takes what it says."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_adobe_aep.kinds.base_connection.catalog import SOURCES
from tests.support.documents import ROOT

DESIGN = (ROOT / "DESIGN.md").read_text(encoding="utf-8")
_ENTRY = re.compile(r"^(?P<indent> *)(?P<name>[\w./]+)(?: {2,}.*)?$")


def drawn() -> Iterator[str]:
    """Return the paths in the tree of modules."""
    tree = DESIGN.split("```text\n", 1)[1].split("```", 1)[0]
    folders: list[tuple[int, str]] = []
    for entry in filter(None, map(_ENTRY.match, tree.splitlines())):
        while folders and folders[-1][0] >= len(entry["indent"]):
            folders.pop()
        path = "".join([*(folder for _, folder in folders), entry["name"]])
        if path.endswith("/"):
            folders.append((len(entry["indent"]), entry["name"]))
        yield path


def named() -> Iterator[str]:
    """Return the paths of this repository in a string."""
    yield from re.findall(r"`((?:provider|tests|tools|docs)/[\w./]+)`", DESIGN)


def test_the_tree_is_read_as_it_is_drawn() -> None:
    assert "provider/pulumi_adobe_aep/lifecycle/plan.py" in drawn()
    assert "benchmarks/" in drawn()


@pytest.mark.parametrize("path", sorted({*drawn(), *named()}))
def test_what_the_design_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


MODULE = '''"""The connection spec of AcmeDB."""

from typing import Annotated, Literal

from pydantic import Field

from pulumi_adobe_aep.kinds.base_connection.auth_parts import PASSWORD, SERVER, SPEC_NAME, USERNAME, Password, Username
from pulumi_adobe_aep.kinds.base_connection.kind import Page
from pulumi_adobe_aep.kinds.base_connection.parameters import BASIC, ParametersAuthModel
from pulumi_adobe_aep.kinds.base_connection.sql_source import sql_source
from pulumi_adobe_aep.kinds.model import SECRET
from pulumi_adobe_aep.kinds.server import Server


class BasicAuthModel(ParametersAuthModel):
    """`Basic Authentication`: the parts."""

    spec_name: Literal["Basic Authentication"] = Field(default=BASIC, description=SPEC_NAME)
    server: Server = Field(description=SERVER)
    username: Username = Field(description=USERNAME)
    password: Annotated[Password, SECRET] = Field(description=PASSWORD)


ACME = sql_source(
    name="AcmeBaseConnection",
    source="AcmeDB",
    slug="acme-db",
    spec_id="00000000-0000-4000-8000-000000000001",
    page=Page("api-tutorials/create/databases/acme", "May 2026"),
    auth=(BasicAuthModel,),
)
'''
CLASS = '''

class AcmeBaseConnection(_DatabaseConnection[BasicAuth]):
    """An AcmeDB base connection; with `BasicAuth`."""
'''
PROGRAM = """import pulumi_adobe_aep as aep

acme = aep.AcmeBaseConnection("acme", auth=aep.BasicAuth(server="s", database="d", username="u", password="p"))
reveal_type(acme)
aep.AcmeBaseConnection("wrong", auth=aep.ConnectionStringAuth())
"""
LOOK = """
import pickle
import pulumi_adobe_aep as aep
from pulumi_adobe_aep import dynamic
from pulumi_adobe_aep.kinds.registry import source_of

reference = pickle.dumps(dynamic.AcmeBaseConnectionProvider())
assert type(pickle.loads(reference)) is dynamic.AcmeBaseConnectionProvider
assert b"pulumi_adobe_aep.dynamic" in reference
assert "AcmeBaseConnection" in dir(aep)
assert aep.AcmeBaseConnection.entity_kind() is source_of("00000000-0000-4000-8000-000000000001")
"""


@pytest.fixture(scope="module")
def with_a_new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository with one module of data and one class more."""
    copy = tmp_path_factory.mktemp("repository")
    for folder in ("provider", "tools"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    (copy / "docs").mkdir()
    package = copy / "provider" / "pulumi_adobe_aep"
    (package / "kinds/base_connection/sources/acme.py").write_text(MODULE, encoding="utf-8")
    with (package / "program/databases.py").open("a", encoding="utf-8") as databases:
        databases.write(CLASS)
    return copy


def run_in(copy: Path, *command: str) -> str:
    """Run Python with the copy in place of this repository, and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(copy / "provider"), "MYPYPATH": str(copy / "provider")}
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


def test_the_class_of_a_database_has_at_most_three_lines() -> None:
    module = ast.parse((ROOT / "provider/pulumi_adobe_aep/program/databases.py").read_text(encoding="utf-8"))
    classes = [each for each in module.body if isinstance(each, ast.ClassDef)]
    assert len(classes) == len(SOURCES)
    assert max((each.end_lineno or 0) - each.lineno + 1 for each in classes) <= 3


def test_a_new_database_is_public_and_has_a_provider_that_states_can_refer_to(with_a_new_database: Path) -> None:
    assert run_in(with_a_new_database, "-c", LOOK) == ""


def test_a_new_database_is_a_source_of_the_command_line(with_a_new_database: Path) -> None:
    program = "from pulumi_adobe_aep.cli import main; main()"
    assert "acme-db" in run_in(with_a_new_database, "-c", program, "connections", "--source", "other")


def test_a_new_database_is_in_the_schema_of_the_plugin(with_a_new_database: Path) -> None:
    run_in(with_a_new_database, "-m", "tools.schema")
    file = with_a_new_database / "provider" / "pulumi_adobe_aep" / "native" / "schema.json"
    resource = json.loads(file.read_text(encoding="utf-8"))["resources"]["adobe-aep:index:AcmeBaseConnection"]
    assert resource["requiredInputs"] == ["auth"]


def test_a_new_database_is_on_the_pages(with_a_new_database: Path) -> None:
    run_in(with_a_new_database, "-m", "tools.docs")
    pages = {path.name: path.read_text(encoding="utf-8") for path in (with_a_new_database / "docs").iterdir()}
    assert "\n## AcmeDB\n" in pages["databases.md"]
    assert "\n## `AcmeBaseConnection`\n" in pages["api.md"]


def test_a_type_checker_sees_the_class_of_a_new_database(with_a_new_database: Path) -> None:
    (with_a_new_database / "program.py").write_text(PROGRAM, encoding="utf-8")
    options = ("--strict", "--config-file=", f"--cache-dir={with_a_new_database / 'cache'}", "--no-error-summary")
    said = run_in(with_a_new_database, "-m", "mypy", *options, "program.py")
    revealed, wrong, *more = said.splitlines()
    assert 'Revealed type is "pulumi_adobe_aep.program.databases.AcmeBaseConnection"' in revealed
    assert 'Argument "auth" to "AcmeBaseConnection" has incompatible type "ConnectionStringAuth"' in wrong
    assert more == []


def test_a_database_is_named_where_the_design_says_and_nowhere_else() -> None:
    package = ROOT / "provider" / "pulumi_adobe_aep"
    # A comparison, an import or a string; PostgreSQL, which examples in docstrings name, is left out.
    names = re.compile("|".join(re.escape(kind.slug) for kind in SOURCES if kind.slug != "postgresql"), re.IGNORECASE)
    modules = (path.relative_to(package) for path in package.rglob("*.py"))
    outside = (path for path in modules if path.parts[0] != "emulator")
    naming = {path.as_posix() for path in outside if names.search((package / path).read_text(encoding="utf-8"))}
    sources = "kinds/base_connection/sources/"
    assert {path for path in naming if not path.startswith(sources)} == {
        "program/databases.py",
        # The kinds of auth that one database alone has.
        "program/auth.py",
        "__init__.py",
        # An example in a docstring, a dialect of two databases, and URLs that hold a password.
        "kinds/base_connection/any_source.py",
        "program/base_connection.py",
        "kinds/base_connection/ado_net.py",
        "secret_parts.py",
    }


def test_a_kind_is_named_where_the_design_says_and_by_what_refers_to_it() -> None:
    package = ROOT / "provider" / "pulumi_adobe_aep"
    names = re.compile("DataLakeTargetConnection|DATA_LAKE_TARGET_CONNECTION")
    modules = (path.relative_to(package) for path in package.rglob("*.py"))
    naming = {path.as_posix() for path in modules if names.search((package / path).read_text(encoding="utf-8"))}
    said = {
        "kinds/target_connection.py",
        "kinds/registry.py",
        "program/target_connection.py",
        "__init__.py",
    }
    assert {path for path in said if f"`provider/pulumi_adobe_aep/{path}`" not in DESIGN} == set()
    assert naming - said == {"program/dataflow.py", "program/table_ingestion.py", "cli/import_chain.py"}
