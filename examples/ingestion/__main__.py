"""Ingest the table public.customers into a dataset every hour. Each stage is a stack with its own configuration."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.PostgresBaseConnection(
    "crm",
    description="CRM read replica",
    sandbox_name=config.require("sandbox"),
    auth=aep.ConnectionStringAuth(
        server=config.require("crmServer"),
        port=config.require("crmPort"),
        database=config.require("crmDatabase"),
        username=config.require("crmUsername"),
        password=config.require_secret("crmPassword"),
        encryption=config.require("crmEncryption"),
    ),
)
customers = aep.TableIngestion(
    "customers",
    connection=crm,
    table="public.customers",
    dataset_id=config.require("datasetId"),
    schema_id=config.require("schemaId"),
    mappings={
        "_acme.customerId": "external_id",
        "_acme.email": aep.Expression("lower(email)"),
        "_acme.country": "country",
    },
    schedule=aep.Schedule("hour", 1),
    delta_column="created_at",
)
pulumi.export("connectionId", crm.connection_id)
pulumi.export("flowId", customers.flow_id)
