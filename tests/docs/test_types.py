"""Programs of users are clean for mypy and pyright, and editors have something to show."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import is_typeddict

import pytest

import pulumi_adobe_aep as aep
from tests.support.documents import MYPY_CACHE, ROOT

PROGRAMS = Path(__file__).parent / "programs"
EXAMPLES = sorted({path.parent for path in (ROOT / "examples").glob("*/*.py")})


def _mypy(folder: Path) -> str:
    # Not with this repository's settings: as strictly as a user might, and from the program's own folder.
    options = ["--strict", "--warn-unused-ignores", "--no-error-summary", "--config-file=", f"--cache-dir={MYPY_CACHE}"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "."], cwd=folder, capture_output=True, text=True, check=False
    )
    return checked.stdout + checked.stderr


def _pyright(folders: list[Path], project: Path, **options: object) -> str:
    settings = {
        "include": [str(folder) for folder in folders],
        "executionEnvironments": [{"root": str(folder)} for folder in folders],
        "reportUnnecessaryTypeIgnoreComment": "error",
        # mypy's comments are for mypy.
        "enableTypeIgnoreComments": False,
        **options,
    }
    (project / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--project", str(project)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if checked.returncode == 0 else checked.stdout + checked.stderr


def test_mypy_takes_a_right_program_and_finds_every_mistake() -> None:
    assert _mypy(PROGRAMS) == ""


def test_pyright_takes_a_right_program_and_finds_every_mistake(tmp_path: Path) -> None:
    assert _pyright([PROGRAMS], tmp_path, typeCheckingMode="strict") == ""


def test_the_examples_are_clean_for_mypy() -> None:
    assert {example.name: complaints for example in EXAMPLES if (complaints := _mypy(example))} == {}


def test_the_examples_are_clean_for_pyright(tmp_path: Path) -> None:
    assert _pyright(EXAMPLES, tmp_path) == ""


@pytest.mark.parametrize("name", [name for name in dir(aep) if name != "__version__" and not name.endswith("Input")])
def test_a_public_name_has_a_docstring_that_names_its_arguments(name: str) -> None:
    public = getattr(aep, name)
    said = inspect.getdoc(public) or ""
    assert len(said) > 20
    # An exception is caught, not made; what it was made with is described at the root of the tree. What a function
    # returns is a dict, whose keys the API page shows.
    is_caught = inspect.isclass(public) and issubclass(public, (aep.AepError, aep.Outcome))
    if not is_caught and not is_typeddict(public):
        arguments = [each for each in inspect.signature(public).parameters if each != "self"]
        assert [each for each in arguments if f"\n    {each}: " not in said] == []


def test_a_repr_helps_and_shows_no_secret() -> None:
    string = aep.ConnectionStringAuth(server="db.example.com", username="aep_reader", password="hidden")
    assert repr(string) == ("ConnectionStringAuth(server='db.example.com', username='aep_reader', password=[secret])")
    referred = aep.ConnectionStringAuth(connection_string=aep.SecretFromEnv("CRM_DB", version=2))
    assert repr(referred) == "ConnectionStringAuth(connection_string=SecretFromEnv(name='CRM_DB', version=2))"
