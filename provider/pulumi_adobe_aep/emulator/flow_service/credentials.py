"""The ``auth`` of a connection: whether it fits its spec, and what a reader may see of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_adobe_aep.emulator.databases.target import CONNECTION_STRING, TargetError, target
from pulumi_adobe_aep.emulator.errors import ConnectorError, FlowServiceError
from pulumi_adobe_aep.emulator.flow_service.rules import Rules
from pulumi_adobe_aep.emulator.flow_service.sources import auth_spec
from pulumi_adobe_aep.emulator.flow_service.sources.auth_specs import AuthSpec, Parameter
from pulumi_adobe_aep.emulator.flow_service.sources.relational import POSTGRESQL_ID
from pulumi_adobe_aep.emulator.flow_service.spec_references import spec_id
from pulumi_adobe_aep.emulator.settings import Switches
from pulumi_adobe_aep.emulator.store.entities import JsonObject

MASK: Final = "*****"
SERVER_KEYS: Final = frozenset(
    {"authorizedDate", "privateEndpointId", "inletUrl", "inletId", "authenticationRequired", "usePrivateLink"}
)
"""Keys that the service itself adds to auth.params in Adobe's examples. A client may send back what it has read."""

_TYPES: Final[Mapping[str, type]] = {"string": str, "integer": int, "boolean": bool}


def validate(fields: JsonObject, rules: Rules, *, complete: bool = True) -> None:
    """Check a connection's specName and params against its connection spec.

    Args:
        fields: what the connection's body says.
        rules: what the service goes by.
        complete: whether every required parameter must be there; a draft may lack some.

    Raises:
        FlowServiceError: 1415 for an unknown specName.
        ConnectorError: 1304 for a missing parameter, 1312 for a wrong value, 1318 for everything else.
    """
    auth = fields.get("auth")
    if not isinstance(auth, dict):
        if complete:
            raise ConnectorError("1304-400", field="auth")
        return
    connection_spec, name, params = spec_id(fields), auth.get("specName"), auth.get("params")
    spec = auth_spec(connection_spec, name)
    if spec is None:
        raise FlowServiceError("1415-400", auth_spec=name, connection_spec=connection_spec)
    if not isinstance(params, dict):
        raise ConnectorError("1304-400", field="params")
    if complete:
        _require_all(spec, params)
    problems = [*_check_type(spec, auth, rules), *_check_all(spec, params, rules)]
    if problems:
        raise ConnectorError("1318-400", text="; ".join(problems))
    if complete and connection_spec == POSTGRESQL_ID:
        _check_target(str(name), params)


def readable(fields: JsonObject, switches: Switches) -> JsonObject:
    """Return a connection's body as a reader sees it: its secrets masked, left out or plain."""
    auth = fields.get("auth")
    if switches.secrets == "plain" or not isinstance(auth, dict) or not isinstance(auth.get("params"), dict):
        return fields
    spec = auth_spec(spec_id(fields), auth.get("specName"))
    # Where no schema says which of the parameters are secrets, all of them may be.
    hidden = frozenset(auth["params"]) if spec is None else spec.secrets
    params: JsonObject = {}
    for key, value in auth["params"].items():
        if key not in hidden:
            params[key] = value
        elif switches.secrets == "mask":
            params[key] = MASK
    return {**fields, "auth": {**auth, "params": params}}


def _require_all(spec: AuthSpec, params: Mapping[str, object]) -> None:
    missing = [[name for name in names if params.get(name) in (None, "")] for names in spec.required]
    fewest = min(missing, key=len)
    if fewest:
        raise ConnectorError("1304-400", field=fewest[0])


def _check_type(spec: AuthSpec, auth: Mapping[str, object], rules: Rules) -> Iterator[str]:
    """Check ``auth.type``, which the page of one source has beside specName and params."""
    given = auth.get("type")
    if given is None or rules.loose:
        return
    if spec.auth_type is None:
        yield "unknown fields: auth.type"
    elif given != spec.auth_type:
        raise ConnectorError("1312-400", value=given, field="auth.type")


def _check_all(spec: AuthSpec, params: Mapping[str, object], rules: Rules) -> Iterator[str]:
    for key, value in params.items():
        parameter = spec.parameter(key)
        if parameter is not None:
            yield from _check(parameter, value, rules)
        elif key not in SERVER_KEYS and not rules.loose:
            yield f"the parameter {key} is not part of the auth spec"


def _check(parameter: Parameter, value: object, rules: Rules) -> Iterator[str]:
    types = parameter.taken_types(rules.switches)
    # A Boolean is an int in Python, but not in JSON.
    if type(value) not in {_TYPES[each] for each in types}:
        yield f"the parameter {parameter.name} is not of type {' or '.join(types)}"
        return
    if parameter.choices is not None and value not in parameter.choices(rules.switches):
        raise ConnectorError("1312-400", value=value, field=parameter.name)
    if parameter.pattern is not None and not rules.loose and not re.search(parameter.pattern, str(value)):
        # The value is a secret and must not be part of the response.
        yield f"the parameter {parameter.name} does not match the pattern of the auth spec"


def _check_target(spec_name: str, params: Mapping[str, object]) -> None:
    try:
        target(spec_name, params)
    except TargetError as error:
        # The connection string is a secret: its value must not be part of the response.
        key = "connectionString" if spec_name == CONNECTION_STRING else "auth.params"
        raise ConnectorError("1318-400", text=f"{key}: {error}") from None
