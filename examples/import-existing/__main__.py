"""Take over a connection that somebody made by hand, instead of creating a second one."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.PostgresBaseConnection(
    "crm",
    name="CRM",
    description="Managed by Pulumi",
    auth=aep.ConnectionStringAuth(
        server="crm-db.example.com",
        database="crm",
        username="aep_reader",
        password=config.require_secret("crmPassword"),
        encryption="verify",
    ),
    existing_connection_id=config.get("existingConnectionId"),
    # Others made it and others use it: a destroy forgets it and leaves it where it is.
    opts=pulumi.ResourceOptions(retain_on_delete=True),
)
pulumi.export("connectionId", crm.connection_id)
