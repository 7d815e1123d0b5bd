"""All kinds of entities, by the names of their resources; and those of base connections, by their connection specs."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_adobe_aep.kinds.base_connection.any_source import ANY_SOURCE
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS, SOURCES
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.mapping_set import MAPPING_SET
from pulumi_adobe_aep.kinds.source_connection import TABLE_SOURCE_CONNECTION
from pulumi_adobe_aep.kinds.target_connection import DATA_LAKE_TARGET_CONNECTION

BASE_CONNECTIONS: tuple[BaseConnectionKind, ...] = (*SOURCES, ANY_SOURCE)
"""The kinds of base connections."""
INGESTION: tuple[EntityKind, ...] = (TABLE_SOURCE_CONNECTION, DATA_LAKE_TARGET_CONNECTION, MAPPING_SET, DATAFLOW)
"""The kinds that bring a table into a dataset."""
KINDS: Mapping[str, EntityKind] = {kind.name: kind for kind in (*BASE_CONNECTIONS, *INGESTION)}
"""What an adapter that serves all kinds serves."""
TITLES: Mapping[str, str] = {spec.id: spec.title for spec in KNOWN_SPECS.values()}
"""What the sources of tables are called, by the ids of their connection specs."""
_BY_SPEC = {kind.spec_id: kind for kind in SOURCES}


def source_of(spec_id: str | None) -> BaseConnectionKind:
    """Return the kind of the base connections of a connection spec: the one for any spec if it has none of its own."""
    return _BY_SPEC.get(spec_id or "", ANY_SOURCE)
