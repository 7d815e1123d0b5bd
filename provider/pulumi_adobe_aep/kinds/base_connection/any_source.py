"""Base connections of any connection spec, with credentials under Adobe's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from typing_extensions import Self

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.base_connection.auth_schema import ToCheck, known_names, needed_names, secret_names
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS
from pulumi_adobe_aep.kinds.base_connection.kind import (
    CREDENTIALS,
    PARAMS,
    SOURCE_CONNECTIONS,
    BaseConnectionInputs,
    BaseConnectionKind,
    ShownAuth,
    variable,
)
from pulumi_adobe_aep.kinds.base_connection.masks import is_mask
from pulumi_adobe_aep.kinds.base_connection.shown import SERVICES_OWN
from pulumi_adobe_aep.kinds.kind import (
    CREATED_AT,
    ORG_ID,
    STATE,
    UPDATED_AT,
    FieldChange,
    Output,
    Shown,
    look_up,
)
from pulumi_adobe_aep.kinds.model import (
    REPLACES,
    SECRET,
    UNKNOWN,
    FieldFacts,
    Inputs,
    Model,
    Properties,
    Remark,
    at,
)
from pulumi_adobe_aep.kinds.secrets import Secret, SecretReference, reveal
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.values import Line, bad_value


class ConnectionSpec(Model):
    """Which connection spec."""

    id: Line = Field(description="The connection spec's id.")
    version: Line = Field(default="1.0", description="Its version.")


def _named_spec(value: object) -> object:
    """Take a known name in place of an id and a version."""
    if not isinstance(value, str):
        return value
    known = KNOWN_SPECS.get(value)
    if known is None:
        raise bad_value(
            f"must be one of {', '.join(KNOWN_SPECS)}, or an object with `id` and `version` of another connection spec"
        )
    return {"id": known.id}


def _whole_numbers(value: Any) -> Any:
    """Return a value with numbers as they were declared: the engine has only floats."""
    if isinstance(value, Mapping):
        return {key: _whole_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _let_unknown_pass(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return value if value is UNKNOWN else handler(value)


class AnyInputs(BaseConnectionInputs):
    """What a program declares of a `BaseConnection`."""

    connection_spec: Annotated[ConnectionSpec, BeforeValidator(_named_spec), REPLACES, at("connectionSpec")] = Field(
        description="The connection spec: a known name such as `mysql`, or its id and version."
    )
    auth_spec_name: Annotated[Line, REPLACES, at("auth", "specName")] = Field(
        description="The auth spec's name in Flow Service, such as `Basic Authentication`."
    )
    params: Annotated[dict[str, Any], BeforeValidator(_whole_numbers), at("auth", "params")] = Field(
        default={}, description="The parameters that are not secrets, by Adobe's names."
    )
    secret_params: Annotated[dict[str, Annotated[Secret, WrapValidator(_let_unknown_pass)]], SECRET] = Field(
        default={}, description="The parameters that are secrets, by Adobe's names."
    )

    @model_validator(mode="after")
    def _check_twice(self) -> Self:
        # In a preview they may be UNKNOWN, which type checkers do not know.
        declared: tuple[Any, Any] = (self.params, self.secret_params)
        params, secrets = (each if isinstance(each, dict) else {} for each in declared)
        twice = [name for name in params if name in secrets]
        if twice:
            raise bad_value(f"has {', '.join(twice)} in `params` and also in `secretParams`")
        return self

    def sent_params(self, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return `auth.params` of a request, secrets included.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        return {**self.params, **{name: reveal(value, environment) for name, value in self.secret_params.items()}}


@dataclass(frozen=True, kw_only=True)
class AnyConnectionKind(BaseConnectionKind):
    """The base connections of all connection specs."""

    inputs: type[AnyInputs]

    def body(self, inputs: Inputs, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return the body of a create, secrets included.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        body = super().body(inputs, environment)
        return {**body, "auth": {**body["auth"], "params": _of(inputs).sent_params(environment)}}

    def changes(
        self, changed: frozenset[str], inputs: Inputs, environment: Mapping[str, str]
    ) -> tuple[FieldChange, ...]:
        """Return the fields that are changed in place; the credentials are one, which is changed as a whole.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        changes = super().changes(changed - CREDENTIALS, inputs, environment)
        if not changed & CREDENTIALS:
            return changes
        return (*changes, FieldChange(PARAMS, _of(inputs).sent_params(environment), required=True))

    def merge_observed(self, facts: FieldFacts, recorded: State, shown: Any) -> Any:
        """Return a field's value that matches what the service shows; a parameter that it hides stays as it is."""
        before = recorded.properties.get(facts.key)
        if facts.key == "connectionSpec":
            if not isinstance(shown, Mapping):
                return before
            known = before if isinstance(before, Mapping) else {}
            return {key: shown.get(key) or known.get(key) or default for key, default in _SPEC_KEYS}
        if facts.key != "params":
            return super().merge_observed(facts, recorded, shown)
        secrets = recorded.properties.get("secretParams")
        hidden = {*SERVICES_OWN, *(secrets if isinstance(secrets, Mapping) else ())}
        return {**(before if isinstance(before, Mapping) else {}), **shown_params(shown, hidden)}

    def unknown_auth(self, recorded: State, shown: Shown) -> tuple[str, str] | None:
        """Return the specs of a connection whose state does not say which parameters are secrets."""
        if isinstance(recorded.properties.get("secretParams"), Mapping):
            return None
        return str(look_up(shown, ("connectionSpec", "id"))), str(look_up(shown, ("auth", "specName")))

    def with_secrets(self, shown: Shown, schema: Mapping[str, Any] | None) -> tuple[Properties, str]:
        """Return a reference for each secret by the connection spec, and for whatever may be one."""
        params = look_up(shown, PARAMS)
        params = params if isinstance(params, Mapping) else {}
        if schema is None:
            names, why = tuple(params), "Its connection spec is not shown, so any of its parameters may be a secret."
        else:
            auth, secrets = shown_auth(schema, params)
            names, why = (*secrets, *auth.undeclarable), ""
            if auth.undeclarable:
                why = f"Its credentials have {', '.join(auth.undeclarable)}, which its connection spec does not have."
        named = look_up(shown, ("name",))
        return {"secretParams": {name: {"fromEnv": variable(named, name), "version": 1} for name in names}}, why

    def derived(self, inputs: Properties) -> Properties:  # noqa: ARG002
        """Return nothing: the auth spec's name is declared."""
        return {}

    def wrong_kind(self, shown: Shown) -> str:  # noqa: ARG002
        """Return nothing: a connection of every spec is one."""
        return ""

    def cannot_take_over(self, inputs: Inputs, shown: Shown) -> tuple[str, str, str] | None:
        """Return why a connection cannot become what is declared: another spec, another kind of auth, or a loss."""
        declared = _of(inputs)
        for what, has, wanted in (
            ("connection spec", look_up(shown, ("connectionSpec", "id")), declared.connection_spec.id),
            ("auth spec", look_up(shown, ("auth", "specName")), declared.auth_spec_name),
        ):
            if has not in (None, wanted):
                return (
                    f"has the {what} '{has}', the program declares '{wanted}'",
                    f"The {what} of a connection cannot be changed.",
                    "Declare the one that it has, or create a new connection.",
                )
        params = look_up(shown, PARAMS)
        known = {*SERVICES_OWN, *declared.params, *declared.secret_params}
        lost = [name for name in (params if isinstance(params, Mapping) else ()) if name not in known]
        if not lost:
            return None
        return (
            f"has {', '.join(lost)}, which neither `params` nor `secretParams` has",
            "Credentials are changed as a whole, so it would be lost.",
            "Declare it, or remove it in Experience Platform first.",
        )

    def expected_spec(self, body: Mapping[str, Any]) -> str:
        """Return the connection spec that the request named."""
        return str(body["connectionSpec"]["id"])

    def to_check(self, inputs: Inputs) -> ToCheck:
        """Return the credentials, which are checked by the connection spec."""
        of = _of(inputs)
        return ToCheck(of.connection_spec.id, of.auth_spec_name, of.params, of.secret_params)

    remarks_need: ClassVar[tuple[str, ...]] = ()

    def remarks(self, inputs: Inputs) -> Sequence[Remark]:  # noqa: ARG002
        """Return nothing: what a parameter means is not known."""
        return ()

    def credentials(self, recorded: State, environment: Mapping[str, str]) -> tuple[FieldChange, ...] | None:
        """Return the change that restores the recorded credentials; None if the state does not have them."""
        params, secrets = recorded.properties.get("params"), recorded.properties.get("secretParams")
        if not isinstance(params, Mapping) or not isinstance(secrets, Mapping):
            return None
        try:
            revealed = {name: _reveal(value, environment) for name, value in secrets.items()}
        except MissingSecret:
            return None
        return (FieldChange(PARAMS, {**params, **revealed}, required=True),)


