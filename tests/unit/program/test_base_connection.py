"""What a Pulumi program sees: declarations, secrets, outputs, warnings. With Pulumi's own mocks, as its users test."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi.runtime.mocks
import pytest
from pydantic.alias_generators import to_snake

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.program.declaration import to_state
from tests.support.declarations import PARTS, SECRET, STRING, WRONG, Wrong
from tests.support.mocked_engine import declare, is_secret
from tests.unit.kinds.test_value_types import PYTHONS_OWN

Wire = dict[str, Any]
CANNOT_BE_SENT = [(value, reported) for value, reported in PYTHONS_OWN if not isinstance(value, tuple)]


def connection(**arguments: Any) -> dict[str, Any]:
    """Declare the connection `crm` and return what reached the engine of it."""
    return declare(lambda: aep.PostgresBaseConnection("crm", **arguments).id).inputs["crm"]


def auth_of(**arguments: Any) -> Any:
    return connection(**arguments)["auth"]


def string_auth(**parts: Any) -> aep.ConnectionStringAuth:
    return aep.ConnectionStringAuth(**{**PARTS, "encryption": "verify", **parts})


def basic_auth(**parts: Any) -> aep.BasicAuth:
    return aep.BasicAuth(**{**PARTS, "ssl_mode": "Verify Full", **parts})


# What reaches the engine.


def test_the_type_token_is_a_contract() -> None:
    declared = declare(lambda: aep.PostgresBaseConnection("crm", auth=string_auth()).id)
    assert declared.types == {"pulumi-python:dynamic/adobe-aep:PostgresBaseConnection"}


def test_the_name_is_the_resources_unless_there_is_another() -> None:
    assert connection(auth=string_auth())["name"] == "crm"
    assert connection(auth=string_auth(), name="CRM of Berlin")["name"] == "CRM of Berlin"


def test_inputs_reach_the_engine_in_camel_case() -> None:
    inputs = connection(
        auth=basic_auth(port="5433"),
        description="CRM read replica",
        sandbox_name="stage",
        verify=True,
        existing_connection_id="an-id",
    )
    assert {key: value for key, value in inputs.items() if key != "auth"} == {
        "name": "crm",
        "description": "CRM read replica",
        "sandboxName": "stage",
        "verify": True,
        "existingConnectionId": "an-id",
    }
    assert inputs["auth"]["sslMode"] == "Verify Full"
    assert inputs["auth"]["port"] == "5433"


@pytest.mark.parametrize(
    "auth",
    [
        {**PARTS, "ssl_mode": "Require"},
        {**PARTS, "sslMode": "Require"},
        {**PARTS, "ssl_mode": "Require", "spec_name": "Basic Authentication"},
    ],
)
def test_a_plain_dict_works_as_well(auth: dict[str, Any]) -> None:
    found = auth_of(auth=auth)
    assert found["sslMode"] == "Require"
    assert (found["server"], found["database"]) == ("db", "crm")


# Secrets.


@pytest.mark.parametrize(
    ("auth", "key"),
    [
        (string_auth(), "password"),
        (basic_auth(), "password"),
        (aep.ConnectionStringAuth(connection_string=STRING), "connectionString"),
        (dict(PARTS), "password"),
        ({"connection_string": STRING}, "connectionString"),
    ],
    ids=["string", "basic", "whole", "dict", "dict-whole"],
)
def test_every_secret_is_marked_although_the_program_passed_it_plain(auth: Any, key: str) -> None:
    found = auth_of(auth=auth)
    assert is_secret(found[key])
    assert not any(is_secret(value) for name, value in found.items() if name != key)


def test_a_secret_stays_one_secret() -> None:
    found = auth_of(auth=string_auth(password=pulumi.Output.secret(SECRET)))
    assert is_secret(found["password"])
    assert found["password"]["value"] == SECRET


def test_an_auth_that_is_an_output_is_a_secret_whole() -> None:
    assert is_secret(auth_of(auth=pulumi.Output.from_input(dict(PARTS))))


def test_awaitables_are_inputs_like_any_other() -> None:
    async def later(value: Any) -> Any:
        return value

    reached = declare(
        lambda: (
            aep.PostgresBaseConnection(
                "crm",
                name=later("CRM of Berlin"),
                auth=string_auth(server=later("db.example.com"), password=later("s3cret")),
            ).id
        )
    ).inputs["crm"]

    assert reached["name"] == "CRM of Berlin"
    assert reached["auth"]["server"] == "db.example.com"
    assert is_secret(reached["auth"]["password"])


def test_a_secret_from_the_environment_reaches_the_engine_as_name_and_version() -> None:
    found = auth_of(auth=string_auth(password=aep.SecretFromEnv("CRM_DB_PASSWORD", version=3)))
    assert found["password"] == {"fromEnv": "CRM_DB_PASSWORD", "version": 3}
    whole = auth_of(auth=aep.ConnectionStringAuth(connection_string=aep.SecretFromEnv("CRM_DB")))
    assert whole["connectionString"] == {"fromEnv": "CRM_DB", "version": 1}


def test_a_secret_from_the_environment_may_be_written_as_a_dict() -> None:
    found = auth_of(auth={**PARTS, "password": {"from_env": "CRM_DB_PASSWORD", "version": 2}})
    assert found["password"] == {"fromEnv": "CRM_DB_PASSWORD", "version": 2}


@pytest.mark.parametrize(
    "auth",
    [string_auth(), basic_auth(), aep.ConnectionStringAuth(connection_string=STRING)],
    ids=["string", "basic", "whole"],
)
def test_the_repr_of_an_auth_shows_no_secret(auth: object) -> None:
    assert SECRET not in repr(auth)
    assert "[secret]" in repr(auth)


def test_the_repr_of_an_auth_shows_the_rest() -> None:
    assert repr(aep.BasicAuth(**PARTS)) == (
        "BasicAuth(server='db', database='crm', username='reader', password=[secret])"
    )
    assert "password=SecretFromEnv(name='CRM', version=1)" in repr(string_auth(password=aep.SecretFromEnv("CRM")))


# What is wrong is reported at the declaration.


def spelled(wrong: Wrong) -> dict[str, str]:
    """The messages at a declaration, with the names as the program writes them."""
    return {
        path: ".".join(map(to_snake, path.split("."))) + " " + re.sub(r"\b(connectionString|sslMode)\b", _snake, says)
        for path, says in wrong.says.items()
    }


def _snake(found: re.Match[str]) -> str:
    return to_snake(found[0])


def arguments_of(wrong: Wrong) -> dict[str, Any]:
    return {**{to_snake(key): value for key, value in wrong.rest.items()}, "auth": wrong.auth}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_plain_value_that_is_wrong_fails_at_the_declaration_with_everything_at_once(wrong: Wrong) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        connection(**arguments_of(wrong))
    first, *reported = str(caught.value).split("\n  - ")
    assert first == "PostgresBaseConnection 'crm' cannot be declared like this:"
    reported[-1] = reported[-1].split("\nSee: ")[0]
    assert sorted(reported) == sorted(spelled(wrong).values())
    assert SECRET not in str(caught.value)


def test_a_declaration_error_is_one_that_the_engine_prints_without_frames() -> None:
    assert issubclass(aep.DeclarationError, pulumi.RunError)


def test_what_comes_from_outputs_is_left_to_the_provider() -> None:
    late: Any = pulumi.Output.from_input
    inputs = connection(
        name=late(" "), sandbox_name=late("Dev"), auth={**PARTS, "port": late("abc"), "server": late("")}
    )
    assert (inputs["name"], inputs["sandboxName"]) == (" ", "Dev")


@pytest.mark.parametrize(("value", "reported"), CANNOT_BE_SENT, ids=[reported for _, reported in CANNOT_BE_SENT])
@pytest.mark.parametrize(
    ("place", "made"),
    [
        ("auth.password", lambda value: {**PARTS, "password": value}),
        ("auth.connection_string", lambda value: {"connection_string": value}),
        ("auth.port", lambda value: string_auth(port=value)),
        ("auth.server", lambda value: {**PARTS, "server": value}),
        ("auth", lambda value: value),
    ],
)
def test_an_output_that_comes_to_hold_a_value_of_pythons_own_is_reported_with_its_place(
    place: str, made: Callable[[object], object], value: object, reported: str
) -> None:
    def program() -> object:
        late = pulumi.Output.from_input("x").apply(lambda _: made(value))
        return pulumi.Output.from_input(to_state(late, POSTGRES.inputs.auth_kinds, "auth"))

    with pytest.raises(aep.DeclarationError) as caught:
        declare(program)
    assert caught.value.what == f"The Output of {place} must hold a value that JSON has, got {reported}."
    assert SECRET not in str(caught.value)


def test_beside_outputs_what_is_known_is_still_checked() -> None:
    with pytest.raises(aep.DeclarationError, match=r"auth\.port must be a whole number from 1 to 65535, not 'abc'"):
        connection(
            name=pulumi.Output.from_input("x"), auth=string_auth(server=pulumi.Output.from_input(""), port="abc")
        )


# Outputs.


def test_outputs_are_attributes_in_snake_case() -> None:
    def program() -> pulumi.Output[None]:
        crm = aep.PostgresBaseConnection("crm", auth=string_auth())

        def look(values: list[Any]) -> None:
            assert values == ["crm-id", "crm", "dev", "enabled", "2026-01-31T23:59:59Z", "AA@AdobeOrg"]

        return pulumi.Output.all(
            crm.connection_id, crm.name, crm.sandbox_name, crm.state, crm.created_at, crm.org_id
        ).apply(look)

    declare(program)


def looked_at(auth: Any, look: Callable[[aep.PostgresBaseConnection], Any], **arguments: Any) -> tuple[Any, bool]:
    """Return the value of an output of a connection with this auth, and whether it is a secret."""
    found: list[tuple[Any, bool]] = []

    async def read(output: pulumi.Output[Any]) -> None:
        found.append((await output.future(), await output.is_secret()))

    def program() -> Any:
        made = aep.PostgresBaseConnection("crm", auth=auth() if callable(auth) else auth, **arguments)
        return read(look(made))

    declare(program)
    return found[0]


@pytest.mark.parametrize(
    ("auth", "key", "value", "is_secret"),
    [
        (string_auth(), "server", "db", False),
        (string_auth(), "database", "crm", False),
        (string_auth(), "username", "reader", False),
        (string_auth(), "encryption", "verify", False),
        (string_auth(), "password", SECRET, True),
        (string_auth(), "spec_name", "Connection String Based Authentication", False),
        (string_auth(), "ssl_mode", None, False),
        (basic_auth(), "ssl_mode", "Verify Full", False),
        (basic_auth(), "sslMode", "Verify Full", False),
        (dict(PARTS), "server", "db", False),
        (aep.ConnectionStringAuth(connection_string=STRING), "connection_string", STRING, True),
        (aep.ConnectionStringAuth(connection_string=STRING), "server", None, False),
        (lambda: string_auth(server=pulumi.Output.from_input("late")), "server", "late", False),
        (lambda: string_auth(server=pulumi.Output.secret("hidden")), "server", "hidden", True),
        (lambda: string_auth(server=pulumi.Output.secret("hidden")), "database", "crm", False),
        (lambda: pulumi.Output.from_input({**PARTS, "server": "late"}), "server", "late", False),
        (lambda: pulumi.Output.secret({**PARTS, "server": "hidden"}), "server", "hidden", True),
    ],
)
def test_a_part_of_the_auth_is_a_secret_only_where_it_is_one_or_was_passed_as_one(
    auth: Any, key: str, value: object, is_secret: bool
) -> None:
    assert looked_at(auth, lambda crm: crm.auth[key]) == (value, is_secret)


def test_who_wants_all_of_the_auth_secret_has_all_of_it_secret() -> None:
    options = pulumi.ResourceOptions(additional_secret_outputs=["auth"])
    assert looked_at(string_auth(), lambda crm: crm.auth["server"], opts=options) == ("db", True)


@pytest.mark.parametrize("auth", [string_auth(port=6432), basic_auth(port="6432")])
def test_a_port_among_the_outputs_is_written_as_it_was_declared(auth: object) -> None:
    assert looked_at(auth, lambda crm: crm.auth["port"].apply(str)) == ("6432", False)
    whole, secret = looked_at(auth, lambda crm: crm.auth.apply(lambda known: str(known["port"])))
    assert (whole, secret) == ("6432", True)


def test_the_version_of_a_secret_from_the_environment_is_a_whole_number() -> None:
    auth = string_auth(password=aep.SecretFromEnv("CRM", version=3))
    version, _ = looked_at(auth, lambda crm: crm.auth["password"].apply(lambda known: str(known["version"])))
    assert version == "3"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("server", 'write auth["server"].'),
        ("sslmode", 'write auth["ssl_mode"].'),
        (
            "items",
            "there are connection_string, database, encryption, password, port, server, spec_name, ssl_mode, username.",
        ),
    ],
)
def test_a_part_of_the_auth_that_is_read_as_an_attribute_says_what_to_write(name: str, advice: str) -> None:
    def program() -> object:
        crm = aep.PostgresBaseConnection("crm", auth=string_auth())
        with pytest.raises(AttributeError) as caught:
            getattr(crm.auth, name)
        assert isinstance(caught.value, pulumi.RunError)
        assert str(caught.value).startswith(f"auth has no attribute '{name}', its parts are read by key; {advice}")
        with pytest.raises(AttributeError):
            _ = crm.auth._private
        return crm.id

    declare(program)


def test_a_part_that_no_auth_has_is_reported_with_the_nearest_name() -> None:
    def program() -> object:
        crm = aep.PostgresBaseConnection("crm", auth=string_auth())
        with pytest.raises(pulumi.RunError, match=r"^auth has no part 'passwd'; write auth\[.password.\]\.$"):
            _ = crm.auth["passwd"]
        return crm.id

    declare(program)


def test_the_auth_among_the_outputs_is_a_secret() -> None:
    connections: list[aep.PostgresBaseConnection] = []

    async def look() -> None:
        assert await connections[0].auth.is_secret()
        assert not await connections[0].name.is_secret()

    def program() -> Any:
        connections.append(aep.PostgresBaseConnection("crm", auth=string_auth()))
        return look()

    declare(program)


def test_one_connection_may_take_what_another_gives() -> None:
    def program() -> object:
        first = aep.PostgresBaseConnection("first", auth=string_auth())
        second = aep.PostgresBaseConnection(
            "second",
            name=first.connection_id,
            auth=string_auth(server=first.id.apply(lambda known: f"{known}.example")),
        )
        return second.id

    second = declare(program).inputs["second"]
    assert second["name"] == "first-id"
    assert second["auth"]["server"] == "first-id.example"


# Warnings.


def warnings(caplog: pytest.LogCaptureFixture, **arguments: Any) -> list[str]:
    caplog.clear()
    connection(**arguments)
    return [record.getMessage() for record in caplog.records if record.name == "the engine"]


@pytest.mark.parametrize(
    ("auth", "begin"),
    [
        (string_auth(encryption=None), "auth.encryption: nothing asks for encryption"),
        (basic_auth(ssl_mode="Allow"), "auth.ssl_mode: nothing asks for encryption"),
        (basic_auth(ssl_mode="verify_full"), "auth.ssl_mode: 'verify_full' is on none of Adobe's pages"),
        (aep.ConnectionStringAuth(connection_string=STRING), "auth.connection_string: nothing asks for encryption"),
    ],
    ids=["string", "basic", "unknown mode", "whole"],
)
def test_what_deserves_a_warning_is_shown_in_the_programs_names(
    caplog: pytest.LogCaptureFixture, auth: object, begin: str
) -> None:
    (warning,) = warnings(caplog, auth=auth)
    assert warning.startswith(begin)
    assert SECRET not in warning


def test_what_comes_from_outputs_is_warned_about_when_it_is_known(caplog: pytest.LogCaptureFixture) -> None:
    text = f"{STRING};EncryptionMethod=1;ValidationServerCertificate=1"
    late = pulumi.Output.from_input(text)
    (warning,) = warnings(caplog, auth=aep.ConnectionStringAuth(connection_string=late))
    assert "ValidationServerCertificate is a misspelling" in warning
    assert SECRET not in warning


@pytest.mark.parametrize(
    "auth",
    [
        string_auth(server="localhost"),
        basic_auth(server="10.0.0.1"),
        string_auth(server=pulumi.Output.from_input("crm.local")),
    ],
    ids=["localhost", "private", "output"],
)
def test_a_server_that_adobe_cannot_reach_is_warned_about_unless_the_service_is_on_this_machine(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, auth: object
) -> None:
    monkeypatch.delenv("AEP_BASE_URL", raising=False)
    (warning,) = warnings(caplog, auth=auth)
    assert warning.startswith("auth.server: the server's name or address is known on this machine")
    monkeypatch.setenv("AEP_BASE_URL", "https://platform.adobe.io")
    assert warnings(caplog, auth=auth) == [warning]

    monkeypatch.setenv("AEP_BASE_URL", "http://127.0.0.1:8080")
    assert warnings(caplog, auth=auth) == []


def test_a_service_on_this_machine_may_be_named_in_the_stacks_configuration(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AEP_BASE_URL", raising=False)
    monkeypatch.setenv("PULUMI_CONFIG", '{"adobe-aep:baseUrl": "http://[::1]:8080"}')
    assert warnings(caplog, auth=string_auth(server="localhost")) == []


@pytest.mark.parametrize(
    "auth",
    [
        string_auth(),
        basic_auth(),
        string_auth(encryption="disable"),
        basic_auth(ssl_mode="Disable"),
        basic_auth(ssl_mode=True),
        basic_auth(ssl_mode=False),
    ],
    ids=["string", "basic", "disabled", "mode disabled", "true", "false"],
)
def test_what_is_encrypted_or_unencrypted_on_purpose_is_not_warned_about(
    caplog: pytest.LogCaptureFixture, auth: object
) -> None:
    assert warnings(caplog, auth=auth) == []


def test_an_adoption_is_described_with_what_it_sets_and_what_a_destroy_does(caplog: pytest.LogCaptureFixture) -> None:
    (warning,) = warnings(caplog, auth=string_auth(), existing_connection_id="an-id")
    assert "takes over an-id" in warning
    assert "sets its name to 'crm', takes its description away, and brings the rest of it, credentials" in warning
    assert "pulumi destroy deletes it" in warning
    assert "retain_on_delete=True" in warning
    caplog.clear()

    (warning,) = warnings(
        caplog,
        auth=string_auth(),
        existing_connection_id=pulumi.Output.from_input("an-id"),
        description="of sales",
        name=pulumi.Output.secret("a hidden name"),
        opts=pulumi.ResourceOptions(retain_on_delete=True),
    )
    assert "takes over an-id" in warning
    assert "sets its name to the declared one, sets its description to 'of sales'" in warning
    assert "destroy" not in warning
    assert "a hidden name" not in warning


def test_the_engines_own_import_is_refused_with_the_ways_that_there_are() -> None:
    options = pulumi.ResourceOptions(import_="an-id")
    with pytest.raises(aep.DeclarationError) as declared:
        aep.PostgresBaseConnection("crm", auth=string_auth(), opts=options)
    with pytest.raises(aep.DeclarationError) as read:
        aep.PostgresBaseConnection.get("crm", "an-id", opts=options)
    for refused in (declared, read):
        assert "existing_connection_id='an-id'" in str(refused.value)
        assert "pulumi-adobe-aep import an-id --name crm" in str(refused.value)
