"""A kind of entity, as data for the life cycle and the adapters.

What most kinds have in common follows from the marks of their fields; a kind overrides the method in which it differs.
"""

from __future__ import annotations

import copy
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from pulumi_adobe_aep.advice import Advice, AdviceKey, advise
from pulumi_adobe_aep.kinds.model import FieldFacts, Inputs, Properties, Remark, plain, to_adobe
from pulumi_adobe_aep.kinds.problems import Problem
from pulumi_adobe_aep.kinds.state import State

Shown = Mapping[str, Any]
"""An entity as the service shows it."""
Operation = Mapping[str, Any]
"""One operation of a PATCH (RFC 6902): op, path, value."""


class Match(enum.Enum):
    """Whether an entity is the one that a request whose response was lost has created."""

    NO = "something rules it out"
    POSSIBLE = "nothing rules it out, and not everything is shown"
    CERTAIN = "everything speaks for it"


class Output(NamedTuple):
    """An output beyond the inputs."""

    name: str
    """In Python: `created_at`."""
    description: str
    annotation: Any = str
    """What it is, as the annotation of a field."""


class FieldChange(NamedTuple):
    """A field that is changed in place."""

    path: tuple[str, ...]
    """Where Adobe keeps it."""
    value: Any
    """What it becomes, as Adobe takes it; None for nothing."""
    required: bool


class Dependents(NamedTuple):
    """The entities of another collection that may use one of this kind, and keep it from being deleted."""

    path: str
    noun: str
    key: str
    """Their key that refers to it: an id, or a list of ids."""
    filter: str = ""
    """What lists only those, with `{id}` for the entity; empty if all are listed and compared."""
    dependents: tuple[Dependents, ...] = ()
    """What uses those."""


class PreflightRequest(NamedTuple):
    """A request that a kind sends before it writes an entity."""

    method: str
    path: str
    """Below the service's address, quoted."""
    doing: str
    """What is tried, to go into "<doing> failed"."""
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None


class Action(NamedTuple):
    """A change that has an endpoint of its own: `POST /{id}/action?op=`."""

    op: str
    """`enable`."""
    state: str
    """What the entity becomes: `enabled`."""
    done: frozenset[str]
    """Adobe's codes for an entity that is so already."""


class Comparison(NamedTuple):
    """The state that a declaration is compared with."""

    recorded: State
    now: datetime
    """When it is compared: what may still be changed depends on what has begun."""


STATE = Output(
    "state",
    "Flow Service's state of it when it was last read: `enabled` or `disabled`. One that ends by itself, such as "
    "`initializing`, counts as `enabled`.",
)
DISABLED = "disabled"
"""The state of an entity that somebody has switched off."""
CREATED_AT = Output("created_at", "When it was created, UTC, as `2026-01-31T23:59:59Z`.")
UPDATED_AT = Output("updated_at", "When it was last changed, UTC.")
ORG_ID = Output("org_id", "The organization that it belongs to.")


