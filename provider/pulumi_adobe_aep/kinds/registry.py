"""All kinds of entities, by the names of their resources."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_adobe_aep.kinds.base_connection.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.kind import EntityKind

KINDS: Mapping[str, EntityKind] = {kind.name: kind for kind in (POSTGRES,)}
"""What an adapter that serves all kinds serves."""
