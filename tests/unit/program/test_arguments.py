"""What a call cannot take is one sentence, without a traceback that prints a line of the program."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.program.arguments import checked_arguments
from tests.unit.kinds.test_value_types import PYTHONS_OWN

SECRET = "s3cr3t-of-a-test"
PARTS: Mapping[str, Any] = {"server": "db", "database": "crm", "username": "reader", "password": SECRET}
STRING: Any = aep.ConnectionStringAuth
BASIC: Any = aep.BasicAuth
CONNECTION: Any = aep.PostgresBaseConnection
REFERENCE: Any = aep.SecretFromEnv


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: CONNECTION("crm", auth=PARTS, sandboxname="dev"),
            "PostgresBaseConnection() has no argument 'sandboxname'; did you mean 'sandbox_name'?",
        ),
        (
            lambda: CONNECTION("crm", auth=PARTS, sandboxName="dev"),
            "PostgresBaseConnection() has no argument 'sandboxName'; did you mean 'sandbox_name'?",
        ),
        (lambda: CONNECTION("crm"), "PostgresBaseConnection() needs 'auth'."),
        (lambda: CONNECTION(auth=PARTS), "PostgresBaseConnection() needs 'resource_name'."),
        (
            lambda: CONNECTION("crm", PARTS),
            (
                "PostgresBaseConnection() takes 'auth', 'name', 'description', 'sandbox_name', 'verify', "
                "'existing_connection_id', 'opts' by keyword only."
            ),
        ),
        (
            lambda: CONNECTION("crm", auth=PARTS, resource_name=SECRET),
            "PostgresBaseConnection() is given 'resource_name' twice.",
        ),
        (
            lambda: CONNECTION.get("crm", "id", sandbox="dev"),
            "PostgresBaseConnection.get() has no argument 'sandbox'; did you mean 'sandbox_name'?",
        ),
        (lambda: CONNECTION.get("crm"), "PostgresBaseConnection.get() needs 'id'."),
        (
            lambda: STRING(**PARTS, user=SECRET),
            "ConnectionStringAuth() has no argument 'user'; did you mean 'username'?",
        ),
        (lambda: STRING(host=SECRET), "ConnectionStringAuth() has no argument 'host'; did you mean 'server'?"),
        (lambda: STRING(pwd=SECRET), "ConnectionStringAuth() has no argument 'pwd'; did you mean 'password'?"),
        (
            lambda: STRING(xyz=SECRET),
            (
                "ConnectionStringAuth() has no argument 'xyz'; there are 'server', 'port', 'database', 'username', "
                "'password', 'encryption', 'connection_string'."
            ),
        ),
        (
            lambda: STRING(SECRET),
            (
                "ConnectionStringAuth() takes 'server', 'port', 'database', 'username', 'password', 'encryption', "
                "'connection_string' by keyword only."
            ),
        ),
        (lambda: BASIC(server="db", password=SECRET), "BasicAuth() needs 'database', 'username'."),
        (lambda: BASIC(**PARTS, sslmode="x"), "BasicAuth() has no argument 'sslmode'; did you mean 'ssl_mode'?"),
        (lambda: REFERENCE(names=SECRET), "SecretFromEnv() has no argument 'names'; did you mean 'name'?"),
        (REFERENCE, "SecretFromEnv() needs 'name'."),
        (lambda: REFERENCE("X", 1, SECRET), "SecretFromEnv() takes only 'name', 'version'."),
    ],
)
def test_a_wrong_argument_is_one_sentence_with_the_right_name(call: Callable[[], object], told: str) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        call()
    assert caught.value.what == told
    assert SECRET not in str(caught.value) + repr(caught.value)
    assert isinstance(caught.value, pulumi.RunError)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_type_error_that_is_none_of_the_arguments_stays_one() -> None:
    @checked_arguments("fails")
    def fails(number: int) -> None:
        raise TypeError(f"{number} of its own")

    with pytest.raises(TypeError, match="5 of its own"):
        fails(5)


@pytest.mark.parametrize("public", [aep.PostgresBaseConnection, aep.ConnectionStringAuth, aep.BasicAuth])
def test_an_editor_still_sees_the_arguments(public: Callable[..., object]) -> None:
    parameters = inspect.signature(public).parameters
    assert "args" not in parameters
    assert "kwargs" not in parameters
    assert "server" in parameters or "auth" in parameters


@pytest.mark.parametrize(("value", "told"), PYTHONS_OWN, ids=[told for _, told in PYTHONS_OWN])
@pytest.mark.parametrize("field", ["server", "database", "username", "password"])
def test_a_value_of_pythons_own_is_refused_at_the_declaration(field: str, value: object, told: str) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        CONNECTION("crm", auth={**PARTS, field: value})
    assert f"auth.{field} must be a string, got {told}." in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("value", "told"), PYTHONS_OWN, ids=[told for _, told in PYTHONS_OWN])
def test_neither_an_id_nor_a_name_nor_a_whole_string_is_taken_of_such_a_type(value: object, told: str) -> None:
    with pytest.raises(aep.DeclarationError) as caught:
        CONNECTION(
            "crm", auth={"connection_string": value}, existing_connection_id=value, name=value, description=value
        )
    for field in ("auth.connection_string", "existing_connection_id", "name", "description"):
        assert f"{field} must be a string, got {told}." in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(("value", "told"), PYTHONS_OWN, ids=[told for _, told in PYTHONS_OWN])
def test_a_read_takes_an_id_and_a_sandbox_of_such_a_type_no_more_than_a_declaration(value: object, told: str) -> None:
    for arguments in ({"id": value}, {"id": "an-id", "sandbox_name": value}):
        with pytest.raises(aep.DeclarationError) as caught:
            CONNECTION.get("crm", **arguments)
        assert f"{[*arguments][-1]} must be a string, got {told}." in str(caught.value)
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"opts": {"protect": True}}, "opts must be a pulumi.ResourceOptions, got an object."),
        ({"opts": "protect"}, "opts must be a pulumi.ResourceOptions, got a string."),
        ({"resource_name": None}, "The resource_name of a PostgresBaseConnection must be a string, got nothing."),
        ({"resource_name": 5}, "The resource_name of a PostgresBaseConnection must be a string, got a number."),
        ({"resource_name": ""}, "The resource_name of a PostgresBaseConnection must be a string, got an empty one."),
    ],
)
@pytest.mark.parametrize("declare", [CONNECTION, CONNECTION.get])
def test_what_pulumi_itself_takes_is_told_without_a_traceback_as_well(
    declare: Callable[..., object], wrong: Mapping[str, object], told: str
) -> None:
    rest = {"auth": PARTS, "name": "crm"} if declare is CONNECTION else {"id": "an-id"}
    with pytest.raises(aep.DeclarationError) as caught:
        declare(**{"resource_name": "crm", **rest, **wrong})
    assert caught.value.what.endswith(told)
    assert SECRET not in str(caught.value)
