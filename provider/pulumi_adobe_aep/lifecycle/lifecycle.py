"""The life of an entity: create, read, update, delete; `plan` has check and diff.

Works on models of any kind, and knows no Pulumi: an adapter translates. No more operations than the settings allow ask
the service at once, and each opens its own time limit when its turn has come.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

from pulumi_adobe_aep.advice import AdviceKey, advise
from pulumi_adobe_aep.api.entities import Entity
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.api.service import Collection
from pulumi_adobe_aep.errors import EntityGone, EntityMismatch, VerificationFailed, WrongOrganization
from pulumi_adobe_aep.kinds.base_connection.kind import BaseConnectionKind
from pulumi_adobe_aep.kinds.kind import DISABLED
from pulumi_adobe_aep.kinds.model import Inputs, Properties
from pulumi_adobe_aep.kinds.problems import models_in
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle import verify
from pulumi_adobe_aep.lifecycle.consistency import VISIBILITY_SECONDS, RecentWrite, parse_time
from pulumi_adobe_aep.lifecycle.create import create_once
from pulumi_adobe_aep.lifecycle.delete import delete
from pulumi_adobe_aep.lifecycle.partial import PartialFailure
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.lifecycle.update import change
from pulumi_adobe_aep.sandbox import require_sandbox

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
        """Create the entity, or take over the one that the inputs name.

        Raises:
            AepError: Nothing was created, or the message says how to find what may have been.
            PartialFailure: It was created, does not work, and could not be deleted again.
        """
        inputs = self.planner.require(declared)
        # Before any request: a variable that a secret is read from may be missing.
        body = self.kind.body(inputs, self._process.environment)
        with self._writing_to(inputs.sandbox_name) as service:
            if inputs.existing_id is not None:
                return self._take_over(service, inputs, inputs.existing_id)
            created = create_once(self._in(service), self.kind, body, self._process.ledger)
            failure = self._verify(inputs, lambda: verify.after_create(service, self.kind, created.id, inputs.name))
        at = _iso(created.at)
        # The response to a POST has an id and no state.
        state = self._record(inputs, created.id, state=self.kind.resting_state, created_at=at, updated_at=at)
        return self._completed(created.id, state, failure)

    def adopt(self, entity_id: str, sandbox: str = "") -> State:
        """Read an entity that is in no state yet, so that a program can declare it.

        Args:
            entity_id: Which entity.
            sandbox: The sandbox that it is in; empty for the one in the settings.

        Returns:
            What it is. Secrets that a declaration needs and no service shows are references to variables.

        Raises:
            EntityGone: There is none with this id.
        """
        recorded = State({"sandboxName": sandbox or None})
        entity, sandbox = self._read(entity_id, recorded)
        observed = self.observe(entity, recorded, sandbox)
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
        try:
            entity, sandbox = self._read(entity_id, recorded)
        except EntityGone:
            if recorded.string(self.kind.id_key):
                return None
            raise
        return self.observe(entity, recorded, sandbox)

    def _read(self, entity_id: str, recorded: State) -> tuple[Entity, str]:
        """Return an entity that is what the state says, and the sandbox that it is in."""
        self.planner.check_organization(recorded)
        sandbox = recorded.sandbox_name or self._default_sandbox()
        try:
            with self._process.slots:
                collection = self._in(self._process.flow_service(sandbox, self._timeout))
                recent = _recorded_write(collection, recorded)
                entity = recent.wait_and_see(
                    lambda: self._reader.read(collection, entity_id),
                    f"{self.kind.noun} {entity_id} to appear",
                    is_stale=recent.is_older,
                )
        except EntityGone as gone:
            raise gone.with_context(
                advice=f"Check the id, and that `sandboxName` is the sandbox that the {self.kind.noun} is in."
            ) from None
        self.check_belongs(entity, sandbox)
        return entity, sandbox

    def update(self, entity_id: str, recorded: State, declared: Properties) -> State:
        """Bring the entity from the recorded to the declared state.

        Raises:
            AepError: It is as it was before.
            PartialFailure: It was changed, does not work, and could not be changed back.
        """
        changed = self.planner.diff(recorded, declared).changed
        inputs = self.planner.require(declared)
        # Before any request: a variable that a secret is read from may be missing.
        changes = self.kind.changes(changed, inputs, self._process.environment)
        if not changes and recorded.string("state") != DISABLED:
            return recorded.updated(self._input_properties(inputs))
        with self._writing_to(recorded.sandbox_name or inputs.sandbox_name) as service:
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
                raise gone.with_context(
                    what=f"The {self.kind.noun} was deleted outside of Pulumi.",
                    advice=advise(AdviceKey.REFRESH, noun=self.kind.noun),
                ) from None
            failure = None
            if "auth" in changed:
                before = self._recorded_credentials(recorded)
                failure = self._verify(inputs, lambda: verify.after_change(service, self.kind, entity_id, before))
        state = self._record_changed(inputs, entity, at, recorded.string("createdAt"))
        return self._completed(entity_id, state, failure)

    def delete(self, entity_id: str, recorded: State) -> None:
        """Delete the entity and wait until it is gone. One that is gone already is fine.

        Raises:
            EntityInUse: Others use it; the message names them.
        """
        self.planner.check_organization(recorded)
        with self._writing_to(recorded.sandbox_name or self._default_sandbox()) as service:
            recent = _recorded_write(self._in(service), recorded)
            delete(service, self.kind, entity_id, recorded.name, recent)

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
        return recorded.updated({**gone, **observed, **self.kind.derived(observed), **outputs})

    # What they share.

    def _in(self, service: FlowService) -> Collection[Entity]:
        return service.collection(self.kind.path, self.kind.noun)

    @contextmanager
    def _writing_to(self, sandbox: str) -> Iterator[FlowService]:
        """Return the service for an operation that writes; what was listed before its end answers no later read."""
        with self._process.slots, self._reader.writing():
            yield self._process.flow_service(sandbox, self._timeout)

    def _default_sandbox(self) -> str:
        return require_sandbox(self.planner.settings.sandbox_name)

    def _recorded_credentials(self, recorded: State) -> verify.Credentials | None:
        kind = self.kind
        return kind.credentials(recorded, self._process.environment) if isinstance(kind, BaseConnectionKind) else None

    def _observed_state(self, recorded: State, entity: Entity) -> str | None:
        """Return the state to record. One that an earlier version recorded as it passed by is no difference."""
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
        self, inputs: Inputs, entity_id: str, *, state: str | None, created_at: str | None, updated_at: str | None
    ) -> State:
        return State(
            {
                **self._input_properties(inputs),
                self.kind.id_key: entity_id,
                "state": state,
                "createdAt": created_at,
                "updatedAt": updated_at,
                "orgId": self.planner.settings.org_id,
            }
        )

    def _record_changed(self, inputs: Inputs, before: Entity, at: datetime | None, created_at: str) -> State:
        created_at = _iso(before.created_at) or created_at
        state = self.kind.settled(before.state)
        return self._record(inputs, before.id, state=state, created_at=created_at or None, updated_at=_iso(at))

    def _take_over(self, service: FlowService, inputs: Inputs, entity_id: str) -> State:
        """Bring an entity that exists to the declared state, instead of creating one."""
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
        everything = frozenset(facts.key for facts in inputs.facts())
        changes = kind.changes(everything, inputs, self._process.environment)
        entity, at = change(collection, kind, entity_id, lambda current: kind.operations(changes, current.shown))
        failure = self._verify(inputs, lambda: verify.after_change(service, kind, entity_id, None))
        return self._completed(entity_id, self._record_changed(inputs, entity, at, ""), failure)

    @staticmethod
    def _verify(inputs: Inputs, verify_login: Callable[[], None]) -> VerificationFailed | None:
        """Verify the entity if that is asked for.

        Returns:
            Why it does not work, where what does not work could not be taken back.

        Raises:
            VerificationFailed: It does not work, and was taken back.
        """
        try:
            if getattr(inputs, "verify", False):
                verify_login()
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
    return RecentWrite.recorded(collection.service, recorded.string("createdAt"), recorded.string("updatedAt"))


def _observed_time(recorded: str, shown: datetime | None) -> str | None:
    """Return the time to record. What Adobe does by itself soon after a write is a part of it, and no difference."""
    before = parse_time(recorded)
    if before is not None and shown is not None and abs((shown - before).total_seconds()) <= VISIBILITY_SECONDS:
        return recorded
    return _iso(shown)


def _iso(at: datetime | None) -> str | None:
    """Return a time as it stands in the state: UTC, to the second, so that it reads the same from every response."""
    return None if at is None else at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
