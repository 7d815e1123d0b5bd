"""Adobe's catalogues of errors. They are data, in ``error_catalogues.json`` beside this module.

Sources: "Flow Service error messages" and "Sources error messages" in Adobe's sources documentation, the
"troubleshooting guide" of Experience Platform for the gateway, and the OpenAPI documents of Flow Service.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class _Catalogues(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    flow_service: dict[str, tuple[str, str]]
    connector: dict[str, tuple[str, str]]
    gateway: dict[str, str]


_CATALOGUES: Final = _Catalogues.model_validate_json(
    files("pulumi_adobe_aep.emulator").joinpath("error_catalogues.json").read_bytes()
)

FLOW_SERVICE: Final[Mapping[str, tuple[str, str]]] = _CATALOGUES.flow_service
"""Flow Service's own: title and message by code, whose last three digits are the status. Braces are filled in.

The page prints 1439-400; a live response printed elsewhere has 1439-404.
"""

CONNECTOR: Final[Mapping[str, tuple[str, str]]] = _CATALOGUES.connector
"""The connectors'. Codes 1100 to 1104 mean other things there, so the two are kept apart."""

GATEWAY: Final[Mapping[str, str]] = _CATALOGUES.gateway
"""The gateway's. The status is the first three digits of the code; a missing token is 403, an invalid one 401."""
