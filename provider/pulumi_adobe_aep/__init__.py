"""A Pulumi provider for base connections of Adobe Experience Platform's Flow Service."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from pulumi_adobe_aep._version import __version__

if TYPE_CHECKING:
    from pulumi_adobe_aep.program.arguments import DeclarationError
    from pulumi_adobe_aep.program.base_connection import (
        AuthInput,
        BasicAuth,
        ConnectionStringAuth,
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


def __getattr__(name: str) -> object:
    # The emulator and the command line live in this package too, and would wait half a second for a Pulumi that they
    # do not use.
    if name in __all__:
        value: object = getattr(importlib.import_module("pulumi_adobe_aep.program.base_connection"), name)
        # So that a program which names it for each of many resources comes here once.
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
