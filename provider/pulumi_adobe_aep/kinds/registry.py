"""All kinds of entities, by the names of their resources."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_adobe_aep.kinds.base_connection.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.mapping_set import MAPPING_SET
from pulumi_adobe_aep.kinds.source_connection import TABLE_SOURCE_CONNECTION
from pulumi_adobe_aep.kinds.target_connection import DATA_LAKE_TARGET_CONNECTION

KINDS: Mapping[str, EntityKind] = {
    kind.name: kind for kind in (POSTGRES, TABLE_SOURCE_CONNECTION, DATA_LAKE_TARGET_CONNECTION, MAPPING_SET, DATAFLOW)
}
"""What an adapter that serves all kinds serves."""
