"""The sources of tables that this package knows: those with a class of their own, and the names of the rest."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pulumi_adobe_aep.kinds.base_connection import sources
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind


def _kinds() -> Iterator[BaseConnectionKind]:
    """Return the kinds that the modules of `sources` make."""
    for found in pkgutil.iter_modules(sources.__path__, f"{sources.__name__}."):
        names = vars(importlib.import_module(found.name))
        yield from (value for value in names.values() if isinstance(value, BaseConnectionKind))


SOURCES: tuple[BaseConnectionKind, ...] = tuple(sorted(_kinds(), key=lambda kind: kind.source.lower()))
"""The sources that have a class of their own, in the order of their names."""


class KnownSpec(NamedTuple):
    """A connection spec that can be named."""

    title: str
    id: str


# Most of Adobe's pages about these are from 2020 and 2021, so the spec itself says what they take.
_REST = {
    "greenplum": KnownSpec("Greenplum", "37b6bf40-d318-4655-90be-5cd6f65d334b"),
    "hp-vertica": KnownSpec("HP Vertica", "a8b6a1a4-5735-42b4-952c-85dce0ac38b5"),
    "ibm-db2": KnownSpec("IBM DB2", "09182899-b429-40c9-a15a-bf3ddbc8ced7"),
    "hive": KnownSpec("Apache Hive on Azure HDInsight", "aac9bbd4-6c01-46ce-b47e-51c6f0f6db3f"),
    "spark": KnownSpec("Apache Spark on Azure HDInsight", "6a8d82bc-1caf-45d1-908d-cadabc9d63a6"),
    "azure-data-explorer": KnownSpec("Azure Data Explorer", "0479cc14-7651-4354-b233-7480606c2ac3"),
    "azure-table-storage": KnownSpec("Azure Table Storage", "ecde33f2-c56f-46cc-bdea-ad151c16cd69"),
    "couchbase": KnownSpec("Couchbase", "1fe283f6-9bec-11ea-bb37-0242ac130002"),
    "phoenix": KnownSpec("Phoenix", "102706fb-a5cd-42ee-afe0-bc42f017ff43"),
    "cassandra": KnownSpec("Apache Cassandra", "a8f4d393-1a6b-43f3-931f-91a16ed857f4"),
}

KNOWN_SPECS: Mapping[str, KnownSpec] = {
    **{kind.slug: KnownSpec(kind.source, kind.spec_id) for kind in SOURCES},
    **_REST,
}
"""All sources of tables on Adobe's pages, by the names that `connection_spec` and `--source` take."""
