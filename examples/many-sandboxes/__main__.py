"""The same PostgreSQL base connection in every sandbox of a list."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

connections = {
    sandbox: aep.PostgresBaseConnection(
        # The resource's name has the sandbox, so that one more sandbox leaves the others alone.
        f"crm-{sandbox}",
        name="CRM",
        sandbox_name=sandbox,
        auth=aep.ConnectionStringAuth(
            server=config.require("crmServer"),
            database="crm",
            username="aep_reader",
            password=config.require_secret("crmPassword"),
            encryption="verify",
        ),
    )
    for sandbox in config.require_object("sandboxes")
}
pulumi.export("connectionIds", {sandbox: connection.connection_id for sandbox, connection in connections.items()})
