"""What programs declare of every source, with Pulumi's own mocks, as its users test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS, SOURCES
from tests.support.mocked_engine import declare, is_secret
from tests.support.sources import DECLARED, SECRET, Declared

TYPED = [each for each in DECLARED if each.resource != "BaseConnection"]


@pytest.mark.parametrize("passed", [dict, pulumi.Output.from_input], ids=["known", "output"])
@pytest.mark.parametrize("declared", TYPED, ids=lambda each: each.id)
def test_the_secrets_of_every_source_are_encrypted(declared: Declared, passed: Callable[[Any], Any]) -> None:
    resource = getattr(aep, declared.resource)
    reached = declare(lambda: resource("crm", auth=passed(declared.inputs["auth"])).id).inputs["crm"]["auth"]
    parts = reached if passed is dict else {name: reached for _, name in declared.secrets}
    assert all(is_secret(parts[name]) for _, name in declared.secrets)


@pytest.mark.parametrize("kind", SOURCES, ids=lambda each: each.name)
def test_each_kind_of_auth_has_a_class_of_the_models_name(kind: Any) -> None:
    for auth in kind.inputs.auth_kinds:
        assert hasattr(aep, auth.__name__.removesuffix("Model"))


def anything(**changes: Any) -> dict[str, Any]:
    arguments = {
        "connection_spec": "greenplum",
        "auth_spec_name": "Basic Authentication",
        "params": {"some_key": "a", "URL": "b"},
        "secret_params": {"secret_key": SECRET, "from_environment": aep.SecretFromEnv("CRM")},
        **changes,
    }
    return declare(lambda: aep.BaseConnection("crm", **arguments).id).inputs["crm"]


def test_the_parameters_of_any_spec_keep_their_names_and_only_secrets_are_encrypted() -> None:
    reached = anything()
    assert reached["params"] == {"some_key": "a", "URL": "b"}
    assert reached["secretParams"]["secret_key"]["value"] == SECRET
    assert is_secret(reached["secretParams"]["secret_key"])
    assert reached["secretParams"]["from_environment"] == {"fromEnv": "CRM", "version": 1}


def test_secret_parameters_that_come_as_an_output_are_encrypted() -> None:
    reached = anything(secret_params=pulumi.Output.from_input({"secret_key": SECRET}))["secretParams"]
    assert is_secret(reached)
    assert reached["value"] == {"secret_key": SECRET}


def test_an_unknown_name_of_a_connection_spec_is_reported_at_the_declaration() -> None:
    with pytest.raises(aep.DeclarationError, match="connection_spec must be one of redshift, databricks,"):
        anything(connection_spec="my-sql")


def test_the_source_of_any_connection_is_the_source_of_its_tables() -> None:
    def program() -> object:
        connection = aep.BaseConnection("base", connection_spec="mysql", auth_spec_name="Basic Authentication")
        return aep.TableSourceConnection("crm", connection=connection, table="crm.customers").id

    assert declare(program).inputs["crm"]["connectionSpec"] == KNOWN_SPECS["mysql"].id
