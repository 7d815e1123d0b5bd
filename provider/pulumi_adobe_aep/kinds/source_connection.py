"""Table source connections: a table of a base connection's database, and its columns. The same for every database.

Source of the body: Adobe, "Create a dataflow for database sources" and "Filter data at the source-level".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BeforeValidator, Field, ModelWrapValidatorHandler, model_validator
from typing_extensions import Self

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.kind import (
    CREATED_AT,
    ORG_ID,
    STATE,
    UPDATED_AT,
    Comparison,
    Dependents,
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
    default_is,
    needed,
)
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.values import (
    Line,
    Lines,
    SandboxName,
    Switch,
    bad_value,
    check_line,
    new_error,
    validate_with,
)

COLUMNS = ("params", "columns")
FLOWS_OF_SOURCE = Dependents(path="/flows", noun="dataflow", key="sourceConnectionIds")


def name_of(column: object) -> object:
    """Return the name of a column, which is a name or an object with one."""
    return column.get("name") if isinstance(column, Mapping) else column


def _check_columns(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise bad_value("must be a list of columns; leave it out to have all columns of the table")
    for column in value:
        _check_column(column)
    names = [name_of(column) for column in value if name_of(column) is not UNKNOWN]
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise bad_value(f"names {', '.join(twice)} more than once")
    return value


def _check_column(column: object) -> None:
    name = name_of(column)
    if column is UNKNOWN or name is UNKNOWN:
        return
    if isinstance(column, Mapping) and "xdm" not in column:
        raise bad_value("has an object without xdm; a column is a name, or what get_columns returns: name, type, xdm")
    check_line(name)


class TableSourceConnectionInputs(Inputs):
    """What a program declares of a table source connection."""

    name: Annotated[Line, at("name"), RESOURCE_NAME] = Field(
        description="The source connection's name. It need not be unique."
    )
    description: Annotated[Lines | None, at("description")] = Field(default=None, description="A description.")
    sandbox_name: Annotated[SandboxName, REPLACES, default_is("that of `connection`, or the one in the settings")] = (
        Field(description="The sandbox.")
    )
    base_connection_id: Annotated[Line, at("baseConnectionId"), REPLACES, needed("or `connection`")] = Field(
        description="The id of the base connection whose table it is."
    )
    connection_spec: Annotated[
        Line, at("connectionSpec", "id"), REPLACES, default_is("that of `connection`, or PostgreSQL's")
    ] = Field(default=POSTGRES.spec_id, description="The id of the base connection's connection spec.")
    table: Annotated[Line, at("params", "tableName"), REPLACES] = Field(
        description="The table's path as Flow Service lists it: `public.customers`."
    )
    columns: Annotated[
        list[Any] | None,
        BeforeValidator(_check_columns),
        at(*COLUMNS),
        REPLACES,
        default_is("all columns that the table has at the create"),
    ] = Field(
        default=None,
        description="The columns: names, or objects as `get_columns` returns them. Names are looked up in the table "
        "at the create.",
    )
    cdc_enabled: Annotated[Switch | None, at("params", "cdcEnabled"), REPLACES] = Field(
        default=None, description="Change data capture, for the sources that have it; PostgreSQL has not."
    )
    filters: Annotated[dict[str, Any] | None, at("params", "filters"), REPLACES] = Field(
        default=None, description="A filter on rows, for the sources that have it; PostgreSQL has not."
    )
    existing_source_connection_id: Annotated[Line | None, REPLACES, TAKES_OVER] = Field(
        default=None, description="Take over this source connection instead of creating one."
    )

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_what_the_source_lacks(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Refuse what Adobe's pages say that PostgreSQL has not, together with everything else that is wrong."""
        details = []
        if isinstance(value, Mapping) and value.get("connectionSpec", POSTGRES.spec_id) == POSTGRES.spec_id:
            if value.get("cdcEnabled") is True:
                details.append(new_error("is not offered for PostgreSQL; leave it out", "cdcEnabled"))
            if value.get("filters") is not None:
                details.append(new_error("are not offered for PostgreSQL; leave them out", "filters"))
        return validate_with(details, value, handler, title=cls.__name__)


