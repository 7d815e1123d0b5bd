"""The ``auth`` of a connection: whether it fits its spec, and what a reader may see of it."""

from collections.abc import Mapping
from typing import Final

from pulumi_adobe_aep.emulator.databases.target import CONNECTION_STRING, TargetError, target
from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.connection_specs import POSTGRESQL_ID, auth_schemas, secret_keys
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.settings import Switches
from pulumi_adobe_aep.emulator.store.entities import JsonObject

MASK: Final = "*****"
SERVER_KEYS: Final = frozenset(
    {"authorizedDate", "privateEndpointId", "inletUrl", "inletId", "authenticationRequired", "usePrivateLink"}
)
"""Keys that the service itself adds to auth.params in Adobe's examples. A client may send back what it has read."""


def validate(auth: Mapping[str, object], rules: Rules, *, complete: bool = True) -> None:
    """Check specName and params against the PostgreSQL spec.

    Args:
        auth: the ``auth`` of a connection.
        rules: what the service goes by.
        complete: whether every required parameter must be there; a draft may lack some.

    Raises:
        FlowServiceError: 1415 for an unknown specName.
        ConnectorError: 1304 for a missing parameter, 1312 for a wrong value, 1318 for everything else.
    """
    spec_name = auth.get("specName")
    schema = auth_schemas(rules.switches).get(str(spec_name))
    if schema is None:
        raise FlowServiceError("1415-400", auth_spec=spec_name, connection_spec=POSTGRESQL_ID)
    params = auth.get("params")
    if not isinstance(params, dict):
        raise ConnectorError("1304-400", field="params")
    required, properties = schema["required"], schema["properties"]
    if not isinstance(required, list) or not isinstance(properties, dict):  # pragma: no cover - our own constant
        raise TypeError(schema)
    for key in required if complete else ():
        if params.get(key) in (None, ""):
            raise ConnectorError("1304-400", field=key)
    problems = [problem for key, value in params.items() for problem in _check(key, value, properties, rules)]
    if problems:
        raise ConnectorError("1318-400", text="; ".join(problems))
    if complete:
        _check_target(str(spec_name), params)


def readable(auth: object, switches: Switches) -> object:
    """Return ``auth`` as a reader sees it: its secrets masked, left out or plain."""
    if switches.secrets == "plain" or not isinstance(auth, dict) or not isinstance(auth.get("params"), dict):
        return auth
    hidden = secret_keys(str(auth.get("specName")), switches)
    params: JsonObject = {}
    for key, value in auth["params"].items():
        if key not in hidden:
            params[key] = value
        elif switches.secrets == "mask":
            params[key] = MASK
    return {**auth, "params": params}


def _check(key: str, value: object, properties: Mapping[str, Mapping[str, object]], rules: Rules) -> list[str]:
    schema = properties.get(key)
    if schema is None:
        known = key in SERVER_KEYS or rules.loose
        return [] if known else [f"the parameter {key} is not part of the auth spec"]
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, str) and not ("integer" in types and isinstance(value, int)):
        return [f"the parameter {key} is not of type {' or '.join(map(str, types))}"]
    choices = schema.get("enum")
    if isinstance(choices, list) and value not in choices:
        raise ConnectorError("1312-400", value=value, field=key)
    return []


def _check_target(spec_name: str, params: Mapping[str, object]) -> None:
    try:
        target(spec_name, params)
    except TargetError as error:
        # The connection string is a secret: its value must not be part of the answer.
        key = "connectionString" if spec_name == CONNECTION_STRING else "auth.params"
        raise ConnectorError("1318-400", text=f"{key}: {error}") from None
