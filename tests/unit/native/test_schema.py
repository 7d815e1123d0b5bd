"""The schema follows the models, and the kept file follows the schema."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.registry import KINDS
from pulumi_adobe_aep.native.schema import schema, to_text
from pulumi_adobe_aep.native.tokens import type_token
from tools.schema import SCHEMA

WRITTEN = schema([*KINDS.values()])
AUTH = WRITTEN["types"][type_token("PostgresBaseConnectionAuth")]["properties"]


def test_the_kept_schema_is_the_one_of_the_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == to_text(WRITTEN), "run `make schema`"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_input_and_output_of_a_kind_has_a_property_with_a_description(kind: EntityKind) -> None:
    resource = WRITTEN["resources"][type_token(kind.name)]
    assert set(resource["inputProperties"]) == {facts.key for facts in kind.inputs.facts()}
    assert set(resource["properties"]) == set(kind.keys.values())
    assert all(each["description"] for each in resource["properties"].values())
    assert "name" not in resource["requiredInputs"], "the resource's name is its default"
    assert "sandboxName" not in resource["requiredInputs"], "the settings have it"


def test_a_state_of_the_dynamic_provider_is_the_same_resource() -> None:
    for name in KINDS:
        aliases = WRITTEN["resources"][type_token(name)]["aliases"]
        assert aliases == [{"type": f"pulumi-python:dynamic/adobe-aep:{name}"}]


def test_an_auth_is_one_object_whose_parts_are_optional() -> None:
    assert {"specName", "server", "password", "connectionString", "sslMode"} <= set(AUTH)
    assert "required" not in WRITTEN["types"][type_token("PostgresBaseConnectionAuth")]


@pytest.mark.parametrize("key", ["password", "connectionString"])
def test_a_secret_is_a_string_or_a_reference_and_marked(key: str) -> None:
    assert AUTH[key]["secret"] is True
    assert AUTH[key]["oneOf"] == [{"type": "string"}, {"$ref": f"#/types/{type_token('SecretFromEnv')}"}]


def test_a_choice_of_strings_has_its_values_and_takes_any_string() -> None:
    assert AUTH["encryption"]["oneOf"][0] == {"type": "string"}
    values = WRITTEN["types"][type_token("PostgresBaseConnectionAuthEncryption")]["enum"]
    assert [each["value"] for each in values] == ["verify", "require", "request", "disable"]


def test_what_replaces_says_so_and_leaves_the_decision_to_the_plugin() -> None:
    inputs = WRITTEN["resources"][type_token("PostgresBaseConnection")]["inputProperties"]
    assert inputs["sandboxName"]["willReplaceOnChanges"] is True
    assert "replaceOnChanges" not in str(WRITTEN).replace("willReplaceOnChanges", "")


def test_credentials_in_the_settings_are_secrets() -> None:
    variables: dict[str, Any] = WRITTEN["config"]["variables"]
    assert {key for key, each in variables.items() if each.get("secret")} == {"clientSecret", "accessToken"}


def test_the_generated_python_package_is_not_the_handwritten_one() -> None:
    assert WRITTEN["language"]["python"]["packageName"] != "pulumi_adobe_aep"


def test_an_output_has_the_type_that_an_input_of_another_resource_needs() -> None:
    resources = WRITTEN["resources"]
    version = resources[type_token("MappingSet")]["properties"]["version"]
    assert (
        version["type"] == resources[type_token("Dataflow")]["inputProperties"]["mappingVersion"]["type"] == "integer"
    )
    assert resources[type_token("TableSourceConnection")]["properties"]["tableColumns"]["type"] == "array"


def test_a_description_has_no_name_that_only_python_has() -> None:
    # Adobe's own values and names are in capitals or in camelCase.
    assert re.findall(r"`[a-z]+_[a-z_]+`", to_text(WRITTEN)) == []
