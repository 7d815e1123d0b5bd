"""What a program can ask for, without managing it: tables, columns, connections, datasets, dataflows.

What a service shows is passed on as it is: the results are made without a check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.errors import EntityMismatch
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.functions import (
    GET_COLUMNS,
    GET_DATAFLOW,
    GET_DATASET,
    GET_TABLES,
    LIST_CONNECTIONS,
    Arguments,
    Columns,
    Connection,
    Connections,
    Dataflow,
    Dataset,
    Function,
    Table,
    Tables,
)
from pulumi_adobe_aep.kinds.kind import look_up
from pulumi_adobe_aep.kinds.model import Model
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.process import Process


def call(function: Function, arguments: Arguments, process: Process) -> Model:
    """Call a function.

    Args:
        function: Which one.
        arguments: What it takes.
        process: What all operations of this process share.

    Returns:
        What it returns: `function.results`.

    Raises:
        AepError: The service could not be asked, or there is not exactly one of what is asked for.
    """
    return _CALLS[function](Functions(process, arguments.sandbox_name or process.default_sandbox()), arguments)


class Functions:
    """The functions in one sandbox.

    Args:
        process: What all operations of this process share.
        sandbox: The sandbox's name.
    """

    def __init__(self, process: Process, sandbox: str) -> None:
        self._process = process
        self._sandbox = sandbox

    def tables(self, connection_id: str) -> Tables:
        """Return the tables and views that a base connection's role sees."""
        with self._process.slots:
            explored = self._flow_service().explore(connection_id)
        tables = [
            Table.model_construct(
                name=look_up(each, ("name",)),
                path=look_up(each, ("path",)),
                type=look_up(each, ("type",)),
                can_preview=bool(look_up(each, ("canPreview",))),
            )
            for each in _list(explored)
        ]
        return Tables.model_construct(tables=tables)

    def columns(self, connection_id: str, table: str) -> Columns:
        """Return the columns of a table as Flow Service shows them."""
        with self._process.slots:
            explored = self._flow_service().explore(connection_id, table)
        shown = _list(look_up(explored, ("schema", "columns")))
        return Columns.model_construct(columns=[dict(each) for each in shown if isinstance(each, Mapping)])

    def connections(self, name: str | None, connection_spec: str | None) -> Connections:
        """Return the base connections of the sandbox, by name and by spec if these are given."""
        filters = [f"connectionSpec.id=={connection_spec}"] if connection_spec else []
        with self._process.slots:
            found = list(self._flow_service().connections.list(*filters))
        connections = [
            Connection.model_construct(
                id=each.id,
                name=each.name,
                description=each.description,
                state=each.state,
                connection_spec=each.connection_spec.id,
            )
            for each in found
            if name in (None, each.name)
        ]
        return Connections.model_construct(connections=connections)

    def dataset(self, name: str | None, dataset_id: str | None) -> Dataset:
        """Return one dataset, by its id or by its name.

        Raises:
            EntityMismatch: There is none of the name, or more than one.
        """
        with self._process.slots:
            catalog = self._process.api.catalog(self._sandbox, self._process.deadline())
            found = catalog.dataset(dataset_id) if dataset_id else catalog.datasets(str(name))
        if len(found) != 1:
            called = f"with the id {dataset_id}" if dataset_id else f"named '{name}'"
            raise EntityMismatch(
                f"There are {len(found)} datasets {called} in sandbox {self._sandbox}.",
                why=f"Their ids: {', '.join(found)}." if found else "",
                advice="Give the id of the one that is meant." if found else "Check the name and the sandbox.",
            )
        ((found_id, shown),) = found.items()
        return Dataset.model_construct(
            id=found_id,
            name=shown.get("name"),
            description=shown.get("description"),
            schema_id=look_up(shown, ("schemaRef", "id")),
            schema_version=look_up(shown, ("schemaRef", "contentType")),
        )

    def dataflow(self, flow_id: str) -> Dataflow:
        """Return one dataflow as it is now."""
        with self._process.slots:
            entity = self._flow_service().collection(DATAFLOW.path, DATAFLOW.noun).get(flow_id)
        observed = DATAFLOW.observe(State(), entity.shown)
        last_run = entity.shown.get("lastRunDetails")
        return Dataflow.model_construct(
            id=entity.id,
            name=entity.name,
            description=entity.description,
            state=entity.state,
            source_connection_id=observed.get("sourceConnectionId"),
            target_connection_id=observed.get("targetConnectionId"),
            mapping_id=observed.get("mappingId"),
            mapping_version=observed.get("mappingVersion"),
            schedule=observed.get("schedule"),
            delta_column=observed.get("deltaColumn"),
            last_run=dict(last_run) if isinstance(last_run, Mapping) else None,
        )

    def _flow_service(self) -> FlowService:
        return self._process.api.flow_service(self._sandbox, self._process.deadline())


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# The type of the arguments follows from the function.
_CALLS: Mapping[Function, Callable[[Functions, Any], Model]] = {
    GET_TABLES: lambda functions, given: functions.tables(given.connection_id),
    GET_COLUMNS: lambda functions, given: functions.columns(given.connection_id, given.table),
    LIST_CONNECTIONS: lambda functions, given: functions.connections(given.name, given.connection_spec),
    GET_DATASET: lambda functions, given: functions.dataset(given.name, given.id),
    GET_DATAFLOW: lambda functions, given: functions.dataflow(given.id),
}
