"""Mappings: from rows to records, and whether those fit a schema."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_adobe_aep.emulator.data_prep.mapping import MappingError, RecordMapping, understand
from pulumi_adobe_aep.emulator.data_prep.schemas import SchemaError, XdmSchema, schema_version

PROPERTIES: dict[str, Any] = {
    "_id": {"type": "string", "minLength": 1},
    "age": {"type": "integer", "minimum": 0},
    "height": {"type": "number"},
    "active": {"type": "boolean"},
    "bornOn": {"type": "string", "format": "date"},
    "since": {"type": "string", "format": "date-time"},
    "person": {
        "type": "object",
        "properties": {"name": {"type": "object", "properties": {"full": {"type": "string"}}}},
    },
    "emails": {"type": "array", "items": {"type": "object", "properties": {"address": {"type": "string"}}}},
}


def schema(*required: str) -> XdmSchema:
    return XdmSchema({"type": "object", "properties": PROPERTIES, "required": list(required)})


def attribute(source: str, destination: str) -> dict[str, object]:
    return {"sourceType": "ATTRIBUTE", "source": source, "destination": destination}


def mapping(*mappings: dict[str, object], **options: Any) -> RecordMapping:
    found, problems = understand(mappings, **options)
    assert set(problems) == {None}
    return found


def test_both_of_adobes_spellings_mean_the_same() -> None:
    older: dict[str, object] = {"sourceAttribute": "id", "destinationXdmPath": "_id"}
    read_again: dict[str, object] = {"sourceType": "text/x.schema-path", "source": "id", "destination": "_id"}
    for each in (older, read_again, attribute("id", "_id")):
        assert mapping(each).record({"id": "1"}) == {"_id": "1"}


def test_attributes_expressions_and_static_values_make_one_record() -> None:
    found = mapping(
        attribute("id", "_id"),
        {"sourceType": "EXPRESSION", "source": 'concat(first, " ", last)', "destination": "person.name.full"},
        {"sourceType": "STATIC", "source": "crm", "destination": "_acme.source"},
        attribute("email", "emails[0].address"),
        attribute("nothing", "left.out"),
    )
    assert found.record({"id": 1, "first": "Ada", "last": "L", "email": "a@b", "nothing": None}) == {
        "_id": 1,
        "person": {"name": {"full": "Ada L"}},
        "_acme": {"source": "crm"},
        "emails": [{"address": "a@b"}],
    }


def test_nulls_are_fields_only_where_the_mapping_set_allows_them() -> None:
    assert mapping(attribute("a", "b"), keeps_null=True).record({"a": None}) == {"b": None}
    assert mapping(attribute("a", "b")).record({"a": None}) == {}


@pytest.mark.parametrize(
    ("destination", "value", "kept"),
    [
        ("_id", 5, "5"),
        ("_id", True, "true"),
        ("age", "42", 42),
        ("age", 42.0, 42),
        ("height", "1.5", 1.5),
        ("active", "TRUE", True),
        ("since", "2026-01-02", "2026-01-02T00:00:00.000Z"),
        ("bornOn", "2026-01-02T03:04:05.000Z", "2026-01-02"),
    ],
)
def test_a_value_is_converted_to_the_type_of_its_field(destination: str, value: object, kept: object) -> None:
    found = mapping(attribute("a", destination), schema=schema()).record({"a": value})
    assert (found[destination], type(found[destination])) == (kept, type(kept))


@pytest.mark.parametrize(
    ("destination", "value"),
    [
        ("age", "secret"),
        ("age", 1.5),
        ("age", -1),
        ("age", 2**60),
        ("height", "secret"),
        ("active", "secret"),
        ("bornOn", "secret"),
        ("since", "secret"),
        ("_id", ""),
        ("_id", ["secret"]),
        ("person", "secret"),
    ],
)
def test_a_value_that_does_not_fit_its_field_fails_the_row_and_is_not_said(destination: str, value: object) -> None:
    found = mapping(attribute("a", destination), schema=schema())
    with pytest.raises(MappingError) as raised:
        found.record({"a": value})
    assert raised.value.problem.destination == destination
    assert "secret" not in str(raised.value.problem)


def test_a_required_field_that_is_not_mapped_fails_the_row() -> None:
    found = mapping(attribute("a", "age"), schema=schema("_id"))
    with pytest.raises(MappingError, match="'_id' is a required property"):
        found.record({"a": 1})


def test_destinations_that_contradict_each_other_fail_the_row() -> None:
    with pytest.raises(MappingError, match="contradict"):
        mapping(attribute("a", "b"), attribute("a", "b.c")).record({"a": 1})


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (attribute("a", "no.such.field"), "the schema has no such field"),
        (attribute("a", ""), "the destination is not a path"),
        (attribute("a", "b..c"), "the destination is not a path"),
        (attribute("", "_id"), "the source is missing"),
        ({"sourceType": "GUESS", "source": "a", "destination": "_id"}, "the source type is not one of"),
        ({"sourceType": "EXPRESSION", "source": "nope(a)", "destination": "_id"}, "the function nope does not exist"),
    ],
)
def test_each_mapping_that_cannot_be_used_has_its_own_problem(wrong: dict[str, object], reason: str) -> None:
    found, (first, second) = understand([attribute("a", "_id"), wrong], schema())
    assert first is None
    assert second is not None
    assert reason in second.reason
    assert found.record({"a": "1"}) == {"_id": "1"}


def test_a_schema_with_references_is_refused() -> None:
    with pytest.raises(SchemaError, match="with all of its fields"):
        XdmSchema({"allOf": [{"$ref": "https://ns.adobe.com/acme/mixins/1"}]})


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("application/vnd.adobe.xed-full+json;version=1", 1),
        ("application/vnd.adobe.xed-full+json; version=2", 2),
        ("application/vnd.adobe.xed+json;version=1.4", 1),
        ("1.0", 1),
        ("application/vnd.adobe.xed+json", None),
        (None, None),
    ],
)
def test_the_major_version_is_read_from_every_spelling(text: object, version: int | None) -> None:
    assert schema_version(text) == version
