"""What a program can ask for without managing it: the arguments and the results of each function.

An adapter declares them in its own way, and asks `lifecycle.functions`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator
from typing_extensions import Self

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.model import Model
from pulumi_adobe_aep.kinds.problems import problems
from pulumi_adobe_aep.kinds.schedule import ScheduleModel
from pulumi_adobe_aep.kinds.values import Line, SandboxName, new_error, validate_with


class Arguments(Model):
    """What every function takes."""

    sandbox_name: SandboxName | None = Field(
        default=None, description="The sandbox. Default: the one in the settings of the provider."
    )


ArgumentsT = TypeVar("ArgumentsT", bound=Arguments)


class EntityArguments(Arguments):
    """What names one entity."""

    id: Line = Field(description="The entity's id.")


class TablesArguments(Arguments):
    """What names a base connection."""

    connection_id: Line = Field(description="The id of the base connection.")


class ColumnsArguments(TablesArguments):
    """What names a table."""

    table: Line = Field(description="The table's path, as `getTables` returns it.")


class ConnectionsArguments(Arguments):
    """What narrows a list of base connections down."""

    name: Line | None = Field(default=None, description="Only those with this name.")
    connection_spec: Line | None = Field(default=None, description="Only those of the connection spec with this id.")


class DatasetArguments(Arguments):
    """What names a dataset."""

    name: Line | None = Field(default=None, description="Its name, which must be the only one of the sandbox.")
    id: Line | None = Field(default=None, description="Its id, instead of the name.")

    @model_validator(mode="wrap")
    @classmethod
    def _take_one(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        given = [key for key in ("name", "id") if value.get(key) is not None] if isinstance(value, Mapping) else []
        details = [] if len(given) == 1 else [new_error("takes either `name` or `id`")]
        return validate_with(details, value, handler, title=cls.__name__)


class Table(Model):
    """A table or view."""

    name: str | None = Field(default=None, description="Its name.")
    path: str | None = Field(default=None, description="Its path, which a source connection takes: `public.customers`.")
    type: str | None = Field(default=None, description="`table` or `view`.")
    can_preview: bool = Field(description="Whether Experience Platform shows rows of it.")


class Tables(Model):
    """The tables and views of a base connection."""

    tables: list[Table] = Field(description="The tables and views that the base connection's role sees.")


class Columns(Model):
    """The columns of a table."""

    columns: list[dict[str, Any]] = Field(
        description="The columns as Flow Service shows them, and as a source connection takes them: `name`, `type`, "
        "`xdm`."
    )


class Connection(Model):
    """A base connection. Nothing of its credentials."""

    id: str = Field(description="Its id.")
    name: str | None = Field(default=None, description="Its name.")
    description: str | None = Field(default=None, description="Its description.")
    state: str | None = Field(default=None, description="Flow Service's state of it: `enabled`, `disabled`.")
    connection_spec: str | None = Field(default=None, description="The id of its connection spec.")


class Connections(Model):
    """Base connections of a sandbox."""

    connections: list[Connection] = Field(description="The base connections, no matter who made them.")


class Dataset(Model):
    """A dataset, and the schema of its records."""

    id: str = Field(description="Its id.")
    name: str | None = Field(default=None, description="Its name.")
    description: str | None = Field(default=None, description="Its description.")
    schema_id: str | None = Field(default=None, description="The `$id` of its schema.")
    schema_version: str | None = Field(default=None, description="The version of its schema, as a content type.")


class Dataflow(Model):
    """A dataflow, as it is at the moment."""

    id: str = Field(description="Its id.")
    name: str | None = Field(default=None, description="Its name.")
    description: str | None = Field(default=None, description="Its description.")
    state: str | None = Field(default=None, description="Flow Service's state of it: `enabled`, `disabled`.")
    source_connection_id: str | None = Field(default=None, description="The id of its source connection.")
    target_connection_id: str | None = Field(default=None, description="The id of its target connection.")
    mapping_id: str | None = Field(default=None, description="The id of its mapping set.")
    mapping_version: int | None = Field(default=None, description="The version of its mapping set.")
    schedule: ScheduleModel | None = Field(default=None, description="When it runs.")
    delta_column: str | None = Field(default=None, description="The column that tells which rows are new.")
    last_run: dict[str, Any] | None = Field(default=None, description="Its last run, as Flow Service shows it.")


@dataclass(frozen=True)
class Function:
    """A function: its name, what it takes, what it returns.

    Args:
        name: In Python: `get_tables`. In all other languages it is in camelCase.
        description: What it returns.
        arguments: What it takes.
        results: What it returns. Of a list, an object with the list.
    """

    name: str
    description: str
    arguments: type[Arguments]
    results: type[Model]


def check(arguments: type[ArgumentsT], values: Mapping[str, Any], spell: Callable[[str], str] = str) -> ArgumentsT:
    """Return the arguments of a call.

    Args:
        arguments: What the function takes.
        values: As the state would have them, in camelCase.
        spell: How a name is spelled where the user reads it.

    Raises:
        InvalidInputs: Something is wrong with them; the message has all of it.
    """
    try:
        return arguments.model_validate({key: value for key, value in values.items() if value is not None})
    except ValidationError as error:
        wrong = " ".join(each.sentence(spell) for each in problems(error, arguments))
        raise InvalidInputs("The function cannot be called with these arguments.", why=wrong) from None


GET_TABLES = Function(
    "get_tables", "Return the tables and views that a base connection's role sees.", TablesArguments, Tables
)
GET_COLUMNS = Function(
    "get_columns", "Return the columns of a table, as a source connection takes them.", ColumnsArguments, Columns
)
LIST_CONNECTIONS = Function(
    "list_connections",
    "Return the base connections of a sandbox, no matter who made them.",
    ConnectionsArguments,
    Connections,
)
GET_DATASET = Function("get_dataset", "Return a dataset that exists.", DatasetArguments, Dataset)
GET_DATAFLOW = Function(
    "get_dataflow", "Return a dataflow as it is now, its last run included.", EntityArguments, Dataflow
)
FUNCTIONS = (GET_TABLES, GET_COLUMNS, LIST_CONNECTIONS, GET_DATASET, GET_DATAFLOW)
"""The functions besides those that read an entity of a kind by its id."""
