"""`connections`: the list, without and with a state to compare it with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.service import PASSWORD, make_basic, make_other, make_string

TYPE = "pulumi-python:dynamic/adobe-aep:PostgresBaseConnection"
OF_PLUGIN = "adobe-aep:index:PostgresBaseConnection"


def state_resource(
    emulator: Emulator, connection_id: str, name: str = "crm", token: str = TYPE, **outputs: str
) -> dict[str, Any]:
    known = {"name": name, "sandboxName": "dev", "orgId": emulator.org_id, **outputs}
    return {
        "urn": f"urn:pulumi:dev::shop::{token}::{name}",
        "custom": True,
        "id": connection_id,
        "type": token,
        "inputs": {"name": known["name"], "sandboxName": known["sandboxName"]},
        "outputs": known,
    }


def exported(*resources: dict[str, Any], creating: tuple[dict[str, Any], ...] = ()) -> str:
    stack = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}
    pending = [{"resource": {**each, "id": ""}, "type": "creating"} for each in creating]
    return json.dumps({"version": 3, "deployment": {"resources": [stack, *resources], "pending_operations": pending}})


def test_a_list_has_plain_columns_when_nobody_looks_and_lines_at_a_terminal(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    crm, erp = make_string(aep_emulator), make_basic(aep_emulator)
    make_other(aep_emulator)

    plain = command.succeeds("connections")
    shown = command.talk(["connections"])

    header, *rows = plain.out.splitlines()
    assert header.split("  ")[0] == "ID"
    assert {row.split()[0] for row in rows} == {crm, erp}
    assert plain.out.isascii()
    assert plain.err == ""
    assert "───" in shown.out
    assert crm in shown.out


def test_json_has_the_documented_keys_and_no_secret(command: CommandLine, aep_emulator: Emulator) -> None:
    aep_emulator.switch(secrets="plain")
    erp = make_basic(aep_emulator)

    ended = command.succeeds("connections", "--json")

    (found,) = ended.json["connections"]
    assert ended.json["sandbox"] == "dev"
    assert {key: found[key] for key in ("id", "name", "description", "source", "state", "createdBy")} == {
        "id": erp,
        "name": "ERP",
        "description": None,
        "source": "PostgreSQL",
        "state": "enabled",
        "createdBy": "exc_app",
    }
    assert found["authSpecName"] == "Basic Authentication"
    assert set(found) - {"createdAt", "updatedAt"} == {
        "id", "name", "description", "source", "state", "authSpecName", "createdBy",
    }  # fmt: skip
    assert found["createdAt"].endswith("Z")
    assert PASSWORD not in ended.out


def test_a_filter_is_the_services_and_a_name_is_compared_whatever_is_in_it(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    odd = make_basic(aep_emulator, 'CRM, "old"')
    make_basic(aep_emulator, "CRM")

    by_name = command.succeeds("connections", "--name", 'CRM, "old"', "--json").json
    by_filter = command.succeeds("connections", "--filter", "name==CRM", "--filter", "state==disabled")

    assert [each["id"] for each in by_name["connections"]] == [odd]
    assert by_filter.out == ""
    assert "There is no such connection in sandbox dev" in by_filter.err


def test_more_connections_than_a_page_has_are_all_listed(command: CommandLine, aep_emulator: Emulator) -> None:
    made = {make_basic(aep_emulator, f"ERP {number}") for number in range(103)}

    found = command.succeeds("connections", "--json").json["connections"]

    assert {each["id"] for each in found} == made


def test_a_name_with_line_breaks_and_escapes_stays_in_its_cell(command: CommandLine, aep_emulator: Emulator) -> None:
    make_basic(aep_emulator, "two\nlines \x1b[31mred")

    assert len(command.succeeds("connections").out.splitlines()) == 2
    assert "\x1b[31mred" not in command.talk(["connections"]).out


def test_another_sandbox_is_an_option_away(command: CommandLine, aep_emulator: Emulator) -> None:
    stage = make_basic(aep_emulator, sandbox="stage")

    found = command.succeeds("connections", "--sandbox", "stage", "--json", AEP_SANDBOX_NAME="dev").json

    assert found["sandbox"] == "stage"
    assert [each["id"] for each in found["connections"]] == [stage]


def test_an_orphan_comes_with_the_commands_that_end_it(command: CommandLine, aep_emulator: Emulator) -> None:
    managed, orphan = make_basic(aep_emulator), make_basic(aep_emulator, "ERP (new)")
    Path(command.folder, "state.json").write_text(exported(state_resource(aep_emulator, managed)))

    ended = command.run("connections", "--orphans", "--state", "state.json")

    assert ended.code == 1
    assert managed not in ended.out
    assert f"pulumi-adobe-aep import {orphan} --name erp-new --sandbox dev" in ended.out.splitlines()
    assert f"pulumi-adobe-aep delete {orphan} --sandbox dev" in ended.out.splitlines()


def test_an_orphan_of_an_interrupted_create_is_imported_under_its_resources_name(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    orphan = make_basic(aep_emulator, "CRM")
    pending = state_resource(aep_emulator, "", name="replica")
    pending.update(inputs={"name": "CRM", "sandboxName": "dev"}, outputs=None)
    state = exported(creating=(pending,))

    reported = command.run("connections", "--orphans", "--state", "-", "--json", given=state).json
    ended = command.run("connections", "--orphans", "--state", "-", given=state)

    assert reported["orphans"][0]["creating"] == pending["urn"]
    assert reported["orphans"][0]["importCommand"] == f"pulumi-adobe-aep import {orphan} --name replica --sandbox dev"
    assert reported["creating"] == [{"urn": pending["urn"], "resource": "replica", "name": "CRM"}]
    assert ended.out.splitlines()[-1] == "pulumi refresh --clear-pending-creates"
    aep_emulator.delete(orphan)
    assert command.run("connections", "--orphans", "--state", "-", given=state).code == 1


def test_an_orphan_of_a_stack_of_the_plugin_is_imported_by_the_engine(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    managed, orphan, lost = (make_basic(aep_emulator, name) for name in ("CRM", "ERP (new)", "Shop"))
    pending = state_resource(aep_emulator, "", name="replica", token=OF_PLUGIN)
    pending.update(inputs={"name": "Shop", "sandboxName": "dev"}, outputs=None)
    state = exported(state_resource(aep_emulator, managed, token=OF_PLUGIN), creating=(pending,))

    found = command.run("connections", "--orphans", "--state", "-", "--json", given=state).json
    of_one_source = command.run("connections", "--orphans", "--state", "-", "--source", "mysql", given=state)

    assert {each["id"]: each["importCommand"] for each in found["orphans"]} == {
        orphan: f"AEP_SANDBOX_NAME=dev pulumi import {OF_PLUGIN} erp-new {orphan}",
        lost: f"AEP_SANDBOX_NAME=dev pulumi import {OF_PLUGIN} replica {lost}",
    }
    assert found["missing"] == []
    assert of_one_source.code == 0, of_one_source.out


def test_beside_a_stack_without_the_plugin_an_orphan_is_imported_by_this_command(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    first, second, orphan = (make_basic(aep_emulator, name) for name in ("CRM", "ERP", "Shop"))
    Path(command.folder, "a.json").write_text(exported(state_resource(aep_emulator, first, token=OF_PLUGIN)))
    Path(command.folder, "b.json").write_text(exported(state_resource(aep_emulator, second)))

    ended = command.run("connections", "--orphans", "--state", "a.json", "--state", "b.json")

    assert f"pulumi-adobe-aep import {orphan} --name shop --sandbox dev" in ended.out.splitlines()


def test_several_states_are_compared_as_one_and_agreement_is_exit_code_0(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    first, second = make_basic(aep_emulator), make_string(aep_emulator)
    Path(command.folder, "a.json").write_text(exported(state_resource(aep_emulator, first)))
    elsewhere = state_resource(aep_emulator, "in-another-sandbox", name="other", sandboxName="stage")
    Path(command.folder, "b.json").write_text(exported(state_resource(aep_emulator, second), elsewhere))

    ended = command.succeeds("connections", "--orphans", "--state", "a.json", "--state", "b.json")

    assert ended.out == ""
    assert "the same connections" in ended.err


def test_what_only_the_state_has_is_reported_as_well(command: CommandLine, aep_emulator: Emulator) -> None:
    state = exported(state_resource(aep_emulator, "gone"))

    ended = command.run("connections", "--orphans", "--state", "-", "--json", given=state)

    assert ended.code == 1
    assert ended.json["orphans"] == []
    assert ended.json["missing"] == [
        {"urn": f"urn:pulumi:dev::shop::{TYPE}::crm", "resource": "crm", "name": "crm", "id": "gone"}
    ]


def test_a_state_of_another_organization_is_refused_because_everything_would_look_lost(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    state = exported(state_resource(aep_emulator, make_basic(aep_emulator), orgId="FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg"))

    ended = command.run("connections", "--orphans", "--state", "-", given=state)

    assert ended.code == 3
    assert "FFFFFFFFFFFFFFFFFFFFFFFF@AdobeOrg" in ended.err
    assert aep_emulator.org_id in ended.err


def test_a_file_that_is_not_a_state_is_named_with_what_writes_one(command: CommandLine) -> None:
    for text in ("", "[]", '{"version": 3}', '{"deployment": {"resources": [1]}}', "[" * 100_000):
        ended = command.run("connections", "--orphans", "--state", "-", given=text)

        assert ended.code == 1
        assert ended.err.startswith("standard input is not what `pulumi stack export` prints.")


def test_without_a_state_and_without_pulumi_it_says_what_is_missing(command: CommandLine) -> None:
    ended = command.run("connections", "--orphans")

    assert ended.code == 1
    assert "There is no pulumi on PATH" in ended.err


def test_the_reason_of_a_pulumi_that_fails_is_passed_on(command: CommandLine) -> None:
    pulumi = Path(command.folder, "pulumi")
    pulumi.write_text("#!/bin/sh\necho 'error: no stack selected' >&2\nexit 255\n")
    pulumi.chmod(0o755)

    ended = command.run("connections", "--orphans", PATH=f"{command.folder}:/usr/bin:/bin")

    assert ended.code == 1
    assert "`pulumi stack export` failed (exit code 255)." in ended.err
    assert "Why: no stack selected" in ended.err


def test_options_that_do_not_go_together_are_refused_before_anything_is_sent(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    for arguments in (["--orphans", "--name", "x"], ["--state", "-"], ["--sandbox", "My Sandbox"], ["--nonsense"]):
        assert command.run("connections", *arguments).code == 2
    assert aep_emulator.requests() == []
