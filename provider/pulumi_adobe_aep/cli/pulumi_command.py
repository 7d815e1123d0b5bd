"""Calls of the `pulumi` on PATH: for a stack's configuration, a stack's state, its own version."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from pulumi_adobe_aep.cli.errors import PulumiFailed

TIMEOUT = 120.0
"""Seconds; a state in a distant backend takes some."""


def stack_config(stack: str) -> Mapping[str, object]:
    """Return a stack's configuration by full key (`adobe-aep:orgId`), secrets in plain.

    Raises:
        PulumiFailed: It cannot be read; the message has the engine's reason.
    """
    # Through a pipe, so that no secret is on a command line or on the screen.
    text = _run("config", "--json", "--show-secrets", "--stack", stack)
    entries = json.loads(text)
    return {key: entry.get("value") for key, entry in entries.items() if isinstance(entry, dict)}


def stack_export(stack: str | None) -> str:
    """Return a stack's state as JSON, secrets encrypted.

    Args:
        stack: Its name; None takes the one that is selected in the current folder.

    Raises:
        PulumiFailed: It cannot be read; the message has the engine's reason.
    """
    return _run("stack", "export", *([] if stack is None else ["--stack", stack]))


def install_plugin(name: str, plugin_version: str, executable: Path) -> None:
    """Put a resource plugin into Pulumi's store, in place of one of the same version.

    Args:
        name: The package's: `adobe-aep`.
        plugin_version: Its version, without the leading v.
        executable: The plugin.

    Raises:
        PulumiFailed: It cannot be; the message has the engine's reason.
    """
    _run("plugin", "install", "resource", name, plugin_version, "--file", str(executable), "--reinstall")


def stack_import(stack: str | None, state: str) -> None:
    """Replace a stack's state.

    Args:
        stack: Its name; None takes the one that is selected in the current folder.
        state: What `stack_export` returned, changed.

    Raises:
        PulumiFailed: It was refused, and the state is as it was; the message has the engine's reason.
    """
    _run("stack", "import", *([] if stack is None else ["--stack", stack]), given=state)


def logged_in_user() -> str:
    """Return who is logged in to where the states are kept.

    Raises:
        PulumiFailed: Nobody is; the message says how to log in.
    """
    return _run("whoami").strip()


def selected_stack() -> str:
    """Return the name of the stack that is selected in the current folder.

    Raises:
        PulumiFailed: None is, or there is no project.
    """
    return _run("stack", "--show-name").strip()


def version() -> str:
    """Return the version without the leading v.

    Raises:
        PulumiFailed: There is no pulumi, or it does not start.
    """
    return _run("version").strip().removeprefix("v")


def _run(*arguments: str, given: str = "") -> str:
    executable = shutil.which("pulumi")
    if executable is None:
        raise PulumiFailed(
            "There is no pulumi on PATH.", advice="Install it (https://www.pulumi.com/docs/install), or put it on PATH."
        )
    asked = f"pulumi {' '.join(arguments)}"
    try:
        done = subprocess.run(  # noqa: S603 - the user's own pulumi, with arguments from here
            [executable, *arguments, "--non-interactive", "--color", "never"],
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PulumiFailed(
            f"`{asked}` did not finish within {TIMEOUT:.0f} seconds.", advice="Check the state's backend."
        ) from None
    except OSError as error:
        raise PulumiFailed(f"`{asked}` could not be started.", why=f"{error.strerror}.") from None
    if done.returncode:
        reason = _reason(done.stderr)
        raise PulumiFailed(
            f"`{asked}` failed (exit code {done.returncode}).",
            why=reason or "It gives no reason.",
            advice=next((advice for part, advice in _ADVICE.items() if part in reason), _ADVICE_OTHERWISE),
        )
    return done.stdout


UNLOCK_STACK = (
    "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the passphrase that the stack was made with."
)
_ADVICE = {
    "no Pulumi.yaml": "Run the command in the folder of the Pulumi project, the one with Pulumi.yaml.",
    "PULUMI_ACCESS_TOKEN must be set": "Log in to where the state is kept: pulumi login. In a pipeline, set "
    "PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL.",
    "passphrase": UNLOCK_STACK,
    "no stack selected": "Name the stack with --stack, or select it: pulumi stack select.",
    "no stack named": "Check the name: pulumi stack ls.",
}
"""What to do, by a part of the engine's reason."""
_ADVICE_OTHERWISE = "Run it yourself in this folder; PULUMI_CONFIG_PASSPHRASE or a login may be missing."


def _reason(errors: str) -> str:
    return re.sub(r"^error: ", "", " ".join(errors.split()))
