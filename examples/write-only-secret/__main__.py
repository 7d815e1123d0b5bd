"""A password that never enters the state, not even encrypted."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.PostgresBaseConnection(
    "crm",
    auth=aep.ConnectionStringAuth(
        server="crm-db.example.com",
        database="crm",
        username="aep_reader",
        password=aep.SecretFromEnv("CRM_DB_PASSWORD", version=config.require_int("crmPasswordVersion")),
        encryption="verify",
    ),
)
pulumi.export("connectionId", crm.connection_id)
