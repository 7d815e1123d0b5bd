"""What a Pulumi program asks for: tables, columns, connections, datasets and dataflows that exist.

Each function takes Outputs, and returns one. While an argument is not known yet, in the preview of a new stack, nothing
is sent and the result is not known either. Each call costs its requests in every preview and update.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any, TypedDict

import pulumi

from pulumi_adobe_aep.errors import AepError
from pulumi_adobe_aep.program.references import sandbox_of
from pulumi_adobe_aep.program.resource import EntityResource
from pulumi_adobe_aep.pulumi_sdk.provider import process_of
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


def get_tables(
    connection: EntityResource | pulumi.Input[str], *, sandbox_name: pulumi.Input[str | None] = None
) -> pulumi.Output[list[Table]]:
    """Return the tables and views that a base connection's role sees.

    Args:
        connection: The base connection, or its id.
        sandbox_name: The sandbox. Default: that of `connection`, or the one in the settings.
    """
    arguments = _of_connection(connection, sandbox_name)
    return _ask(arguments, lambda functions, known: functions.tables(known["connection_id"]))


def get_columns(
    connection: EntityResource | pulumi.Input[str],
    table: pulumi.Input[str],
    *,
    sandbox_name: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[Column]]:
    """Return the columns of a table, as `TableSourceConnection` takes them.

    Args:
        connection: The base connection, or its id.
        table: The table's path, as `get_tables` returns it.
        sandbox_name: The sandbox. Default: that of `connection`, or the one in the settings.
    """
    arguments = {**_of_connection(connection, sandbox_name), "table": table}
    return _ask(arguments, lambda functions, known: functions.columns(known["connection_id"], known["table"]))


def list_connections(
    *,
    name: pulumi.Input[str | None] = None,
    connection_spec: pulumi.Input[str | None] = None,
    sandbox_name: pulumi.Input[str | None] = None,
) -> pulumi.Output[list[ConnectionInfo]]:
    """Return the base connections of a sandbox, whoever made them.

    Args:
        name: Only those with this name.
        connection_spec: Only those of the connection spec with this id.
        sandbox_name: The sandbox. Default: the one in the settings.
    """
    arguments = {"name": name, "connection_spec": connection_spec, "sandbox_name": sandbox_name}
    return _ask(arguments, lambda functions, known: functions.connections(known["name"], known["connection_spec"]))


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
        ValueError: Not exactly one of name and id is given.
    """
    if (name is None) == (id is None):
        raise ValueError("get_dataset takes either name or id")
    arguments = {"name": name, "id": id, "sandbox_name": sandbox_name}
    return _ask(arguments, lambda functions, known: functions.dataset(known["name"], known["id"]))


def get_dataflow(
    id: pulumi.Input[str],  # noqa: A002 - Pulumi's name for it
    *,
    sandbox_name: pulumi.Input[str | None] = None,
) -> pulumi.Output[DataflowInfo]:
    """Return a dataflow as it is now, its last run included.

    Args:
        id: The dataflow's id.
        sandbox_name: The sandbox. Default: the one in the settings.
    """
    arguments = {"id": id, "sandbox_name": sandbox_name}
    return _ask(arguments, lambda functions, known: functions.dataflow(known["id"]))


_Ask = Callable[[Any, Mapping[str, Any]], Any]


def _of_connection(
    connection: EntityResource | pulumi.Input[str], sandbox_name: pulumi.Input[str | None]
) -> dict[str, Any]:
    resource = connection if isinstance(connection, EntityResource) else None
    connection_id = connection.id if isinstance(connection, EntityResource) else connection
    return {"connection_id": connection_id, "sandbox_name": sandbox_of(sandbox_name, resource)}


def _ask(arguments: Mapping[str, Any], ask: _Ask) -> pulumi.Output[Any]:
    """Ask once all arguments are known, in a thread: the program goes on declaring meanwhile."""
    # The SDK calls nothing for values that are not known yet, so that nothing is sent.
    return pulumi.Output.from_input(dict(arguments)).apply(lambda known: asyncio.to_thread(_answer, known, ask))


def _answer(known: Mapping[str, Any], ask: _Ask) -> Any:
    # Late, because it imports what sends requests, which a program that asks nothing does not wait for.
    from pulumi_adobe_aep.lifecycle.functions import Functions  # noqa: PLC0415

    try:
        settings = load(os.environ, pulumi.runtime.get_config)
        process = process_of(settings)
        return ask(Functions(process, known["sandbox_name"] or process.default_sandbox()), known)
    except AepError as error:
        raise pulumi.RunError(str(error)) from None
