"""Base connections: how Experience Platform logs in to a source. The same for every connection spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import Field, ValidationError
from pydantic.alias_generators import to_snake

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.base_connection.auth_schema import ToCheck
from pulumi_adobe_aep.kinds.kind import (
    CREATED_AT,
    ORG_ID,
    STATE,
    UPDATED_AT,
    Comparison,
    Dependents,
    EntityKind,
    FieldChange,
    Match,
    Output,
    Shown,
    look_up,
)
from pulumi_adobe_aep.kinds.model import (
    REPLACES,
    RESOURCE_NAME,
    TAKES_OVER,
    UNKNOWN,
    FieldFacts,
    Inputs,
    Model,
    Properties,
    Remark,
    at,
)
from pulumi_adobe_aep.kinds.state import State
from pulumi_adobe_aep.kinds.values import Line, Lines, Switch

PARAMS = ("auth", "params")
CREDENTIALS = frozenset({"auth", "params", "secretParams"})
"""The keys of the inputs with the credentials for a source."""
AUTH = at("auth", patch=PARAMS)
"""Marks the field of an auth. Adobe always replaces its params as a whole."""


@dataclass(frozen=True)
class ShownAuth:
    """What the service shows of credentials, in terms of what a program declares. It holds no secret."""

    values: Properties
    """The properties that are shown, by their names in the state."""
    hidden: tuple[str, ...] = ()
    """The properties that a declaration by parts needs and that are not shown."""
    left_over: tuple[str, ...] = ()
    """What is shown and cannot be declared by parts: the names of options of a connection string."""
    undeclarable: tuple[str, ...] = ()
    """What cannot be declared at all: the names of parameters that the auth spec is not known to have."""
    whole: str | None = None
    """The secret property that holds everything, instead of the parts; None where there is none."""

    @property
    def can_be_parts(self) -> bool:
        """Whether what is shown and a password together are the whole credentials."""
        return not self.hidden and not self.left_over


class AuthModel(Model):
    """One kind of authentication of a connection spec."""

    spec_name: str = Field(description="The auth spec's name in Flow Service.")

    auth_type: ClassVar[str] = ""
    """The value of `auth.type` in requests, where Adobe's page has one."""
    remarked_on: ClassVar[tuple[str, ...]] = ()
    """The fields that warnings are about; a check does not wait for the others."""

    def to_adobe(self, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return the `auth` of a request, secrets included.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set.
        """
        named = {"specName": self.spec_name, "type": self.auth_type} if self.auth_type else {"specName": self.spec_name}
        return {**named, "params": self.params(environment)}

    def params(self, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return `auth.params` of a request, secrets included."""
        raise NotImplementedError

    @classmethod
    def merge_observed(cls, recorded: Properties, params: Mapping[str, object]) -> Properties:
        """Return the recorded auth with the values that the service shows; secrets stay as they are recorded."""
        raise NotImplementedError

    @classmethod
    def shown(cls, params: Mapping[str, object]) -> ShownAuth:
        """Return what the service shows, for an import."""
        raise NotImplementedError

    @classmethod
    def contradictions(cls, whole: str, params: Mapping[str, object]) -> tuple[str, ...]:  # noqa: ARG003
        """Return the names of what differs between the secret that holds everything and what the service shows."""
        return ()

    def not_declared(self, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names of what the service has and this auth cannot express, so that a change would lose it."""
        return self.shown(params).undeclarable

    def remarks(self) -> Iterator[Remark]:
        """Return what is allowed but deserves a warning."""
        yield from ()


class BaseConnectionInputs(Inputs):
    """What a program declares of a base connection. A connector adds `auth`."""

    name: Annotated[Line, at("name"), RESOURCE_NAME] = Field(
        description="The connection's name in Experience Platform. It need not be unique there."
    )
    description: Annotated[Lines | None, at("description")] = Field(
        default=None, description="A description, shown in the list of accounts."
    )
    verify: Switch = Field(
        default=False,
        description="Have Flow Service log in to the database after a create and after a change of `auth`. A "
        "connection that fails is deleted again, a change that fails is taken back.",
    )
    existing_connection_id: Annotated[Line | None, REPLACES, TAKES_OVER] = Field(
        default=None, description="Take over this connection instead of creating one."
    )

    auth_kinds: ClassVar[tuple[type[AuthModel], ...]] = ()

    @property
    def declared_auth(self) -> AuthModel:
        """The auth, whatever its kind. Not for a preview, where it may be unknown."""
        auth: AuthModel = getattr(self, "auth")  # noqa: B009 - the field is the connector's
        return auth

    @classmethod
    def auth_kind(cls, spec_name: object) -> type[AuthModel] | None:
        """Return the kind of auth with this name in Flow Service, or None."""
        return next((kind for kind in cls.auth_kinds if kind.model_fields["spec_name"].default == spec_name), None)


class Page(NamedTuple):
    """A page of Adobe's that a source was made from."""

    address: str
    """Below https://experienceleague.adobe.com/en/docs/experience-platform/sources/."""
    as_of: str
    """The date of the page as it was read, for people: `May 2026`."""


@dataclass(frozen=True, kw_only=True)
class BaseConnectionKind(EntityKind):
    """The base connections of one connection spec.

    Args:
        source: The source's name for people: `PostgreSQL`.
        slug: Its name in the command line: `postgresql`.
        page: The page of Adobe's that it was made from; None where it was not made from one.
        spec_id: The connection spec's id.
        spec_version: Its version.
    """

    source: str
    slug: str
    page: Page | None
    spec_id: str
    spec_version: str
    inputs: type[BaseConnectionInputs]

    def merge_observed(self, facts: FieldFacts, recorded: State, shown: Any) -> Any:
        """Return a field's value that matches what the service shows; nothing of an auth of another kind is kept."""
        if facts.key != "auth":
            return super().merge_observed(facts, recorded, shown)
        before = recorded.properties.get("auth")
        before = before if isinstance(before, dict) else {}
        spec_name = _string(look_up(shown, ("specName",))) or recorded.string("authSpecName")
        kept = before if before.get("specName", spec_name) == spec_name else {}
        auth = {**kept, "specName": spec_name}
        kind = self.inputs.auth_kind(spec_name)
        params = look_up(shown, ("params",))
        return kind.merge_observed(auth, params if isinstance(params, Mapping) else {}) if kind else auth

    def declarable(self, observed: Properties, shown: Shown) -> Properties:
        """Return observed inputs with a reference for each secret of the auth; see `EntityKind.declarable`."""
        auth = observed.get("auth")
        kind = self.inputs.auth_kind(_auth_kind(auth))
        if kind is None or not isinstance(auth, Mapping):
            return observed
        params = look_up(shown, PARAMS)
        found = kind.shown(params if isinstance(params, Mapping) else {})
        # An auth that needs the secret that holds everything has no parts.
        needs_whole = found.whole is not None and not found.can_be_parts
        kept = {"specName": kind.model_fields["spec_name"].default} if needs_whole else auth
        needed = (found.whole,) if needs_whole else sorted(kind.marked("secret") - {found.whole})
        references = {key: {"fromEnv": variable(observed.get("name"), key), "version": 1} for key in needed}
        return {**observed, "auth": {**kept, **references}}

    def unknown_auth(self, recorded: State, shown: Shown) -> tuple[str, str] | None:  # noqa: ARG002
        """Return the connection spec and the auth spec that alone say which parameters are secrets.

        Args:
            recorded: The state; empty for a connection that no state has.
            shown: The connection as the service shows it.

        Returns:
            None where the models or the state say it.
        """
        return None

    def with_secrets(self, shown: Shown, schema: Mapping[str, Any] | None) -> tuple[Properties, str]:  # noqa: ARG002
        """Return the secrets of a connection of which `unknown_auth` returns something.

        Args:
            shown: The connection as the service shows it.
            schema: The JSON Schema of the auth spec's parameters; None if the service does not show it.

        Returns:
            The inputs that refer to the secrets; and why the connection cannot be declared, empty if it can.
        """
        return {}, ""

    def derived(self, inputs: Properties) -> Properties:
        """Return the auth spec's name, which is an output of its own."""
        auth = inputs.get("auth")
        return {"authSpecName": auth.get("specName")} if isinstance(auth, Mapping) else {}

    def is_whole(self, shown: Shown) -> bool:
        """Return whether a list shows what a GET would. In Adobe's examples it does; no document promises it."""
        return bool(self._spec_of(shown) and look_up(shown, ("auth", "specName")) and look_up(shown, PARAMS))

    def wrong_kind(self, shown: Shown) -> str:
        """Return why a connection is one of another spec; empty if it is not, as far as the service shows."""
        spec = self._spec_of(shown)
        if spec in (None, self.spec_id):
            return ""
        return f"Its connection spec is {spec}, {self.source}'s is {self.spec_id}."

    def cannot_take_over(self, inputs: Inputs, shown: Shown) -> tuple[str, str, str] | None:
        """Return why a connection cannot become what is declared: another kind of auth, or something would be lost."""
        has = _string(look_up(shown, ("auth", "specName")))
        auth: AuthModel = getattr(inputs, "auth")  # noqa: B009 - the field is the connector's
        if has not in (None, auth.spec_name):
            return (
                f"uses '{has}', the program declares '{auth.spec_name}'",
                "The kind of auth of a connection cannot be changed.",
                "Declare the kind that it has, or create a new connection.",
            )
        params = look_up(shown, PARAMS)
        lost = auth.not_declared(params if isinstance(params, Mapping) else {})
        if not lost:
            return None
        return (
            f"has {', '.join(lost)}, which the declared auth does not say",
            "Credentials are changed as a whole, so it would be lost.",
            "Declare the whole `connectionString` with it, or remove it in Experience Platform first.",
        )

    def match(self, body: Mapping[str, Any], shown: Shown) -> Match:
        """Return whether a connection is what a request with this body has created."""
        spec = self._spec_of(shown)
        match = super().match(body, shown)
        if match is Match.NO or spec not in (None, self.expected_spec(body)):
            return Match.NO
        is_same_auth = _string(look_up(shown, ("auth", "specName"))) in (None, body["auth"]["specName"])
        return match if spec is not None and is_same_auth else Match.POSSIBLE

    def expected_spec(self, body: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Return the connection spec of what a request with this body creates."""
        return self.spec_id

    def to_check(self, inputs: Inputs) -> ToCheck | None:  # noqa: ARG002
        """Return the credentials that the connection spec itself checks; None if the models check all of them."""
        return None

    def replaced_by(self, key: str, old: Any, new: Any, compared: Comparison) -> str | None:
        """Return the path of a changed input that replaces the connection, such as another kind of auth."""
        if key == "auth":
            return "auth.specName" if _auth_kind(new) not in (None, _auth_kind(old)) else None
        return super().replaced_by(key, old, new, compared)

    def normalize(self, key: str, recorded: Any) -> Any:
        """Return a recorded value as today's model writes it; an auth of an unknown kind stays as it is."""
        if key == "auth" and self.inputs.auth_kind(_auth_kind(recorded)) is None:
            return recorded
        return super().normalize(key, recorded)

    remarks_need: ClassVar[tuple[str, ...]] = ("auth",)

    def remarks(self, inputs: Inputs) -> Sequence[Remark] | None:
        """Return what deserves a warning about the auth; None if what it depends on is UNKNOWN."""
        auth = getattr(inputs, "auth")  # noqa: B009 - the field is the connector's
        if auth is UNKNOWN or any(getattr(auth, name, None) is UNKNOWN for name in auth.remarked_on):
            return None
        return (*auth.remarks(),)

    def credentials(self, recorded: State, environment: Mapping[str, str]) -> tuple[FieldChange, ...] | None:
        """Return the change that restores the recorded credentials; None if the state does not have them."""
        auth = recorded.properties.get("auth")
        kind = self.inputs.auth_kind(_auth_kind(auth))
        try:
            params = kind.model_validate(auth).params(environment) if kind else None
        except (ValidationError, MissingSecret):
            return None
        return None if params is None else (FieldChange(PARAMS, params, required=True),)

    def _spec_of(self, shown: Shown) -> str | None:
        return _string(look_up(shown, ("connectionSpec", "id")))


def base_connection_kind(
    *,
    name: str,
    source: str,
    slug: str,
    spec_id: str,
    spec_version: str = "1.0",
    page: Page | None = None,
    inputs: type[BaseConnectionInputs],
) -> BaseConnectionKind:
    """Make the kind of a source's base connections.

    Args:
        name: The resource's name in Pulumi.
        source: The source's name for people.
        slug: Its name in the command line.
        spec_id: The connection spec's id.
        spec_version: Its version.
        page: The page of Adobe's that it was made from.
        inputs: What a program declares.
    """
    return BaseConnectionKind(
        name=name,
        title=f"{source} connection",
        noun="connection",
        path="/connections",
        inputs=inputs,
        id_output=Output(
            "connection_id",
            "The base connection's id, for source connections and dataflows. Known in the preview of an update.",
        ),
        outputs=(STATE, CREATED_AT, UPDATED_AT, ORG_ID, AUTH_SPEC_NAME),
        constants={"connectionSpec": {"id": spec_id, "version": spec_version}},
        list_filters=(f"connectionSpec.id=={spec_id}",),
        in_use_codes=frozenset({"1418"}),
        dependents=(SOURCE_CONNECTIONS,),
        warns_of_use=True,
        orphans="connections --orphans",
        source=source,
        slug=slug,
        page=page,
        spec_id=spec_id,
        spec_version=spec_version,
    )


AUTH_SPEC_NAME = Output("auth_spec_name", "The auth spec's name in Flow Service.")
SOURCE_CONNECTIONS = Dependents(
    path="/sourceConnections",
    noun="source connection",
    key="baseConnectionId",
    filter="baseConnectionId=={id}",
    dependents=(Dependents(path="/flows", noun="dataflow", key="sourceConnectionIds"),),
)


def variable(name: object, key: object) -> str:
    """Return the environment variable that a secret is looked for in when nobody has named one.

    Args:
        name: The entity's: `Prod CRM (EU)`.
        key: The secret's: `password`.

    Returns:
        `PROD_CRM_EU_PASSWORD`.
    """
    words = re.findall(r"[A-Za-z0-9]+", f"{name or ''} {to_snake(str(key))}".replace("_", " "))
    plain = "_".join(words).upper()
    return f"AEP_{plain}" if plain[:1].isdigit() else plain


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _auth_kind(auth: object) -> object:
    if not isinstance(auth, Mapping) or auth.get("specName") is UNKNOWN:
        return None
    return auth.get("specName")
