"""A database role and the base connection that logs in as it: the password goes from one to the other, unseen."""

import pulumi
from database_role import DatabaseRole

import pulumi_adobe_aep as aep

config = pulumi.Config()

reader = DatabaseRole("reader", role="aep_reader", generation=config.require_int("generation"))
crm = aep.PostgresBaseConnection(
    "crm",
    auth=aep.ConnectionStringAuth(
        server=reader.server,
        port=reader.port,
        database=reader.database,
        username=reader.role,
        password=reader.password,
    ),
    # Experience Platform logs in with the password that was made a moment ago.
    verify=True,
)
pulumi.export("connectionId", crm.connection_id)
