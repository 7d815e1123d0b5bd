"""Check and diff: what a preview and an up without changes need of a base connection's life.

Both are pure, for any connection spec. Nothing here imports what sends requests, because every program and every
preview would wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from pulumi_adobe_aep.errors import InvalidInputs, WrongOrganization
from pulumi_adobe_aep.kinds.model import UNKNOWN, ConnectionSpec, Inputs, Properties, RecordedState
from pulumi_adobe_aep.kinds.problems import Problem, problems
from pulumi_adobe_aep.lifecycle.owned_ids import know
from pulumi_adobe_aep.settings import Settings


@dataclass(frozen=True)
class CheckResult:
    """The outcome of a check: the inputs with their defaults, or what is wrong with them."""

    inputs: Properties
    problems: list[Problem]


@dataclass(frozen=True)
class Difference:
    """What separates the recorded connection from the declared one."""

    changed: frozenset[str]
    """Names of the top-level inputs that differ."""
    replaces: tuple[str, ...]
    """Paths of those because of which another connection must take its place."""


class Planner:
    """Checks and compares the base connections of one connection spec.

    Args:
        spec: The kind of source.
        settings: Whose organization, which default sandbox.
    """

    def __init__(self, spec: ConnectionSpec, settings: Settings) -> None:
        self._spec = spec
        self._settings = settings

    def check(self, declared: Properties) -> CheckResult:
        """Validate what a program declares, and add the defaults and the sandbox in force.

        Args:
            declared: The inputs in wire form; what a preview does not know yet is UNKNOWN.
        """
        wire = {"sandboxName": self._settings.sandbox_name or None, **_without_none(declared)}
        if wire["sandboxName"] is None:
            del wire["sandboxName"]
        try:
            return CheckResult(self._spec.inputs.model_validate(wire).to_state(), [])
        except ValidationError as error:
            return CheckResult(declared, [self._explain(problem) for problem in problems(error, self._spec.inputs)])

    def _explain(self, problem: Problem) -> Problem:
        if problem == Problem(("sandboxName",), "is missing"):
            return Problem(
                problem.path,
                "is missing: give sandbox_name, or set AEP_SANDBOX_NAME or adobe-aep:sandboxName "
                "(without it Adobe would take the production sandbox: docs/sandboxes.md)",
            )
        return problem

    def diff(self, recorded: RecordedState, declared: Properties) -> Difference:
        """Compare what is recorded with what is declared. Knows nothing of the service.

        Args:
            recorded: The state, also of an older version or after a drift.
            declared: What `check` gave; what a preview does not know yet is UNKNOWN.

        Raises:
            WrongOrganization: The settings name another organization than the state.
        """
        self._check_organization(recorded)
        # A replacement that is created under the same name must not be taken for the one that it replaces.
        know(recorded.connection_id)
        old = {**_defaults(self._spec.inputs), **recorded.inputs_to_state()}
        new = {**_defaults(self._spec.inputs), **declared}
        old["auth"] = self._normal(old.get("auth"))
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        if new.get("existingConnectionId") in (None, recorded.connection_id):
            # Taken over already, or given up as an argument afterwards: it is this connection either way.
            changed.discard("existingConnectionId")
        replaces = sorted(changed & self._spec.inputs.marked("replaces"))
        if "auth" in changed and _auth_kind(new["auth"]) not in (None, _auth_kind(old["auth"])):
            replaces.append("auth.specName")
        return Difference(frozenset(changed), tuple(replaces))

    def _normal(self, auth: object) -> object:
        """Return a recorded auth as today's models write it, so that an older spelling is no change."""
        try:
            kind = self._spec.inputs.kind(_auth_kind(auth))
            return kind.model_validate(auth).to_state() if kind else auth
        except ValidationError:
            # Drift may have put anything there: then it is compared as it is.
            return auth

    def _parse(self, declared: Properties) -> Inputs:
        checked = self.check(declared)
        if checked.problems:
            raise InvalidInputs(
                "The connection cannot be sent as it is declared.",
                why=" ".join(problem.sentence() for problem in checked.problems),
            )
        return self._spec.inputs.model_validate(checked.inputs)

    def _check_organization(self, recorded: RecordedState) -> None:
        if recorded.org_id and self._settings.org_id and recorded.org_id != self._settings.org_id:
            raise WrongOrganization(recorded.org_id, self._settings.org_id)


def _without_none(wire: Properties) -> Properties:
    return {key: value for key, value in wire.items() if value is not None}


def _defaults(inputs: type[Inputs]) -> Properties:
    """Return the inputs' defaults, so that one that is left out and one that is written are the same."""
    fields = {info.alias or name: info.default for name, info in inputs.model_fields.items() if not info.is_required()}
    return _without_none(fields)


def _auth_kind(auth: object) -> object:
    if not isinstance(auth, Mapping) or auth.get("specName") is UNKNOWN:
        return None
    return auth.get("specName")
