"""Python programs whose project names a virtual environment, as `pulumi new python` writes it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.shell import Shell
from tools.engine import Engine, ensure_engine

# In the program's virtual environment and nowhere else. Its dynamic provider runs in a process of its own.
ONLY_THERE = """
import sys

from pulumi import dynamic


class _Echo(dynamic.ResourceProvider):
    def create(self, props):
        return dynamic.CreateResult("echo", {"provider_ran_in": sys.prefix})


class Echo(dynamic.Resource):
    def __init__(self, name):
        super().__init__(_Echo(), name, {"provider_ran_in": None})
"""
PROGRAM = """
import sys

import only_there
import pulumi

echo = only_there.Echo("echo")
pulumi.export("program", sys.prefix)
pulumi.export("provider", echo.provider_ran_in)
"""
# Stands for the host: prints all that it was started with.
FAKE_HOST = f"""#!{sys.executable}
import json, os, signal, sys
started = {{"arguments": sys.argv[1:], "pid": os.getpid(), "read": sys.stdin.read(), "HOST": os.environ["HOST"]}}
print(json.dumps(started))
sys.stdout.flush()
signal.raise_signal(int(os.environ["ENDS_BY"]))
"""


@pytest.fixture(scope="session")
def python_engine() -> Engine:
    """Return the engine with the host of Python."""
    return ensure_engine()


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a virtual environment with the SDK and a module of its own."""
    folder = tmp_path_factory.mktemp("python") / "venv"
    uv = (sys.executable, "-m", "uv")
    subprocess.run([*uv, "venv", "--quiet", "--seed", "--python", sys.executable, folder], check=True)
    subprocess.run([*uv, "pip", "install", "--quiet", "--python", folder / "bin" / "python", "pulumi"], check=True)
    (site_packages,) = (folder / "lib").glob("python3*/site-packages")
    (site_packages / "only_there.py").write_text(ONLY_THERE, encoding="utf-8")
    return folder


def project_file(runtime: str, more: str = "") -> str:
    return f"name: project\nruntime: {runtime}\n{more}"


