"""The credentials of a `BaseConnection` against its connection spec's own schema, before they are sent."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pulumi_adobe_aep.api.service import Service
from pulumi_adobe_aep.errors import AepError, InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.auth_schema import auth_specs, wrong_params
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import Inputs

logger = logging.getLogger(__name__)


class ConnectionSpecs:
    """The connection specs that this process has looked at, each once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_at: dict[str, Mapping[str, Any] | None] = {}

    def check(self, service: Service, kind: EntityKind, inputs: Inputs) -> None:
        """Check the credentials of a `BaseConnection`; those of other kinds are checked by their models.

        Args:
            service: Flow Service in the sandbox.
            kind: The kind of entity.
            inputs: What is declared, without anything unknown.

        Raises:
            InvalidInputs: The schema says that they are wrong; the message has all of it.
        """
        checked = kind.to_check(inputs) if isinstance(kind, BaseConnectionKind) else None
        if checked is None:
            return
        spec_id = checked.spec_id
        spec = self._look(service, spec_id)
        if spec is None:
            return
        specs = auth_specs(spec)
        schema = specs.get(checked.auth_spec_name)
        if schema is None:
            wrong = [f"the auth spec must be {' or '.join(map(repr, specs))}, not '{checked.auth_spec_name}'"]
        else:
            wrong = [*wrong_params(schema, checked.params, checked.secrets)]
        if wrong:
            raise InvalidInputs(
                f"Connection '{inputs.name}' does not fit its connection spec {spec.get('name') or spec_id}; it was "
                "not sent.",
                why=" ".join(f"{each}{'' if each.endswith('?') else '.'}" for each in wrong),
                advice="Correct `params`, and `secretParams` for what is a secret.",
            )

    def auth_schema(self, service: Service, spec_id: str, auth_spec_name: str) -> Mapping[str, Any] | None:
        """Return the JSON Schema of an auth spec's parameters.

        Args:
            service: Flow Service in the sandbox.
            spec_id: The connection spec.
            auth_spec_name: The auth spec's name.

        Returns:
            None if the service does not show the connection spec, which is warned of, or if it has no such auth spec.
        """
        spec = self._look(service, spec_id)
        return None if spec is None else auth_specs(spec).get(auth_spec_name)

    def _look(self, service: Service, spec_id: str) -> Mapping[str, Any] | None:
        """Return a spec; None if the service does not show it, which is warned of once."""
        # Held while it is asked for, so that creates at the same time share one request.
        with self._lock:
            if spec_id not in self._looked_at:
                self._looked_at[spec_id] = _read(service, spec_id)
            return self._looked_at[spec_id]


def _read(service: Service, spec_id: str) -> Mapping[str, Any] | None:
    path = f"/connectionSpecs/{quote(spec_id, safe='')}"
    try:
        response = service.call("GET", path, doing=f"Reading the connection spec {spec_id}").json()
    except AepError as error:
        logger.warning("The parameters are not checked, because their schema could not be read. %s", error)
        return None
    items = response.get("items") if isinstance(response, dict) else None
    found = items[0] if isinstance(items, list) and items else None
    if not isinstance(found, Mapping) or not auth_specs(found):
        logger.warning("The parameters are not checked, because the connection spec %s shows no schema.", spec_id)
        return None
    return found
