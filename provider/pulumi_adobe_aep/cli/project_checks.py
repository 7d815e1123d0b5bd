"""The checks of what `pulumi` needs in the current folder: a project, a login, a stack and its passphrase."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pulumi_adobe_aep.cli import pulumi_command
from pulumi_adobe_aep.cli.check import Check, Verdict, failed, passed
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import AepError

_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_PASSPHRASE = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
NO_PROJECT = "neither this folder nor one above it has a Pulumi.yaml, so login, stack and passphrase are not looked at"


def project_folder() -> Path | None:
    """Return the folder of the Pulumi project that the current folder belongs to, as `pulumi` finds it."""
    here = Path.cwd()
    return next(
        (each for each in (here, *here.parents) if any((each / name).is_file() for name in _PROJECT_FILES)), None
    )


def project_checks(folder: Path, stack: str | None) -> Iterator[Check]:
    """Look at what `pulumi up` needs beside the project.

    Args:
        folder: The project's folder, or any other where there is none.
        stack: The stack; None takes the one that is selected.
    """
    try:
        yield passed("Pulumi login", f"as {pulumi_command.logged_in_user()}")
    except AepError as error:
        yield failed("Pulumi login", error)
        return
    try:
        name = stack or pulumi_command.selected_stack()
    except AepError as error:
        yield Check("Pulumi stack", Verdict.WARNING, error.why, error.worded(COMMAND_LINE).advice)
        return
    try:
        pulumi_command.stack_config(name)
    except AepError as error:
        yield failed("Pulumi stack", error)
        return
    # The configuration of a stack without secrets is readable without the passphrase, its state is not.
    if _has_passphrase(folder, name) and not any(variable in os.environ for variable in _PASSPHRASE):
        yield Check(
            "Pulumi stack",
            Verdict.FAILED,
            f"the secrets of stack {name} are encrypted with a passphrase, and none is set",
            pulumi_command.UNLOCK_STACK,
        )
        return
    yield passed("Pulumi stack", f"the configuration of {name} can be read")


def _has_passphrase(folder: Path, stack: str) -> bool:
    file = folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    return file.is_file() and "encryptionsalt:" in file.read_text(encoding="utf-8", errors="replace")