@dataclass(frozen=True, kw_only=True)
class TableSourceConnectionKind(EntityKind):
    """The source connections of tables."""

    def preflight(self, body: Mapping[str, Any]) -> PreflightRequest | None:
        """Return how the table is explored, unless all of its columns are given as objects."""
        columns = look_up(body, COLUMNS)
        if isinstance(columns, list) and all(isinstance(column, Mapping) for column in columns):
            return None
        connection_id, table = str(body["baseConnectionId"]), str(look_up(body, ("params", "tableName")))
        return PreflightRequest(
            "GET",
            f"/connections/{quote(connection_id, safe='')}/explore",
            f"Listing the columns of {table} of the connection {connection_id}",
            (("objectType", "table"), ("object", table)),
        )

    def apply_preflight(self, body: Mapping[str, Any], response: Any) -> dict[str, Any]:
        """Return the body with the columns that the table has; of those that are named, only these."""
        table = look_up(body, ("params", "tableName"))
        explored = look_up(response, ("schema", "columns"))
        found = {name_of(column): column for column in explored} if isinstance(explored, list) else {}
        if not found:
            raise InvalidInputs(f"The table {table} shows no columns, so no source connection was created.")
        declared = look_up(body, COLUMNS)
        wanted: Sequence[Any] = list(found) if declared is None else declared
        missing = [str(each) for each in wanted if not isinstance(each, Mapping) and each not in found]
        if missing:
            raise InvalidInputs(
                f"The table {table} has no column {', '.join(missing)}, so no source connection was created.",
                why=f"columns: it has {', '.join(map(str, found))}.",
                advice="Correct columns, or leave it out to have all.",
            )
        columns = [each if isinstance(each, Mapping) else found[each] for each in wanted]
        return {**body, "params": {**body["params"], "columns": columns}}

    def declarable(self, observed: Properties, shown: Shown) -> Properties:
        """Return observed inputs with the columns by name: without them, another create would take all of the table."""
        columns = look_up(shown, COLUMNS)
        names = [name_of(column) for column in columns] if isinstance(columns, list) else []
        return {**observed, "columns": names} if names else observed

    def computed(self, entity: Shown) -> Properties:
        """Return the columns as they were sent or are shown."""
        return {"tableColumns": look_up(entity, COLUMNS)}

    def merge_observed(self, facts: FieldFacts, recorded: State, shown: Any) -> Any:
        """Return a field's value that fits what the service shows; columns are compared by their names."""
        if facts.key != "columns":
            return super().merge_observed(facts, recorded, shown)
        before = recorded.properties.get("columns")
        if not isinstance(before, list) or not isinstance(shown, list):
            return before
        return before if {*map(name_of, before)} == {*map(name_of, shown)} else shown

    def is_same(self, key: str, old: Any, new: Any, compared: Comparison) -> bool:
        """Return whether an input is unchanged; a column's name counts as the column."""
        if key == "columns" and isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            return all(_is_same_column(before, after) for before, after in zip(old, new, strict=True))
        return super().is_same(key, old, new, compared)

    def match(self, body: Mapping[str, Any], shown: Shown) -> Match:
        """Return whether a source connection is what a request with this body has created."""
        for path in (("baseConnectionId",), ("params", "tableName")):
            if look_up(shown, path) not in (None, look_up(body, path)):
                return Match.NO
        return super().match(body, shown)


def _is_same_column(before: Any, after: Any) -> bool:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return bool(before == after)
    return after is not UNKNOWN and name_of(before) == name_of(after)


TABLE_SOURCE_CONNECTION = TableSourceConnectionKind(
    name="TableSourceConnection",
    title="source connection of a table",
    noun="source connection",
    path="/sourceConnections",
    inputs=TableSourceConnectionInputs,
    id_output=Output("source_connection_id", "The source connection's id, for dataflows."),
    outputs=(
        Output(
            "table_columns",
            "The columns as they were sent: name, type and xdm of each, as Flow Service has them.",
            list[dict[str, Any]],
        ),
        STATE,
        CREATED_AT,
        UPDATED_AT,
        ORG_ID,
    ),
    constants={"data": {"format": "tabular"}, "connectionSpec": {"version": "1.0"}},
    # No code of Adobe's names source connections; these tell of something that is in use.
    in_use_codes=frozenset({"1418", "1447"}),
    dependents=(FLOWS_OF_SOURCE,),
)
