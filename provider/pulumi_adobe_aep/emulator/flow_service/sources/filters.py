"""Which sources can filter rows themselves.

Source: Adobe's page "Filter row-level data for a source using the Flow Service API". Its other
sources have no tables here.
"""

from typing import Final

from pulumi_adobe_aep.emulator.errors import ConnectorError
from pulumi_adobe_aep.emulator.flow_service.sources import TABLE_SOURCES

_FILTERING: Final = frozenset(
    {
        "3416976c-a9ca-4bba-901a-1f08f66978ff",  # Amazon Redshift
        "3c9b37f8-13a6-43d8-bad3-b863b941fedd",  # Google BigQuery
        "b2e08744-4f1a-40ce-af30-7abac3e23cf3",  # Snowflake
    }
)


def require_filters(spec_id: object) -> None:
    """Refuse filters for a source that does not have them.

    Args:
        spec_id: the id of its connection spec.

    Raises:
        ConnectorError: 1353.
    """
    if spec_id in _FILTERING:
        return
    source = TABLE_SOURCES.get(str(spec_id))
    raise ConnectorError("1353-400", connector=spec_id if source is None else source.name)
