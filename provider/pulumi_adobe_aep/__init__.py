"""A Pulumi provider for Adobe Experience Platform's Flow Service."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from pulumi_adobe_aep._version import __version__ as __version__

if TYPE_CHECKING:
    # For type checkers, `as` makes a name public.
    from pulumi_adobe_aep.errors import AepError as AepError
    from pulumi_adobe_aep.errors import AmbiguousEntities as AmbiguousEntities
    from pulumi_adobe_aep.errors import Cancelled as Cancelled
    from pulumi_adobe_aep.errors import DeadlineExceeded as DeadlineExceeded
    from pulumi_adobe_aep.errors import EntityGone as EntityGone
    from pulumi_adobe_aep.errors import EntityInUse as EntityInUse
    from pulumi_adobe_aep.errors import EntityMismatch as EntityMismatch
    from pulumi_adobe_aep.errors import Forbidden as Forbidden
    from pulumi_adobe_aep.errors import InvalidInputs as InvalidInputs
    from pulumi_adobe_aep.errors import MissingSecret as MissingSecret
    from pulumi_adobe_aep.errors import NotFound as NotFound
    from pulumi_adobe_aep.errors import NotSent as NotSent
    from pulumi_adobe_aep.errors import Outcome as Outcome
    from pulumi_adobe_aep.errors import OutcomeUnknown as OutcomeUnknown
    from pulumi_adobe_aep.errors import ProxyUnusable as ProxyUnusable
    from pulumi_adobe_aep.errors import ResponseLost as ResponseLost
    from pulumi_adobe_aep.errors import ServiceError as ServiceError
    from pulumi_adobe_aep.errors import ServiceUnavailable as ServiceUnavailable
    from pulumi_adobe_aep.errors import SettingsError as SettingsError
    from pulumi_adobe_aep.errors import TokenRefused as TokenRefused
    from pulumi_adobe_aep.errors import TooManyRequests as TooManyRequests
    from pulumi_adobe_aep.errors import TransientState as TransientState
    from pulumi_adobe_aep.errors import Unauthorized as Unauthorized
    from pulumi_adobe_aep.errors import UntrustedCertificate as UntrustedCertificate
    from pulumi_adobe_aep.errors import VerificationFailed as VerificationFailed
    from pulumi_adobe_aep.errors import VersionConflict as VersionConflict
    from pulumi_adobe_aep.errors import WrongOrganization as WrongOrganization
    from pulumi_adobe_aep.program.auth import AccessTokenAuth as AccessTokenAuth
    from pulumi_adobe_aep.program.auth import AuthInput as AuthInput
    from pulumi_adobe_aep.program.auth import BasicAuth as BasicAuth
    from pulumi_adobe_aep.program.auth import ConnectionStringAuth as ConnectionStringAuth
    from pulumi_adobe_aep.program.auth import KeyPairAuth as KeyPairAuth
    from pulumi_adobe_aep.program.auth import OAuth2Auth as OAuth2Auth
    from pulumi_adobe_aep.program.auth import OracleBasicAuth as OracleBasicAuth
    from pulumi_adobe_aep.program.auth import SecretFromEnv as SecretFromEnv
    from pulumi_adobe_aep.program.auth import SecretInput as SecretInput
    from pulumi_adobe_aep.program.auth import ServiceAccountAuth as ServiceAccountAuth
    from pulumi_adobe_aep.program.auth import ServicePrincipalAuth as ServicePrincipalAuth
    from pulumi_adobe_aep.program.auth import SnowflakeBasicAuth as SnowflakeBasicAuth
    from pulumi_adobe_aep.program.base_connection import BaseConnection as BaseConnection
    from pulumi_adobe_aep.program.databases import *  # noqa: F403 - a class for each database
    from pulumi_adobe_aep.program.dataflow import Dataflow as Dataflow
    from pulumi_adobe_aep.program.dataflow import Schedule as Schedule
    from pulumi_adobe_aep.program.dataflow import ScheduleInput as ScheduleInput
    from pulumi_adobe_aep.program.declaration import DeclarationError as DeclarationError
    from pulumi_adobe_aep.program.functions import Column as Column
    from pulumi_adobe_aep.program.functions import ConnectionInfo as ConnectionInfo
    from pulumi_adobe_aep.program.functions import DataflowInfo as DataflowInfo
    from pulumi_adobe_aep.program.functions import DatasetInfo as DatasetInfo
    from pulumi_adobe_aep.program.functions import Table as Table
    from pulumi_adobe_aep.program.functions import get_columns as get_columns
    from pulumi_adobe_aep.program.functions import get_dataflow as get_dataflow
    from pulumi_adobe_aep.program.functions import get_dataset as get_dataset
    from pulumi_adobe_aep.program.functions import get_tables as get_tables
    from pulumi_adobe_aep.program.functions import list_connections as list_connections
    from pulumi_adobe_aep.program.mapping_set import Expression as Expression
    from pulumi_adobe_aep.program.mapping_set import MappingSet as MappingSet
    from pulumi_adobe_aep.program.mapping_set import MappingsInput as MappingsInput
    from pulumi_adobe_aep.program.source_connection import ColumnInput as ColumnInput
    from pulumi_adobe_aep.program.source_connection import TableSourceConnection as TableSourceConnection
    from pulumi_adobe_aep.program.table_ingestion import TableIngestion as TableIngestion
    from pulumi_adobe_aep.program.target_connection import DataLakeTargetConnection as DataLakeTargetConnection

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
"""The module that each public name comes from, but for the classes of the databases."""
_DATABASES = f"{__name__}.program.databases"


if not TYPE_CHECKING:  # For type checkers, a name is wrong unless it is imported above.

    def __getattr__(name: str) -> object:
        # The emulator and the command line live in this package too, and would wait half a second for a Pulumi that
        # they do not use.
        value = _public_names() if name == "__all__" else _public(name)
        # So that a program which names it for each of many resources comes here once.
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return _public_names()


def _public_names() -> list[str]:
    return [*sorted([*_HOME, *_databases()]), "__version__"]


def _public(name: str) -> object:
    """Return what has a public name.

    Raises:
        AttributeError: It is none.
    """
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    # Whoever looks for anything else, such as a module of this package, need not wait for Pulumi.
    if name.endswith("BaseConnection") and name in _databases():
        return _databases()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _databases() -> dict[str, object]:
    """Return the class of each database, by its name."""
    names = vars(importlib.import_module(_DATABASES))
    return {name: each for name, each in names.items() if getattr(each, "__module__", None) == _DATABASES}
