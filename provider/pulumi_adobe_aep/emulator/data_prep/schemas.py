"""XDM schemas: which fields there are, and whether a record fits."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from jsonschema import Draft7Validator, FormatChecker

from pulumi_adobe_aep.emulator.data_prep.functions import EvaluationError, as_number, as_text

JsonObject = dict[str, object]
Path = tuple[str | int, ...]

_VERSION: Final = re.compile(r"(?:version=)?(\d+)(?:\.\d+)?\s*")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMATS: Final = FormatChecker(formats=())
_LARGEST: Final = 2**53 - 1
"""Of an integer in XDM, where numbers are those of JSON."""


@_FORMATS.checks("date")
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or _DATE.fullmatch(value) is not None


@_FORMATS.checks("date-time")
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or re.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", value) is not None


class SchemaError(Exception):
    """A schema that cannot be used; the message says why."""


def schema_version(text: object) -> int | None:
    """Return the major version that a content type (``...;version=1``) or a version (``1.0``) names, None for none."""
    found = _VERSION.fullmatch(str(text).rpartition(";")[2].strip()) if isinstance(text, str) else None
    return None if found is None else int(found[1])


def references(document: object) -> Iterator[str]:
    """Return every ``$ref`` in a schema."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            yield from references(value)
    elif isinstance(document, list):
        for each in document:
            yield from references(each)


class XdmSchema:
    """One schema with all of its fields, as the Schema Registry shows it for ``xed-full``.

    Args:
        document: the JSON Schema.

    Raises:
        SchemaError: it refers to other schemas, or is not a JSON Schema.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        if any(True for _ in references(document)):
            raise SchemaError("the schema has a $ref: give it with all of its fields, as for xed-full")
        self._document = document
        self._validator = Draft7Validator({**document, "$id": ""}, format_checker=_FORMATS)

    def at(self, path: Path) -> Mapping[str, Any] | None:
        """Return the schema of one field, None where there is none."""
        found: object = self._document
        for part in path:
            if not isinstance(found, Mapping):
                return None
            found = found.get("items") if isinstance(part, int) else found.get("properties", {}).get(part)
        return found if isinstance(found, Mapping) else None

    def problem(self, record: JsonObject) -> tuple[str, str] | None:
        """Return the path and the reason of the first thing that does not fit; neither holds a value."""
        found = next(iter(self._validator.iter_errors(record)), None)
        if found is None:
            return None
        where = ".".join(str(part) for part in found.absolute_path)
        if found.validator == "required":
            return where, str(found.message)
        return where, f"does not meet the schema's {found.validator}"


def converted(value: object, field: Mapping[str, Any] | None) -> object:
    """Return a value in the type of its field, as Data Prep converts: strings and numbers, dates to times.

    Raises:
        EvaluationError: it cannot be.
    """
    kind = None if field is None else field.get("type")
    if field is None or value is None:
        return value
    if kind in {"integer", "number"}:
        return _number(value, whole=kind == "integer")
    if kind == "boolean":
        return _boolean(value)
    if kind == "string":
        return _text(value, str(field.get("format", "")))
    return value


def _number(value: object, *, whole: bool) -> object:
    number = as_number(value)
    if not whole:
        return number
    if number != int(number) or abs(number) > _LARGEST:
        raise EvaluationError("a value is not a whole number that XDM can hold")
    return int(number)


def _boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    raise EvaluationError("a value is not true or false")


def _text(value: object, form: str) -> object:
    if isinstance(value, dict | list):
        raise EvaluationError("an object or array does not fit a string")
    text = as_text(value)
    if form == "date-time" and _DATE.fullmatch(text):
        return f"{text}T00:00:00.000Z"
    return text[: len("2026-01-01")] if form == "date" and _is_date_time(text) and not _is_date(text) else text


def read_path(text: str) -> Path:
    """Return the parts of a destination's path, such as ``identities[0].id``; an index is a number.

    Raises:
        SchemaError: it is not a path.
    """
    parts: list[str | int] = []
    for part in text.split("."):
        match = re.fullmatch(r"([^\[\]\s]+)((?:\[\d+\])*)", part)
        if match is None:
            raise SchemaError("the destination is not a path")
        parts.append(match[1])
        parts.extend(int(index) for index in re.findall(r"\d+", match[2]))
    return tuple(parts)


def put(record: JsonObject, path: Sequence[str | int], value: object) -> None:
    """Set a field of a record, with the objects and arrays on the way to it.

    Raises:
        EvaluationError: another field is in its way.
    """
    holder: object = record
    for part, following in pairwise(path):
        holder = _child(holder, part, [] if isinstance(following, int) else {})
    _child(holder, path[-1], value)


def _child(holder: object, part: str | int, new: object) -> object:
    """Return what a holder has at a part, which is the new value where there is nothing."""
    if isinstance(holder, dict) and isinstance(part, str):
        return holder.setdefault(part, new)
    if isinstance(holder, list) and isinstance(part, int):
        holder.extend(None for _ in range(part + 1 - len(holder)))
        if holder[part] is None:
            holder[part] = new
        return holder[part]
    raise EvaluationError("two destinations contradict each other")
