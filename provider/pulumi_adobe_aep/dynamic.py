"""The provider classes that states refer to, one for each kind of entity.

The state of every stack refers to a class here by its module and its name, `PostgresBaseConnectionProvider`, and to
nothing else of this package: both are kept for ever, and the constructors take no arguments. So a kind that is in a
state keeps its name.
"""

from __future__ import annotations

from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.registry import KINDS
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider


def _provider(kind: EntityKind) -> type[EntityProvider]:
    doc = f"The provider of `{kind.name}`. Every state refers to it by this module and this name."
    return type(f"{kind.name}Provider", (EntityProvider,), {"__module__": __name__, "__doc__": doc, "kind": kind})


_PROVIDERS = {provider.__name__: provider for provider in map(_provider, KINDS.values())}


# pickle finds a class in this way, and so do type checkers.
def __getattr__(name: str) -> type[EntityProvider]:
    if name in _PROVIDERS:
        return _PROVIDERS[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*_PROVIDERS]
