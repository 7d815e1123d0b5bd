"""One PostgreSQL base connection, described by the stack's configuration (the keys are in Pulumi.yaml)."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.PostgresBaseConnection(
    "crm",
    description="CRM read replica",
    auth=aep.ConnectionStringAuth(
        server=config.require("crmServer"),
        port=config.require("crmPort"),
        database=config.require("crmDatabase"),
        username=config.require("crmUsername"),
        password=config.require_secret("crmPassword"),
        encryption=config.require("crmEncryption"),
    ),
)
pulumi.export("connectionId", crm.connection_id)
