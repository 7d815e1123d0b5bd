"""The life of an entity: create, read, update, delete; `plan` has check and diff.

Works on models of any kind, and knows no Pulumi: an adapter translates. No more operations than the settings allow ask
the service at once, and each opens its own time limit when its turn has come.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pulumi_adobe_aep.advice import AdviceKey, advise
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.api.service import Collection, Service, WriteReceipt
from pulumi_adobe_aep.errors import (
    AepError,
    EntityGone,
    EntityMismatch,
    Forbidden,
    InvalidInputs,
    Outcome,
    ServiceError,
    VerificationFailed,
    WrongOrganization,
)
from pulumi_adobe_aep.kinds.base_connection.kind import CREDENTIALS, BaseConnectionKind
from pulumi_adobe_aep.kinds.kind import DISABLED, Shown, changed_entity
from pulumi_adobe_aep.kinds.model import Inputs, Properties
from pulumi_adobe_aep.kinds.problems import models_in
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle import act, disappearance, preflight, verify
from pulumi_adobe_aep.lifecycle.consistency import VISIBILITY_SECONDS, RecentWrite, format_time, parse_time
from pulumi_adobe_aep.lifecycle.create import create_once
from pulumi_adobe_aep.lifecycle.delete import called, delete
from pulumi_adobe_aep.lifecycle.partial import PartialFailure
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.lifecycle.update import change

logger = logging.getLogger(__name__)


class Lifecycle:
    """What can be done with the entities of one kind.

    Args:
        planner: The kind, and what is checked and compared.
        process: What all operations of this process share.
        timeout: Seconds that an operation may take; None takes the settings'.
    """

    def __init__(self, planner: Planner, process: Process, timeout: float | None = None) -> None:
        self.planner = planner
        self.kind = planner.kind
        self._process = process
        self._timeout = timeout
        self._reader = process.reader(planner.kind)

    def create(self, declared: Properties) -> State:
        """Create the entity, or adopt the one that the inputs name.

        Raises:
            AepError: Nothing was created, or the message says how to find what may have been.
            PartialFailure: It was created, does not work, and could not be deleted again.
        """
        inputs = self.planner.require(declared, is_new=True)
        # Before any request: a variable that a secret is read from may be missing.
        body = self.kind.body(inputs, self._process.environment)
        with self._writing_to(inputs.sandbox_name) as service:
            self._process.connection_specs.check(service, self.kind, inputs)
            if inputs.existing_id is not None:
                return self._take_over(service, inputs, inputs.existing_id)
            created, sent = self._create_in_time(service, preflight.complete(service, self.kind, body))
            failure = self._verify(
                inputs, service, lambda flow: verify.after_create(flow, self.kind, created.id, inputs.name)
            )
            # The response to a POST has an id and no state; Adobe rewrites the entity to `enabled` some seconds later.
            actions = self.kind.actions(inputs, self.kind.resting_state)
            state = act.after_create(self._in(service), self.kind, created.id, inputs.name, actions)
        at = format_time(created.at)
        entity = {**sent, **created.shown}
        recorded = self._record(inputs, created.id, entity, state=state, created_at=at, updated_at=at)
        return self._completed(created.id, recorded, failure)

    def adopt(self, entity_id: str, sandbox: str = "", known: Properties | None = None) -> State:
        """Read an entity that no state has yet, so that a program can declare it.

        Args:
            entity_id: Which entity.
            sandbox: The sandbox that it is in; empty for the one in the settings.
            known: Outputs that say which one is meant, such as the version of a mapping set.

        Returns:
            What it is. Secrets that a declaration needs and no service shows are references to variables.

        Raises:
            EntityGone: There is none with this id.
            InvalidInputs: What is a secret of it is not known.
        """
        recorded = State({**(known or {}), "sandboxName": sandbox or None})
        entity, sandbox = self._found(entity_id, recorded)
        secrets, why = self._unrecorded_secrets(entity, recorded, sandbox)
        if why:
            raise InvalidInputs(
                f"The {self.kind.noun} {called(entity.id, entity.name or '')} cannot be imported.",
                why=why,
                advice="Declare it with `existingConnectionId`, which takes it over.",
            )
        observed = self.observe(entity, recorded.updated(secrets), sandbox)
        declarable = self.kind.declarable(observed.inputs(self.kind.inputs), entity.shown)
        return observed.updated(declarable)

    def read(self, entity_id: str, recorded: State) -> State | None:
        """Read what the service has.

        Args:
            entity_id: Which entity.
            recorded: The state, of which the secrets are kept; empty for an entity that is only looked at.

        Returns:
            The state as it is now, or None if the service itself says that the entity is gone.

        Raises:
            EntityGone: There is none with the id of an entity that is only looked at.
        """
        found = self._look_up(entity_id, recorded)
        if found is None:
            return None
        entity, sandbox = found
        secrets, _ = self._unrecorded_secrets(entity, recorded, sandbox)
        observed = self.observe(entity, recorded.updated(secrets), sandbox)
        return observed.updated(dict.fromkeys(secrets))

    def _unrecorded_secrets(self, entity: Entity, recorded: State, sandbox: str) -> tuple[Properties, str]:
        """Return what `with_secrets` says of a connection whose state does not have its secrets."""
        kind = self.kind
        if not isinstance(kind, BaseConnectionKind) or (specs := kind.unknown_auth(recorded, entity.shown)) is None:
            return {}, ""
        service = self._process.service(kind, sandbox, self._timeout)
        with self._process.slots:
            schema = self._process.connection_specs.auth_schema(service, *specs)
        return kind.with_secrets(entity.shown, schema)

    def _found(self, entity_id: str, recorded: State) -> tuple[Entity, str]:
        found = self._look_up(entity_id, recorded)
        if found is None:
            raise AssertionError("an entity that no state has must exist")
        return found

    def _look_up(self, entity_id: str, recorded: State) -> tuple[Entity, str] | None:
        """Return an entity that is what the state says, and the sandbox that it is in; None if it is gone."""
        self.planner.check_organization(recorded)
        sandbox = recorded.sandbox_name or self._process.default_sandbox()
        service = self._process.service(self.kind, sandbox, self._timeout)
        with self._process.slots:
            entity = self._read(service, entity_id, recorded)
        if entity is None:
            return None
        self.check_belongs(entity, sandbox)
        return entity, sandbox

    def _read(self, service: Service, entity_id: str, recorded: State) -> Entity | None:
        kind = self.kind
        collection = self._in(service, recorded)
        recent = _recorded_write(collection, recorded)
        try:
            return recent.wait_and_see(
                lambda: self._reader.read(collection, entity_id, lambda found: kind.is_current(recorded, found.shown)),
                f"{kind.noun} {entity_id} to appear",
                is_stale=recent.is_older,
            )
        except EntityGone as error:
            gone = error
        if not recorded.string(kind.id_key):
            raise gone.with_context(
                advice=kind.may_be_hidden
                or f"Check the id, and that `sandboxName` is the sandbox that the {kind.noun} is in."
            ) from None
        if kind.read_query(recorded):
            try:
                # The recorded version may be gone although the entity exists.
                return self._in(service).get(entity_id)
            except EntityGone:
                return None
        if kind.may_be_hidden:
            disappearance.confirm(collection, kind, entity_id, recorded)
        return None

    def update(self, entity_id: str, recorded: State, declared: Properties) -> State:
        """Change the entity from the recorded to the declared state.

        Raises:
            AepError: It is as it was before.
            PartialFailure: It was changed, does not work, and could not be changed back.
        """
        changed = self.planner.diff(recorded, declared).changed
        inputs = self.planner.require(declared)
        # Before any request: a variable that a secret is read from may be missing.
        changes = self.kind.changes(changed, inputs, self._process.environment)
        if not (changes or changed & self.kind.acted_on or self.kind.is_switched_off(recorded)):
            return recorded.updated(self._input_properties(inputs))
        with self._writing_to(recorded.sandbox_name or inputs.sandbox_name) as service:
            if self.kind.update_method == "PUT":
                return self._put(service, entity_id, inputs, recorded)
            if changed & CREDENTIALS:
                self._process.connection_specs.check(service, self.kind, inputs)
            collection = self._in(service)
            try:
                entity, at = change(
                    collection,
                    self.kind,
                    entity_id,
                    lambda current: self.kind.operations(changes, current.shown),
                    _recorded_write(collection, recorded),
                )
            except EntityGone as gone:
                raise self._unchanged(gone) from None
            failure = None
            if changed & CREDENTIALS:
                before = self._recorded_credentials(recorded)
                failure = self._verify(
                    inputs, service, lambda flow: verify.after_change(flow, self.kind, entity_id, before)
                )
            state = act.act(collection, entity_id, self.kind.actions(inputs, entity.state), entity.state)
        after = changed_entity(entity.shown, self.kind.operations(changes, entity.shown))
        new = self._record_changed(inputs, entity, after, at, recorded.string("createdAt"), state)
        return self._completed(entity_id, new, failure)

    def _unchanged(self, gone: EntityGone) -> EntityGone:
        """Say what a 404 means for an entity that is to be changed."""
        if self.kind.may_be_hidden:
            return gone.with_context(advice=self.kind.may_be_hidden)
        return gone.with_context(
            what=f"The {self.kind.noun} was deleted outside of Pulumi.",
            advice=advise(AdviceKey.REFRESH, noun=self.kind.noun),
        )

    def _put(self, service: Service, entity_id: str, inputs: Inputs, recorded: State) -> State:
        """Change an entity of which only the whole can be sent."""
        body = preflight.complete(service, self.kind, self.kind.body(inputs, self._process.environment))
        collection = self._in(service)
        try:
            receipt = collection.put(entity_id, body)
        except AepError as failure:
            if failure.outcome is not Outcome.UNKNOWN:
                raise
            raise failure.with_context(
                what=f"Whether {self.kind.noun} {entity_id} was changed is not known.",
                advice="Run the update again with the same program. Of the old and the new values, the new ones may be "
                "in force.",
            ) from None
        shown: Mapping[str, Any] = {**body, **receipt.shown}
        if not self.kind.is_current(State(), receipt.shown):
            # Adobe's page shows a response without what a PUT has made of it.
            shown = collection.get(entity_id).shown
        created_at = recorded.string("createdAt") or None
        updated_at = format_time(receipt.at)
        return self._record(inputs, entity_id, shown, state=None, created_at=created_at, updated_at=updated_at)

    def delete(self, entity_id: str, recorded: State) -> None:
        """Delete the entity and wait until it is gone. It is not an error if it is gone already.

        Raises:
            EntityInUse: Others use it; the message names them.
        """
        self.planner.check_organization(recorded)
        with self._writing_to(recorded.sandbox_name or self._process.default_sandbox()) as service:
            recent = _recorded_write(self._in(service), recorded)
            try:
                delete(service, self.kind, entity_id, recorded.name, recent)
            except Forbidden as refused:
                raise self._maybe_labelled(refused) from None

    def _maybe_labelled(self, refused: Forbidden) -> Forbidden:
        """Say of what access labels can hide that one may be why it cannot be deleted."""
        if not self.kind.may_be_hidden:
            return refused
        labels = f"Give the role of these credentials the access labels of the {self.kind.noun}. If it has none: "
        return refused.with_context(advice=f"{labels}{refused.advice}")

    def check_belongs(self, entity: Entity, sandbox: str) -> None:
        """Check that an entity is one of this kind, of this sandbox and of the organization in the settings.

        Raises:
            EntityMismatch: It is of another kind, or in another sandbox.
            WrongOrganization: It belongs to another organization.
        """
        noun = self.kind.noun.capitalize()
        wrong = self.kind.wrong_kind(entity.shown)
        if wrong:
            raise EntityMismatch(
                f"{noun} {entity.id} in sandbox {sandbox} is not a {self.kind.title}.",
                why=wrong,
                advice="Check the id.",
            )
        if entity.sandbox_name not in (None, sandbox):
            raise EntityMismatch(
                f"{noun} {entity.id} is in sandbox {entity.sandbox_name}, not in {sandbox}.",
                advice="Check `sandboxName`.",
            )
        org_id = self.planner.settings.org_id
        if entity.ims_org_id not in (None, org_id):
            raise WrongOrganization(str(entity.ims_org_id), org_id)

    def observe(self, entity: Entity, recorded: State, sandbox: str) -> State:
        """Return the state that fits what the service shows; secrets stay as they are recorded.

        Args:
            entity: What the service shows.
            recorded: The state so far; empty if there is none.
            sandbox: The sandbox that it was read from.
        """
        observed = {**self.kind.observe(recorded, entity.shown), "sandboxName": sandbox}
        outputs = {
            self.kind.id_key: entity.id,
            "state": self._observed_state(recorded, entity),
            "createdAt": _observed_time(recorded.string("createdAt"), entity.created_at),
            "updatedAt": _observed_time(recorded.string("updatedAt"), entity.updated_at),
            "orgId": entity.ims_org_id or self.planner.settings.org_id,
        }
        gone = {facts.key: None for facts in self.kind.inputs.facts()}
        computed = {**self.kind.computed(entity.shown), **self.kind.derived(observed)}
        return self.kind.state(recorded.updated({**gone, **observed, **computed, **outputs}).properties)

    # What they share.

    def _in(self, service: Service, recorded: State | None = None) -> Collection[Entity]:
        query = self.kind.read_query(recorded) if recorded else ()
        return service.collection(self.kind.path, self.kind.noun, query)

    def _create_in_time(self, service: Service, body: Mapping[str, Any]) -> tuple[WriteReceipt, Mapping[str, Any]]:
        """Create the entity, and once more if the clock of this machine is too far behind the service's."""
        collection, kind, ledger = self._in(service), self.kind, self._process.ledger
        sent = kind.timed(body, service.now())
        try:
            return create_once(collection, kind, sent, ledger), sent
        except ServiceError as error:
            again = kind.timed(body, service.now())
            if error.code not in kind.too_late or again == sent:
                raise
            return create_once(collection, kind, again, ledger), again

    @contextmanager
    def _writing_to(self, sandbox: str) -> Iterator[Service]:
        """Return the service for an operation that writes; pages that were listed before its end are dropped."""
        with self._process.slots, self._reader.writing():
            yield self._process.service(self.kind, sandbox, self._timeout)

    def _recorded_credentials(self, recorded: State) -> verify.Credentials | None:
        kind = self.kind
        return kind.credentials(recorded, self._process.environment) if isinstance(kind, BaseConnectionKind) else None

    def _observed_state(self, recorded: State, entity: Entity) -> str | None:
        """Return the state to record. A transient one that an earlier version recorded is not a difference."""
        before, now = recorded.string("state"), self.kind.settled(entity.state)
        if now == DISABLED:
            logger.warning("%s", self.kind.is_disabled(recorded.name or entity.name or "", entity.id))
        return before if before and self.kind.settled(before) == now else now

    def _input_properties(self, inputs: Inputs) -> Properties:
        """Return the declared inputs for the state, and None for those that are not declared."""
        declared = inputs.to_state()
        absent = {facts.key: None for facts in inputs.facts() if facts.key not in declared}
        return {**absent, **declared, **self.kind.derived(declared)}

    def _record(
        self,
        inputs: Inputs,
        entity_id: str,
        entity: Shown,
        *,
        state: str | None,
        created_at: str | None,
        updated_at: str | None,
    ) -> State:
        return self.kind.state(
            {
                **self._input_properties(inputs),
                **self.kind.computed(entity),
                self.kind.id_key: entity_id,
                "state": state,
                "createdAt": created_at,
                "updatedAt": updated_at,
                "changedAt": updated_at,
                "orgId": self.planner.settings.org_id,
            }
        )

    def _record_changed(  # noqa: PLR0917 - called in two places, side by side
        self, inputs: Inputs, before: Entity, after: Shown, at: datetime | None, created_at: str, state: str | None
    ) -> State:
        created = format_time(before.created_at) or created_at or None
        settled = self.kind.settled(state)
        return self._record(inputs, before.id, after, state=settled, created_at=created, updated_at=format_time(at))

    def _take_over(self, service: Service, inputs: Inputs, entity_id: str) -> State:
        """Adopt an entity that exists: bring it to the declared state, instead of creating one."""
        collection, kind = self._in(service), self.kind
        try:
            entity = collection.get(entity_id)
        except EntityGone as gone:
            keys = ", ".join(f"`{key}`" for key in sorted(kind.inputs.marked("takes_over")))
            raise gone.with_context(advice=f"Check {keys} and `sandboxName`.") from None
        self.check_belongs(entity, service.sandbox)
        different = kind.cannot_take_over(inputs, entity.shown)
        if different:
            what, why, advice = different
            raise EntityMismatch(
                f"{kind.noun.capitalize()} {entity_id} {what}.",
                why=why,
                advice=advice,
            )
        self._process.ledger.claim(entity_id)
        if kind.update_method == "PUT":
            return self._put(service, entity_id, inputs, State({"createdAt": format_time(entity.created_at)}))
        everything = frozenset(facts.key for facts in inputs.facts())
        changes = kind.changes(everything, inputs, self._process.environment)
        entity, at = change(collection, kind, entity_id, lambda current: kind.operations(changes, current.shown))
        failure = self._verify(inputs, service, lambda flow: verify.after_change(flow, kind, entity_id, None))
        after = changed_entity(entity.shown, self.kind.operations(changes, entity.shown))
        state = act.act(collection, entity_id, kind.actions(inputs, entity.state), entity.state)
        return self._completed(entity_id, self._record_changed(inputs, entity, after, at, "", state), failure)

    @staticmethod
    def _verify(
        inputs: Inputs, service: Service, verify_login: Callable[[FlowService], None]
    ) -> VerificationFailed | None:
        """Verify the entity if that is asked for.

        Returns:
            Why it does not work, where what does not work could not be taken back.

        Raises:
            VerificationFailed: It does not work, and was taken back.
        """
        try:
            if isinstance(service, FlowService) and getattr(inputs, "verify", False):
                verify_login(service)
        except VerificationFailed as failure:
            if not failure.stays:
                raise
            return failure
        return None

    def _completed(self, entity_id: str, state: State, failure: VerificationFailed | None) -> State:
        if failure is None:
            return state
        models = models_in(self.kind.inputs.model_fields["auth"].annotation)
        secrets = frozenset().union(*(model.marked("secret") for model in models))
        unproven = {key: value for key, value in state.properties["auth"].items() if key not in secrets}
        raise PartialFailure(entity_id, state.updated({"auth": unproven}), failure)


def _recorded_write(collection: Collection[Entity], recorded: State) -> RecentWrite:
    times = (recorded.string(key) for key in ("createdAt", "updatedAt", "changedAt"))
    return RecentWrite.recorded(collection.service, *times)


def _observed_time(recorded: str, shown: datetime | None) -> str | None:
    """Return the time to record.

    Adobe's own change soon after a write belongs to the write, and is not a difference.
    """
    before = parse_time(recorded)
    if before is not None and shown is not None and abs((shown - before).total_seconds()) <= VISIBILITY_SECONDS:
        return recorded
    return format_time(shown)
