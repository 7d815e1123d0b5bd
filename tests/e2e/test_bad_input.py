"""What a person sees who gets something wrong in the quickstart: a few lines that say what to change."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.shell import Shell
from tools.engine import Engine

ROOT = Path(__file__).parents[2]
PASSWORD = "the password of the quickstart"
OF_THE_ENGINE = (
    "pulumi:pulumi:Stack",
    "pulumi-python:dynamic/adobe-aep:",
    "error: update failed",
    "error: an unhandled error occurred: program exited with non-zero exit code: 1",
)
"""How the engine frames an error: the resource above it, and lines that say no more than that there was one."""


@pytest.fixture
def quickstart(tmp_path: Path, engine: Engine, aep_emulator: Emulator) -> Shell:
    """Return a shell in a copy of the quickstart, with a stack that lacks nothing."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "quickstart", project / "examples" / "quickstart")
    shutil.copy(ROOT / "Pulumi.yaml", project)
    shell = Shell(project, tmp_path / "home", engine, aep_emulator.environment())
    shell.run(f"pulumi stack init dev && pulumi config set --secret crmPassword '{PASSWORD}'")
    return shell


def error_of(quickstart: Shell, command: str = "pulumi up --skip-preview") -> list[str]:
    """Run a command that must fail, and return the lines of its diagnostics that tell of it."""
    shown = quickstart.run(f"! {command}")
    assert "Traceback" not in shown
    assert 'File "' not in shown
    assert PASSWORD not in shown
    _, found, rest = shown.partition("Diagnostics:\n")
    assert found, shown
    diagnostics = rest.partition("Resources:\n")[0]
    lines = [line.strip() for line in diagnostics.splitlines() if line.strip()]
    return [line for line in lines if not line.startswith(OF_THE_ENGINE)]


def test_a_port_that_is_none(quickstart: Shell, aep_emulator: Emulator) -> None:
    assert error_of(quickstart, "pulumi preview -c crmPort=abc") == [
        "error: PostgresBaseConnection 'crm' cannot be declared like this:",
        "- auth.port must be a whole number from 1 to 65535, not 'abc'.",
        "See: pulumi-adobe-aep explain DeclarationError",
    ]
    assert aep_emulator.requests() == []


def test_no_sandbox(quickstart: Shell, aep_emulator: Emulator) -> None:
    del quickstart.environment["AEP_SANDBOX_NAME"]

    (error,) = error_of(quickstart, "pulumi preview")

    assert error.endswith(
        "resource 'crm' has a problem: sandboxName is missing: give sandbox_name, or set AEP_SANDBOX_NAME or "
        "adobe-aep:sandboxName (without it Adobe would take the production sandbox)."
    )
    assert aep_emulator.requests() == []


def test_a_wrong_client_secret(quickstart: Shell, aep_emulator: Emulator) -> None:
    quickstart.environment["AEP_CLIENT_SECRET"] = "p8e-of-another-client"

    error, why, advice, request_id, see = error_of(quickstart)

    assert error == (
        "error: pulumi_adobe_aep.TokenRefused: Adobe's identity service (IMS) refused to give an access token."
    )
    assert why == "Why: invalid client_secret parameter (code invalid_client)"
    assert advice == (
        "What to do: AEP_CLIENT_SECRET is not a secret of this client: copy it again from the Developer Console."
    )
    assert request_id.startswith("Adobe's request id: ")
    assert see == "See: pulumi-adobe-aep explain TokenRefused"
    assert aep_emulator.connections() == []


def test_a_service_that_is_not_there(quickstart: Shell) -> None:
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}"
        quickstart.environment.update(AEP_BASE_URL=address, AEP_IMS_URL=address, AEP_TIMEOUT="2")

        error, why, advice, see = error_of(quickstart)

    assert error.startswith(
        f"error: pulumi_adobe_aep.NotSent: POST {address}/ims/token/v3 was not sent: no connection to the server."
    )
    assert why == "Why: Connection refused."
    assert advice.startswith("What to do: Check the network, the address (AEP_BASE_URL, AEP_IMS_URL)")
    assert see == "See: pulumi-adobe-aep explain NotSent"


def test_a_value_that_only_the_provider_sees(quickstart: Shell, aep_emulator: Emulator) -> None:
    program = quickstart.folder / "examples" / "quickstart" / "__main__.py"
    program.write_text(
        "import pulumi, pulumi_adobe_aep as aep\n"
        "given = pulumi.Output.from_input\n"
        f"password = given('{PASSWORD}\\n')\n"
        "auth = given({'server': 'db', 'prot': '5432', 'database': 'crm', 'username': 'u', 'password': password})\n"
        "aep.PostgresBaseConnection('crm', auth=auth)\n",
        encoding="utf-8",
    )

    errors = error_of(quickstart, "pulumi preview")

    assert [error.partition("has a problem: ")[2] for error in errors] == [
        "auth.password ends with a line break, as a value read from a file often does; strip it.",
        "auth.prot is not a property; did you mean port?",
    ]
    assert aep_emulator.requests() == []


def test_an_output_that_pulumi_cannot_send(quickstart: Shell, aep_emulator: Emulator) -> None:
    program = quickstart.folder / "examples" / "quickstart" / "__main__.py"
    program.write_text(
        "import pulumi, pulumi_adobe_aep as aep\n"
        "from pydantic import SecretStr\n"
        f"password = pulumi.Output.from_input(SecretStr('{PASSWORD}'))\n"
        "auth = aep.BasicAuth(server='db.example.com', database='crm', username='u', password=password)\n"
        "aep.PostgresBaseConnection('crm', auth=auth)\n",
        encoding="utf-8",
    )

    assert error_of(quickstart, "pulumi preview") == [
        (
            "error: The Output of auth.password must hold a value that JSON has, got a SecretStr: unwrap it first, "
            ".get_secret_value()."
        ),
        "See: pulumi-adobe-aep explain DeclarationError",
    ]
    assert aep_emulator.requests() == []
