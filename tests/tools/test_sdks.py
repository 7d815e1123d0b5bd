"""SDKs of a small schema, written by Pulumi's own generators."""

from __future__ import annotations

import compileall
import subprocess
import sys
from pathlib import Path

import pytest

from tools.sdks import LANGUAGES, SdksNotGenerated, generate_sdks

SCHEMA = Path(__file__).with_name("schema.json")
REPOSITORY = Path(__file__).parents[2]

# The first time, the generators are downloaded and compiled.
pytestmark = pytest.mark.timeout(900)

EXPECTED = {
    "dotnet": ("Greeting.cs", "public partial class Greeting : global::Pulumi.CustomResource"),
    "go": ("greeting/greeting.go", "func NewGreeting(ctx *pulumi.Context,"),
    "java": ("src/main/java/com/example/greeting/Greeting.java", "public class Greeting extends com.pulumi.resources"),
    "nodejs": ("greeting.ts", "export class Greeting extends pulumi.CustomResource"),
    "python": ("example_greeting/greeting.py", "class Greeting(pulumi.CustomResource):"),
}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.sdks", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def sdks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate the SDKs of all languages by the command line."""
    folder = tmp_path_factory.mktemp("sdks")
    ended = run(SCHEMA, folder, *LANGUAGES)
    assert ended.returncode == 0, ended.stderr
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sdk_of_a_language_has_the_resource_of_the_schema(language: str, sdks: Path) -> None:
    file, declaration = EXPECTED[language]
    assert declaration in (sdks / language / file).read_text(encoding="utf-8")


def test_the_python_sdk_compiles(sdks: Path) -> None:
    assert compileall.compile_dir(sdks / "python", quiet=1)


def test_what_an_older_schema_had_is_gone(tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "farewell.py").touch()
    (tmp_path / "java").mkdir()

    generate_sdks(SCHEMA, tmp_path, ["python"])

    assert not (tmp_path / "python" / "farewell.py").exists()
    assert (tmp_path / "java").exists()


def test_a_schema_that_pulumi_does_not_accept_is_an_error_that_names_the_place_and_writes_nothing(
    tmp_path: Path,
) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"name": "greeting", "resources": {"greeting": {}}}', encoding="utf-8")

    with pytest.raises(SdksNotGenerated, match=r"(?s)schema\.json: #/resources/greeting: .*three parts"):
        generate_sdks(schema, tmp_path / "sdks", ["go"])
    assert not (tmp_path / "sdks").exists()


def test_a_schema_that_is_not_there_is_one_line_on_stderr(tmp_path: Path) -> None:
    ended = run(tmp_path / "schema.json", tmp_path, "go")

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == f"go: open {tmp_path / 'schema.json'}: no such file or directory"
