"""`pulumi-adobe-aep import`, `connections --orphans` and `--stack` with the real engine."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from tests.cli.command_line import CommandLine, Ended
from tests.support.ingestion import entity_ids, ingestion, make_dataset
from tests.support.programs import connection
from tests.support.stack import Program, Stack
from tools.database import PostgresServer, SampleDatabase
from tools.engine import Engine

FIRST = "first;secret{}"
SECOND = "second;secret{}"
Run = Callable[..., Ended]


def crm_string(password: str) -> str:
    quoted = password.replace("}", "}}")
    return (
        f"Server=crm.example.com;Database=crm;Port=5432;UID=reader;Password={{{quoted}}};"
        "EncryptionMethod=1;ValidateServerCertificate=1"
    )


def erp(name: str, password: str) -> dict[str, object]:
    params = {"server": "erp.example.com", "port": "5433", "database": "erp", "username": "reader"}
    return {
        "name": name,
        "auth": {
            "specName": "Basic Authentication",
            "params": {**params, "password": password, "sslMode": "Verify Full"},
        },
        "connectionSpec": {"id": POSTGRESQL_SPEC_ID, "version": "1.0"},
    }


def params_in(emulator: Emulator) -> dict[str, Any]:
    """Return what the service holds, secrets in plain, by the connection's name."""
    connections: list[Any] = emulator.connections(secrets=True)
    return {each["name"]: each["auth"]["params"] for each in connections}


def run_all(*programs: str) -> Program:
    """Return a program that consists of these sources, as a user would paste them."""

    def program() -> None:
        for text in programs:
            exec(compile(text, "__main__.py", "exec"), {})  # noqa: S102 - the very text that the command has printed

    return program


def import_into(stack: Stack, *files: Path) -> None:
    """Run `pulumi import`, once, for what is in several files."""
    together = stack.folder / "together.json"
    resources = [resource for file in files for resource in json.loads(file.read_text())["resources"]]
    together.write_text(json.dumps({"resources": resources}))
    stack.pulumi("import", "--file", str(together), "--generate-code=false", "--yes")


def configure_secrets(stack: Stack, **secrets: str) -> None:
    words = [word for key, value in secrets.items() for word in ("--secret", f"{key}={value}")]
    stack.pulumi("config", "set-all", *words)


@pytest.fixture
def command(stack: Stack, engine: Engine) -> Run:
    """Return what runs the command in the stack's project, with the user's pulumi on PATH."""
    path = engine.environment({"PATH": "/usr/bin:/bin"})["PATH"]
    return CommandLine(stack.folder / "work", stack.environment, path).run


def test_what_is_imported_is_not_a_change_and_can_be_rotated_whatever_the_service_shows(
    stack: Stack, aep_emulator: Emulator, command: Run
) -> None:
    # One sandbox for each way in which the service may show secrets; in it, both kinds of auth.
    modes = {"dev": "mask", "stage": "omit", "prod": "plain"}
    printed, files = [], []
    for sandbox, mode in modes.items():
        aep_emulator.switch(secrets=mode)
        aep_emulator.create_connection(f"CRM {mode}", crm_string(FIRST), sandbox=sandbox, description='the "north"')
        aep_emulator.create(erp(f"ERP ({mode})", FIRST), sandbox=sandbox)
        # Of a connection string that is not shown, only the whole can be declared.
        crm = {"CRM_PLAIN_PASSWORD": FIRST}
        if mode != "plain":
            crm = {f"CRM_{mode.upper()}_CONNECTION_STRING": crm_string(FIRST)}
        secrets = {f"ERP_{mode.upper()}_PASSWORD": FIRST, **crm}
        file = f"{mode}.json"
        ended = command("import", "--all", "--sandbox", sandbox, "--secret-env-prefix", "", "--out", file, **secrets)
        assert ended.code == 0, ended.err
        printed.append(ended.out)
        files.append(stack.folder / "work" / file)
    program = run_all(*printed)

    def secrets_of(password: str) -> dict[str, str]:
        whole = {f"crm{mode}ConnectionString": crm_string(password) for mode in ("Mask", "Omit")}
        return {
            **whole,
            "crmPlainPassword": password,
            **{f"erp{mode.capitalize()}Password": password for mode in modes.values()},
        }

    configure_secrets(stack, **secrets_of(FIRST))
    aep_emulator.forget_requests()
    import_into(stack, *files)
    stack.up(program, expect_no_changes=True)
    assert aep_emulator.requests() == []
    for mode in modes.values():
        aep_emulator.switch(secrets=mode)
        stack.up(refresh=True, expect_no_changes=True)
    assert FIRST not in stack.export()
    assert FIRST not in "".join(stack.console)

    configure_secrets(stack, **secrets_of(SECOND))
    assert "6 updated" in stack.up(program)

    held = params_in(aep_emulator)
    assert {held[f"CRM {mode}"]["connectionString"] for mode in modes.values()} == {crm_string(SECOND)}
    assert {held[f"ERP ({mode})"]["password"] for mode in modes.values()} == {SECOND}
    stack.up(refresh=True, expect_no_changes=True)


