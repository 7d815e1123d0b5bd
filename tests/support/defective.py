"""Providers that fail, for the tests of what a person then sees."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.model import Properties
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider


@dataclass(frozen=True, kw_only=True)
class DefectiveKind(BaseConnectionKind):
    """A kind that cannot read a state."""

    def state(self, properties: Properties) -> State:
        """Fail as nobody foresaw."""
        raise LookupError(f"no property among {len(properties)}")


@dataclass(frozen=True, kw_only=True)
class ChainedKind(BaseConnectionKind):
    """A kind whose error has another one behind it."""

    def state(self, properties: Properties) -> State:
        """Fail with an error that was caused by another."""
        raise InvalidInputs("It cannot be read.") from LookupError(str(properties))


class DefectiveProvider(EntityProvider):
    """Its provider; importable by the process that the tests start."""

    kind = DefectiveKind(**{each.name: getattr(POSTGRES, each.name) for each in fields(POSTGRES)})


class ChainedProvider(EntityProvider):
    """The provider of the kind whose error has another one behind it."""

    kind = ChainedKind(**{each.name: getattr(POSTGRES, each.name) for each in fields(POSTGRES)})


class ForeignProvider(ResourceProvider):
    """A dynamic provider of somebody else's, in the same process."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Fail."""
        raise LookupError(f"no property among {len(props)}")
