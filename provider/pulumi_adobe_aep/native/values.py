"""Conversion of properties between the protocol's form and the core's: secrets, and what is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]

from pulumi_adobe_aep.kinds.model import UNKNOWN, Model, Properties
from pulumi_adobe_aep.kinds.problems import models_at
from pulumi_adobe_aep.redaction import register

# Pulumi, "Implementing a provider", and sdk/go/common/resource/plugin/rpc.go: the marker of a value that is not
# known yet, for each type.
UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        UNKNOWN_STRING,
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - marks a secret, is not one itself
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

Path = tuple[str | int, ...]


class Decoded(NamedTuple):
    """Properties as the core has them."""

    properties: Properties
    """Secrets in plain; what is not known yet is UNKNOWN."""
    secrets: frozenset[Path]
    """Where secrets are."""


def decode(struct: Struct) -> Decoded:
    """Decode properties that the engine has sent. A null is treated as a missing property."""
    secrets: set[Path] = set()
    return Decoded(_object(MessageToDict(struct), (), secrets), frozenset(secrets))


def encode(properties: Mapping[str, Any], secrets: Iterable[Path], models: Sequence[type[Model]]) -> Struct:
    """Encode properties for the engine.

    Args:
        properties: As the core has them.
        secrets: Where the program or the state has secrets: they stay secret.
        models: What the properties are an object of; their secret fields are secrets wherever they come from.
    """
    struct = Struct()
    struct.update(_encode_object(properties, (), frozenset(secrets), models))
    return struct


def _object(value: Mapping[str, Any], path: Path, secrets: set[Path]) -> Properties:
    decoded = ((key, _decode(item, (*path, key), secrets)) for key, item in value.items())
    return {key: item for key, item in decoded if item is not None}


def _decode(value: Any, path: Path, secrets: set[Path]) -> Any:
    if isinstance(value, str):
        return UNKNOWN if value in _UNKNOWNS else value
    if isinstance(value, list):
        return [_decode(item, (*path, index), secrets) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    signature = value.get(_SIGNATURE)
    if signature not in (_SECRET, _OUTPUT):
        return _object(value, path, secrets)
    if signature == _SECRET or value.get("secret"):
        secrets.add(path)
    decoded = _decode(value["value"], path, secrets) if "value" in value else UNKNOWN
    if path in secrets and isinstance(decoded, str):
        register(decoded)
    return decoded


def _encode_object(
    value: Mapping[str, Any], path: Path, secrets: frozenset[Path], models: Sequence[type[Model]]
) -> dict[str, Any]:
    marked = frozenset().union(*(model.marked("secret") for model in models))

    def encoded(key: str, item: Any) -> Any:
        wire = _encode(item, (*path, key), secrets, models_at(key, models))
        # A reference to a secret is not a secret.
        is_secret = (*path, key) in secrets or (key in marked and not isinstance(item, Mapping))
        return {_SIGNATURE: _SECRET, "value": wire} if is_secret else wire

    return {key: encoded(key, item) for key, item in value.items() if item is not None}


def _encode(value: Any, path: Path, secrets: frozenset[Path], models: Sequence[type[Model]]) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_STRING
    if isinstance(value, Mapping):
        return _encode_object(value, path, secrets, models)
    if not isinstance(value, list):
        return value
    items = (_encode(item, (*path, index), secrets, models) for index, item in enumerate(value))
    return [
        {_SIGNATURE: _SECRET, "value": wire} if (*path, index) in secrets else wire for index, wire in enumerate(items)
    ]


def references(properties: Mapping[str, Any], models: Sequence[type[Model]], path: str = "") -> Mapping[str, str]:
    """Return the environment variables that are referred to in place of secrets, by path.

    Args:
        properties: As the core has them.
        models: What the properties are an object of.
        path: Where they are, with a dot at its end.
    """
    secret = frozenset().union(*(model.marked("secret") for model in models))
    found: dict[str, str] = {}
    for key, item in properties.items():
        if isinstance(item, Mapping) and key in secret:
            found[f"{path}{key}"] = str(item.get("fromEnv"))
        elif isinstance(item, Mapping):
            found.update(references(item, models_at(key, models), f"{path}{key}."))
    return found
