"""A connection whose credentials are rotated: two database roles take turns, so that one always works."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.PostgresBaseConnection(
    "crm",
    auth=aep.ConnectionStringAuth(
        server=config.require("crmServer"),
        port=config.require("crmPort"),
        database=config.require("crmDatabase"),
        username=config.require("crmUsername"),
        password=config.require_secret("crmPassword"),
        encryption=config.get("crmEncryption"),
    ),
    # A new password that does not work is taken back at once, and the dataflows never notice.
    verify=True,
)
pulumi.export("connectionId", crm.connection_id)
pulumi.export("updatedAt", crm.updated_at)
