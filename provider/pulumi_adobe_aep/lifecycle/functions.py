"""What a program can ask for, without managing it: tables, columns, connections, datasets, dataflows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.errors import EntityMismatch
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import look_up
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.process import Process

Found = dict[str, Any]


class Functions:
    """The functions in one sandbox.

    Args:
        process: What all operations of this process share.
        sandbox: The sandbox's name.
    """

    def __init__(self, process: Process, sandbox: str) -> None:
        self._process = process
        self._sandbox = sandbox

    def tables(self, connection_id: str) -> list[Found]:
        """Return the tables and views that a base connection's role sees."""
        with self._process.slots:
            explored = self._flow_service().explore(connection_id)
        return [
            {
                "name": look_up(each, ("name",)),
                "path": look_up(each, ("path",)),
                "type": look_up(each, ("type",)),
                "can_preview": bool(look_up(each, ("canPreview",))),
            }
            for each in _list(explored)
        ]

    def columns(self, connection_id: str, table: str) -> list[Found]:
        """Return the columns of a table as Flow Service shows them."""
        with self._process.slots:
            explored = self._flow_service().explore(connection_id, table)
        return [dict(each) for each in _list(look_up(explored, ("schema", "columns"))) if isinstance(each, Mapping)]

    def connections(self, name: str | None, connection_spec: str | None) -> list[Found]:
        """Return the base connections of the sandbox, by name and by spec if these are given."""
        filters = [f"connectionSpec.id=={connection_spec}"] if connection_spec else []
        with self._process.slots:
            found = list(self._flow_service().connections.list(*filters))
        return [
            {
                "id": each.id,
                "name": each.name,
                "description": each.description,
                "state": each.state,
                "connection_spec": each.connection_spec.id,
            }
            for each in found
            if name in (None, each.name)
        ]

    def dataset(self, name: str | None, dataset_id: str | None) -> Found:
        """Return one dataset, by its id or by its name.

        Raises:
            EntityMismatch: There is none of the name, or more than one.
        """
        catalog = self._process.api.catalog(self._sandbox, self._deadline())
        with self._process.slots:
            found = catalog.dataset(dataset_id) if dataset_id else catalog.datasets(str(name))
        if len(found) != 1:
            called = f"with the id {dataset_id}" if dataset_id else f"named '{name}'"
            raise EntityMismatch(
                f"There are {len(found)} datasets {called} in sandbox {self._sandbox}.",
                why=f"Their ids: {', '.join(found)}." if found else "",
                advice="Give the id of the one that is meant." if found else "Check the name and the sandbox.",
            )
        ((found_id, shown),) = found.items()
        return {
            "id": found_id,
            "name": shown.get("name"),
            "description": shown.get("description"),
            "schema_id": look_up(shown, ("schemaRef", "id")),
            "schema_version": look_up(shown, ("schemaRef", "contentType")),
        }

    def dataflow(self, flow_id: str) -> Found:
        """Return one dataflow as it is now."""
        service = self._flow_service()
        with self._process.slots:
            entity = service.collection(DATAFLOW.path, DATAFLOW.noun).get(flow_id)
        observed = DATAFLOW.observe(State(), entity.shown)
        last_run = entity.shown.get("lastRunDetails")
        return {
            "id": entity.id,
            "name": entity.name,
            "description": entity.description,
            "state": entity.state,
            "source_connection_id": observed.get("sourceConnectionId"),
            "target_connection_id": observed.get("targetConnectionId"),
            "mapping_id": observed.get("mappingId"),
            "mapping_version": observed.get("mappingVersion"),
            "schedule": observed.get("schedule"),
            "delta_column": observed.get("deltaColumn"),
            "last_run": dict(last_run) if isinstance(last_run, Mapping) else None,
        }

    def _flow_service(self) -> FlowService:
        return self._process.api.flow_service(self._sandbox, self._deadline())

    def _deadline(self) -> Deadline:
        return Deadline(self._process.settings.timeout, self._process.clock)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
