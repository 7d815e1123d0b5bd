"""Connections as the commands show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from pulumi_adobe_aep.kinds.registry import TITLES
from pulumi_adobe_aep.lifecycle.consistency import format_time

COLUMNS = ("ID", "NAME", "SOURCE", "STATE", "AUTHENTICATION", "CREATED", "CREATED BY")


def source_connections(
    service: FlowService, source: str | None = None, filters: Sequence[str] = ()
) -> Iterator[Connection]:
    """Return the connections of a sandbox to sources with tables; others belong to other parts of the platform.

    Args:
        service: The sandbox.
        source: Only those of one source, by its name in `KNOWN_SPECS`.
        filters: Further expressions, which the service evaluates.
    """
    if source is not None:
        yield from service.connections.list(f"connectionSpec.id=={KNOWN_SPECS[source].id}", *filters)
        return
    for connection in service.connections.list(*filters):
        if connection.connection_spec.id in TITLES:
            yield connection


def source_title(connection: Connection) -> str:
    """Return what the source of a connection is called; its connection spec where it is not known."""
    spec_id = connection.connection_spec.id or ""
    return TITLES.get(spec_id, spec_id)


def to_row(connection: Connection) -> list[str]:
    """Return a connection's cells below `COLUMNS`."""
    return [
        connection.id,
        connection.name or "",
        source_title(connection),
        connection.state or "",
        connection.auth.spec_name or "",
        format_time(connection.created_at) or "",
        connection.created_client or "",
    ]


def to_json(connection: Connection) -> dict[str, object]:
    """Return a connection under the documented keys; what the service does not say is null."""
    return {
        "id": connection.id,
        "name": connection.name,
        "description": connection.description,
        "source": source_title(connection) or None,
        "state": connection.state,
        "authSpecName": connection.auth.spec_name,
        "createdAt": format_time(connection.created_at),
        "updatedAt": format_time(connection.updated_at),
        "createdBy": connection.created_client,
    }
