"""A provider with a defect, for the tests of what a person then sees."""

from __future__ import annotations

from dataclasses import dataclass, fields

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


class DefectiveProvider(EntityProvider):
    """Its provider; importable by the process that the tests start."""

    kind = DefectiveKind(**{each.name: getattr(POSTGRES, each.name) for each in fields(POSTGRES)})
