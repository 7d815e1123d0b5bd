"""A connection spec's own JSON Schema of an auth spec, and what is wrong with parameters according to it.

Source: the `authSpec` of the connection specs on Adobe's pages: `required`, `properties` with `type` and
`format: password`. What else a schema may say is left to the service.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pulumi_adobe_aep.kinds.problems import nearest_name

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (Mapping,),
    "array": (list,),
}


class ToCheck(NamedTuple):
    """Credentials that only their connection spec knows."""

    spec_id: str
    auth_spec_name: str
    params: Mapping[str, Any]
    secrets: Collection[str]
    """The names of the parameters that are secrets."""


def auth_specs(spec: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the schemas of a connection spec's auth specs by their names."""
    listed = spec.get("authSpec")
    found = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    return {str(each.get("name")): _object(each.get("spec")) for each in found}


def secret_names(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the parameters that are secrets."""
    return frozenset(name for name, each in _properties(schema).items() if each.get("format") == "password")


def required_names(schema: Mapping[str, Any]) -> Sequence[str]:
    """Return the required parameters."""
    listed = schema.get("required")
    return [str(each) for each in listed] if isinstance(listed, list) else []


def known_names(schema: Mapping[str, Any]) -> Sequence[str]:
    """Return the parameters that there may be."""
    return (*_properties(schema),)


def needed_names(schema: Mapping[str, Any], shown: Collection[str]) -> Sequence[str]:
    """Return the parameters that a connection of which some are shown must have.

    Args:
        schema: The auth spec's JSON Schema.
        shown: The parameters that are shown. Of several sets, one of which must be complete, they tell which it is.
    """
    sets = _alternative_sets(schema)
    # Of two that fit as well, the one that lacks less: what is no secret would be shown.
    likeliest = max(sets, key=lambda names: (len({*names} & {*shown}), -len(names)), default=())
    return (*dict.fromkeys((*required_names(schema), *likeliest)),)


def typed_value(schema: Mapping[str, Any], name: str, text: str) -> object:
    """Return a parameter that a person has typed as the JSON type that the schema has for it, if it can be one."""
    json_type = _properties(schema).get(name, {}).get("type")
    if _fits(text, json_type):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if _fits(value, json_type) else text


def wrong_params(schema: Mapping[str, Any], params: Mapping[str, Any], secrets: Collection[str]) -> Iterator[str]:
    """Return what is wrong with parameters, without a value.

    Args:
        schema: The auth spec's JSON Schema.
        params: The parameters that are not secrets.
        secrets: The names of those that are, each a string.
    """
    known = _properties(schema)
    given = {*params, *secrets}
    for name in required_names(schema):
        if name not in given:
            yield f"{name} is missing" + (" from the secret parameters" if name in secret_names(schema) else "")
    yield from _alternatives(schema, given)
    for name in (*params, *secrets):
        if known and name not in known:
            nearest = nearest_name(name, known)
            meant = f"did you mean {nearest}?" if nearest else f"there are {', '.join(known)}"
            yield f"{name} is not a parameter of it; {meant}"
    for name, value in params.items():
        each = known.get(name, {})
        if each.get("format") == "password":
            yield f"{name} is a secret and is among the parameters that are not secret"
        elif not _fits(value, each.get("type")):
            yield f"{name} must be {_type_name(each.get('type'))}"
    for name in secrets:
        if not _fits("", known.get(name, {}).get("type")):
            yield f"{name} must be {_type_name(known[name].get('type'))} but secret parameters are strings"


def _alternatives(schema: Mapping[str, Any], given: Collection[str]) -> Iterator[str]:
    """Yield a message if none of several sets of parameters is complete."""
    sets = _alternative_sets(schema)
    if sets and not any(set(names) <= set(given) for names in sets):
        yield f"there must be {', or '.join(' and '.join(names) for names in sets)}"


def _alternative_sets(schema: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    listed = schema.get("anyOf")
    return [required_names(each) for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _fits(value: object, json_type: object) -> bool:
    names = json_type if isinstance(json_type, list) else [json_type]
    classes = [each for name in names for each in _TYPES.get(str(name), (object,))]
    # In Python a boolean is an integer.
    return any(isinstance(value, each) and (each is not int or not isinstance(value, bool)) for each in classes)


def _type_name(json_type: object) -> str:
    return " or ".join(map(str, json_type)) if isinstance(json_type, list) else str(json_type)


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {str(name): _object(each) for name, each in _object(schema.get("properties")).items()}


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
