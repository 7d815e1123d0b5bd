"""The functions that read for a Pulumi program: tables, columns, connections, datasets and dataflows that exist.

Each function takes Outputs, and returns one. While an argument is not known yet, in the preview of a new stack, nothing
is sent and the result is not known either. Each call costs its requests in every preview and update.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any, TypedDict

import pulumi
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.kinds.functions import (
    GET_COLUMNS,
    GET_DATAFLOW,
    GET_DATASET,
    GET_TABLES,
    LIST_CONNECTIONS,
    Function,
    check,
)
from pulumi_adobe_aep.program.arguments import checked_arguments
from pulumi_adobe_aep.program.connection_resource import ConnectionResource, split_connection
from pulumi_adobe_aep.program.declaration import DeclarationError, check_lookup
from pulumi_adobe_aep.program.references import sandbox_of
from pulumi_adobe_aep.pulumi_sdk.provider import process_of
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON, name_in_python
from pulumi_adobe_aep.settings import load


class Table(TypedDict):
    """A table or view; `path` is what `TableSourceConnection` takes."""

    name: str
    path: str
    type: str
    can_preview: bool


_Meta = TypedDict("_Meta", {"meta:xdmType": str}, total=False)


class Column(_Meta):
    """A column as Flow Service shows it, and as `TableSourceConnection` takes it."""

    name: str
    type: str
    xdm: dict[str, Any]


class ConnectionInfo(TypedDict):
    """A base connection. Nothing of its credentials."""

    id: str
    name: str | None
    description: str | None
    state: str | None
    connection_spec: str | None


class DatasetInfo(TypedDict):
    """A dataset, and the schema of its records."""

    id: str
    name: str | None
    description: str | None
    schema_id: str | None
    schema_version: str | None


class DataflowInfo(TypedDict):
    """A dataflow, as it is at the moment."""

    id: str
    name: str | None
    description: str | None
    state: str | None
    source_connection_id: str | None
    target_connection_id: str | None
    mapping_id: str | None
    mapping_version: int | None
    schedule: dict[str, Any]
    delta_column: str | None
    last_run: dict[str, Any] | None


@checked_arguments("get_tables")
def get_tables(
    connection: ConnectionResource | pulumi.Input[str], *, sandbox_name: pulumi.Input[str | None] = None
) -> pulumi.Output[list[Table]]:
    """Return the tables and views that a base connection's role sees.

    Args:
        connection: The base connection, or its id.
        sandbox_name: The sandbox. Default: that of `connection`, or the one in the settings.

    Raises:
        DeclarationError: A value that is known when the program runs is not allowed.
    """
    return _ask(GET_TABLES, _of_connection(GET_TABLES, connection, sandbox_name))["tables"]


@checked_arguments("get_columns")
def get_columns(
    connection: ConnectionResource | pulumi.Input[str],
    table: pulumi.Input[str],
    *,
    sandbox_name: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[Column]]:
    """Return the columns of a table, as `TableSourceConnection` takes them.

    Args:
        connection: The base connection, or its id.
        table: The table's path, as `get_tables` returns it.
        sandbox_name: The sandbox. Default: that of `connection`, or the one in the settings.

    Raises:
        DeclarationError: A value that is known when the program runs is not allowed.
    """
    arguments = {**_of_connection(GET_COLUMNS, connection, sandbox_name), "table": table}
    return _ask(GET_COLUMNS, arguments)["columns"]


@checked_arguments("list_connections")
def list_connections(
    *,
    name: pulumi.Input[str | None] = None,
    connection_spec: pulumi.Input[str | None] = None,
    sandbox_name: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[ConnectionInfo]]:
    """Return the base connections of a sandbox, no matter who made them.

    Args:
        name: Only those with this name.
        connection_spec: Only those of the connection spec with this id.
        sandbox_name: The sandbox. Default: the one in the settings.

    Raises:
        DeclarationError: A value that is known when the program runs is not allowed.
    """
    arguments = {"name": name, "connection_spec": connection_spec, "sandbox_name": sandbox_name}
    return _ask(LIST_CONNECTIONS, arguments)["connections"]


@checked_arguments("get_dataset")
def get_dataset(
    name: pulumi.Input[str | None] = None,
    *,
    id: pulumi.Input[str | None] = None,  # noqa: A002 - Pulumi's name for it
    sandbox_name: pulumi.Input[str | None] = None,
) -> pulumi.Output[DatasetInfo]:
    """Return a dataset that exists.

    Args:
        name: Its name, which must be the only one.
        id: Its id, instead of the name.
        sandbox_name: The sandbox. Default: the one in the settings.

    Raises:
        DeclarationError: Not exactly one of name and id is given, or a value that is known when the program
            runs is not allowed.
    """
    if (name is None) == (id is None):
        how_many = "neither" if name is None else "both"
        raise DeclarationError(f"{_cannot(GET_DATASET)} like this: give either name or id, not {how_many}.")
    return _ask(GET_DATASET, {"name": name, "id": id, "sandbox_name": sandbox_name})


@checked_arguments("get_dataflow")
def get_dataflow(
    id: pulumi.Input[str],  # noqa: A002 - Pulumi's name for it
    *,
    sandbox_name: pulumi.Input[str | None] = None,
) -> pulumi.Output[DataflowInfo]:
    """Return a dataflow as it is now, its last run included.

    Args:
        id: The dataflow's id.
        sandbox_name: The sandbox. Default: the one in the settings.

    Raises:
        DeclarationError: A value that is known when the program runs is not allowed.
    """
    return _ask(GET_DATAFLOW, {"id": id, "sandbox_name": sandbox_name})


def _of_connection(
    function: Function, connection: ConnectionResource | pulumi.Input[str], sandbox_name: pulumi.Input[str | None]
) -> dict[str, Any]:
    resource, connection_id = split_connection(_cannot(function), connection)
    return {
        "connection_id": connection_id if resource is None else resource.id,
        "sandbox_name": sandbox_of(sandbox_name, resource),
    }


def _cannot(function: Function) -> str:
    return f"{function.name}() cannot be called"


def _ask(function: Function, arguments: Mapping[str, Any]) -> pulumi.Output[Any]:
    """Call a function once all arguments are known, in a thread: the program continues meanwhile."""
    required = [facts.name for facts in function.arguments.facts() if facts.required]
    check_lookup(_cannot(function), arguments, required)
    # The SDK calls nothing for values that are not known yet, so that nothing is sent.
    return pulumi.Output.from_input(dict(arguments)).apply(lambda known: asyncio.to_thread(_call, function, known))


def _call(function: Function, known: Mapping[str, Any]) -> dict[str, Any]:
    # Imported late: a program that reads nothing must not wait for the modules that send requests.
    from pulumi_adobe_aep.lifecycle.functions import call  # noqa: PLC0415

    try:
        arguments = check(function.arguments, {to_camel(name): value for name, value in known.items()}, name_in_python)
        process = process_of(load(os.environ, pulumi.runtime.get_config))
        # Adobe's documents may name other types than the service returns; the SDK's warning about that helps nobody.
        return call(function, arguments, process).model_dump(warnings=False)
    except AepError as error:
        raise pulumi.RunError(str(error.worded(PYTHON))) from None
