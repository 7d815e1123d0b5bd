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
    from pulumi_adobe_aep.program.base_connection import (
        AuthInput,
        BasicAuth,
        ConnectionStringAuth,
        PostgresBaseConnection,
        SecretFromEnv,
        SecretInput,
    )
    from pulumi_adobe_aep.program.declaration import DeclarationError

__all__ = [
    "AepError",
    "AmbiguousEntities",
    "AuthInput",
    "BasicAuth",
    "Cancelled",
    "ConnectionStringAuth",
    "DeadlineExceeded",
    "DeclarationError",
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
    "PostgresBaseConnection",
    "ProxyUnusable",
    "ResponseLost",
    "SecretFromEnv",
    "SecretInput",
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
    "__version__",
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
    "program.base_connection": (
        "AuthInput",
        "BasicAuth",
        "ConnectionStringAuth",
        "PostgresBaseConnection",
        "SecretFromEnv",
        "SecretInput",
    ),
    "program.declaration": ("DeclarationError",),
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