@pytest.mark.parametrize(
    ("options", "program"),
    [
        ("toolchain: pip, virtualenv: venv", ""),  # what `pulumi new python` writes
        ("virtualenv: venv", ""),
        ("virtualenv: {environment}", "program"),
    ],
)
def test_the_program_and_its_provider_run_in_the_virtual_environment_that_the_project_names(
    options: str, program: str, tmp_path: Path, environment: Path, python_engine: Engine
) -> None:
    project = tmp_path / "project"
    (project / program).mkdir(parents=True)
    (project / "venv").symlink_to(environment)
    (project / program / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    runtime = "{name: python, options: {" + options.format(environment=environment) + "}}"
    (project / "Pulumi.yaml").write_text(
        project_file(runtime, f"main: {program}\n" if program else ""), encoding="utf-8"
    )
    shell = Shell(project, tmp_path / "home", python_engine, {})

    shell.run("pulumi stack init dev\npulumi preview\npulumi up")

    outputs = json.loads(shell.run("pulumi stack output --json"))
    assert {where: Path(prefix).resolve() for where, prefix in outputs.items()} == {
        "program": environment.resolve(),
        "provider": environment.resolve(),
    }
    assert "The resources in the stack have been deleted" in shell.run("pulumi destroy")


def test_a_project_that_names_no_virtual_environment_runs_with_the_python_of_path(
    tmp_path: Path, python_engine: Engine
) -> None:
    (tmp_path / "Pulumi.yaml").write_text(project_file("python"), encoding="utf-8")
    program = "import sys, pulumi\npulumi.export('program', sys.prefix)\n"
    (tmp_path / "__main__.py").write_text(program, encoding="utf-8")
    shell = Shell(tmp_path, tmp_path / "home", python_engine, {})

    shell.run("pulumi stack init dev\npulumi up")

    assert shell.run("pulumi stack output program").strip() == sys.prefix


# --- What starts the host. It is there only where the engine was built.


@dataclass
class Starter:
    """The executable that the engine starts, with a host beside it that only prints."""

    executable: Path
    project: Path

    def run(self, folder: Path, *, ends_by: int = 0) -> subprocess.CompletedProcess[str]:
        with self.start(folder, ends_by) as process:
            stdout, stderr = process.communicate("to the host")
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def start(self, folder: Path, ends_by: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.executable, "127.0.0.1:1"],
            cwd=folder,
            env={**os.environ, "HOST": "kept", "ENDS_BY": str(ends_by)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def arguments(self, folder: Path) -> list[str]:
        arguments: list[str] = json.loads(self.run(folder).stdout)["arguments"]
        return arguments


@pytest.fixture
def starter(tmp_path: Path, python_engine: Engine) -> Starter:
    if python_engine.source != "built":
        pytest.skip("this engine has a host that needs no such start")
    folder = tmp_path / "bin"
    folder.mkdir()
    shutil.copy(python_engine.bin_dir / "pulumi-language-python", folder)
    (folder / "pulumi-language-python-host").write_text(FAKE_HOST, encoding="utf-8")
    (folder / "pulumi-language-python-host").chmod(0o755)
    (tmp_path / "project").mkdir()
    return Starter(folder / "pulumi-language-python", tmp_path / "project")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Pulumi.yaml", project_file("{name: python, options: {virtualenv: .venv}}")),
        ("Pulumi.yml", project_file("\n  name: python\n  options:\n    toolchain: PIP\n    virtualenv: .venv\n")),
        ("Pulumi.json", '{"name": "p", "runtime": {"name": "python", "options": {"virtualenv": ".venv"}}}'),
        ("Pulumi.yaml", "\ufeff" + project_file("{name: python, options: {virtualenv: .venv, typechecker: mypy}}")),
    ],
)
def test_the_host_gets_the_virtual_environment_and_the_folder_of_the_project(
    name: str, content: str, starter: Starter
) -> None:
    (starter.project / name).write_text(content, encoding="utf-8")
    below = starter.project / "src" / "program"
    below.mkdir(parents=True)
    expected = ["-root", str(starter.project), "-virtualenv", ".venv", "127.0.0.1:1"]

    assert starter.arguments(starter.project) == expected
    assert starter.arguments(below) == expected


@pytest.mark.parametrize(
    "content",
    [
        project_file("python"),
        project_file("{name: python}"),
        project_file("{name: python, options: {toolchain: pip}}"),
        project_file("{name: nodejs, options: {toolchain: bun, virtualenv: of-another-language}}"),
        None,
    ],
)
def test_without_a_virtual_environment_the_host_is_started_as_the_engine_says(
    content: str | None, starter: Starter
) -> None:
    if content is not None:
        (starter.project / "Pulumi.yaml").write_text(content, encoding="utf-8")

    assert starter.arguments(starter.project) == ["127.0.0.1:1"]


def test_a_toolchain_that_the_host_does_not_know_is_refused_with_what_to_write_instead(starter: Starter) -> None:
    content = project_file("{name: python, options: {toolchain: poetry}}")
    (starter.project / "Pulumi.yaml").write_text(content, encoding="utf-8")

    ended = starter.run(starter.project)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"{starter.project / 'Pulumi.yaml'}: the toolchain poetry needs a Pulumi from")
    assert "leave the option out, and name the virtual environment by the option virtualenv" in ended.stderr


def test_the_host_takes_the_place_of_the_process_with_its_streams_environment_and_signals(starter: Starter) -> None:
    with starter.start(starter.project, ends_by=signal.SIGTERM) as process:
        stdout, _ = process.communicate("to the host")

    said = json.loads(stdout)
    assert said == {"arguments": ["127.0.0.1:1"], "pid": process.pid, "read": "to the host", "HOST": "kept"}
    assert process.returncode == -signal.SIGTERM