_SPEC_KEYS = (("id", None), ("version", "1.0"))


def shown_params(shown: object, hidden: set[str]) -> dict[str, Any]:
    """Return the parameters that the service shows.

    Args:
        shown: `auth.params` as it shows them.
        hidden: Those that are secrets, or the service's own.
    """
    if not isinstance(shown, Mapping):
        return {}
    return {
        name: value
        for name, value in shown.items()
        if name not in hidden and value is not None and not (isinstance(value, str) and is_mask(name, value))
    }


def shown_auth(schema: Mapping[str, Any], params: Mapping[str, object]) -> tuple[ShownAuth, tuple[str, ...]]:
    """Return what the service shows of credentials that only their connection spec knows, and which are secrets.

    Args:
        schema: The auth spec's JSON Schema.
        params: `auth.params` as the service shows them.
    """
    there = {name for name, value in params.items() if value is not None}
    secret = secret_names(schema)
    values = shown_params(params, {*SERVICES_OWN, *secret})
    known = known_names(schema)
    needed = [name for name in known if name in {*there, *needed_names(schema, there)}]
    auth = ShownAuth(
        values=values,
        hidden=tuple(name for name in needed if name not in secret and name not in values),
        undeclarable=tuple(name for name in params if name in there - {*known} - SERVICES_OWN),
    )
    return auth, tuple(name for name in needed if name in secret)


def _of(inputs: Inputs) -> AnyInputs:
    if not isinstance(inputs, AnyInputs):
        raise TypeError(type(inputs))
    return inputs


def _reveal(value: object, environment: Mapping[str, str]) -> object:
    return SecretReference.model_validate(value).read(environment) if isinstance(value, Mapping) else value


ANY_SOURCE = AnyConnectionKind(
    name="BaseConnection",
    title="base connection",
    noun="connection",
    path="/connections",
    inputs=AnyInputs,
    id_output=Output(
        "connection_id",
        "The base connection's id, for source connections and dataflows. Known in the preview of an update.",
    ),
    outputs=(STATE, CREATED_AT, UPDATED_AT, ORG_ID),
    in_use_codes=frozenset({"1418"}),
    dependents=(SOURCE_CONNECTIONS,),
    source="any source",
    slug="",
    page=None,
    spec_id="",
    spec_version="",
)
"""The base connections of all connection specs, as the life cycle knows them."""
