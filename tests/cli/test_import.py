"""`import`: the file, the program and the questions. That the engine takes them is proven in tests/e2e."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import CommandLine
from tests.cli.service import PASSWORD, STRING, make_basic, make_other, make_string
from tests.cli.test_connections import exported, state_resource

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps(PASSWORD)}


def resources(command: CommandLine, file: str = "import.json") -> list[dict[str, Any]]:
    """Return what is in an import file."""
    found: list[dict[str, Any]] = json.loads(Path(command.folder, file).read_text())["resources"]
    return found


def test_an_import_writes_a_private_file_and_prints_the_program_and_the_next_commands(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    erp = make_basic(aep_emulator, 'The "ERP"')

    ended = command.succeeds(
        "import", erp, "--name", "crm", "--sandbox", "dev", "--password-env", "CRM_DB_PASSWORD", "--out", "x.json",
        CRM_DB_PASSWORD=PASSWORD,
    )  # fmt: skip

    assert stat.S_IMODE(Path(command.folder, "x.json").stat().st_mode) == 0o600
    (resource,) = resources(command, "x.json")
    assert (resource["name"], resource["id"]) == ("crm", erp)
    assert resource["type"] == "pulumi-python:dynamic/adobe-aep:PostgresBaseConnection"
    assert resource["inputs"]["__provider"] == resource["outputs"]["__provider"]
    assert resource["inputs"]["auth"] == resource["outputs"]["auth"] == {
        "specName": "Basic Authentication",
        "server": "erp.example.com",
        "port": 5433,
        "database": "erp",
        "username": "reader",
        "password": SECRET,
        "sslMode": "Verify Full",
    }  # fmt: skip
    assert resource["outputs"]["orgId"] == aep_emulator.org_id
    assert ended.out == (
        "import pulumi\n"
        "import pulumi_adobe_aep as aep\n"
        "\n"
        "config = pulumi.Config()\n"
        "\n"
        "crm = aep.PostgresBaseConnection(\n"
        '    "crm",\n'
        "    name='The \"ERP\"',\n"
        '    sandbox_name="dev",\n'
        "    auth=aep.BasicAuth(\n"
        '        server="erp.example.com",\n'
        "        port=5433,\n"
        '        database="erp",\n'
        '        username="reader",\n'
        '        password=config.require_secret("crmPassword"),\n'
        '        ssl_mode="Verify Full",\n'
        "    ),\n"
        "    opts=pulumi.ResourceOptions(protect=True),\n"
        ")\n"
    )
    for line in ("pulumi config set --secret crmPassword", "pulumi import --file x.json --generate-code=false"):
        assert f"\n  {line}\n" in ended.err
    assert PASSWORD not in ended.out + ended.err
    assert [request.method for request in aep_emulator.requests(path="/connections")] == ["GET"]


def test_json_has_the_same_for_a_program(command: CommandLine, aep_emulator: Emulator) -> None:
    erp = make_basic(aep_emulator)

    ended = command.succeeds("import", erp, "--name", "erp", "--password-env", "PW", "--json", PW=PASSWORD)

    reported = ended.json
    assert "aep.PostgresBaseConnection(" in reported.pop("program")
    assert reported == {
        "sandbox": "dev",
        "file": "import.json",
        "resources": [
            {
                "class": "PostgresBaseConnection",
                "resource": "erp",
                "id": erp,
                "name": "ERP",
                "authSpecName": "Basic Authentication",
                "configKey": "erpPassword",
                "configKeys": {"password": "erpPassword"},
                "environmentVariable": None,
                "environmentVariables": {},
            }
        ],
        "leftOut": [],
        "commands": [
            "pulumi config set --secret erpPassword",
            "pulumi import --file import.json --generate-code=false",
            "rm import.json",
            "pulumi preview",
        ],
    }
    assert ended.err == ""


def test_a_file_that_exists_stays_as_it_is_unless_forced_and_a_link_is_never_written_through(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    erp = make_basic(aep_emulator)
    victim, link = Path(command.folder, "victim"), Path(command.folder, "import.json")
    victim.write_text("mine")
    link.symlink_to(victim)
    arguments = ("import", erp, "--name", "erp", "--password-env", "PW")

    refused = command.run(*arguments, PW=PASSWORD)
    assert refused.code == 1
    assert refused.err.startswith("import.json exists.")
    assert aep_emulator.requests() == []
    command.succeeds(*arguments, "--force", PW=PASSWORD)

    assert victim.read_text() == "mine"
    assert not link.is_symlink()
    assert stat.S_IMODE(link.stat().st_mode) == 0o600
    nowhere = command.run(*arguments, "--out", "no/such/folder.json", PW=PASSWORD)
    assert (nowhere.code, nowhere.err.splitlines()[0]) == (
        1,
        "no/such/folder.json cannot be written: there is no folder no/such.",
    )


def test_a_variable_that_is_missing_or_no_password_stops_it_before_any_request(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    erp = make_basic(aep_emulator)

    for value, why in (("", "PW is not set"), (f"{PASSWORD}\n", "ends with a line break")):
        ended = command.run("import", erp, "--name", "erp", "--password-env", "PW", PW=value)
        assert ended.code == 3
        assert why in ended.err
        assert "What to do: Set PW for this command." in ended.err
        assert PASSWORD not in ended.err
    assert aep_emulator.requests() == []
    assert list(command.folder.iterdir()) == []


def test_a_password_is_asked_for_at_a_terminal_and_not_shown(command: CommandLine, aep_emulator: Emulator) -> None:
    erp = make_basic(aep_emulator)

    ended = command.talk(
        ["import", erp, "--name", "erp"], ("Password of reader on erp.example.com for connection 'ERP': ", PASSWORD)
    )

    assert ended.code == 0, ended.out
    assert PASSWORD not in ended.out
    assert resources(command)[0]["inputs"]["auth"]["password"] == SECRET


def test_a_connection_string_that_is_not_shown_is_asked_for_as_a_whole(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    crm = make_string(aep_emulator)

    ended = command.talk(["import", crm, "--name", "crm"], ("of connection 'CRM': ", STRING))

    assert ended.code == 0, ended.out
    assert PASSWORD not in ended.out
    assert 'connection_string=config.require_secret("crmConnectionString"),' in ended.out
    assert resources(command)[0]["inputs"]["auth"] == {
        "specName": "Connection String Based Authentication",
        "connectionString": {**SECRET, "plaintext": json.dumps(STRING)},
    }


PARTS = ("--server", "crm.example.com", "--database", "crm", "--username", "reader", "--port", "6432")


def test_with_a_password_every_part_that_is_not_shown_is_asked_for(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    crm = make_string(aep_emulator)
    arguments = ["import", crm, "--name", "crm", "--password-env", "PW", "--force"]
    answers = [
        ("Server: ", "crm.example.com"),
        ("Database: ", "crm"),
        ("Username: ", "reader"),
        ("Port [5432]: ", "6432"),
        ("Encryption (verify, require, request, disable, none): ", "verify"),
    ]

    asked = command.talk(arguments, *answers, ("such as HostNameInCertificate? [y/N]: ", "n"), PW=PASSWORD)

    assert asked.code == 0, asked.out
    assert resources(command)[0]["inputs"]["auth"] == {
        "specName": "Connection String Based Authentication",
        "server": "crm.example.com",
        "port": 6432,
        "database": "crm",
        "username": "reader",
        "password": SECRET,
        "encryption": "verify",
    }
    more = command.talk(arguments, *answers, ("such as HostNameInCertificate? [y/N]: ", "y"), PW=PASSWORD)
    assert more.code == 2
    assert "--connection-string-env" in more.out


@pytest.mark.parametrize("shown", ["mask", "omit"])
@pytest.mark.parametrize("left_out", ["--server", "--port", "--database", "--username", "--encryption"])
def test_without_a_terminal_each_part_that_is_not_shown_has_to_be_given(
    command: CommandLine, aep_emulator: Emulator, shown: str, left_out: str
) -> None:
    aep_emulator.switch(secrets=shown)
    crm = make_string(aep_emulator)
    parts = dict(zip(PARTS[::2], PARTS[1::2], strict=True)) | {"--encryption": "none"}
    del parts[left_out]

    ended = command.run(
        "import", crm, "--name", "crm", "--password-env", "PW", *(word for part in parts.items() for word in part),
        PW=PASSWORD,
    )  # fmt: skip

    assert ended.code == 2
    assert f"Give {left_out}, or give the whole connection string with --connection-string-env." in ended.err
    assert list(command.folder.iterdir()) == []


@pytest.mark.parametrize("output", [(), ("--json",)])
def test_what_is_assumed_of_a_hidden_string_is_said_and_stands_in_the_program(
    command: CommandLine, aep_emulator: Emulator, output: tuple[str, ...]
) -> None:
    crm = make_string(aep_emulator)
    assumed = "It is assumed to have nothing but these parts"

    ended = command.succeeds(
        "import", crm, "--name", "crm", "--password-env", "PW", *PARTS, "--encryption", "none", *output, PW=PASSWORD
    )

    program = ended.json["program"] if output else ended.out
    assert f"\n# The service does not show the whole connection string. {assumed}" in program
    assert assumed in ended.err
    assert "port=6432," in program
    assert "encryption" not in program
    wrong = command.run(
        "import", crm, "--name", "crm", "--password-env", "PW", *PARTS[:-1], "0", "--encryption", "none", "--force",
        PW=PASSWORD,
    )  # fmt: skip
    assert wrong.code == 1
    assert "auth.port must be a whole number from 1 to 65535" in wrong.err


OPTION = "HostNameInCertificate"
WITH_OPTION = f"{STRING};EncryptionMethod=1;ValidateServerCertificate=1;{OPTION}=db.example.com"


def test_an_option_that_no_part_can_say_is_never_dropped(command: CommandLine, aep_emulator: Emulator) -> None:
    aep_emulator.switch(secrets="plain")
    crm = make_string(aep_emulator, string=WITH_OPTION)
    one = ("import", crm, "--name", "crm")

    by_parts = command.run(*one, "--password-env", "PW", PW=PASSWORD)
    lacking = command.run(*one, "--connection-string-env", "CS", CS=STRING)
    every = command.run("import", "--all", "--secret-env-prefix", "", CRM_PASSWORD=PASSWORD)
    lacking_in_all = command.run("import", "--all", "--secret-env-prefix", "", "--json", CRM_CONNECTION_STRING=STRING)

    assert by_parts.code == 2
    assert OPTION in by_parts.err
    assert "--connection-string-env" in by_parts.err
    assert lacking.code == 1
    assert OPTION in lacking.err
    assert every.code == 3
    assert "CRM_CONNECTION_STRING is not set" in every.err
    assert lacking_in_all.code == 1
    assert OPTION in lacking_in_all.json["leftOut"][0]["reason"]
    assert list(command.folder.iterdir()) == []
    command.succeeds(*one, "--connection-string-env", "CS", CS=WITH_OPTION)
    assert PASSWORD not in by_parts.err + lacking.err + every.err + lacking_in_all.out


@pytest.mark.parametrize(
    "string",
    [
        f"{STRING};EncryptionMethod=1",
        f"{STRING};EncryptionMethod=6;ValidateServerCertificate=1",
        f"{STRING};ValidateServerCertificate=1",
        STRING.replace("UID=", "User ID="),
        "Server=crm.example.com;Port=1;Database=crm;Port=2;UID=reader;Password=a-password",
    ],
)
def test_a_string_that_the_parts_say_otherwise_is_imported_as_a_whole_only(
    command: CommandLine, aep_emulator: Emulator, string: str
) -> None:
    aep_emulator.switch(secrets="plain")
    crm = make_string(aep_emulator, string=string)

    ended = command.run("import", crm, "--name", "crm", "--password-env", "PW", *PARTS[4:6], PW=PASSWORD)

    assert ended.code == 2
    assert "--connection-string-env" in ended.err
    assert list(command.folder.iterdir()) == []


def test_a_parameter_that_no_property_can_say_is_never_dropped(command: CommandLine, aep_emulator: Emulator) -> None:
    erp = make_basic(aep_emulator, applicationIntent="ReadOnly")

    one = command.run("import", erp, "--name", "erp", "--password-env", "PW", PW=PASSWORD)
    every = command.run("import", "--all", "--secret-env-prefix", "", "--json", ERP_PASSWORD=PASSWORD)

    assert one.code == every.code == 1
    assert "applicationIntent" in one.err
    assert "applicationIntent" in every.json["leftOut"][0]["reason"]
    assert list(command.folder.iterdir()) == []


def test_a_date_that_the_service_itself_writes_is_not_an_obstacle(command: CommandLine, aep_emulator: Emulator) -> None:
    erp = make_basic(aep_emulator, authorizedDate="1767225600000")

    command.succeeds("import", erp, "--name", "erp", "--password-env", "PW", PW=PASSWORD)

    assert "authorizedDate" not in resources(command)[0]["inputs"]["auth"]


@pytest.mark.parametrize("server", ["[2001:db8::1]", "2001:db8::1", "db.example.com"])
def test_a_server_in_brackets_is_a_server(command: CommandLine, aep_emulator: Emulator, server: str) -> None:
    erp = make_basic(aep_emulator, server=server)

    ended = command.succeeds("import", erp, "--name", "erp", "--password-env", "PW", PW=PASSWORD)

    assert f'server="{server}",' in ended.out


@pytest.mark.parametrize("mask", ["--------", "(hidden)", "<redacted>", "xxxx", "***", None])
def test_parts_of_basic_auth_that_are_hidden_are_given_by_options_or_asked_for(
    command: CommandLine, aep_emulator: Emulator, mask: str | None
) -> None:
    erp = make_basic(aep_emulator, username=mask, port=mask, sslMode=mask)
    arguments = ["import", erp, "--name", "erp", "--password-env", "PW", "--force"]
    parts = ("--username", "reader", "--port", "5433")

    refused = command.run(*arguments, PW=PASSWORD)
    every = command.run("import", "--all", "--secret-env-prefix", "", "--json", ERP_PASSWORD=PASSWORD)
    given = command.succeeds(*arguments, *parts, "--ssl-mode", "Require", PW=PASSWORD)
    without = command.succeeds(*arguments, *parts, "--ssl-mode", "none", PW=PASSWORD)
    asked = command.talk(
        arguments, ("Username: ", "reader"), ("Port [5432]: ", "5433"), ("SSL mode (none for none): ", "Require"),
        PW=PASSWORD,
    )  # fmt: skip

    assert refused.code == 2
    assert "Give --username, --port, --ssl-mode." in refused.err
    assert every.code == 1
    assert "import it alone, with --port, --username, --ssl-mode" in every.json["leftOut"][0]["reason"]
    assert 'ssl_mode="Require",' in given.out
    assert "port=5433," in given.out
    assert "ssl_mode" not in without.out
    assert asked.code == 0, asked.out


@pytest.mark.parametrize(
    ("string", "by_parts"),
    [
        (STRING, True),
        (f"{STRING};EncryptionMethod=1;ValidateServerCertificate=1", True),
        (f"{STRING};EncryptionMethod=5", False),
        (f"{STRING};ConnectTimeout=7", False),
    ],
)
def test_a_shown_connection_string_becomes_parts_only_where_they_say_all_of_it(
    command: CommandLine, aep_emulator: Emulator, string: str, by_parts: bool
) -> None:
    aep_emulator.switch(secrets="plain")
    crm = make_string(aep_emulator, string=string)

    ended = command.run("import", crm, "--name", "crm", "--connection-string-env", "CS", CS=string)
    alone = command.talk(["import", crm, "--name", "crm", "--force"], (": ", PASSWORD if by_parts else string))

    assert ended.code == alone.code == 0, ended.err + alone.out
    assert "connection_string=" in ended.out
    assert ("connection_string=" not in alone.out) is by_parts
    assert ("password=" in alone.out) is by_parts


def test_a_part_that_the_service_shows_otherwise_is_refused(command: CommandLine, aep_emulator: Emulator) -> None:
    aep_emulator.switch(secrets="plain")
    erp, crm = make_basic(aep_emulator), make_string(aep_emulator)

    for connection_id, option, value, has in (
        (erp, "--server", "other.example.com", "has server 'erp.example.com'"),
        (crm, "--encryption", "verify", "has no encryption"),
    ):
        ended = command.run("import", connection_id, "--name", "x", "--password-env", "PW", option, value, PW=PASSWORD)
        assert ended.code == 2
        assert has in " ".join(ended.err.split())
    command.succeeds("import", erp, "--name", "x", "--password-env", "PW", "--port", "5433", PW=PASSWORD)


def test_no_question_is_asked_without_a_terminal(command: CommandLine, aep_emulator: Emulator) -> None:
    erp, crm = make_basic(aep_emulator), make_string(aep_emulator)

    for arguments, remedy in (
        ((erp,), "--password-env"),
        ((crm,), "--connection-string-env"),
        ((crm, "--password-env", "PW"), "--server, --database, --username"),
    ):
        ended = command.run("import", *arguments, "--name", "x", PW=PASSWORD)
        assert ended.code == 2
        assert remedy in ended.err
    everything = command.run("import", "--all")
    assert (everything.code, "--secret-env-prefix" in everything.err) == (2, True)
    assert list(command.folder.iterdir()) == []


def test_what_cannot_be_imported_is_named_with_the_reason(command: CommandLine, aep_emulator: Emulator) -> None:
    lake, spaced = make_other(aep_emulator), make_basic(aep_emulator, " ERP ")
    broken = make_string(aep_emulator)

    def fails(connection_id: str, **more: str) -> tuple[int, str]:
        ended = command.run("import", connection_id, "--name", "x", "--password-env", "PW", PW=PASSWORD, **more)
        return ended.code, ended.err

    code, text = fails(lake)
    assert code == 1
    assert f"Connection {lake} in sandbox dev is not a connection to a source with tables." in text
    assert "name begins or ends with whitespace" in fails(spaced)[1]
    assert fails(spaced, AEP_SANDBOX_NAME="stage")[0] == 4
    incomplete = command.run(
        "import", broken, "--name", "x", "--connection-string-env", "CS", CS="Server=a;Password=pass-word"
    )
    assert incomplete.code == 1
    assert "Database, Port, UID" in incomplete.err
    assert "pass-word" not in incomplete.err
    assert list(command.folder.iterdir()) == []


def test_a_reference_needs_no_value_and_leaves_no_secret(command: CommandLine, aep_emulator: Emulator) -> None:
    erp = make_basic(aep_emulator)

    ended = command.succeeds("import", erp, "--name", "erp", "--password-env", "ERP_PASSWORD", "--reference")

    assert 'password=aep.SecretFromEnv("ERP_PASSWORD", version=1),' in ended.out
    assert "pulumi.Config" not in ended.out
    assert resources(command)[0]["inputs"]["auth"]["password"] == {"fromEnv": "ERP_PASSWORD", "version": 1}
    assert "It holds no secret." in ended.err


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        (
            "--connection-string-env",
            "Server=db;Database=crm;Port=5432;UID={ROLE};Password=p",
            "UID that is a placeholder",
        ),
        ("--connection-string-env", "Server=other;Database=crm;Port=5432;UID=u;Password=p", "another value"),
        ("--password-env", "pass\nword", "a control character or a line break"),
    ],
)
def test_a_variable_that_is_set_is_checked_though_only_a_reference_is_kept(
    command: CommandLine, aep_emulator: Emulator, variable: str, value: str, reason: str
) -> None:
    aep_emulator.switch(secrets="plain")
    crm = make_string(aep_emulator)

    ended = command.run("import", crm, "--name", "crm", variable, "CRM_SECRET", "--reference", CRM_SECRET=value)

    assert ended.code == 1
    assert reason in ended.err
    assert value not in ended.err
    assert list(command.folder.iterdir()) == []


def test_all_gives_each_resource_a_name_of_its_own_and_takes_each_secret_from_its_own_variable(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    ids = [make_basic(aep_emulator, name) for name in ("ERP", "erp", "class", "2024 ü", "ÄÖ")]
    crm = make_string(aep_emulator)
    names = ["erp", "erp-2", "class", "2024", "connection"]
    variables = {f"P_{name.upper().replace('-', '_')}_PASSWORD": f"{PASSWORD}{name}" for name in names}

    ended = command.succeeds(
        "import", "--all", "--secret-env-prefix", "P_", P_CRM_CONNECTION_STRING=STRING, **variables
    )

    found = {resource["id"]: resource for resource in resources(command)}
    assert [found[each]["name"] for each in (*ids, crm)] == [*names, "crm"]
    secrets = [json.loads(found[each]["inputs"]["auth"]["password"]["plaintext"]) for each in ids]
    assert secrets == [f"{PASSWORD}{name}" for name in names]
    compile(ended.out, "__main__.py", "exec")
    assert "\nclass_ = aep.PostgresBaseConnection(\n" in ended.out
    assert "\nconnection_2024 = aep.PostgresBaseConnection(\n" in ended.out
    assert 'require_secret("erp2Password")' in ended.out


def test_all_names_every_variable_that_is_missing(command: CommandLine, aep_emulator: Emulator) -> None:
    make_basic(aep_emulator, "ERP"), make_basic(aep_emulator, "HR"), make_string(aep_emulator)

    ended = command.run("import", "--all", "--secret-env-prefix", "", ERP_PASSWORD=PASSWORD)

    assert ended.code == 3
    assert "HR_PASSWORD" in ended.err
    assert "CRM_CONNECTION_STRING" in ended.err
    assert "ERP_PASSWORD" not in ended.err
    assert list(command.folder.iterdir()) == []


def test_all_leaves_out_what_a_state_has_what_is_skipped_and_what_cannot_be_declared(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    erp, hr = make_basic(aep_emulator, "ERP"), make_basic(aep_emulator, "HR")
    make_basic(aep_emulator, "Sales")
    Path(command.folder, "state.json").write_text(exported(state_resource(aep_emulator, erp)))

    ended = command.talk(
        ["import", "--all", "--state", "state.json"],
        ("for connection 'HR' (Enter alone leaves it out): ", PASSWORD),
        ("for connection 'Sales' (Enter alone leaves it out): ", ""),
    )

    assert ended.code == 0, ended.out
    assert [each["id"] for each in resources(command)] == [hr]
    assert f"Left out: 'ERP' ({erp}): the state has it already." in ended.out
    assert "no secret was given." in ended.out
    make_basic(aep_emulator, " ends with a space ")
    partly = command.run(
        "import", "--all", "--reference", "--secret-env-prefix", "", "--filter", "name==HR, ends with a space ",
        "--force", "--json",
    )  # fmt: skip
    assert partly.code == 1
    assert [each["reason"] for each in partly.json["leftOut"]] == [
        "name begins or ends with whitespace or a line break."
    ]


def test_one_that_the_state_has_already_is_not_imported_again(command: CommandLine, aep_emulator: Emulator) -> None:
    erp = make_basic(aep_emulator)
    state = exported(state_resource(aep_emulator, erp))

    ended = command.run(
        "import", erp, "--name", "erp", "--password-env", "PW", "--state", "-", given=state, PW=PASSWORD
    )

    assert ended.code == 1
    assert f"The state has connection {erp} already." in ended.err


def test_an_empty_sandbox_writes_no_file(command: CommandLine) -> None:
    ended = command.succeeds("import", "--all", "--secret-env-prefix", "")

    assert "There is no connection to import in sandbox dev; nothing was written." in ended.err
    assert list(command.folder.iterdir()) == []
