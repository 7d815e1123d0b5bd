"""Deleting a connection, and saying what keeps it from being deleted."""

from __future__ import annotations

from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.errors import AepError, EntityGone, EntityInUse, ServiceError

POLL_EVERY = 1.0
"""Seconds between two looks at a connection whose deletion was accepted."""
IN_USE = "1418"
"""Adobe's code for a base connection that dataflows use."""


def delete(service: FlowService, connection_id: str, name: str) -> None:
    """Delete a connection and wait until it is gone. One that is gone already is fine.

    Args:
        service: The sandbox, with the time limit.
        connection_id: Which connection.
        name: Its name, for messages; may be empty.

    Raises:
        EntityInUse: Dataflows use it; the message names them.
    """
    try:
        gone = service.delete_connection(connection_id)
    except EntityGone:
        return
    except ServiceError as error:
        if error.code == IN_USE:
            raise _in_use(service, connection_id, name, error) from None
        raise
    while not gone:
        try:
            service.get_connection(connection_id)
        except EntityGone:
            gone = True
        else:
            service.deadline.sleep(POLL_EVERY, f"connection {connection_id} to be deleted")


def _in_use(service: FlowService, connection_id: str, name: str, error: ServiceError) -> EntityInUse:
    called = f"'{name}' ({connection_id})" if name else connection_id
    return EntityInUse(
        f"Connection {called} cannot be deleted, because it is in use. {_users(service, connection_id)}".rstrip(),
        why=error.why,
        advice="Delete the dataflows first, then their source and target connections, in Experience Platform or with "
        "what made them; then run the command again. To leave the connection in place and only forget it: "
        "retain_on_delete=True, or pulumi state delete.",
        request_id=error.request_id,
    )


def _users(service: FlowService, connection_id: str) -> str:
    """Name what uses a connection, as far as the service tells."""
    try:
        sources = {source.id: source for source in service.source_connections_of(connection_id)}
        flows = [flow for flow in service.flows() if sources.keys() & set(flow.source_connection_ids)]
    except AepError as failure:
        return f"What uses it could not be listed: {failure.what}"
    users = [f"source connection '{source.name}' ({source.id})" for source in sources.values()]
    users += [f"dataflow '{flow.name}' ({flow.id})" for flow in flows]
    return f"It is used by {', '.join(users)}." if users else ""