def test_an_import_by_reference_puts_no_secret_anywhere_and_a_new_version_pushes_it(
    stack: Stack, aep_emulator: Emulator, command: Run
) -> None:
    created = aep_emulator.create_connection("CRM", crm_string(FIRST))
    parts = (
        "--server", "crm.example.com", "--port", "5432", "--database", "crm", "--username", "reader",
        "--encryption", "verify",
    )  # fmt: skip

    ended = command(
        "import", str(created["id"]), "--name", "crm", "--sandbox", "dev", "--password-env", "CRM_DB_PASSWORD",
        "--reference", "--out", "crm.json", *parts,
    )  # fmt: skip

    assert ended.code == 0, ended.err
    file = stack.folder / "work" / "crm.json"
    import_into(stack, file)
    stack.up(run_all(ended.out), refresh=True, expect_no_changes=True)
    stack.environment["CRM_DB_PASSWORD"] = SECOND
    raised = ended.out.replace(
        'SecretFromEnv("CRM_DB_PASSWORD", version=1)', 'SecretFromEnv("CRM_DB_PASSWORD", version=2)'
    )
    assert raised != ended.out
    stack.up(run_all(raised))
    assert params_in(aep_emulator)["CRM"]["connectionString"] == crm_string(SECOND)
    for text in (file.read_text(), stack.export(), *stack.console):
        assert FIRST not in text
        assert SECOND not in text


def test_an_orphan_is_found_with_the_stacks_configuration_and_state_and_taken_over_by_the_printed_command(
    stack: Stack, aep_emulator: Emulator, command: Run
) -> None:
    stack.up(connection())
    stack.set_config("adobe-aep:clientSecret", aep_emulator.client_secret, secret=True)
    found = command("doctor", "--stack", "dev", "--json", AEP_CLIENT_SECRET="").json
    assert found["passed"]
    sources = {each["name"]: each["source"] for each in found["settings"]}
    assert sources["AEP_CLIENT_SECRET"] == "stack configuration adobe-aep:clientSecret"
    assert sources["AEP_SANDBOX_NAME"] == "environment variable AEP_SANDBOX_NAME"
    assert command("connections", "--orphans").code == 0
    orphan = aep_emulator.create(erp("ERP", FIRST))

    ended = command("connections", "--orphans", "--stack", "dev", "--json", AEP_CLIENT_SECRET="")

    assert ended.code == 1
    (listed,) = ended.json["orphans"]
    assert listed["id"] == orphan["id"]
    _, *words = shlex.split(listed["importCommand"])
    ended = command(*words, "--password-env", "ERP_PASSWORD", ERP_PASSWORD=FIRST)
    assert ended.code == 0, ended.err
    import_into(stack, stack.folder / "work" / "import.json")
    assert command("connections", "--orphans").code == 0


def test_a_dataflow_is_imported_with_its_chain_and_the_next_preview_has_nothing_to_do(
    stack: Stack, aep_emulator: Emulator, command: Run, postgres: PostgresServer, crm: SampleDatabase
) -> None:
    columns = ["email", "country", "created_at", "external_id"]
    stack.up(ingestion(postgres, crm, make_dataset(aep_emulator), columns=columns))
    before = entity_ids(aep_emulator)
    stack.import_state({"manifest": {"time": "2026-01-31T23:59:59Z", "magic": "", "version": ""}})
    aep_emulator.advance(3600)
    aep_emulator.forget_requests()

    ended = command("import", before["flows"][0], "--name", "customers", "--password-env", "PW", PW=crm.password)

    assert ended.code == 0, ended.err
    configure_secrets(stack, crmPassword=crm.password)
    import_into(stack, stack.folder / "work" / "import.json")
    program = run_all(ended.out)
    stack.preview(program, expect_no_changes=True)
    assert {request.method for request in aep_emulator.requests() if "/ims/" not in request.path} == {"GET"}
    stack.up(refresh=True, expect_no_changes=True)
    assert entity_ids(aep_emulator) == before
    assert crm.password not in ended.out + stack.export()

    # What the program refers to is taken from the resources, so a change of one reaches the others.
    changed = ended.out.replace('"_acme.country": "country"', '"_acme.country": aep.Expression("upper(country)")')
    assert changed != ended.out
    stack.up(run_all(changed))
    (flow,) = aep_emulator.entities("flows")
    assert [each["params"].get("mappingVersion") for each in flow["transformations"]][-1] == 1
    stack.expect_no_changes()
