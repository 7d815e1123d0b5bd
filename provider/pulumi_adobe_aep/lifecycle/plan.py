"""Check and diff: what a preview and an up without changes need of an entity's life.

Both are pure, for any kind of entity. Nothing here imports what sends requests, because every program and every preview
would wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from pydantic import ValidationError

from pulumi_adobe_aep import sandbox
from pulumi_adobe_aep.advice import Advice
from pulumi_adobe_aep.errors import InvalidInputs, WrongOrganization
from pulumi_adobe_aep.kinds.kind import DISABLED, Comparison, EntityKind
from pulumi_adobe_aep.kinds.model import UNKNOWN, Inputs, Properties
from pulumi_adobe_aep.kinds.problems import Problem, problems
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.lifecycle.differences import PathChange, path_changes
from pulumi_adobe_aep.settings import Settings


@dataclass(frozen=True)
class CheckResult:
    """The outcome of a check."""

    inputs: Inputs | None
    """The inputs with their defaults; None if something is wrong with them."""
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """What separates the recorded entity from the declared one."""

    changed: frozenset[str]
    """Keys of the top-level inputs that differ."""
    replaces: tuple[str, ...]
    """Paths of those because of which another entity must take its place."""
    changes: tuple[PathChange, ...] = ()
    """The same as paths, at any depth, with what happens to each property."""
    is_disabled: bool = False
    """Whether somebody has switched the entity off, which no input says."""
    warnings: tuple[str | Advice, ...] = ()
    """What a preview should say that its list of differences does not."""


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


class Planner:
    """Checks and compares the entities of one kind.

    Args:
        kind: The kind of entity.
        settings: Whose organization, which default sandbox.
        now: Returns the time of day: some inputs can be changed only until they have come into force.
    """

    def __init__(self, kind: EntityKind, settings: Settings, now: Callable[[], datetime] = _utc_now) -> None:
        self.kind = kind
        self.settings = settings
        self._now = now

    def check(self, declared: Properties, *, is_new: bool = False) -> CheckResult:
        """Validate what a program declares, and add the defaults and the sandbox in force.

        Args:
            declared: The inputs as the state has them; what a preview does not know yet is UNKNOWN.
            is_new: Whether an entity is to be created from them.
        """
        present = _without_none(declared)
        if self.settings.sandbox_name:
            present = {"sandboxName": self.settings.sandbox_name, **present}
        try:
            inputs = self.kind.inputs.model_validate(present)
        except ValidationError as error:
            found = problems(error, self.kind.inputs)
            return CheckResult(None, [self._explain(problem) for problem in found])
        wrong = list(self.kind.problems_of_new(inputs, self._now())) if is_new else []
        return CheckResult(None if wrong else inputs, wrong)

    def require(self, declared: Properties, *, is_new: bool = False) -> Inputs:
        """Validate what is to be sent now.

        Args:
            declared: The inputs as the state has them; nothing is UNKNOWN any more.
            is_new: Whether an entity is to be created from them.

        Raises:
            InvalidInputs: Something is wrong with them.
        """
        checked = self.check(declared, is_new=is_new)
        if checked.inputs is None:
            raise InvalidInputs(
                f"The {self.kind.noun} cannot be sent as it is declared.",
                why=" ".join(problem.sentence() for problem in checked.problems),
            )
        return checked.inputs

    def _explain(self, problem: Problem) -> Problem:
        if problem == Problem(("sandboxName",), "is missing"):
            return problem._replace(advice=sandbox.MISSING)
        return problem

    def diff(self, recorded: State, declared: Properties) -> Difference:
        """Compare what is recorded with what is declared. Knows nothing of the service.

        Args:
            recorded: The state, also of an older version or after a drift.
            declared: What `check` gave, as the state has it; what a preview does not know yet is UNKNOWN.

        Raises:
            WrongOrganization: The settings name another organization than the state.
            InvalidInputs: The entity would be replaced, and no new one can be created from the declaration.
        """
        self.check_organization(recorded)
        compared = Comparison(recorded, self._now())
        kind, inputs = self.kind, self.kind.inputs
        defaults = inputs.defaults()
        old = {**defaults, **recorded.inputs(inputs)}
        new = {**defaults, **declared}
        old = {key: kind.normalize(key, value) for key, value in old.items()}
        changed = {key for key in {*old, *new} if not kind.is_same(key, old.get(key), new.get(key), compared)}
        # It was adopted, or the argument was removed afterwards: it is this entity either way.
        this = (None, recorded.string(kind.id_key))
        changed -= {key for key in inputs.marked("takes_over") if new.get(key) in this}
        found = (kind.replaced_by(key, old.get(key), new.get(key), compared) for key in changed)
        replaces = tuple(sorted(path for path in found if path))
        if replaces and kind.delete_before_replace:
            # After the deletion it would be too late to find this out.
            self.require(declared, is_new=True)
        is_disabled = kind.is_switched_off(recorded)
        warnings = list(kind.warnings(new, replaces, compared))
        if is_disabled:
            warnings.append(kind.is_disabled(recorded.name, recorded.string(kind.id_key)))
        changes = path_changes({key: old.get(key) for key in changed}, {key: new.get(key) for key in changed}, replaces)
        return Difference(frozenset(changed), replaces, changes, is_disabled, tuple(warnings))

    def expect(self, declared: Properties, recorded: State | None = None) -> Properties:
        """Return the state that carrying out a declaration will lead to; what only the service knows is UNKNOWN.

        Args:
            declared: What `check` gave, as the state has it; what a preview does not know yet is UNKNOWN.
            recorded: The state; None if the entity is to be created.
        """
        kind = self.kind
        outputs: Properties = {kind.keys[output.name]: UNKNOWN for output in (kind.id_output, *kind.outputs)}
        if self.settings.org_id:
            outputs["orgId"] = self.settings.org_id
        if recorded is None:
            outputs["state"] = kind.resting_state
        else:
            stay = {kind.id_key, "createdAt", "orgId", *({"state"} if recorded.string("state") != DISABLED else ())}
            outputs.update({key: recorded.properties[key] for key in stay if key in recorded.properties})
        return {**declared, **outputs, **kind.derived(declared)}

    def check_organization(self, recorded: State) -> None:
        """Check that the state was written for the organization in the settings.

        Raises:
            WrongOrganization: It was not.
        """
        if recorded.org_id and self.settings.org_id and recorded.org_id != self.settings.org_id:
            raise WrongOrganization(recorded.org_id, self.settings.org_id)


def _without_none(properties: Properties) -> Properties:
    return {key: value for key, value in properties.items() if value is not None}
