"""A Pulumi provider for Adobe Experience Platform's Flow Service."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from pulumi_adobe_aep._version import __version__

if TYPE_CHECKING:
    from pulumi_adobe_aep.errors import (
        AepError,
        AmbiguousEntities,
        Cancelled,
        DeadlineExceeded,
        EntityGone,
        EntityInUse,
        EntityMismatch,
        Forbidden,
        InvalidInputs,
        MissingSecret,
        NotFound,
        NotSent,
        Outcome,
        OutcomeUnknown,
        ProxyUnusable,
        ResponseLost,
        ServiceError,
        ServiceUnavailable,
        SettingsError,
        TokenRefused,
        TooManyRequests,
        TransientState,
        Unauthorized,
        UntrustedCertificate,
        VerificationFailed,
        VersionConflict,
        WrongOrganization,
    )
    from pulumi_adobe_aep.program.auth import (
        AccessTokenAuth,
        AuthInput,
        BasicAuth,
        ConnectionStringAuth,
        KeyPairAuth,
        OAuth2Auth,
        OracleBasicAuth,
        SecretFromEnv,
        SecretInput,
        ServiceAccountAuth,
        ServicePrincipalAuth,
        SnowflakeBasicAuth,
    )
    from pulumi_adobe_aep.program.base_connection import BaseConnection
    from pulumi_adobe_aep.program.databases import (
        BigQueryBaseConnection,
        DatabricksBaseConnection,
        MariaDbBaseConnection,
        MySqlBaseConnection,
        OracleBaseConnection,
        PostgresBaseConnection,
        RedshiftBaseConnection,
        SnowflakeBaseConnection,
        SqlServerBaseConnection,
        SynapseBaseConnection,
        TeradataBaseConnection,
    )
    from pulumi_adobe_aep.program.dataflow import (
        Dataflow,
        Schedule,
        ScheduleInput,
    )
    from pulumi_adobe_aep.program.declaration import DeclarationError
    from pulumi_adobe_aep.program.functions import (
        Column,
        ConnectionInfo,
        DataflowInfo,
        DatasetInfo,
        Table,
        get_columns,
        get_dataflow,
        get_dataset,
        get_tables,
        list_connections,
    )
    from pulumi_adobe_aep.program.mapping_set import (
        Expression,
        MappingSet,
        MappingsInput,
    )
    from pulumi_adobe_aep.program.source_connection import (
        ColumnInput,
        TableSourceConnection,
    )
    from pulumi_adobe_aep.program.table_ingestion import (
        TableIngestion,
    )
    from pulumi_adobe_aep.program.target_connection import (
        DataLakeTargetConnection,
    )

__all__ = [
    "AccessTokenAuth",
    "AepError",
    "AmbiguousEntities",
    "AuthInput",
    "BaseConnection",
    "BasicAuth",
    "BigQueryBaseConnection",
    "Cancelled",
    "Column",
    "ColumnInput",
    "ConnectionInfo",
    "ConnectionStringAuth",
    "DataLakeTargetConnection",
    "DatabricksBaseConnection",
    "Dataflow",
    "DataflowInfo",
    "DatasetInfo",
    "DeadlineExceeded",
    "DeclarationError",
    "EntityGone",
    "EntityInUse",
    "EntityMismatch",
    "Expression",
    "Forbidden",
    "InvalidInputs",
    "KeyPairAuth",
    "MappingSet",
    "MappingsInput",
    "MariaDbBaseConnection",
    "MissingSecret",
    "MySqlBaseConnection",
    "NotFound",
    "NotSent",
    "OAuth2Auth",
    "OracleBaseConnection",
    "OracleBasicAuth",
    "Outcome",
    "OutcomeUnknown",
    "PostgresBaseConnection",
    "ProxyUnusable",
    "RedshiftBaseConnection",
    "ResponseLost",
    "Schedule",
    "ScheduleInput",
    "SecretFromEnv",
    "SecretInput",
    "ServiceAccountAuth",
    "ServiceError",
    "ServicePrincipalAuth",
    "ServiceUnavailable",
    "SettingsError",
    "SnowflakeBaseConnection",
    "SnowflakeBasicAuth",
    "SqlServerBaseConnection",
    "SynapseBaseConnection",
    "Table",
    "TableIngestion",
    "TableSourceConnection",
    "TeradataBaseConnection",
    "TokenRefused",
    "TooManyRequests",
    "TransientState",
    "Unauthorized",
    "UntrustedCertificate",
    "VerificationFailed",
    "VersionConflict",
    "WrongOrganization",
    "__version__",
    "get_columns",
    "get_dataflow",
    "get_dataset",
    "get_tables",
    "list_connections",
]

_HOMES = {
    "errors": (
        "AepError",
        "AmbiguousEntities",
        "Cancelled",
        "DeadlineExceeded",
        "EntityGone",
        "EntityInUse",
        "EntityMismatch",
        "Forbidden",
        "InvalidInputs",
        "MissingSecret",
        "NotFound",
        "NotSent",
        "Outcome",
        "OutcomeUnknown",
        "ProxyUnusable",
        "ResponseLost",
        "ServiceError",
        "ServiceUnavailable",
        "SettingsError",
        "TokenRefused",
        "TooManyRequests",
        "TransientState",
        "Unauthorized",
        "UntrustedCertificate",
        "VerificationFailed",
        "VersionConflict",
        "WrongOrganization",
    ),
    "program.auth": (
        "AccessTokenAuth",
        "AuthInput",
        "BasicAuth",
        "ConnectionStringAuth",
        "KeyPairAuth",
        "OAuth2Auth",
        "OracleBasicAuth",
        "SecretFromEnv",
        "SecretInput",
        "ServiceAccountAuth",
        "ServicePrincipalAuth",
        "SnowflakeBasicAuth",
    ),
    "program.base_connection": ("BaseConnection",),
    "program.databases": (
        "BigQueryBaseConnection",
        "DatabricksBaseConnection",
        "MariaDbBaseConnection",
        "MySqlBaseConnection",
        "OracleBaseConnection",
        "PostgresBaseConnection",
        "RedshiftBaseConnection",
        "SnowflakeBaseConnection",
        "SqlServerBaseConnection",
        "SynapseBaseConnection",
        "TeradataBaseConnection",
    ),
    "program.declaration": ("DeclarationError",),
    "program.source_connection": (
        "ColumnInput",
        "TableSourceConnection",
    ),
    "program.target_connection": ("DataLakeTargetConnection",),
    "program.mapping_set": (
        "Expression",
        "MappingSet",
        "MappingsInput",
    ),
    "program.dataflow": (
        "Dataflow",
        "Schedule",
        "ScheduleInput",
    ),
    "program.table_ingestion": ("TableIngestion",),
    "program.functions": (
        "Column",
        "ConnectionInfo",
        "DataflowInfo",
        "DatasetInfo",
        "Table",
        "get_columns",
        "get_dataflow",
        "get_dataset",
        "get_tables",
        "list_connections",
    ),
}
_HOME = {name: f"{__name__}.{module}" for module, names in _HOMES.items() for name in names}
"""The module that each public name comes from."""


def __getattr__(name: str) -> object:
    # The emulator and the command line live in this package too, and would wait half a second for a Pulumi that they
    # do not use.
    if name in _HOME:
        value: object = getattr(importlib.import_module(_HOME[name]), name)
        # So that a program which names it for each of many resources comes here once.
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
