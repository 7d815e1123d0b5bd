"""Databases that run on clusters: Hadoop's, key-value and document stores."""

from typing import Final

from pulumi_adobe_aep.emulator.flow_service.sources.auth_specs import (
    AuthSpec,
    Parameter,
    TableSource,
    basic,
    connection_string,
    optional,
    port,
    secret,
    text,
)

HD_INSIGHTS: Final = "HDInsights Basic Authentication"

CLUSTERS: Final = (
    TableSource(
        "aac9bbd4-6c01-46ce-b47e-51c6f0f6db3f",
        "hive",
        "Apache Hive on Azure HDInsight",
        (
            # The page's table has a login, its example a connection string: both are taken.
            AuthSpec(
                HD_INSIGHTS,
                "basicAuthentication",
                (text("host"), text("username"), secret("password"), secret("connectionString")),
                alternatives=(("host", "username", "password"), ("connectionString",)),
            ),
        ),
    ),
    TableSource(
        "6a8d82bc-1caf-45d1-908d-cadabc9d63a6",
        "spark",
        "Apache Spark on Azure HDInsight",
        (basic(text("host"), text("username"), secret("password"), name=HD_INSIGHTS),),
    ),
    TableSource(
        "ecde33f2-c56f-46cc-bdea-ad151c16cd69",
        "azure-table-storage",
        "Azure Table Storage",
        (connection_string(),),
    ),
    # Not in today's catalog.
    TableSource(
        "1fe283f6-9bec-11ea-bb37-0242ac130002",
        "couchbase",
        "Couchbase",
        (connection_string(),),
    ),
    # Not in today's catalog.
    TableSource(
        "102706fb-a5cd-42ee-afe0-bc42f017ff43",
        "phoenix",
        "Phoenix",
        (
            basic(
                text("host"),
                text("username"),
                secret("password"),
                # A JSON number on this page alone; it has a default, 8765.
                optional(port("integer")),
                text("httpPath"),
                Parameter("enableSsl", types=("boolean",)),
            ),
        ),
    ),
    # Not in today's catalog.
    TableSource(
        "a8f4d393-1a6b-43f3-931f-91a16ed857f4",
        "cassandra",
        "Apache Cassandra",
        # The port has a default, 9042.
        (basic(text("host"), optional(port()), text("username"), secret("password")),),
    ),
)
