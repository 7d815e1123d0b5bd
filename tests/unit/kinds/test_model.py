"""What the models know of each field, and what of it reaches the state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, TypeAdapter, ValidationError

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import (
    POSTGRES,
    BasicAuthModel,
    ConnectionStringAuthModel,
)
from pulumi_adobe_aep.kinds.model import UNKNOWN, Inputs
from pulumi_adobe_aep.kinds.secrets import Secret, SecretReference, reveal

PASSWORD = "s3cr3t-of-the-database"


def test_the_models_say_which_fields_are_secrets() -> None:
    assert ConnectionStringAuthModel.marked("secret") == {"password", "connectionString"}
    assert BasicAuthModel.marked("secret") == {"password"}
    assert Inputs.marked("secret") == frozenset()


def test_the_models_say_which_fields_replace_the_connection() -> None:
    assert POSTGRES.inputs.marked("replaces") == {"sandboxName", "existingConnectionId"}
    assert BasicAuthModel.marked("replaces") == ConnectionStringAuthModel.marked("replaces") == frozenset()


def test_every_field_is_described() -> None:
    for model in (POSTGRES.inputs, ConnectionStringAuthModel, BasicAuthModel, SecretReference):
        for name, info in model.model_fields.items():
            assert info.description, f"{model.__name__}.{name}"


def test_inputs_go_to_the_state_in_camel_case_without_what_is_absent() -> None:
    inputs = POSTGRES.inputs.model_validate(
        {
            "name": "crm",
            "sandboxName": "dev",
            "auth": {"server": "db", "database": "crm", "username": "u", "password": PASSWORD, "sslMode": "Require"},
        }
    )
    assert inputs.to_state() == {
        "name": "crm",
        "sandboxName": "dev",
        "verify": False,
        "auth": {
            "specName": "Basic Authentication",
            "server": "db",
            "port": 5432,
            "database": "crm",
            "username": "u",
            "password": PASSWORD,
            "sslMode": "Require",
        },
    }


def test_a_repr_shows_no_secret() -> None:
    auth = {"server": "db", "database": "crm", "username": "u", "password": PASSWORD}
    inputs = POSTGRES.inputs.model_validate({"name": "crm", "sandboxName": "dev", "auth": auth})
    recorded = POSTGRES.state({**inputs.to_state(), "connectionId": "1"})
    assert PASSWORD not in repr(inputs) + str(inputs) + repr(recorded) + str(recorded)


def test_a_validation_error_shows_no_secret() -> None:
    auth = {"server": "db", "port": "abc", "database": "crm", "username": "u", "password": PASSWORD}
    with pytest.raises(ValidationError) as caught:
        POSTGRES.inputs.model_validate({"name": "crm", "sandboxName": "dev", "auth": auth})
    assert PASSWORD not in str(caught.value) + repr(caught.value)


def test_a_string_that_is_not_utf_8_is_refused_without_quoting_it() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter[Any](Secret).validate_python("secret\udcffbytes")
    (error,) = caught.value.errors(include_input=False)
    assert error["msg"] == "holds bytes that are not UTF-8"


def test_a_secret_is_revealed_as_it_is() -> None:
    assert reveal(SecretStr(" as it is "), {}) == " as it is "


def test_a_referenced_secret_is_read_from_the_environment() -> None:
    assert reveal(SecretReference(from_env="CRM_DB_PASSWORD"), {"CRM_DB_PASSWORD": PASSWORD}) == PASSWORD


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (None, "is not set"),
        ("", "is not set"),
        ("   ", "is empty"),
        (f"{PASSWORD}\n", "ends with a line break"),
        (f"{PASSWORD}\x00", "holds a control character"),
        (f"{PASSWORD}\udcff", "holds bytes that are not UTF-8"),
    ],
)
def test_a_variable_that_holds_no_secret_is_named_and_not_quoted(value: str | None, what: str) -> None:
    environment = {} if value is None else {"CRM_DB_PASSWORD": value}
    with pytest.raises(MissingSecret) as caught:
        reveal(SecretReference(from_env="CRM_DB_PASSWORD"), environment)
    message = str(caught.value)
    assert message.startswith(f"The environment variable CRM_DB_PASSWORD {what}")
    assert "nothing was sent" in message
    assert "Set CRM_DB_PASSWORD for the process that runs pulumi." in message
    assert PASSWORD not in message


@pytest.mark.parametrize("version", [0, 1, 7, 7.0])
def test_the_version_of_a_reference_is_a_whole_number(version: float) -> None:
    assert SecretReference.model_validate({"fromEnv": "CRM", "version": version}).to_state() == {
        "fromEnv": "CRM",
        "version": int(version),
    }


@pytest.mark.parametrize("version", [-1, 1.5, "7", True, None, float("inf"), float("nan"), []])
def test_another_version_is_refused(version: object) -> None:
    with pytest.raises(ValidationError, match="must be a whole number, 0 or more, that grows with each new secret"):
        SecretReference.model_validate({"fromEnv": "CRM", "version": version})


def test_unknown_stands_for_any_type() -> None:
    wire = {"name": UNKNOWN, "sandboxName": UNKNOWN, "verify": UNKNOWN, "auth": UNKNOWN}
    assert POSTGRES.inputs.model_validate(wire).to_state() == wire


def test_a_state_is_read_whatever_else_stands_in_it() -> None:
    recorded = POSTGRES.state({"name": "crm", "auth": {"newKey": 1}, "somethingNew": {"a": []}, "description": None})
    assert recorded.properties == {"name": "crm", "auth": {"newKey": 1}}
    assert (recorded.name, recorded.sandbox_name, recorded.org_id) == ("crm", "", "")


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.text(),
            "description": st.text(),
            "sandboxName": st.text(),
            "auth": st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False)),
            "verify": st.booleans(),
            "connectionId": st.text(),
            "state": st.text(),
            "orgId": st.text(),
            "authSpecName": st.text(),
        },
    )
)
def test_a_state_survives_reading_and_writing(wire: dict[str, Any]) -> None:
    recorded = POSTGRES.state(wire)
    assert recorded.properties == wire
    assert POSTGRES.state(recorded.properties) == recorded
    assert set(recorded.inputs(POSTGRES.inputs)) <= {
        "name",
        "description",
        "sandboxName",
        "auth",
        "verify",
        "existingConnectionId",
    }
