"""The sources that have tables: which connection spec each has, and what credentials it takes.

Every row is what Adobe's page of that source shows (``help/sources/tutorials/api/create/databases/`` in
AdobeDocs/experience-platform.en). No page says which parameters are required, and no public copy of these specs exists:
what a page does not mark as optional is required here, but for ``sslMode``, a port that has a default, what is in an
example only, and what a page shows for one of Azure and AWS only.
"""

from typing import Final

from pulumi_adobe_aep.emulator.flow_service.sources.auth_specs import AuthSpec, TableSource
from pulumi_adobe_aep.emulator.flow_service.sources.clusters import CLUSTERS
from pulumi_adobe_aep.emulator.flow_service.sources.relational import RELATIONAL
from pulumi_adobe_aep.emulator.flow_service.sources.warehouses import WAREHOUSES

TABLE_SOURCES: Final[dict[str, TableSource]] = {each.id: each for each in (*RELATIONAL, *WAREHOUSES, *CLUSTERS)}
"""All sources by the ids of their connection specs."""


def auth_spec(spec_id: object, name: object) -> AuthSpec | None:
    """Return the auth spec with that name of the source with that connection spec."""
    source = TABLE_SOURCES.get(str(spec_id))
    return None if source is None else next((each for each in source.auth if each.name == name), None)
