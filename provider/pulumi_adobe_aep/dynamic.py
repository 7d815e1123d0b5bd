"""The provider classes that states refer to.

The state of every stack refers to a class here by its module and its name, and to nothing else of this package: both
are kept for ever, and the constructors take no arguments.
"""

from __future__ import annotations

from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.pulumi_sdk.provider import EntityProvider


class PostgresBaseConnectionProvider(EntityProvider):
    """The provider of `PostgresBaseConnection`. Every state refers to it by this module and this name."""

    kind = POSTGRES
