"""Whatever part of a secret a service quotes, the command line shows none of it, whatever it logs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.cli.command_line import COMMAND, SECONDS, CommandLine
from tests.support.spellings import SPELLINGS

SECRET = "p8e-Zr8k}q2'Lx\"of\\IMS&<x>+/%41"


def console(command: CommandLine, *arguments: str, **environment: str) -> str:
    """Return all that a command prints while it logs all it can, frames included."""
    done = subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        encoding="utf-8",
        cwd=command.folder,
        env={**command.environment, "AEP_LOG": "debug", **environment},
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_no_part_of_the_client_secret_comes_out_of_what_ims_says(
    command: CommandLine, aep_emulator: Emulator, spell: Callable[[str], str]
) -> None:
    spelled = spell(SECRET)
    body = {"error": f"x-{spelled}", "error_description": f"invalid client_secret {spelled}"}
    aep_emulator.fault(Answer(status=400, body=json.dumps(body)), path="/ims/token", times=None)
    shown = console(command, "doctor", AEP_CLIENT_SECRET=SECRET)
    assert "[secret]" in shown
    for text in (SECRET, spelled, spelled.strip("\"'{}\\")):
        assert text not in shown


@pytest.mark.parametrize("arguments", [["connections"], ["doctor"], ["test", "x"], ["explore", "x"], ["import", "x"]])
def test_no_part_of_the_token_comes_out_of_what_flow_service_says(
    arguments: list[str], command: CommandLine, aep_emulator: Emulator
) -> None:
    body = {"title": "no", "report": {"detailed-message": f"Bearer {SECRET}: {SECRET}", "request-id": SECRET}}
    aep_emulator.fault(Answer(status=400, body=json.dumps(body)), path="/connections", times=None)
    shown = console(command, *arguments, AEP_ACCESS_TOKEN=SECRET)
    assert SECRET not in shown
    assert "Zr8k" not in shown
