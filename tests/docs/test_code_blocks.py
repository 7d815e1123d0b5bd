"""Every block of code in the documentation is right: it parses, its types fit, its commands exist."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
import yaml

from pulumi_adobe_aep.cli.command_line import commands
from tests.support.documents import MYPY_CACHE, ROOT, documents
from tests.support.markdown import Block, blocks

ALL = [block for page in documents() for block in blocks(page)]
LANGUAGES = {"python", "sh", "console", "yaml", "json", "toml", "text", "ts", "go"}
RUN_BY = {
    "README.md": "tests/e2e/test_readme.py",
    "CONTRIBUTING.md": "Makefile",
    "docs/authentication.md": "tests/e2e/test_getting_started.py",
    "docs/benchmarks.md": "benchmarks",
    "docs/command-line.md": "tests/cli",
    "docs/emulator.md": "tests/emulator",
    "docs/getting-started-emulator.md": "tests/e2e/test_getting_started.py",
    "docs/getting-started-organization.md": "tests/e2e/test_getting_started.py",
    "docs/native-plugin.md": "tests/e2e/test_plugin.py",
    "docs/performance.md": "tests/e2e/test_checkpoints.py",
    "docs/pipelines.md": "tests/e2e/test_pipelines.py",
    "docs/reliability.md": "tests/cli",
    "docs/sandboxes.md": "tests/e2e/test_pipelines.py",
    "docs/settings.md": "tests/e2e/test_getting_started.py",
}
"""What runs the commands of a page; those of the examples' pages are run by tests/e2e/test_examples.py."""
_TARGET = re.compile(r"^([a-z-]+|\$\(SUITES:%=test-%\)):", re.MULTILINE)
_COMMENT = re.compile(r"(^|\s)#.*$", re.MULTILINE)
_MY_PROGRAM = "def run_my_program(env: dict[str, str]) -> None: ...\n"
_SUITES = re.compile(r"^SUITES := (.+)$", re.MULTILINE)


def _in(*languages: str) -> list[Block]:
    return [block for block in ALL if block.language in languages]


def test_every_block_says_its_language() -> None:
    assert [str(block) for block in ALL if block.language not in LANGUAGES] == []


@pytest.mark.parametrize("block", _in("json"), ids=str)
def test_a_json_block_is_json(block: Block) -> None:
    assert json.loads(block.text)


@pytest.mark.parametrize("block", _in("yaml"), ids=str)
def test_a_yaml_block_is_yaml(block: Block) -> None:
    assert list(yaml.safe_load_all(block.text))


@pytest.mark.parametrize("block", _in("sh", "console"), ids=str)
def test_a_shell_block_is_shell_and_its_commands_exist(block: Block) -> None:
    script = block.text
    if block.language == "console":
        script = "".join(f"{line[2:]}\n" for line in block.text.splitlines() if line.startswith("$ "))
    checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    for words in _commands(script):
        _check_command(words)


def test_the_commands_of_every_page_are_run_or_the_page_says_why_not() -> None:
    left = [block for block in _in("sh") if not block.not_run and not block.path.is_relative_to(ROOT / "examples")]
    names = {str(block.path.relative_to(ROOT)) for block in left}
    assert names - RUN_BY.keys() == set()
    assert [suite for suite in RUN_BY.values() if not (ROOT / suite).exists()] == []


def _commands(script: str) -> Iterator[list[str]]:
    """Return the simple commands of a script as words; what the shell puts between them separates them."""
    lexer = shlex.shlex(_COMMENT.sub("", script).replace("\\\n", " "), posix=True, punctuation_chars=";&|()<>\n")
    lexer.whitespace = " \t"
    lexer.whitespace_split = True
    words: list[str] = []
    for token in [*lexer, "\n"]:
        if not set(token) <= set(";&|()\n"):
            words.append(token)
            continue
        while words and re.fullmatch(r"\w+=.*|export|exec|time|!|then|do|else", words[0], re.DOTALL):
            words.pop(0)
        if words:
            yield words
        words = []


def _check_command(words: list[str]) -> None:
    match words:
        case ["pulumi-adobe-aep", *arguments]:
            _check_own_command(arguments)
        case ["make", *targets]:
            known = _targets()
            assert [each for each in targets if "=" not in each and each not in known] == []
        case ["python" | "python3", "-m", module, *_] if module.split(".")[0] in {
            "tools",
            "benchmarks",
            "pulumi_adobe_aep",
        }:
            assert find_spec(module) is not None


def _check_own_command(arguments: list[str]) -> None:
    context = click.Context(commands)
    name = next((each for each in arguments if not each.startswith("-")), None)
    if name is None:
        command: click.Command = commands
    else:
        found = commands.get_command(context, name)
        assert found is not None, f"there is no command {name}"
        command = found
    if name == "emulator":
        # It hands its arguments on to the emulator, which has a parser of its own.
        return
    known = {option for parameter in command.get_params(context) for option in parameter.opts}
    given = {each.split("=")[0] for each in arguments if each.startswith("--")}
    assert given - known == set()


def _targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    suites = _SUITES.search(makefile)
    assert suites is not None
    return set(_TARGET.findall(makefile)) | {f"test-{suite}" for suite in suites[1].split()}


def _write(folder: Path) -> None:
    """Write every Python block as a file of its own, empty lines before it, so that line numbers are the page's.

    Where a block needs a program of the reader's, it imports `my_program`.
    """
    (folder / "my_program.py").write_text(_MY_PROGRAM, encoding="utf-8")
    for block in _in("python"):
        name = re.sub(r"\W", "_", f"{block.path.relative_to(ROOT)}_{block.line}")
        (folder / f"{name}.py").write_text("\n" * block.line + block.text, encoding="utf-8")


def test_the_types_of_every_python_block_fit_for_mypy(tmp_path: Path) -> None:
    _write(tmp_path)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(MYPY_CACHE)]
    checked = subprocess.run([*command, "."], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_the_types_of_every_python_block_fit_for_pyright(tmp_path: Path) -> None:
    _write(tmp_path)
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "."]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("block", [block for block in _in("python") if "pulumi.export(" in block.text], ids=str)
def test_a_program_in_the_documentation_runs(block: Block, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(block.text, encoding="utf-8")
    runner = Path(__file__).with_name("run_program.py")
    ended = subprocess.run(
        [sys.executable, "-W", "error", runner, "program.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert json.loads(ended.stdout), "it declares nothing"
