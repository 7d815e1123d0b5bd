"""What a program passes to a resource, as the state has it: one translation, one check, secrets kept.

A value may be an Output or an awaitable at any depth: what is not known yet is accepted here, and the provider
checks it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from inspect import isawaitable
from typing import Any, Protocol, get_args, get_origin, runtime_checkable

import pulumi
from pulumi.output import Unknown
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import UNKNOWN, Inputs, Model, Properties, Remark
from pulumi_adobe_aep.kinds.problems import models_at, problems
from pulumi_adobe_aep.kinds.value_types import is_json_scalar, type_of
from pulumi_adobe_aep.kinds.values import check_line
from pulumi_adobe_aep.program.names import UserKey, name_in_state
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON, name_in_python
from pulumi_adobe_aep.settings import NAMESPACE, is_service_on_this_machine


class DeclarationError(InvalidInputs, pulumi.RunError):
    """A program declares something that is not allowed. The engine prints its message without a traceback."""

    wording = PYTHON


@runtime_checkable
class Declared(Protocol):
    """A value of this package that a program passes: it knows its form in the state."""

    def to_state(self) -> Any:
        """Return the value with the keys of the state; its parts may be Outputs."""


def to_state(
    value: Any, models: Sequence[type[Model]], *path: str, is_open: bool = False, keys_stay: bool = False
) -> Any:
    """Return a value under the state's names, however it was written; a later check finds what is wrong with it.

    Args:
        value: What the program passed.
        models: The models that are allowed there. Without any, the keys of a dict are the user's own and stay.
        path: Where it is, by names in the state.
        is_open: Whether objects without a model are allowed there.
        keys_stay: Whether the keys are the user's own and the models are those of their values.

    Raises:
        DeclarationError: Raised by the Outputs that are returned, if their values cannot be sent by Pulumi.
    """
    value = later(value)
    if isinstance(value, pulumi.Output):
        return value.apply(
            lambda known: pulumi.Output.from_input(
                to_state(_check_sendable(known, path), models, *path, is_open=is_open, keys_stay=keys_stay)
            )
        )
    if keys_stay and isinstance(value, Mapping):
        given = ((UserKey(key), item) for key, item in value.items() if item is not None)
        return {key: to_state(item, models, *path, key, is_open=True) for key, item in given}
    if isinstance(value, Declared):
        value = value.to_state()
    if isinstance(value, Mapping) and models:
        named = ((name_in_state(str(key)), item) for key, item in value.items())
        return {key: to_state(item, models_at(key, models), *path, key) for key, item in named if item is not None}
    if isinstance(value, Mapping):
        return {UserKey(key): to_state(item, (), *path, is_open=is_open) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_state(item, models, *path, is_open=is_open) for item in value]
    return value


def holds_objects(annotation: Any) -> bool:
    """Return whether a field may hold objects or lists without a model."""
    return get_origin(annotation) in (dict, list) or any(map(holds_objects, get_args(annotation)))


def _check_sendable(known: Any, path: Sequence[str]) -> Any:
    """Return an Output's value if Pulumi can send it; the SDK's own error is a traceback.

    For values that are known while the program runs, `check_known` reports everything at once.
    """
    if isinstance(known, (pulumi.Output, Unknown)) or isawaitable(known) or is_json_scalar(known):
        return known
    value = known.to_state() if isinstance(known, Declared) else known
    if isinstance(value, Mapping):
        for key, item in value.items():
            _check_sendable(item, (*path, name_in_state(str(key))))
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check_sendable(item, path)
    else:
        where = ".".join(map(name_in_python, path))
        raise DeclarationError(f"The Output of {where} must hold a value that JSON has, got {type_of(value)}.")
    return known


def later(value: Any) -> Any:
    """Return an awaitable, which an input may be as well, as the Output that the rest of this package knows."""
    return pulumi.Output.from_input(value) if isawaitable(value) else value


def keep_secrets(value: Any, models: Sequence[type[Model]], *, is_secret: bool = False, keys_stay: bool = False) -> Any:
    """Mark the secrets of a value, whatever the program passed. A SecretFromEnv is not itself secret.

    Args:
        value: What `to_state` returned.
        models: The models that are allowed there.
        is_secret: Whether the value is a secret itself.
        keys_stay: Whether it is an object of the user's own, with a value behind each key.
    """
    if is_secret and keys_stay and isinstance(value, Mapping):
        return {key: keep_secrets(item, models, is_secret=True) for key, item in value.items()}
    if is_secret and value is not None:
        return value if isinstance(value, Mapping) else pulumi.Output.secret(value)
    secrets = frozenset().union(*(model.marked("secret") for model in models)) if models else frozenset()
    if not secrets:
        return value
    if isinstance(value, pulumi.Output):
        # Which of its parts are secrets is known only with its value, so all of it is a secret until then.
        return pulumi.Output.secret(value)
    if not isinstance(value, Mapping):
        return value
    return {
        key: pulumi.Output.secret(item) if key in secrets and not isinstance(item, Mapping) else item
        for key, item in value.items()
    }


def check_resource(kind: str, resource_name: object, opts: object) -> None:
    """Check the arguments that Pulumi itself takes; for wrong ones the SDK fails with a traceback.

    Args:
        kind: The name of the resource's class, for the message.
        resource_name: The resource's name.
        opts: The resource's options.

    Raises:
        DeclarationError: It is of another type.
    """
    if not isinstance(resource_name, str) or not resource_name:
        given = "an empty one" if resource_name == "" else type_of(resource_name)
        raise DeclarationError(f"The resource_name of a {kind} must be a string, got {given}.")
    if opts is not None and not isinstance(opts, pulumi.ResourceOptions):
        raise DeclarationError(
            f"{kind} '{resource_name}' cannot be declared like this: opts must be a pulumi.ResourceOptions, "
            f"got {type_of(opts)}."
        )


def check_lookup(what_cannot: str, given: Mapping[str, object], required: Collection[str] = ("id",)) -> None:
    """Check the known arguments of a function that reads.

    Args:
        what_cannot: The beginning of the message: `Dataflow 'customers' cannot be read`.
        given: The arguments by their names in Python; None for one that has a default.
        required: Those that have none.

    Raises:
        DeclarationError: Something is wrong with them.
    """
    known = {name: value for name, value in given.items() if value is not None or name in required}
    for name, value in known.items():
        try:
            if not isinstance(value, pulumi.Output) and not isawaitable(value):
                check_line(value)
        except PydanticCustomError as wrong:
            raise DeclarationError(f"{what_cannot} like this: {name} {wrong.message()}.") from None


def check_known(kind: EntityKind, resource_name: str, declared: Properties) -> Inputs:
    """Check what is known while the program runs, so that the failure is reported at the declaration.

    Args:
        kind: The kind of entity.
        resource_name: For the message.
        declared: The inputs as the state has them.

    Raises:
        DeclarationError: Something is wrong with them.
    """
    # Without a sandbox the provider's settings decide, which the program does not see.
    known = {"sandboxName": UNKNOWN, **{key: _known(value) for key, value in declared.items() if value is not None}}
    try:
        return kind.inputs.model_validate(known)
    except ValidationError as error:
        found = [problem.sentence(name_in_python) for problem in problems(error, kind.inputs)]
        raise DeclarationError(
            f"{kind.name} '{resource_name}' cannot be declared like this:\n  - " + "\n  - ".join(found)
        ) from None


def _known(value: object) -> object:
    if isinstance(value, pulumi.Output):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _known(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_known(item) for item in value]
    return value


def warn(resource: pulumi.Resource, kind: EntityKind, known: Inputs, declared: Properties) -> None:
    """Warn, with the resource, about what is allowed but deserves a warning, as soon as it is known.

    Args:
        resource: Where the warnings are shown.
        kind: The kind of entity.
        known: What `check_known` returned.
        declared: The inputs as the state has them.
    """
    remarks = kind.remarks(known)
    if remarks is not None:
        _show(resource, remarks)
        return

    def show_later(values: Properties) -> None:
        unknown = dict.fromkeys((facts.key for facts in kind.inputs.facts() if facts.required), UNKNOWN)
        try:
            inputs = kind.inputs.model_validate({**unknown, **values})
        except ValidationError:
            return  # The provider's check reports it.
        _show(resource, kind.remarks(inputs) or ())

    waited_for = {key: declared[key] for key in kind.remarks_need if declared.get(key) is not None}
    pulumi.Output.from_input(waited_for).apply(show_later)


def _show(resource: pulumi.Resource, remarks: Iterable[Remark]) -> None:
    for remark in remarks:
        if remark.about_reach and is_service_on_this_machine(os.environ, _config):
            continue
        pulumi.log.warn(f"{name_in_python(remark.path)}: {PYTHON.spelled(remark.text)}.", resource)


def _config(key: str) -> object:
    """Return the stack's configuration for a full key, `adobe-aep:baseUrl`."""
    return pulumi.Config(NAMESPACE).get(key.removeprefix(f"{NAMESPACE}:"))
