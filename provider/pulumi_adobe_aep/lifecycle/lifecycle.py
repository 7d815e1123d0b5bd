"""The life of a base connection: create, read, update, delete; `planning` has check and diff.

Works on typed models, for any connection spec, and knows no Pulumi: an adapter translates. No more operations than the
settings allow ask the service at once, and each opens its own time limit when its turn has come.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone

from pydantic import ValidationError

from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.entities import Connection
from pulumi_adobe_aep.api.flow_service import Api, FlowService, Json, Operation
from pulumi_adobe_aep.errors import (
    EntityGone,
    EntityMismatch,
    MissingSecret,
    SettingsError,
    WrongOrganization,
)
from pulumi_adobe_aep.kinds.model import ConnectionSpec, Inputs, Properties, RecordedState
from pulumi_adobe_aep.lifecycle import verify
from pulumi_adobe_aep.lifecycle.create import create_once
from pulumi_adobe_aep.lifecycle.delete import delete
from pulumi_adobe_aep.lifecycle.owned_ids import know
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.read import ConnectionReader
from pulumi_adobe_aep.lifecycle.update import change, set_description, set_name, set_params
from pulumi_adobe_aep.settings import Settings

_CHANGEABLE = frozenset({"name", "description", "auth"})
"""The inputs that Flow Service stores and lets change."""


class Lifecycle(Planner):
    """What can be done with the base connections of one connection spec.

    Args:
        spec: The kind of source.
        settings: Whose organization, which default sandbox, which limits.
        environment: Where secrets that never enter the state are read from.
    """

    def __init__(self, spec: ConnectionSpec, settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
        super().__init__(spec, settings)
        self._environment = environment
        self._lock = threading.Lock()
        self._api: Api | None = None
        self._slots = threading.BoundedSemaphore(settings.max_concurrency)
        self._reader = ConnectionReader(spec.id, self._slots)

    def create(self, declared: Properties) -> RecordedState:
        """Create the connection, or take over the one that `existingConnectionId` names.

        Raises:
            AepError: Nothing was created, or the message says how to find what may have been.
        """
        inputs = self._parse(declared)
        params = inputs.declared_auth.params(self._environment)
        with self._writing_to(inputs.sandbox_name) as service:
            if inputs.existing_connection_id is not None:
                return self._take_over(service, inputs, params)
            created = create_once(service, self._body(inputs, params))
            if inputs.verify:
                verify.after_create(service, created.id, inputs.name)
        at = _iso(created.at)
        # The answer to a POST has an id and no state; Adobe rewrites the entity to `enabled` some seconds later.
        return self._record(inputs, created.id, state="initializing", created_at=at, updated_at=at)

    def read(self, connection_id: str, recorded: RecordedState) -> RecordedState | None:
        """Read what the service has.

        Args:
            connection_id: Which connection.
            recorded: The state, of which the secrets are kept; empty for a connection that is only looked at.

        Returns:
            The state as it is now, or None when the service itself says that the connection is gone.

        Raises:
            EntityGone: There is none with the id of a connection that is only looked at.
        """
        self._check_organization(recorded)
        sandbox = recorded.sandbox_name or self._default_sandbox()
        try:
            with self._slots:
                connection = self._reader.read(self._service(sandbox), connection_id)
        except EntityGone as gone:
            if recorded.connection_id:
                return None
            gone.advice = "Check the id, and that sandbox_name is the sandbox that the connection is in."
            raise
        know(connection_id)
        self.check_spec(connection, sandbox)
        return self.observe(connection, recorded, sandbox)

    def update(self, connection_id: str, recorded: RecordedState, declared: Properties) -> RecordedState:
        """Bring the connection from the recorded to the declared state.

        Raises:
            AepError: It is as it was before; after a failed verification, the message says whether it is.
        """
        difference = self.diff(recorded, declared)
        inputs = self._parse(declared)
        if not difference.changed & _CHANGEABLE:
            return recorded.model_copy(update=self._outputs_of(inputs))
        # Before any request: a variable that a secret is read from may be missing.
        params = inputs.declared_auth.params(self._environment) if "auth" in difference.changed else None
        with self._writing_to(recorded.sandbox_name or inputs.sandbox_name) as service:
            connection, at = change(
                service, connection_id, lambda current: _operations(difference.changed, inputs, params, current)
            )
            if params is not None and inputs.verify:
                verify.after_change(service, connection_id, self._recorded_params(recorded))
        return self._record(
            inputs,
            connection_id,
            state=connection.state,
            created_at=_iso(connection.created_at) or recorded.created_at,
            updated_at=_iso(at),
        )

    def delete(self, connection_id: str, recorded: RecordedState) -> None:
        """Delete the connection and wait until it is gone. One that is gone already is fine.

        Raises:
            EntityInUse: Dataflows use it; the message names them.
        """
        self._check_organization(recorded)
        with self._writing_to(recorded.sandbox_name or self._default_sandbox()) as service:
            delete(service, connection_id, recorded.name)

    # What they share.

    def _api_of_process(self) -> Api:
        with self._lock:
            if self._api is None:
                self._api = Api(self._settings)
            return self._api

    def _service(self, sandbox: str) -> FlowService:
        return self._api_of_process().flow_service(sandbox, Deadline(self._settings.timeout))

    @contextmanager
    def _writing_to(self, sandbox: str) -> Iterator[FlowService]:
        """Return the service for an operation that writes; what was listed before its end answers no later read."""
        with self._slots, self._reader.writing():
            yield self._service(sandbox)

    def _default_sandbox(self) -> str:
        if not self._settings.sandbox_name:
            raise SettingsError(
                "No sandbox is named.",
                advice="Give sandbox_name, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName. Without it Adobe would "
                "take the production sandbox.",
            )
        return self._settings.sandbox_name

    def check_spec(self, connection: Connection, sandbox: str) -> None:
        """Check that a connection is one of this spec, of this sandbox and of the organization in the settings.

        Raises:
            EntityMismatch: It is another kind of source, or in another sandbox.
            WrongOrganization: It belongs to another organization.
        """
        if connection.connection_spec.id not in (None, self._spec.id):
            raise EntityMismatch(
                f"Connection {connection.id} in sandbox {sandbox} is not a {self._spec.title} connection.",
                why=f"Its connection spec is {connection.connection_spec.id}, {self._spec.title}'s is {self._spec.id}.",
                advice="Check the id.",
            )
        if connection.sandbox_name not in (None, sandbox):
            raise EntityMismatch(
                f"Connection {connection.id} is in sandbox {connection.sandbox_name}, not in {sandbox}.",
                advice="Check sandbox_name.",
            )
        if connection.ims_org_id not in (None, self._settings.org_id):
            raise WrongOrganization(str(connection.ims_org_id), self._settings.org_id)

    def _recorded_params(self, recorded: RecordedState) -> dict[str, str] | None:
        """Return the credentials in the state; None when it does not have them."""
        kind = self._spec.inputs.kind(recorded.auth.get("specName"))
        try:
            return kind.model_validate(recorded.auth).params(self._environment) if kind else None
        except (ValidationError, MissingSecret):
            return None

    def _body(self, inputs: Inputs, params: Mapping[str, str]) -> dict[str, Json]:
        description = {} if inputs.description is None else {"description": inputs.description}
        return {
            "name": inputs.name,
            **description,
            "auth": {"specName": inputs.declared_auth.spec_name, "params": dict(params)},
            "connectionSpec": {"id": self._spec.id, "version": self._spec.version},
        }

    def _outputs_of(self, inputs: Inputs) -> dict[str, Json]:
        names = [name for name in RecordedState.model_fields if name in type(inputs).model_fields and name != "auth"]
        return {**{name: getattr(inputs, name) for name in names}, "auth": inputs.declared_auth.to_state()}

    def _record(
        self, inputs: Inputs, connection_id: str, *, state: str | None, created_at: str | None, updated_at: str | None
    ) -> RecordedState:
        return RecordedState(
            **self._outputs_of(inputs),
            connection_id=connection_id,
            state=state,
            created_at=created_at,
            updated_at=updated_at,
            org_id=self._settings.org_id,
            auth_spec_name=inputs.declared_auth.spec_name,
        )

    def observe(self, connection: Connection, recorded: RecordedState, sandbox: str) -> RecordedState:
        """Return the state that fits what the service shows; secrets stay as they are recorded.

        Args:
            connection: What the service shows.
            recorded: The state so far; empty when there is none.
            sandbox: The sandbox that it was read from.
        """
        spec_name = connection.auth.spec_name or recorded.auth_spec_name
        kind = self._spec.inputs.kind(spec_name)
        auth: Properties = {**recorded.auth, "specName": spec_name}
        if spec_name != recorded.auth.get("specName", spec_name):
            # Of another kind of auth nothing is kept.
            auth = {"specName": spec_name}
        return recorded.model_copy(
            update={
                "name": connection.name or recorded.name,
                "description": connection.description or None,
                "sandbox_name": sandbox,
                "auth": kind.observed(auth, connection.auth.params) if kind else auth,
                "connection_id": connection.id,
                "state": connection.state,
                "created_at": _iso(connection.created_at),
                "updated_at": _iso(connection.updated_at),
                "org_id": connection.ims_org_id or self._settings.org_id,
                "auth_spec_name": spec_name,
            }
        )

    def _take_over(self, service: FlowService, inputs: Inputs, params: Mapping[str, str]) -> RecordedState:
        """Bring a connection that exists to the declared state, instead of creating one."""
        connection_id = inputs.existing_connection_id or ""
        try:
            connection = service.get_connection(connection_id)
        except EntityGone as gone:
            gone.advice = "Check existing_connection_id and sandbox_name."
            raise
        self.check_spec(connection, service.sandbox)
        wanted = inputs.declared_auth.spec_name
        if connection.auth.spec_name not in (None, wanted):
            raise EntityMismatch(
                f"Connection {connection_id} uses '{connection.auth.spec_name}', the program declares '{wanted}'.",
                why="The kind of auth of a connection cannot be changed.",
                advice="Declare the kind that it has, or create a new connection.",
            )
        know(connection_id)
        connection, at = change(
            service, connection_id, lambda current: _operations(_CHANGEABLE, inputs, params, current)
        )
        if inputs.verify:
            verify.after_change(service, connection_id, None)
        return self._record(
            inputs,
            connection_id,
            state=connection.state,
            created_at=_iso(connection.created_at),
            updated_at=_iso(at),
        )


def _operations(
    changed: frozenset[str], inputs: Inputs, params: Mapping[str, str] | None, current: Connection
) -> list[Operation]:
    """Return the operations of a PATCH, for what has changed and for nothing else."""
    operations: list[Operation] = []
    if "name" in changed:
        operations.append(set_name(inputs.name))
    if "description" in changed:
        operations += set_description(inputs.description, current.description)
    if params is not None:
        operations.append(set_params(params))
    return operations


def _iso(at: datetime | None) -> str | None:
    """Return a time as it stands in the state: UTC, to the second, so that it reads the same from every answer."""
    return None if at is None else at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
