"""PostgreSQL's types as the XDM types of Experience Platform.

Sources: the responses on Adobe's page about exploring databases (``type``, ``xdm`` and, where they differ,
``meta:xdmType``), and "XDM field type constraints" for the names and limits of the types. Which of them Adobe's
connector returns for each PostgreSQL type is not documented: this table takes the narrowest XDM type that holds every
value.
"""

from collections.abc import Mapping
from typing import Final, Literal, TypedDict

XdmType = Literal["string", "boolean", "short", "int", "long", "number", "date", "date-time"]

_TYPES: Final[Mapping[str, XdmType]] = {
    "bool": "boolean",
    "int2": "short",
    "int4": "int",
    "oid": "long",
    "xid": "long",
    "cid": "long",
    "int8": "long",
    "float4": "number",
    "float8": "number",
    "numeric": "number",
    "date": "date",
    "timestamp": "date-time",
    "timestamptz": "date-time",
}
_XDM: Final[Mapping[XdmType, dict[str, str | int]]] = {
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "short": {"type": "integer", "minimum": -(2**15), "maximum": 2**15 - 1},
    "int": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    # The limits of XDM's long are those of a double's integers, narrower than PostgreSQL's bigint.
    "long": {"type": "integer", "minimum": -(2**53) + 1, "maximum": 2**53 - 1},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
}

Column = TypedDict(
    "Column", {"name": str, "type": str, "meta:xdmType": XdmType, "xdm": dict[str, str | int]}, total=False
)


def column(name: str, postgres_type: str) -> Column:
    """Return a column as explore shows it.

    Args:
        name: the column's name.
        postgres_type: the name in pg_type of its type, or of a domain's base type. Every type without an XDM
            counterpart (text, json, bytea, enumerations, arrays, ranges, geometry, ...) is a string.
    """
    return typed_column(name, _TYPES.get(postgres_type, "string"))


def typed_column(name: str, xdm_type: XdmType) -> Column:
    """Return a column of an XDM type as explore shows it."""
    xdm = _XDM[xdm_type]
    plain = str(xdm["type"])
    described: Column = {"name": name, "type": plain, "xdm": dict(xdm)}
    # Adobe's examples have meta:xdmType only where the JSON type does not say it.
    if xdm_type != plain:
        described["meta:xdmType"] = xdm_type
    return described
