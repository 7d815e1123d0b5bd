"""Mapping sets of Data Prep: the target field of each column.

Source: Adobe's OpenAPI document "Data Prep API" and its page "Mapping sets endpoint". Each PUT makes a new version, and
a dataflow refers to one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.kind import (
    CREATED_AT,
    ORG_ID,
    UPDATED_AT,
    EntityKind,
    Match,
    Output,
    PreflightRequest,
    Shown,
    look_up,
)
from pulumi_adobe_aep.kinds.model import (
    REPLACES,
    RESOURCE_NAME,
    TAKES_OVER,
    UNKNOWN,
    FieldFacts,
    Inputs,
    Properties,
    at,
)
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.target_connection import SCHEMA_VERSION
from pulumi_adobe_aep.kinds.values import Line, bad_value, check_line, check_string, whole_number

EXPRESSION = "expression"
"""The key of an expression of Data Prep in the state."""
_SUCCESS = "SUCCESS"


def _check_mappings(value: object) -> object:
    if not isinstance(value, Mapping) or not value:
        raise bad_value('must be an object of XDM paths and what becomes of them: {"_acme.email": "email"}')
    for path, source in value.items():
        check_line(path)
        _check_source(path, source)
    return value


def _check_source(path: str, source: object) -> None:
    is_expression = isinstance(source, Mapping)
    if isinstance(source, Mapping):
        if set(source) != {EXPRESSION}:
            raise bad_value(f"has an object at {path}; give a column's name or an expression")
        source = source[EXPRESSION]
    if source is UNKNOWN:
        return
    if not isinstance(source, str) or not source.strip():
        raise bad_value(f"has no column or expression at {path}; give a column's name or an expression")
    (check_string if is_expression else check_line)(source)


class MappingSetInputs(Inputs):
    """What a program declares of a mapping set."""

    name: Annotated[Line, at("name"), RESOURCE_NAME] = Field(
        description="The mapping set's name. It need not be unique."
    )
    schema_id: Annotated[Line, at("outputSchema", "schemaRef", "id"), REPLACES] = Field(
        description="The `$id` of the XDM schema that is mapped to."
    )
    schema_version: Annotated[Line, at("outputSchema", "schemaRef", "contentType"), REPLACES] = Field(
        default=SCHEMA_VERSION,
        description="The schema's version. It must be the same in the dataset, the target connection and here.",
    )
    mappings: Annotated[dict[str, Any], BeforeValidator(_check_mappings), at("mappings")] = Field(
        description="By XDM path, the column or the expression that gives its value."
    )
    existing_mapping_id: Annotated[Line | None, REPLACES, TAKES_OVER] = Field(
        default=None, description="Take over this mapping set instead of creating one."
    )


@dataclass(frozen=True, kw_only=True)
class MappingSetKind(EntityKind):
    """The mapping sets of Data Prep."""

    def body(self, inputs: Inputs, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return the body of a POST or PUT; the order of the mappings is that of their paths."""
        body = super().body(inputs, environment)
        mappings = [_mapping(path, source) for path, source in sorted(body["mappings"].items())]
        return {**body, "mappings": mappings}

    def preflight(self, body: Mapping[str, Any]) -> PreflightRequest:
        """Return the request that has Data Prep validate the mappings."""
        return PreflightRequest(
            "POST", f"{self.path}/validate", f"Validating the mapping set '{body['name']}'", (), body
        )

    def apply_preflight(self, body: Mapping[str, Any], response: Any) -> dict[str, Any]:
        """Return the body as it is, unless Data Prep refuses one of its mappings."""
        found = look_up(response, ("validationResponse",))
        results = found if isinstance(found, list) else []
        wrong = [
            f"mappings.{mapping['destination']}: {_reasons(result)}"
            for mapping, result in zip(body["mappings"], results, strict=False)
            if look_up(result, ("status",)) not in (None, _SUCCESS)
        ]
        if wrong:
            raise InvalidInputs(
                f"Data Prep refuses mappings of the mapping set '{body['name']}', so nothing was written.",
                why=". ".join(each.rstrip(".") for each in wrong) + ".",
                advice="Correct these mappings: the column must be one of the table, the path one of the schema.",
            )
        return dict(body)

    def computed(self, entity: Shown) -> Properties:
        """Return the version."""
        return {"version": whole_number(entity.get("version"))}

    def read_query(self, recorded: State) -> tuple[tuple[str, str], ...]:
        """Return the recorded version: what a GET without one shows is not documented."""
        version = whole_number(recorded.properties.get("version"))
        return () if version is None else (("version", str(version)),)

    def is_current(self, recorded: State, shown: Shown) -> bool:
        """Return whether the recorded version is shown, with its mappings."""
        version, shown_version = recorded.properties.get("version"), whole_number(shown.get("version"))
        return shown_version is not None and whole_number(version) in (None, shown_version)

    def merge_observed(self, facts: FieldFacts, recorded: State, shown: Any) -> Any:
        """Return a field's value that fits what Data Prep shows; mappings in either of its spellings."""
        if facts.key == "mappings" and isinstance(shown, list):
            return dict(each for each in map(_observed, shown) if each is not None)
        return super().merge_observed(facts, recorded, shown)

    def match(self, body: Mapping[str, Any], shown: Shown) -> Match:
        """Return whether a mapping set is what a request with this body has created: it has the same content."""
        mappings = shown.get("mappings")
        if shown.get("name") != body["name"]:
            return Match.NO
        if not isinstance(mappings, list):
            return Match.POSSIBLE
        wanted = dict(each for each in map(_observed, body["mappings"]) if each is not None)
        is_same = dict(each for each in map(_observed, mappings) if each is not None) == wanted
        return Match.CERTAIN if is_same and look_up(shown, _SCHEMA) == look_up(body, _SCHEMA) else Match.NO


