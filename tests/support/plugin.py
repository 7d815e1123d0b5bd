"""A stack of a program in another language than Python: files in a folder, Pulumi's own command line, the plugin."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import yaml

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.shell import Shell
from tests.support.stack import plain
from tools.engine import Engine

POLL = 0.05
EXECUTABLE = "pulumi-resource-adobe-aep"
TYPE = "adobe-aep:PostgresBaseConnection"
PASSWORD = "canary-of-the-plugin-4711"
AUTH: Mapping[str, Any] = {
    "server": "db.example.com",
    "database": "crm",
    "username": "aep_reader",
    "encryption": "verify",
}


def auth(password: object = PASSWORD, **others: Any) -> dict[str, Any]:
    """Return an auth as a program in YAML has it."""
    return {**AUTH, "password": password, **others}


def connection(options: Mapping[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    """Return a resource of a program in YAML."""
    found: dict[str, Any] = {"type": TYPE, "properties": {"auth": auth(), **properties}}
    return {**found, "options": options} if options else found


class PluginStack:
    """A stack `dev` with a program in YAML. Every command returns the console's output.

    Attributes:
        console: Everything that all commands have printed.
    """

    def __init__(self, folder: Path, engine: Engine, emulator: Emulator) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.project.mkdir()
        self.emulator = emulator
        self.shell = Shell(self.project, folder / "home", engine, emulator.environment())
        self.console: list[str] = []
        self.write({})
        self.run("pulumi stack init dev")

    def write(self, resources: Mapping[str, Any], **more: Any) -> None:
        """Write the program."""
        program = {"name": "tests", "runtime": "yaml", "resources": dict(resources), **more}
        (self.project / "Pulumi.yaml").write_text(yaml.safe_dump(program, sort_keys=False), encoding="utf-8")

    def run(self, command: str) -> str:
        """Run a command that must succeed."""
        self.console.append(self.shell.run(command))
        return self.console[-1]

    def fails(self, command: str) -> str:
        """Run a command that must fail."""
        return self.run(f"! {command}")

    def up(self, resources: Mapping[str, Any] | None = None, options: str = "") -> str:
        """Write the program, if one is given, and run `pulumi up`."""
        if resources is not None:
            self.write(resources)
        return self.run(f"pulumi up --diff {options}")

    def is_settled(self) -> None:
        """Prove that an up has nothing to do, also after a refresh."""
        self.run("pulumi up --expect-no-changes")
        self.run("pulumi up --refresh --expect-no-changes")

    def resources(self, kind: str = "PostgresBaseConnection") -> list[dict[str, Any]]:
        """Return the resources in the state whose type ends with `kind`, secrets in plain."""
        exported = json.loads(self.shell.run("pulumi stack export --show-secrets"))
        found = exported["deployment"].get("resources", [])
        return [plain(each) for each in found if each["type"].endswith(kind)]

    def resource(self) -> dict[str, Any]:
        """Return the one connection in the state, secrets in plain."""
        (only,) = self.resources()
        return only


@contextlib.contextmanager
def up(stack: PluginStack) -> Iterator[subprocess.Popen[str]]:
    """Run `pulumi up` beside the test, and end what is left of it."""
    process = subprocess.Popen(
        ["pulumi", "up", "--non-interactive", "--yes", "--skip-preview"],
        cwd=stack.project,
        env=stack.shell.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def until_created(emulator: Emulator, process: subprocess.Popen[str], number: int = 1) -> None:
    """Wait until the service has so many connections; it holds back the response to the last create."""
    while len(emulator.connections()) < number:
        assert process.poll() is None, process.communicate()[0]
        time.sleep(POLL)


def serving(process: subprocess.Popen[str], word: str) -> list[psutil.Process]:
    """Return the processes below a command that serve resources."""
    found = []
    for each in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(Path(argument).name == word for argument in each.cmdline()):
                found.append(each)
    return found
