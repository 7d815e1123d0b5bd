"""What a Pulumi program sees: `Dataflow` and `Schedule`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pulumi

from pulumi_adobe_aep.dynamic import DataflowProvider
from pulumi_adobe_aep.kinds.schedule import ONCE
from pulumi_adobe_aep.kinds.source_connection import name_of
from pulumi_adobe_aep.program.arguments import checked_constructor
from pulumi_adobe_aep.program.mapping_set import MappingSet
from pulumi_adobe_aep.program.references import check, guard, one_of, sandbox_of
from pulumi_adobe_aep.program.resource import EntityResource, Reference
from pulumi_adobe_aep.program.source_connection import TableSourceConnection
from pulumi_adobe_aep.program.target_connection import DataLakeTargetConnection

_TIME_FORMATS = ("date", "date-time")


@checked_constructor
@dataclass(frozen=True)
class Schedule:
    """When a dataflow runs.

    Args:
        frequency: `once`, `minute`, `hour`, `day` or `week`. From or to `once` replaces the dataflow.
        interval: Every how many minutes (15 at least), hours, days or weeks; none for `once`.
        start_time: When it runs first: a time with its zone, or seconds since 1970. Once it has passed, another one has
            no effect. Default: 5 minutes after the create.
        backfill: Whether the first run reads all rows that are there, instead of only those from the start on; none for
            `once`. After the start, a change replaces the dataflow. Default: `True`.
    """

    frequency: pulumi.Input[str]
    interval: pulumi.Input[int | None] = None
    start_time: pulumi.Input[str] | pulumi.Input[int] | datetime | None = None
    backfill: pulumi.Input[bool] = True

    def to_state(self) -> dict[str, Any]:
        """Return the schedule with the keys of the state."""
        start = self.start_time
        # With `once` Adobe refuses `backfill`, whatever it says.
        backfill = None if self.frequency == ONCE and self.backfill is True else self.backfill
        return {
            "frequency": self.frequency,
            "interval": self.interval,
            "startTime": start.isoformat() if isinstance(start, datetime) else start,
            "backfill": backfill,
        }


ScheduleInput = Schedule | Mapping[str, Any]
"""A schedule, or a dict with the same keys."""


class Dataflow(EntityResource, provider=DataflowProvider):
    """A dataflow of Adobe Experience Platform: the rows of a table go into a dataset, again and again.

    Name, description, schedule and mapping are changed in place. What replaces it deletes the old one first, and the
    preview says what that does to the data.

    Args:
        resource_name: The resource's name in the stack.
        schedule: When it runs.
        source: The source connection, instead of its id. The sandbox is then its own, and the delta column must be one
            of its columns.
        source_connection_id: The id of the source connection.
        target: The target connection, instead of its id.
        target_connection_id: The id of the target connection.
        mapping: The mapping set, instead of its id. The version is then its own, and its schema must be that of
            `target`.
        mapping_id: The id of the mapping set. Changed in place, for later runs; replaces a dataflow with the frequency
            `once`.
        mapping_version: The mapping set's version. Changed as `mapping_id` is. Default: that of `mapping`, or 0, the
            first one.
        delta_column: The column that tells which rows are new: of a date or time type, in UTC.
        enabled: Whether it runs. Adobe disables a dataflow that has failed for 30 days; the next update after a
            refresh enables it again. Default: `True`.
        error_diagnostics: Keep what was wrong with rows that fail. Default: Adobe's.
        partial_ingestion_percent: How many percent of the rows may fail. Default: Adobe's.
        name: The dataflow's name. It need not be unique. Default: the resource's name.
        description: A description.
        sandbox_name: The sandbox. Default: that of `source`, `target` or `mapping`, or the one in the settings.
        existing_flow_id: Take over this dataflow instead of creating one.
        opts: Pulumi's resource options.

    Raises:
        DeclarationError: Values that are known when the program runs are not allowed.
    """

    references = MappingProxyType(
        {
            "source": Reference("source_connection_id"),
            "target": Reference("target_connection_id"),
            "mapping": Reference("mapping_id", frozenset({"sandbox_name", "mapping_version"})),
        }
    )

    name: pulumi.Output[str]
    """The dataflow's name."""
    description: pulumi.Output[str | None]
    """The description."""
    sandbox_name: pulumi.Output[str]
    """The sandbox that it is in."""
    source_connection_id: pulumi.Output[str]
    """The source connection."""
    target_connection_id: pulumi.Output[str]
    """The target connection."""
    mapping_id: pulumi.Output[str]
    """The mapping set."""
    mapping_version: pulumi.Output[int]
    """The mapping set's version."""
    schedule: pulumi.Output[dict[str, Any]]
    """When it runs, as it was declared."""
    delta_column: pulumi.Output[str | None]
    """The column that tells which rows are new."""
    enabled: pulumi.Output[bool]
    """Whether it is to run."""
    error_diagnostics: pulumi.Output[bool | None]
    """Whether it keeps what was wrong with rows that fail."""
    partial_ingestion_percent: pulumi.Output[float | None]
    """How many percent of the rows may fail."""
    existing_flow_id: pulumi.Output[str | None]
    """The dataflow that was taken over."""
    state: pulumi.Output[str | None]
    """Flow Service's state of it when it was last read: `enabled`, `disabled`."""
    effective_start_time: pulumi.Output[str]
    """When it runs first, UTC, as `2026-01-31T23:59:59Z`."""
    created_at: pulumi.Output[str | None]
    """When it was created, UTC, as `2026-01-31T23:59:59Z`."""
    changed_at: pulumi.Output[str | None]
    """When an update created or changed it last, UTC. Runs do not move it."""
    org_id: pulumi.Output[str]
    """The organization that it belongs to."""

    def __init__(
        self,
        resource_name: str,
        *,
        schedule: pulumi.Input[ScheduleInput],
        source: TableSourceConnection | None = None,
        source_connection_id: pulumi.Input[str | None] = None,
        target: DataLakeTargetConnection | None = None,
        target_connection_id: pulumi.Input[str | None] = None,
        mapping: MappingSet | None = None,
        mapping_id: pulumi.Input[str | None] = None,
        mapping_version: pulumi.Input[int | None] = None,
        delta_column: pulumi.Input[str | None] = None,
        enabled: pulumi.Input[bool | None] = None,
        error_diagnostics: pulumi.Input[bool | None] = None,
        partial_ingestion_percent: pulumi.Input[float | None] = None,
        name: pulumi.Input[str | None] = None,
        description: pulumi.Input[str | None] = None,
        sandbox_name: pulumi.Input[str | None] = None,
        existing_flow_id: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        owner = f"Dataflow '{resource_name}'"
        # Before anything is taken of the resources, which may be none.
        references = {
            "source_connection_id": one_of(
                owner,
                source,
                source_connection_id,
                names=("source", "source_connection_id"),
                kind=TableSourceConnection,
            ),
            "target_connection_id": one_of(
                owner,
                target,
                target_connection_id,
                names=("target", "target_connection_id"),
                kind=DataLakeTargetConnection,
            ),
            "mapping_id": one_of(owner, mapping, mapping_id, names=("mapping", "mapping_id"), kind=MappingSet),
        }
        version = mapping.version if mapping is not None and mapping_version is None else mapping_version
        declared = {
            "name": name,
            "description": description,
            "sandbox_name": sandbox_of(sandbox_name, source, target, mapping),
            **references,
            "mapping_version": version,
            "schedule": schedule,
            "delta_column": delta_column,
            "enabled": enabled,
            "error_diagnostics": error_diagnostics,
            "partial_ingestion_percent": partial_ingestion_percent,
            "existing_flow_id": existing_flow_id,
        }
        checks = [*_column_checks(owner, source, delta_column), *_schema_checks(owner, target, mapping)]
        # Of all inputs this is the one that is changed in place and that a first preview does not know anyway.
        guarded = {"mapping_version": guard(0 if version is None else version, *checks)} if checks else {}
        super().__init__(resource_name, declared, opts, guarded)

    @property
    def flow_id(self) -> pulumi.Output[str]:
        """The dataflow's id."""
        return self.id


def _column_checks(owner: str, source: TableSourceConnection | None, delta_column: Any) -> list[pulumi.Output[None]]:
    """Check the delta column against the columns that are declared, and against those that the table has."""
    if source is None or delta_column is None:
        return []
    columns = [each for each in (source.declared_columns, source.table_columns) if each is not None]
    return [check({"column": delta_column, "columns": each}, _column_problem, owner) for each in columns]


def _column_problem(known: dict[str, Any]) -> str:
    name, columns = known["column"], known["columns"]
    if name is None or not columns:
        return ""
    found = next((column for column in columns if name_of(column) == name), None)
    if found is None:
        names = ", ".join(str(name_of(column)) for column in columns)
        return f"delta_column must be one of the source's columns {names}, not {name}."
    xdm = found.get("xdm") if isinstance(found, Mapping) else None
    if not isinstance(xdm, Mapping) or xdm.get("format") in _TIME_FORMATS or found.get("meta:xdmType") in _TIME_FORMATS:
        return ""
    return f"delta_column must be a column of a date or time type; {name} is of the type {xdm.get('type')}."


def _schema_checks(
    owner: str, target: DataLakeTargetConnection | None, mapping: MappingSet | None
) -> list[pulumi.Output[None]]:
    """Check that the rows are mapped to the schema that the dataset has."""
    if target is None or mapping is None:
        return []
    needed = {
        "target": (target.schema_id, target.schema_version),
        "mapping": (mapping.schema_id, mapping.schema_version),
    }
    return [check(needed, _schema_problem, owner)]


def _schema_problem(known: dict[str, Any]) -> str:
    if list(known["target"]) == list(known["mapping"]):
        return ""
    target, mapping = (" version ".join(map(str, each)) for each in (known["target"], known["mapping"]))
    return f"target and mapping must have one schema in one version; target has {target}, mapping has {mapping}."