_SCHEMA = ("outputSchema", "schemaRef", "id")
_REASONS = ("exception", "message", "detail", "title")


def _mapping(path: str, source: Any) -> dict[str, str]:
    if isinstance(source, Mapping):
        return {"sourceType": "EXPRESSION", "source": source[EXPRESSION], "destination": path}
    return {"sourceType": "ATTRIBUTE", "source": source, "destination": path}


def _observed(mapping: Any) -> tuple[str, Any] | None:
    """Return a mapping as a program declares it; None if it is not one."""
    source = look_up(mapping, ("source",)) or look_up(mapping, ("sourceAttribute",))
    path = look_up(mapping, ("destination",)) or look_up(mapping, ("destinationXdmPath",))
    if not isinstance(source, str) or not isinstance(path, str):
        return None
    kind = look_up(mapping, ("sourceType",))
    if kind == "EXPRESSION":
        return path, {EXPRESSION: source}
    return (path, {EXPRESSION: f'"{source}"'}) if kind == "STATIC" else (path, source)


def _reasons(result: Any) -> str:
    errors = look_up(result, ("errors",))
    texts = (look_up(error, (key,)) for error in errors or () for key in _REASONS)
    found = [text for text in texts if isinstance(text, str)]
    return " ".join(found) or "refused without a reason"


MAPPING_SET = MappingSetKind(
    name="MappingSet",
    title="mapping set",
    noun="mapping set",
    path="/mappingSets",
    inputs=MappingSetInputs,
    id_output=Output("mapping_id", "The mapping set's id, for dataflows."),
    outputs=(
        Output(
            "version", "The version that the declared mappings are, for dataflows. Each change makes a new one.", int
        ),
        CREATED_AT,
        UPDATED_AT,
        ORG_ID,
    ),
    service="data-prep",
    update_method="PUT",
    # Adobe's OpenAPI document has no way; one of its clients tries DELETE.
    deletable=False,
    shows_creator=False,
)
