"""A flow's ``transformations``: the copy with its delta column, and the mapping."""

from pulumi_adobe_aep.emulator.errors import ConnectorError
from pulumi_adobe_aep.emulator.store.entities import JsonObject


def transformation(fields: JsonObject, name: str) -> JsonObject | None:
    """Return a transformation, None where the flow has none of that name."""
    given = fields.get("transformations")
    found = (each for each in (given if isinstance(given, list) else []) if isinstance(each, dict))
    return next((each for each in found if each.get("name") == name), None)


def delta_column(fields: JsonObject) -> str | None:
    """Return the name of the delta column, None where there is none."""
    column = _parameters(transformation(fields, "Copy")).get("deltaColumn")
    name = column.get("name") if isinstance(column, dict) else None
    return str(name) if name else None


def mapping_reference(fields: JsonObject) -> tuple[str, int | None]:
    """Return the id of the mapping set and its version, which is None where the flow does not say it.

    Raises:
        ConnectorError: 1370 without a mapping, 1328 for one that lacks its id.
    """
    found = transformation(fields, "Mapping")
    if found is None:
        raise ConnectorError("1370-400")
    parameters = _parameters(found)
    if not parameters.get("mappingId"):
        raise ConnectorError("1328-400", parameter="mappingId")
    version = str(parameters.get("mappingVersion", ""))
    return str(parameters["mappingId"]), int(version) if version.isascii() and version.isdigit() else None


def has_unreadable_version(fields: JsonObject) -> bool:
    """Return whether the mapping's version is there and is not a number."""
    parameters = _parameters(transformation(fields, "Mapping"))
    return parameters.get("mappingVersion") is not None and mapping_reference(fields)[1] is None


def check_delta_column(fields: JsonObject, frequency: str) -> None:
    """Check that there is a delta column where the frequency wants one, and only there.

    Raises:
        ConnectorError: 1367 or 1369.
    """
    has_column = "deltaColumn" in _parameters(transformation(fields, "Copy"))
    if has_column and frequency == "once":
        raise ConnectorError("1369-400")
    if (not has_column or delta_column(fields) is None) and frequency != "once":
        raise ConnectorError("1367-400")


def with_delta_column(fields: JsonObject, name: str) -> JsonObject:
    """Return the fields with a delta column in the copy."""
    given = fields.get("transformations")
    others = [each for each in (given if isinstance(given, list) else []) if each != transformation(fields, "Copy")]
    copy: JsonObject = {"name": "Copy", "params": {"deltaColumn": {"name": name}}}
    return {**fields, "transformations": [copy, *others]}


def _parameters(found: JsonObject | None) -> JsonObject:
    parameters = found.get("params") if found is not None else None
    return parameters if isinstance(parameters, dict) else {}
