"""A Pulumi stack of a test's own: the real engine, a program that is a function, state in a temporary folder."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from pulumi import automation as auto
from pulumi.automation import _server as automation_server
from pulumi.automation._stack import StackInitMode

from tools.engine import Engine

Program = Callable[[], None]
PROJECT = "tests"
PASSPHRASE = "a passphrase for tests"
_STEP = re.compile(r": \([a-z-]+\)$")
_CHANGES = ("~ ", "+ ", "- ")


class _OneCommandAStep(auto.Stack):
    """Runs the command and no more: after each, the Automation API asks for outputs and history, in three others."""

    def outputs(self) -> dict[str, auto.OutputValue]:
        return {}

    def info(self, show_secrets: bool = True) -> auto.UpdateSummary:  # noqa: ARG002 - the signature is Pulumi's
        return auto.UpdateSummary("", datetime.now(timezone.utc), "", {}, {}, "")


@cache
def _command(root: Path) -> auto.PulumiCommand:
    """Return Pulumi's command line; it asks for its version when it is made, which once is enough."""
    return auto.PulumiCommand(root=str(root), skip_version_check=True)


class Stack:
    """One stack, of a folder of its own. Every command returns the console's output, without colours.

    Attributes:
        environment: what the engine and the provider see; tests change it between commands.
        console: everything that all commands have printed, on both streams.
    """

    def __init__(self, folder: Path, engine: Engine, environment: Mapping[str, str], name: str = "dev") -> None:
        for part in ("state", "home", "work"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.environment = {
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **environment,
        }
        self.console: list[str] = []
        self._engine = engine
        self._program: Program = _nothing
        self._loops: list[tuple[asyncio.AbstractEventLoop, int]] = []
        with self._on_path():
            workspace = auto.LocalWorkspace(
                project_settings=auto.ProjectSettings(name=PROJECT, runtime="python"),
                work_dir=str(folder / "work"),
                program=self._run_program,
                env_vars=self.environment,
                pulumi_command=_command(engine.bin_dir.parent),
            )
            self._stack = _OneCommandAStep(name, workspace, StackInitMode.CREATE)

    def preview(self, program: Program | None = None, **options: Any) -> str:
        """Run `pulumi preview --diff`."""
        return self._run(self._stack.preview, program, diff=True, **options)

    def up(self, program: Program | None = None, **options: Any) -> str:
        """Run `pulumi up --diff`."""
        return self._run(self._stack.up, program, diff=True, **options)

    def refresh(self, program: Program | None = None, **options: Any) -> str:
        """Run `pulumi refresh --diff`."""
        return self._run(self._stack.refresh, program, diff=True, **options)

    def destroy(self, program: Program | None = None, **options: Any) -> str:
        """Run `pulumi destroy`."""
        return self._run(self._stack.destroy, program, **options)

    def settle(self, program: Program) -> str:
        """Run `pulumi up`, and then prove that nothing is left to do, with and without a refresh before."""
        shown = self.up(program)
        self.expect_no_changes()
        return shown

    def expect_no_changes(self) -> None:
        """Prove that an up has nothing to do, and neither has one after a refresh."""
        self.up(expect_no_changes=True)
        self.up(refresh=True, expect_no_changes=True)

    def fails(self, command: Callable[..., str], *arguments: Any, **options: Any) -> str:
        """Run a command that must fail, and return what a person sees."""
        before = len(self.console)
        try:
            shown = command(*arguments, **options)
        except auto.errors.CommandError:
            return "\n".join(self.console[before:])
        raise AssertionError(f"it did not fail:\n{shown}")

    def set_config(self, key: str, value: str, *, secret: bool = False) -> None:
        """Run `pulumi config set`."""
        with self._on_path():
            self._stack.set_config(key, auto.ConfigValue(value, secret=secret))

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs, secrets in plain."""
        with self._on_path():
            found = self._stack.workspace.stack_outputs(self._stack.name)
        return {key: output.value for key, output in found.items()}

    def export(self) -> str:
        """Return the state as it lies in the backend: what is secret is encrypted."""
        files = sorted((self.folder / "state").rglob("*.json"))
        return next(
            file.read_text(encoding="utf-8")
            for file in files
            if "/stacks/" in str(file) and "history" not in file.parts
        )

    def recorded(self, kind: str = "PostgresBaseConnection") -> list[dict[str, Any]]:
        """Return the resources in the state whose type ends with `kind`; secrets stay encrypted."""
        found: list[dict[str, Any]] = json.loads(self.export())["checkpoint"]["latest"].get("resources") or []
        return [resource for resource in found if resource["type"].endswith(kind)]

    def resources(self, kind: str = "PostgresBaseConnection") -> list[dict[str, Any]]:
        """Return the resources in the state whose type ends with `kind`, secrets in plain."""
        with self._on_path():
            deployment = self._stack.export_stack().deployment or {}
        found: list[dict[str, Any]] = deployment.get("resources", [])
        return [plain(resource) for resource in found if resource["type"].endswith(kind)]

    def resource(self) -> dict[str, Any]:
        """Return the one connection in the state, secrets in plain."""
        (only,) = self.resources()
        return only

    def import_state(self, deployment: dict[str, Any]) -> None:
        """Run `pulumi stack import`."""
        with self._on_path():
            self._stack.import_stack(auto.Deployment(version=3, deployment=deployment))

    def pulumi(self, *arguments: str) -> str:
        """Run any other command of the CLI on this stack, and return what it prints."""
        with self._on_path():
            result = self._stack._run_pulumi_cmd_sync(list(arguments), self._hear, self._hear)
        return result.stdout + result.stderr

    def _run_program(self) -> None:
        self._loops.append((asyncio.get_running_loop(), threading.get_ident()))
        self._program()

    def _run(self, command: Callable[..., Any], program: Program | None, **options: Any) -> str:
        if program is not None:
            self._program = program
        self._loops.clear()
        try:
            with self._on_path():
                result = command(on_output=self._hear, on_error=self._hear, color="never", **options)
        except auto.errors.CommandError:
            for loop, thread in self._loops:
                _close(loop, thread)
            raise
        return str(result.stdout + result.stderr)

    @contextmanager
    def _on_path(self) -> Iterator[None]:
        """Pass the environment as it is now to the workspace; it looks for `pulumi` on this process's PATH."""
        before = dict(os.environ)
        os.environ.update(self._engine.environment(before))
        if hasattr(self, "_stack"):
            self._stack.workspace.env_vars = dict(self.environment)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    def _hear(self, text: str) -> None:
        self.console.append(text)


def _close(loop: asyncio.AbstractEventLoop, thread: int) -> None:
    """Close the event loop of a program that failed.

    The SDK tries to, but gives up at the first of its tasks that fails, and the loop's end would then be a warning in
    some later test. Its thread must have left the loop before: to look at the tasks of one that runs crashes Python.

    Args:
        loop: The program's.
        thread: The identifier of the thread that the SDK runs it in.
    """
    while _is_in_language_host(thread):
        time.sleep(0.01)
    if loop.is_closed():
        return
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.close()


def _is_in_language_host(thread: int) -> bool:
    frame = sys._current_frames().get(thread)
    return frame is not None and any(
        each.f_code.co_filename == automation_server.__file__ for each, _ in traceback.walk_stack(frame)
    )


def differences(shown: str, name: str) -> list[str]:
    """Return what a command with `--diff` shows of a resource's properties, a line each, without the alignment.

    Of an object that changed in part, that part is shown and the line of the object itself.
    """
    lines = iter(shown.splitlines())
    if not any(line.strip().endswith(f"::{name}]") for line in lines):
        return []
    found: list[str] = []
    for line in lines:
        text = " ".join(line.split())
        if text == "Resources:" or text.startswith("--outputs") or "[urn=" in text or _STEP.search(text):
            break
        if text[:2] in _CHANGES:
            found.append(text.replace(" : ", ": "))
    return found


def plain(value: Any) -> Any:
    """Return an exported value with its secrets in plain."""
    if isinstance(value, dict):
        if "plaintext" in value and len(value) == 2:
            return json.loads(value["plaintext"])
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def _nothing() -> None:
    """Declare nothing."""
