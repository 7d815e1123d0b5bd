"""Data warehouses and analytics services."""

from typing import Final

from pulumi_adobe_aep.emulator.flow_service.sources.auth_specs import (
    AuthSpec,
    TableSource,
    basic,
    connection_string,
    optional,
    port,
    secret,
    service_principal,
    text,
)

WAREHOUSES: Final = (
    TableSource(
        "3416976c-a9ca-4bba-901a-1f08f66978ff",
        "amazon-redshift",
        "Amazon Redshift",
        (basic(text("server"), port(), text("username"), secret("password"), text("database")),),
    ),
    TableSource(
        "b2e08744-4f1a-40ce-af30-7abac3e23cf3",
        "snowflake",
        "Snowflake",
        (
            AuthSpec(
                "KeyPair Authentication",
                "keyPairAuthentication",
                (
                    text("account"),
                    text("username"),
                    text("database"),
                    text("warehouse"),
                    secret("privateKey"),
                    optional(secret("privateKeyPassphrase")),
                    optional(port()),
                ),
            ),
            basic(
                text("host"),
                port(),
                text("username"),
                secret("password"),
                text("database"),
                text("warehouse"),
                text("schema"),
            ),
            # On an older page only.
            connection_string("ConnectionString"),
        ),
    ),
    TableSource(
        "3c9b37f8-13a6-43d8-bad3-b863b941fedd",
        "google-big-query",
        "Google BigQuery",
        (
            basic(
                text("project"),
                text("clientId"),
                secret("clientSecret"),
                secret("refreshToken"),
                optional(text("largeResultsDataSetId")),
                auth_type="OAuth2.0",
            ),
            AuthSpec(
                "Service Authentication",
                "serviceAuthentication",
                (
                    text("projectId"),
                    secret("keyFileContent"),
                    optional(text("largeResultsDataSetId")),
                    # On AWS only.
                    optional(text("datasetId")),
                ),
            ),
        ),
    ),
    TableSource(
        "a49bcc7d-8038-43af-b1e4-5a7a089a7d79",
        "azure-synapse-analytics",
        "Azure Synapse Analytics",
        (
            connection_string(),
            service_principal("Service Principal Key Based Authentication", text("server"), text("database")),
        ),
    ),
    TableSource(
        "e9d7ec6b-0873-4e57-ad21-b3a7c65e310b",
        "databricks",
        "Databricks",
        (
            AuthSpec(
                "Access Token Authentication",
                "accessTokenAuthentication",
                (
                    text("domain"),
                    text("clusterId"),
                    secret("accessToken"),
                    text("database"),
                    optional(text("catalog")),
                ),
            ),
        ),
    ),
    TableSource(
        "2fa8af9c-2d1a-43ea-a253-f00a00c74412",
        "teradata-vantage",
        "Teradata Vantage",
        (connection_string("ConnectionString"),),
    ),
    TableSource(
        "0479cc14-7651-4354-b233-7480606c2ac3",
        "azure-data-explorer",
        "Azure Data Explorer",
        (service_principal("Service Principal Based Authentication", text("endpoint"), text("database")),),
    ),
)
