"""A Pulumi provider for base connections of Adobe Experience Platform's Flow Service."""

from pulumi_adobe_aep._version import __version__
from pulumi_adobe_aep.postgres import (
    AuthInput,
    BasicAuth,
    ConnectionStringAuth,
    DeclarationError,
    PostgresBaseConnection,
    SecretFromEnv,
    SecretInput,
)

__all__ = [
    "AuthInput",
    "BasicAuth",
    "ConnectionStringAuth",
    "DeclarationError",
    "PostgresBaseConnection",
    "SecretFromEnv",
    "SecretInput",
    "__version__",
]
