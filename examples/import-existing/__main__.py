"""Take over a connection that somebody made by hand, instead of creating a second one."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.PostgresBaseConnection(
    "crm",
    # As they are in Experience Platform, so that the take-over leaves them as they are. Without a description here, the
    # connection would have none afterwards.
    name="CRM",
    description="Read replica of the CRM",
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
