"""The fields that lists can be filtered and ordered by.

Source: the entities in Adobe's examples and OpenAPI documents. Which of their fields a list can be filtered or ordered
by is not documented, so every one is taken, at any depth below it.
"""

from collections.abc import Mapping
from typing import Final

_ENTITY: Final = frozenset(
    {
        *("id", "name", "description", "state", "version", "etag", "lastOperation", "labels"),
        *("createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient"),
        *("sandboxId", "sandboxName", "imsOrgId", "providerId", "providerRefId", "inheritedAttributes"),
    }
)
_SPEC: Final = frozenset(
    {"id", "name", "description", "type", "version", "providerId", "attributes", "permissionsInfo", "category"}
)

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "connections": _ENTITY | {"auth", "connectionSpec"},
    "sourceConnections": _ENTITY | {"baseConnectionId", "connectionSpec", "data", "params"},
    "targetConnections": _ENTITY | {"baseConnectionId", "connectionSpec", "data", "params"},
    "flows": _ENTITY
    | {
        *("flowSpec", "sourceConnectionIds", "targetConnectionIds", "transformations", "scheduleParams"),
        *("options", "recordTypes", "runs", "lastRunDetails", "effectiveStartTime"),
    },
    "runs": _ENTITY | {"flowId", "flowSpec", "metrics", "activities", "recordTypes", "runType", "errors"},
    "connectionSpecs": _SPEC | {"authSpec", "sourceSpec", "targetSpec", "exploreSpec"},
    "flowSpecs": _SPEC
    | {
        *("sourceConnectionSpecIds", "targetConnectionSpecIds", "transformationSpecs", "scheduleSpec"),
        *("optionSpec", "runSpec", "sourceSpec"),
    },
}
"""The first parts of the paths to the fields of each collection's entities."""
