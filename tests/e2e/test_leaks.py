"""Canaries through a whole life, errors included: none comes out anywhere."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from pulumi_adobe_aep.emulator.faults import Answer, Drop, Redirect
from pulumi_adobe_aep.emulator.request_log import LOGGED_REQUESTS
from tests.support.canaries import found_below, found_in, watched_arguments
from tests.support.programs import connection, string_auth
from tests.support.stack import Stack
from tools.engine import Engine

FIRST = "canary;first}pass word"
SECOND = "canary-second-4711"
WRONG_SECRET = "canary-p8e-not-the-client-secret"
CANARIES = (FIRST, SECOND, WRONG_SECRET)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Run an emulator whose output can be read."""
    with running_emulator(["--settle-seconds", "0"]) as emulator:
        yield emulator


def output_of(emulator: Emulator) -> bytes:
    """Return what the emulator's process has printed so far."""
    assert emulator.process is not None
    return Path(f"/proc/{emulator.process.pid}/fd/1").read_bytes()


def echo(password: str) -> str:
    """Return an error body that quotes what was sent, as Adobe's connectors do."""
    message = (
        f"Login failed: Server=x;UID=u;Password={password}; {password!r} Authorization: Bearer eyJhbGciOiJIUzI1.eyJ1"
    )
    return json.dumps({"type": "https://x/FLOW-1308-400", "status": 400, "report": {"detailed-message": message}})


def test_no_secret_comes_out_of_a_whole_life_with_errors_and_debug_logs(
    tmp_path: Path, engine: Engine, emulator: Emulator
) -> None:
    stack = Stack(tmp_path, engine, {**emulator.environment(), "AEP_LOG": "debug", "AEP_TIMEOUT": "20"})
    secrets = (*CANARIES, emulator.client_secret)
    first, second = connection(auth=string_auth(password=FIRST)), connection(auth=string_auth(password=SECOND))
    out = tmp_path / "import.json"

    with watched_arguments(secrets) as arguments:
        # Refused by IMS, by the service with an echo, redirected, and then created with its response lost.
        stack.environment["AEP_CLIENT_SECRET"] = WRONG_SECRET
        assert "TokenRefused" in stack.fails(stack.up, first)
        stack.environment["AEP_CLIENT_SECRET"] = emulator.client_secret
        emulator.fault(Answer(status=400, body=echo(FIRST)), method="POST", path="/connections$")
        assert "Login failed" in stack.fails(stack.up)
        emulator.fault(Redirect(location="http://127.0.0.1:9/steal"), method="POST", path="/connections$")
        assert "Redirects are not followed" in stack.fails(stack.up)
        emulator.fault(Drop(when="after"), method="POST", path="/connections$")
        stack.up()
        # A plan with a rotation, a rotation that is refused with an echo, one that works, and drift.
        stack.preview(second, plan=str(tmp_path / "plan.json"))
        emulator.fault(Answer(status=400, body=echo(SECOND)), method="PATCH")
        assert "Login failed" in stack.fails(stack.up)
        stack.environment["AEP_ACCESS_TOKEN"] = emulator.token()
        stack.up()
        (created,) = emulator.connections(secrets=True)
        emulator.change(str(created["id"]), fields={"description": "drift"})
        stack.refresh()
        imported = subprocess.run(
            [
                *(Path(sys.executable).with_name("pulumi-adobe-aep"), "import", str(created["id"]), "--name", "crm"),
                *("--server", "db.example.com", "--database", "crm", "--username", "aep_reader"),
                *("--port", "5432", "--encryption", "none"),
                *("--password-env", "CRM_PASSWORD", "--out", str(out)),
            ],
            env={**stack.environment, "CRM_PASSWORD": SECOND},
            capture_output=True,
            check=False,
        )
        stack.destroy()

    assert emulator.connections() == []
    assert "canary-second-4711" in json.dumps(created["auth"]), "the canaries were there"
    assert imported.returncode == 0, imported.stderr
    assert SECOND.encode() in out.read_bytes(), "the import file is the one place for it"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    out.unlink()

    assert arguments.processes > 20
    assert arguments.found == []
    assert found_in("\n".join(stack.console).encode(), secrets) == []
    assert found_in(imported.stdout + imported.stderr, secrets) == []
    assert found_below(stack.folder, secrets) == {}
    assert found_in(output_of(emulator), secrets) == []
    assert found_in(LOGGED_REQUESTS.dump_json(emulator.requests()), secrets) == []
    assert (tmp_path / "plan.json").exists()
    assert "DEBUG pulumi_adobe_aep" in "\n".join(stack.console)
