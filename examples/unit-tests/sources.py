"""The company's sources in Experience Platform."""

from collections.abc import Mapping

import pulumi

import pulumi_adobe_aep as aep


def declare_sources(
    servers: Mapping[str, str], *, password: pulumi.Input[str]
) -> dict[str, aep.PostgresBaseConnection]:
    """Declare a connection for each database.

    Args:
        servers: The database's name, and the server that it is on.
        password: The password of the role `aep_reader`, the same on all servers.
    """
    return {
        database: aep.PostgresBaseConnection(
            database,
            description=f"{database} read replica",
            auth=aep.ConnectionStringAuth(
                server=server, database=database, username="aep_reader", password=password, encryption="verify"
            ),
        )
        for database, server in servers.items()
    }