@dataclass(frozen=True, kw_only=True)
class EntityKind:
    """A kind of entity.

    Args:
        name: The resource's name in Pulumi: `PostgresBaseConnection`.
        title: What one of them is called in a sentence, with its source: `PostgreSQL connection`.
        noun: What one of them is called in messages: `connection`.
        path: Its collection in Flow Service: `/connections`.
        inputs: What a program declares.
        id_output: The output that is its id: `connection_id`.
        outputs: The outputs beyond the inputs and the id.
        constants: What the body of a create has beyond the fields.
        list_filters: What a list of the kind is filtered by.
        resting_state: The state that a new one reaches by itself. A create records it, because the response says none.
        transient_states: States in which it cannot be changed and which end by themselves.
        in_use_codes: Adobe's codes for one that cannot be deleted because others use it.
        dependents: What may use it.
        service: Which of Adobe's services has it.
        update_method: How it is changed: PATCH for what differs, with its etag, or PUT for the whole, without.
        acted_on: The keys of the inputs that are put through by actions.
        deletable: Whether Adobe documents how one is deleted. Where it does not, deleting is tried.
        delete_before_replace: Whether the old one must be gone before the new one is made.
        shows_creator: Whether the service shows which client has created one.
        may_be_hidden: Why one that the service says does not exist may exist; empty if it cannot.
        warns_of_use: Whether a preview warns that the old one cannot be deleted while something uses it.
        orphans: What of the command line lists those that are in no stack; empty if nothing does.
    """

    name: str
    title: str
    noun: str
    path: str
    inputs: type[Inputs]
    id_output: Output
    outputs: tuple[Output, ...] = (STATE, CREATED_AT, UPDATED_AT, ORG_ID)
    constants: Mapping[str, Any] = field(default_factory=dict)
    list_filters: tuple[str, ...] = ()
    resting_state: str = "enabled"
    # Adobe names them in its error catalogue only; each ends by itself.
    transient_states: frozenset[str] = frozenset(
        {"initializing", "enabled-finalizing", "disabling", "updating", "enabling", "inProgress"}
    )
    in_use_codes: frozenset[str] = frozenset()
    dependents: tuple[Dependents, ...] = ()
    service: Literal["flow-service", "data-prep"] = "flow-service"
    update_method: Literal["PATCH", "PUT"] = "PATCH"
    acted_on: frozenset[str] = frozenset()
    deletable: bool = True
    delete_before_replace: bool = False
    shows_creator: bool = True
    may_be_hidden: str = ""
    warns_of_use: bool = False
    orphans: str = ""

    @property
    def id_key(self) -> str:
        """The key of the id in the state."""
        return self.keys[self.id_output.name]

    @property
    def keys(self) -> Mapping[str, str]:
        """The keys in the state of all inputs and outputs, by their names in Python."""
        return _keys(self.inputs, (self.id_output, *self.outputs))

    def state(self, properties: Properties) -> State:
        """Return the state that an adapter has read, without what is not of this kind."""
        known = self.keys.values()
        return State({key: value for key, value in properties.items() if key in known})

    # What is sent.

    def body(self, inputs: Inputs, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return the body of a create, secrets included.

        Args:
            inputs: What is declared.
            environment: Where secrets that never enter the state are read from.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        body: dict[str, Any] = {}
        for facts in inputs.facts():
            value = getattr(inputs, facts.name)
            if facts.marks.at and value is not None:
                put(body, facts.marks.at, to_adobe(value, environment))
        return _merged(body, self.constants)

    def preflight(self, body: Mapping[str, Any]) -> PreflightRequest | None:
        """Return the request to send before the entity is written; None for none.

        Args:
            body: What `body` returned.
        """
        return None

    def apply_preflight(self, body: Mapping[str, Any], response: Any) -> dict[str, Any]:
        """Return the body, completed by the response to the preflight request.

        Args:
            body: What `body` returned.
            response: The JSON of the response.

        Raises:
            InvalidInputs: The response says that it cannot be sent like this.
        """
        return dict(body)

    def timed(self, body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Return the body with the times that count from the moment of the create.

        Args:
            body: What is to be sent.
            now: The moment, by the service's clock as far as it is known.
        """
        return dict(body)

    too_late: ClassVar[frozenset[str]] = frozenset()
    """Adobe's codes for a body whose times have passed by the service's clock."""

    def changes(
        self, changed: frozenset[str], inputs: Inputs, environment: Mapping[str, str]
    ) -> tuple[FieldChange, ...]:
        """Return the fields that are changed in place, secrets included.

        Args:
            changed: The keys of the inputs that differ.
            inputs: What is declared.
            environment: Where secrets that never enter the state are read from.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        return tuple(
            _field_change(facts, getattr(inputs, facts.name), environment)
            for facts in inputs.facts()
            if facts.key in changed and self.is_changed_in_place(facts)
        )

    @staticmethod
    def is_changed_in_place(facts: FieldFacts) -> bool:
        """Return whether Adobe keeps a field and lets it change."""
        return bool(facts.marks.at) and not facts.marks.replaces

    def operations(self, changes: Sequence[FieldChange], shown: Shown) -> list[Operation]:
        """Return the operations of a PATCH, for what is changed and for nothing else.

        Args:
            changes: What `changes` returned.
            shown: What the service has.
        """
        return [operation for change in changes for operation in _operations(change, shown)]

    # What is read.

    def observe(self, recorded: State, shown: Shown) -> Properties:
        """Return the inputs that fit what the service shows; secrets stay as they are recorded.

        Args:
            recorded: The state so far; empty if there is none.
            shown: The entity.
        """
        observed = {**self.inputs.defaults(), **recorded.inputs(self.inputs)}
        for facts in self.inputs.facts():
            if facts.marks.at:
                observed[facts.key] = self.merge_observed(facts, recorded, look_up(shown, facts.marks.at))
        return {key: value for key, value in observed.items() if value is not None}

    def merge_observed(self, facts: FieldFacts, recorded: State, shown: Any) -> Any:
        """Return a field's value that fits what the service shows.

        Args:
            facts: The field.
            recorded: The state so far.
            shown: What the service shows of it; None for nothing.
        """
        before = recorded.properties.get(facts.key)
        if facts.marks.secret:
            return before
        value = None if shown in (None, "") else shown
        return before if value is None and facts.required else value

    def declarable(self, observed: Properties, shown: Shown) -> Properties:
        """Return observed inputs as a program can declare them: where a secret is needed, a reference to a variable.

        Args:
            observed: What `observe` returned for an entity that is not in any state yet.
            shown: The entity.
        """
        return observed

    def computed(self, entity: Shown) -> Properties:
        """Return the outputs that follow from an entity as Adobe has it: as it was sent, or as it is shown."""
        return {}

    def read_query(self, recorded: State) -> tuple[tuple[str, str], ...]:
        """Return what a GET of the entity asks for beyond its id."""
        return ()

    def is_current(self, recorded: State, shown: Shown) -> bool:
        """Return whether a list shows of an entity what a GET with `read_query` would show."""
        return True

    def actions(self, inputs: Inputs, state: str | None) -> tuple[Action, ...]:
        """Return what must be done to an entity in a state so that it becomes what is declared."""
        return ()

    def is_rival(self, recorded: State, shown: Shown) -> bool:
        """Return whether an entity does what the recorded one did, so that both must not be there."""
        return False

    def derived(self, inputs: Properties) -> Properties:
        """Return the outputs that follow from the inputs."""
        return {}

    def is_whole(self, shown: Shown) -> bool:
        """Return whether an entity of a list shows what a GET would."""
        return all(look_up(shown, facts.marks.at) is not None for facts in self.inputs.facts() if _is_needed(facts))

    def settled(self, state: str | None) -> str | None:
        """Return the state that an entity reaches by itself from this one."""
        return self.resting_state if state in self.transient_states else state

    def is_switched_off(self, recorded: State) -> bool:
        """Return whether somebody has switched an entity off, where no input says whether it is on."""
        return recorded.string("state") == DISABLED and not self.acted_on

    def is_disabled(self, name: str, entity_id: str) -> Advice:
        """Return the warning about an entity that is disabled."""
        return advise(AdviceKey.ENABLE, noun=self.noun.capitalize(), name=name, id=entity_id)

    # Identity: whether it is the entity in question.

    def wrong_kind(self, shown: Shown) -> str:
        """Return why an entity is not of this kind; empty if it is, as far as the service shows."""
        return ""

    def cannot_take_over(self, inputs: Inputs, shown: Shown) -> tuple[str, str, str] | None:
        """Return why an existing entity cannot be changed into the declared one.

        Returns:
            What is different, why that cannot be changed, and what to do; None if nothing is in the way.
        """
        declared, has = inputs.to_state(), self.observe(State(), shown)
        compared = Comparison(State({**has, **self.computed(shown)}), datetime.now(timezone.utc))
        own = self.inputs.marked("takes_over") | {"sandboxName"}
        for key in sorted((declared.keys() & has.keys()) - own):
            if self.is_same(key, has[key], declared[key], compared):
                continue
            path = self.replaced_by(key, has[key], declared[key], compared)
            if path:
                advice = f"Declare what it has, or create a new {self.noun}."
                return f"differs from the declaration in {path}", f"{path} of a {self.noun} cannot be changed.", advice
        return None

    def match(self, body: Mapping[str, Any], shown: Shown) -> Match:
        """Return whether an entity is what a request with this body has created."""
        if shown.get("name") != body.get("name"):
            return Match.NO
        return Match.CERTAIN if (shown.get("description") or None) == body.get("description") else Match.POSSIBLE

    # What a plan needs.

    def problems_of_new(self, inputs: Inputs, now: datetime) -> Sequence[Problem]:
        """Return what is wrong with a declaration from which an entity is to be created now.

        Args:
            inputs: What is declared; in a preview it may hold UNKNOWN.
            now: When it would be created.
        """
        return ()

    def is_same(self, key: str, old: Any, new: Any, compared: Comparison) -> bool:
        """Return whether an input is unchanged.

        Args:
            key: The input's key.
            old: Its recorded value.
            new: Its declared value; may be UNKNOWN.
            compared: What is compared, and when.
        """
        return bool(old == new)

    def replaced_by(self, key: str, old: Any, new: Any, compared: Comparison) -> str | None:
        """Return the path because of which a changed input replaces the entity; None if it does not.

        Args:
            key: The input's key.
            old: Its recorded value.
            new: Its declared value; may be UNKNOWN.
            compared: What is compared, and when.
        """
        return key if key in self.inputs.marked("replaces") else None

    def normalize(self, key: str, recorded: Any) -> Any:
        """Return a recorded value as today's model writes it, so that an older spelling is not a change."""
        if not isinstance(recorded, (Mapping, list, float)):
            return recorded
        adapter = _adapters(self.inputs).get(key)
        try:
            return recorded if adapter is None else adapter(recorded)
        except ValidationError:
            # Drift may have put anything there: then it is compared as it is.
            return recorded

    def warnings(self, declared: Properties, replaces: Sequence[str], compared: Comparison) -> Sequence[str | Advice]:
        """Return what a preview should say of a change that is not in its list of differences.

        Args:
            declared: What is declared; what a preview does not know yet is UNKNOWN.
            replaces: The paths because of which it is replaced; none if it is not.
            compared: What is compared, and when.
        """
        if not replaces or not self.warns_of_use:
            return ()
        recorded = compared.recorded
        warning = advise(
            AdviceKey.DELETED_AFTER_REPLACEMENT,
            noun=self.noun.capitalize(),
            name=recorded.name,
            id=recorded.string(self.id_key),
            paths=tuple(replaces),
        )
        return (warning,)

    remarks_need: ClassVar[tuple[str, ...]] = ()
    """The keys of the inputs that remarks are made on."""

    def remarks(self, inputs: Inputs) -> Sequence[Remark] | None:
        """Return what is allowed and yet deserves a warning; None if something that it depends on is UNKNOWN."""
        return ()


def _is_needed(facts: FieldFacts) -> bool:
    return bool(facts.marks.at) and facts.required


@cache
def _keys(inputs: type[Inputs], outputs: tuple[Output, ...]) -> Mapping[str, str]:
    return {
        **{facts.name: facts.key for facts in inputs.facts()},
        **{each.name: to_camel(each.name) for each in outputs},
    }


@cache
def _adapters(inputs: type[Inputs]) -> Mapping[str, Callable[[Any], Any]]:
    """Return, by key, what reads a field's recorded value and writes it again."""
    annotations = get_type_hints(inputs, include_extras=True)

    def rewriter(name: str) -> Callable[[Any], Any]:
        adapter: TypeAdapter[Any] = TypeAdapter(annotations[name])
        return lambda value: plain(adapter.validate_python(value))

    return {facts.key: rewriter(facts.name) for facts in inputs.facts()}


def _field_change(facts: FieldFacts, value: Any, environment: Mapping[str, str]) -> FieldChange:
    sent = None if value is None else to_adobe(value, environment)
    # What is changed may be a part of what is created: of an auth, its params.
    for key in facts.marks.patch[len(facts.marks.at) :]:
        sent = None if sent is None else sent[key]
    return FieldChange(facts.marks.patch, sent, facts.required)


def _operations(change: FieldChange, shown: Shown) -> list[Operation]:
    path = "/" + "/".join(change.path)
    if change.required:
        return [{"op": "replace", "path": path, "value": change.value}]
    if change.value is not None:
        # `add` sets what is there as well as what is not.
        return [{"op": "add", "path": path, "value": change.value}]
    current = look_up(shown, change.path)
    # RFC 6902 needs no value for a remove; Adobe's schemas require one, and its example carries the old value.
    return [] if current is None else [{"op": "remove", "path": path, "value": current}]


def look_up(shown: Any, path: Sequence[str]) -> Any:
    """Return what an object has at a path; None for nothing, or if it is not what it is expected to be.

    Args:
        shown: The object.
        path: Its keys; of a list the position, as in a JSON Pointer.
    """
    for key in path:
        if isinstance(shown, list) and key.isdecimal():
            shown = shown[int(key)] if int(key) < len(shown) else None
        else:
            shown = shown.get(key) if isinstance(shown, Mapping) else None
    return shown


def changed_entity(shown: Shown, operations: Sequence[Operation]) -> dict[str, Any]:
    """Return what the service shows of an entity once operations are carried out."""
    changed: dict[str, Any] = copy.deepcopy(dict(shown))
    for operation in operations:
        *keys, last = str(operation["path"]).removeprefix("/").split("/")
        inner: Any = changed
        for key in keys:
            inner = inner[int(key)] if isinstance(inner, list) else inner.setdefault(key, {})
        if operation["op"] == "remove":
            inner.pop(last, None)
        elif isinstance(inner, dict):
            inner[last] = operation["value"]
    return changed


def put(body: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Put a value at a path of keys; one that ends in `0` is a list of one."""
    *keys, last = path
    if last == "0":
        *keys, last = keys
        value = [value]
    for key in keys:
        body = body.setdefault(key, {})
    body[last] = value


def _merged(body: Mapping[str, Any], constants: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(body)
    for key, value in constants.items():
        inner = merged.get(key)
        merged[key] = _merged(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return merged
