"""`doctor`: each thing that can be wrong is reported where it is wrong, with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator, running_emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.cli.command_line import CommandLine


@pytest.fixture
def command(command: CommandLine) -> CommandLine:
    """Return the command with a pulumi on PATH that knows its version and nothing else."""
    pulumi = Path(command.folder, "pulumi")
    pulumi.write_text("#!/bin/sh\necho v3.259.0\n")
    pulumi.chmod(0o755)
    command.environment["PATH"] = f"{command.folder}:/usr/bin:/bin"
    return command


def verdicts(found: Any) -> dict[str, str]:
    """Return the last verdict on each thing that was looked at."""
    return {check["name"]: check["verdict"] for check in found["checks"]}


def test_everything_in_order_is_exit_code_0_and_changes_nothing(command: CommandLine, aep_emulator: Emulator) -> None:
    ended = command.succeeds("doctor")

    assert "failed" not in ended.out
    assert "AEP_CLIENT_SECRET" in ended.out
    assert aep_emulator.client_secret not in ended.out
    assert f"{aep_emulator.client_secret[-4:]} (" not in ended.out
    assert "[secret] (36 characters)" in ended.out
    assert "passed   Pulumi engine: 3.259.0" in ended.out
    assert aep_emulator.connections() == []
    assert [request.method for request in aep_emulator.requests()] == ["POST", "GET", "PATCH", "GET", "GET"]
    found = command.succeeds("doctor", "--json").json
    assert set(found) == {"passed", "settings", "checks"}
    assert set(found["settings"][0]) == {"name", "value", "source"}
    assert set(found["checks"][0]) == {"name", "verdict", "text", "advice"}
    assert set(verdicts(found)) == {
        "pulumi-adobe-aep", "Python", "Pulumi SDK", "Pulumi engine", "Credentials", "Access token", "Organization",
        "Sandbox", "Reading sources", "Managing sources", "Reading datasets", "Reading mapping sets", "Clock",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "failed", "advice"),
    [
        ({"AEP_CLIENT_SECRET": ""}, "Credentials", "AEP_CREDENTIALS_FILE"),
        ({"AEP_SANDBOX_NAME": ""}, "Sandbox", "--sandbox"),
        ({"AEP_CLIENT_SECRET": "p8e-wrong-and-long-enough"}, "Access token", "AEP_CLIENT_SECRET is not a secret"),
        ({"AEP_IMS_URL": "http://127.0.0.1:1"}, "Access token", "AEP_IMS_URL"),
        ({"AEP_ACCESS_TOKEN": "expired-long-ago"}, "Access token", "AEP_ACCESS_TOKEN"),
        ({"AEP_ORG_ID": "FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg"}, "Organization", "AEP_ORG_ID"),
        ({"AEP_SANDBOX_NAME": "nowhere"}, "Sandbox", "not its title"),
        ({"PATH": "/usr/bin:/bin"}, "Pulumi engine", "Install it"),
    ],
)
def test_what_is_wrong_is_reported_where_it_is_wrong_with_what_to_do(
    command: CommandLine, changed: dict[str, str], failed: str, advice: str
) -> None:
    ended = command.run("doctor", "--json", **{"AEP_TIMEOUT": "2", **changed})

    assert ended.code == 1
    assert not ended.json["passed"]
    (check,) = [check for check in ended.json["checks"] if check["verdict"] == "failed"]
    assert check["name"] == failed
    assert advice in check["advice"]
    assert "p8e-wrong-and-long-enough" not in ended.out


def test_without_a_sandbox_the_token_is_checked_all_the_same(command: CommandLine, aep_emulator: Emulator) -> None:
    ended = command.run("doctor", "--json", AEP_SANDBOX_NAME="")

    found = verdicts(ended.json)
    assert found["Access token"] == "passed"
    assert (found["Sandbox"], found["Reading sources"]) == ("failed", "skipped")
    assert [request.path for request in aep_emulator.requests()] == ["/ims/token/v3"]


def test_a_folder_without_a_project_is_reported(command: CommandLine) -> None:
    assert "Pulumi engine: 3.259.0; neither this folder nor one above it has a Pulumi.yaml" in (
        command.succeeds("doctor").out
    )


def test_a_role_that_may_only_read_and_one_that_may_nothing_are_distinguished(
    command: CommandLine, tmp_path: Path
) -> None:
    for permissions, failed in ((["read"], "Managing sources"), ([], "Reading sources")):
        config = {
            "organizations": [{"id": "0A1B2C3D4E5F60718293A4B5@AdobeOrg", "sandboxes": [{"name": "dev"}]}],
            "clients": [
                {
                    "clientId": "a-client",
                    "clientSecrets": ["a-secret-of-a-client"],
                    "organizations": ["0A1B2C3D4E5F60718293A4B5@AdobeOrg"],
                    "permissions": permissions,
                }
            ],
        }
        file = tmp_path / "organizations.json"
        file.write_text(json.dumps(config))
        with running_emulator(["--config", str(file)]) as emulator:
            ended = command.run("doctor", "--json", **emulator.environment())
            found = ended.json

        assert ended.code == 1
        (check,) = [check for check in found["checks"] if check["verdict"] == "failed"]
        assert check["name"] == failed
        assert "Sources'" in check["advice"]


@pytest.mark.parametrize(
    ("path", "name", "permission"),
    [
        ("/catalog/", "Reading datasets", "'View Datasets'"),
        ("/conversion/", "Reading mapping sets", "'View Sources' and 'View Schemas'"),
    ],
)
def test_what_only_dataflows_need_is_a_warning_that_names_the_permission(
    command: CommandLine, aep_emulator: Emulator, path: str, name: str, permission: str
) -> None:
    allowed = command.succeeds("doctor", "--json").json
    aep_emulator.fault(Answer(status=403, body='{"title": "Forbidden"}'), path=path, times=None)

    ended = command.succeeds("doctor", "--json")

    assert verdicts(allowed)[name] == "passed"
    (check,) = [check for check in ended.json["checks"] if check["name"] == name]
    assert check["verdict"] == "warning"
    assert check["advice"].startswith("Only dataflows need it")
    assert permission in check["advice"]


def test_a_clock_that_is_wrong_is_a_warning(command: CommandLine, aep_emulator: Emulator) -> None:
    aep_emulator.advance(7200)

    ended = command.succeeds("doctor", "--json")

    (clock,) = [check for check in ended.json["checks"] if check["name"] == "Clock"]
    assert clock["verdict"] == "warning"
    assert clock["text"].endswith(" s behind the service's")


def test_an_old_engine_is_a_warning_because_only_imports_need_a_newer_one(command: CommandLine) -> None:
    Path(command.folder, "pulumi").write_text("#!/bin/sh\necho v3.200.1\n")

    ended = command.succeeds("doctor", "--json")

    assert verdicts(ended.json)["Pulumi engine"] == "warning"


def test_a_setting_comes_with_the_place_that_it_came_from(command: CommandLine, aep_emulator: Emulator) -> None:
    file = Path(command.folder, "credentials.json")
    file.write_text(json.dumps({"CLIENT_ID": aep_emulator.client_id, "CLIENT_SECRETS": [aep_emulator.client_secret]}))

    ended = command.succeeds(
        "doctor", "--json", "--sandbox", "stage", AEP_CLIENT_ID="", AEP_CLIENT_SECRET="", AEP_CREDENTIALS_FILE=str(file)
    )  # fmt: skip

    sources = {each["name"]: each["source"] for each in ended.json["settings"]}
    assert sources["AEP_CLIENT_SECRET"] == f"credentials file {file}"
    assert sources["AEP_SANDBOX_NAME"] == "option --sandbox"
    assert sources["AEP_ORG_ID"] == "environment variable AEP_ORG_ID"
    assert sources["AEP_TIMEOUT"] == "default"
    assert sources["AEP_ACCESS_TOKEN"] == "not set"
