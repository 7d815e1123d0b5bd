"""Connections as the commands show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.kinds.base_connection.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle.consistency import format_time

COLUMNS = ("ID", "NAME", "STATE", "AUTHENTICATION", "CREATED", "CREATED BY")


def postgres_connections(service: FlowService, filters: Sequence[str] = ()) -> Iterator[Connection]:
    """Return the PostgreSQL connections of a sandbox.

    Args:
        service: The sandbox.
        filters: Further expressions, which the service evaluates.
    """
    return service.connections.list(*POSTGRES.list_filters, *filters)


def to_row(connection: Connection) -> list[str]:
    """Return a connection's cells below `COLUMNS`."""
    return [
        connection.id,
        connection.name or "",
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
        "state": connection.state,
        "authSpecName": connection.auth.spec_name,
        "createdAt": format_time(connection.created_at),
        "updatedAt": format_time(connection.updated_at),
        "createdBy": connection.created_client,
    }
