"""Properties on the wire and in the core: secrets stay secrets, and what is not known stays unknown."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]

from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.model import UNKNOWN
from pulumi_adobe_aep.native.values import UNKNOWN_STRING, decode, encode, references
from tests.support.host import secret

MODELS = [POSTGRES.inputs]
OUTPUT = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}


def struct(wire: dict[str, Any]) -> Struct:
    found = Struct()
    found.update(wire)
    return found


@pytest.mark.parametrize(
    ("wire", "properties", "secrets"),
    [
        ({"name": "crm"}, {"name": "crm"}, set()),
        ({"name": None, "auth": {"port": None}}, {"auth": {}}, set()),
        ({"name": secret("crm")}, {"name": "crm"}, {("name",)}),
        ({"auth": secret({"password": "p"})}, {"auth": {"password": "p"}}, {("auth",)}),
        ({"auth": {"password": secret("p")}}, {"auth": {"password": "p"}}, {("auth", "password")}),
        ({"rows": ["a", secret("b")]}, {"rows": ["a", "b"]}, {("rows", 1)}),
        ({"name": UNKNOWN_STRING}, {"name": UNKNOWN}, set()),
        ({"port": "3eeb2bf0-c639-47a8-9e75-3b44932eb421"}, {"port": UNKNOWN}, set()),
        ({"name": secret(UNKNOWN_STRING)}, {"name": UNKNOWN}, {("name",)}),
        ({"name": {**OUTPUT, "value": "crm", "secret": True}}, {"name": "crm"}, {("name",)}),
        ({"name": dict(OUTPUT)}, {"name": UNKNOWN}, set()),
    ],
)
def test_properties_are_plain_and_it_is_known_where_secrets_stand(
    wire: dict[str, Any], properties: dict[str, Any], secrets: set[tuple[str | int, ...]]
) -> None:
    found = decode(struct(wire))
    assert found.properties == properties
    assert found.secrets == secrets


def test_what_came_comes_back() -> None:
    wire = {
        "name": secret("crm"),
        "description": UNKNOWN_STRING,
        "auth": {"server": "db", "password": secret("p"), "port": 5432},
        "rows": ["a", secret("b"), {"c": secret("d")}],
    }
    found = decode(struct(wire))
    assert MessageToDict(encode(found.properties, found.secrets, MODELS)) == wire


def test_a_secret_field_is_a_secret_wherever_it_comes_from_and_a_reference_to_one_is_none() -> None:
    reference = {"fromEnv": "CRM", "version": 1}
    properties = {"auth": {"password": "p", "server": "db", "connectionString": reference}}
    assert MessageToDict(encode(properties, (), MODELS)) == {
        "auth": {"password": secret("p"), "server": "db", "connectionString": reference}
    }


def test_references_are_found_by_path() -> None:
    properties = {"name": "crm", "auth": {"server": "db", "password": {"fromEnv": "CRM", "version": 1}}}
    assert references(properties, MODELS) == {"auth.password": "CRM"}
    assert references({"auth": {"password": "p"}}, MODELS) == {}
