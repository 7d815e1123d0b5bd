"""The dataflows of a sandbox as the commands show them: which table comes into which dataset, and how it went last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.cli.runs import to_time
from pulumi_adobe_aep.errors import EntityGone, EntityMismatch, NotFound
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import look_up
from pulumi_adobe_aep.kinds.schedule import state_form

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
COLUMNS = ("ID", "NAME", "STATE", "TABLE", "DATASET", "LAST RUN", "AT")


@dataclass(frozen=True)
class Source:
    """A source connection: a table of an account."""

    account_id: str
    table: str


@dataclass(frozen=True)
class Dataflow:
    """A dataflow with what it reads and what it writes."""

    entity: Entity
    source: Source
    dataset_id: str
    dataset_name: str

    @property
    def frequency(self) -> str:
        """How often it runs: `every 2 hours`; empty if the service does not show it."""
        schedule = state_form(look_up(self.entity.shown, ("scheduleParams",)) or {})
        frequency, interval = schedule.get("frequency"), schedule.get("interval")
        if not isinstance(frequency, str) or interval is None:
            return str(frequency or "")
        return f"every {frequency}" if interval == 1 else f"every {interval} {frequency}s"

    @property
    def last_run(self) -> Mapping[str, object] | None:
        """The last run under the documented keys; None if there was none, or the service does not say."""
        shown = self.entity.shown.get("lastRunDetails")
        if not isinstance(shown, Mapping):
            return None
        return {
            "id": shown.get("id"),
            "status": shown.get("state"),
            "startedAt": to_time(shown.get("startedAtUTC")),
            "completedAt": to_time(shown.get("completedAtUTC")),
        }

    def to_row(self) -> list[str]:
        """Return its cells below `COLUMNS`."""
        last = self.last_run or {}
        return [
            self.entity.id,
            self.entity.name or "",
            self.entity.state or "",
            self.source.table,
            self.dataset_name or self.dataset_id,
            str(last.get("status") or ""),
            str(last.get("completedAt") or last.get("startedAt") or ""),
        ]

    def to_json(self) -> dict[str, object]:
        """Return it under the documented keys; what the service does not say is null."""
        return {
            "id": self.entity.id,
            "name": self.entity.name,
            "description": self.entity.description,
            "state": self.entity.state,
            "connectionId": self.source.account_id or None,
            "table": self.source.table or None,
            "datasetId": self.dataset_id or None,
            "dataset": self.dataset_name or None,
            "schedule": state_form(look_up(self.entity.shown, ("scheduleParams",)) or {}),
            "lastRun": self.last_run,
        }


def sources(service: FlowService) -> dict[str, Source]:
    """Return the source connections of a sandbox that are tables, by their ids."""
    return {
        each.id: Source(_text(each, "baseConnectionId"), _text(each, "params", "tableName"))
        for each in service.collection("/sourceConnections", "source connection").list()
        if _text(each, "params", "tableName")
    }


def dataflows(
    service: FlowService, tables: Mapping[str, Source], datasets: Mapping[str, str], filters: Sequence[str] = ()
) -> list[Dataflow]:
    """Return the dataflows from tables.

    Args:
        service: The sandbox.
        tables: Its source connections, by their ids.
        datasets: The names of datasets, by their ids.
        filters: Further expressions, which the service evaluates.
    """
    targets = {
        each.id: _text(each, "params", "dataSetId")
        for each in service.collection("/targetConnections", "target connection").list()
    }
    found = []
    for flow in service.flows.list(*DATAFLOW.list_filters, *filters):
        dataset_id = targets.get(_text(flow, "targetConnectionIds", "0"), "")
        source = tables.get(_text(flow, "sourceConnectionIds", "0"), Source("", ""))
        found.append(Dataflow(flow, source, dataset_id, datasets.get(dataset_id, "")))
    return found


def find_dataflow(service: FlowService, id_or_name: str) -> Entity:
    """Return the dataflow with an id, or with a name that only one has.

    Raises:
        NotFound: There is none.
        EntityMismatch: Several have the name.
    """
    if _UUID.fullmatch(id_or_name):
        try:
            return service.flows.get(id_or_name)
        except EntityGone as gone:
            raise gone.with_context(advice=_where_to_look(service)) from None
    # Names are compared here, because Adobe does not say how a comma or a quote in a filter's value is written.
    found = [flow for flow in service.flows.list() if id_or_name in (flow.id, flow.name)]
    if not found:
        raise NotFound(
            f"There is no dataflow with the id or name '{id_or_name}'. (Sandbox: {service.sandbox}.)",
            status=HTTPStatus.NOT_FOUND,
            advice=_where_to_look(service),
        )
    if len(found) > 1:
        raise EntityMismatch(
            f"{len(found)} dataflows in sandbox {service.sandbox} are named '{id_or_name}'.",
            why=f"Their ids: {', '.join(each.id for each in found)}.",
            advice="Give the id of the one that is meant.",
        )
    return found[0]


def _where_to_look(service: FlowService) -> str:
    return (
        f"Check the id or name; 'flows' lists them: pulumi-adobe-aep flows --sandbox {service.sandbox}. A dataflow "
        "that is not in the list is in another sandbox, was deleted, or has an access label that the role of these "
        "credentials lacks."
    )


def _text(entity: Entity, *path: str) -> str:
    found = look_up(entity.shown, path)
    return found if isinstance(found, str) else ""
