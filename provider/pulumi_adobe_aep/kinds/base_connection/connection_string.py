"""Auth specs whose only parameter is a connection string: its parts are declared, or the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import InitErrorDetails
from typing_extensions import Self

from pulumi_adobe_aep.kinds.base_connection.auth_parts import (
    DATABASE,
    PASSWORD,
    PORT,
    SERVER,
    SPEC_NAME,
    USERNAME,
    WITH_THE_PARTS,
    Database,
    Password,
    Username,
    on_reach,
)
from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel, ShownAuth
from pulumi_adobe_aep.kinds.base_connection.shown import WHOLE_STRING, contradictions, read_string, string_auth
from pulumi_adobe_aep.kinds.base_connection.string_check import (
    on_encryption,
    require_string,
    unencrypted,
    wrong_in_string,
)
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.model import SECRET, UNKNOWN, Properties, Remark, default_is, needed
from pulumi_adobe_aep.kinds.secrets import Secret, SecretReference, reveal
from pulumi_adobe_aep.kinds.server import Server
from pulumi_adobe_aep.kinds.values import Port, bad_value, new_error, validate_with

CONNECTION_STRING: Literal["Connection String Based Authentication"] = "Connection String Based Authentication"
WHOLE = "The whole connection string, instead of all of the above; always encrypted in the state."
OR_THE_PARTS = needed("or the parts")
DRIVERS_DEFAULT = default_is("what Adobe's driver does without it")
ENCRYPTION = "TLS to the database: `verify` (encrypt and check the certificate), `require`, `request` or `disable`."
ENCRYPTION_WITHOUT_REQUEST = (
    "TLS to the database: `verify` (encrypt and check the certificate), `require` or `disable`."
)


class StringAuthModel(AuthModel):
    """What all auth specs with a connection string have in common. Each source adds the fields and the form.

    The fields are some of `server`, `port`, `database`, `username`, `password` and `encryption`, as the form has them,
    and `connection_string`.
    """

    form: ClassVar[StringForm]

    @classmethod
    def _parts(cls) -> tuple[str, ...]:
        return (*cls.form.parts, *(("encryption",) if cls.form.encryption else ()))

    @property
    def _whole(self) -> Any:
        return getattr(self, "connection_string")  # noqa: B009 - the field is the source's

    @field_validator("encryption", mode="before", check_fields=False)
    @classmethod
    def _check_encryption(cls, value: object) -> object:
        names = cls.form.encryption
        if value is not None and value is not UNKNOWN and not (isinstance(value, str) and value in names):
            given = f", not '{value}'" if isinstance(value, str) else ""
            raise bad_value(f"must be one of {', '.join(names)}{given}")
        return value

    @model_validator(mode="wrap")
    @classmethod
    def _check_whole_or_parts(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check the fields and how they go together, so that all failures are reported at once."""
        if isinstance(value, Mapping) and value.get("specName") == CONNECTION_STRING:
            # The class that programs use has the name that most sources have.
            value = {**value, "specName": cls.model_fields["spec_name"].default}
        details = [*cls._whole_or_parts(value)] if isinstance(value, Mapping) else []
        return validate_with(details, value, handler, title=cls.__name__)

    @classmethod
    def _whole_or_parts(cls, wire: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
        """Return what is wrong with the choice between a whole connection string and its parts."""
        parts = [part for part in cls._parts() if wire.get(part) is not None]
        whole = wire.get(WHOLE_STRING)
        if whole is not None and parts:
            yield new_error(
                f"has `connectionString` and also {_names(parts)}; give either the whole string or the parts"
            )
        elif isinstance(whole, str) and whole.strip():
            yield from (new_error(text, WHOLE_STRING) for text in wrong_in_string(whole, cls.form))
        elif whole is None and not parts:
            yield new_error(f"has neither the parts ({_names(cls.form.parts)}) nor `connectionString`")
        elif whole is None:
            missing = (part for part in cls.form.parts if part not in parts and part != "port")
            yield from (new_error("is missing", part) for part in missing)

    def to_state(self) -> Properties:
        """Return the object for the state, with the default port: leaving it out and writing it are the same."""
        wire = super().to_state()
        if self._whole is not None or "port" not in self.form.parts:
            return wire
        return {**wire, "port": wire.get("port", self.form.default_port)}

    def params(self, environment: Mapping[str, str]) -> dict[str, Any]:
        """Return `auth.params`: the connection string.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set, or holds no connection string.
        """
        if self._whole is not None:
            text = reveal(self._whole, environment)
            if isinstance(self._whole, SecretReference):
                # A string in the program was checked there; this one is read only now.
                require_string(text, self._whole.from_env, self.form)
            return {WHOLE_STRING: text}
        wire = self.to_state()
        password = getattr(self, "password")  # noqa: B009 - the field is the source's
        if password is not None:
            wire["password"] = reveal(password, environment)
        values = {part: str(wire[part]) for part in self.form.parts}
        return {WHOLE_STRING: self.form.build(values, wire.get("encryption"))}

    @classmethod
    def merge_observed(cls, recorded: Properties, params: Mapping[str, object]) -> Properties:
        """Return the auth with the parts that the service shows. The string is a secret, so it usually shows none."""
        if WHOLE_STRING in recorded:
            return recorded
        string = read_string(params.get(WHOLE_STRING), cls.form)
        shown = cls.shown(params)
        observed = {**recorded, **{key: value for key, value in shown.values.items() if key in cls.form.parts}}
        if string.is_whole and "encryption" not in shown.hidden:
            observed.pop("encryption", None)
            encryption = cls.form.observed_encryption(string.options)
            if encryption is not None:
                observed["encryption"] = encryption
        return observed

    @classmethod
    def shown(cls, params: Mapping[str, object]) -> ShownAuth:
        """Return what the service shows of the connection string."""
        return string_auth(params, cls.form)

    @classmethod
    def contradictions(cls, whole: str, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names of what differs between a whole connection string and what the service shows."""
        return contradictions(whole, params, cls.form)

    def not_declared(self, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return what the parts cannot say of the connection string that the service shows."""
        shown = self.shown(params)
        # Encryption has a property of its own, whose value is meant to replace the options that exist.
        options = [name for name in shown.left_over if name.lower() not in self.form.encryption_keys]
        return (*shown.undeclarable, *(options if self._whole is None else ()))

    remarked_on: ClassVar[tuple[str, ...]] = ("server", "encryption", "connection_string")

    def remarks(self) -> Iterator[Remark]:
        """Warn about missing TLS, about options that do not exist, and about a server that Adobe cannot reach."""
        if isinstance(self._whole, SecretStr):
            whole = self._whole.get_secret_value()
            yield from on_reach("auth.connectionString", dict(self.form.read(whole)).get("server"))
            # With those that every string of the pattern has, of which one may be what asks for encryption.
            options = [key.lower() for key, _ in self.form.dialect.parse(whole)]
            yield from (Remark("auth.connectionString", text) for text in on_encryption(options, self.form))
        elif self._whole is None:
            yield from on_reach("auth.server", getattr(self, "server"))  # noqa: B009 - the field is the source's
            if self.form.encryption and getattr(self, "encryption") is None:  # noqa: B009 - the same
                yield Remark("auth.encryption", unencrypted('`encryption="verify"`'))


class ShortNamedStringAuthModel(StringAuthModel):
    """An auth spec with a connection string that is called `ConnectionString`."""

    spec_name: Literal["ConnectionString"] = Field(default="ConnectionString", description=SPEC_NAME)


class ConnectionStringAuthModel(StringAuthModel):
    """`Connection String Based Authentication` with all parts. A source defines its port, form and descriptions."""

    spec_name: Literal["Connection String Based Authentication"] = Field(
        default=CONNECTION_STRING, description=SPEC_NAME
    )
    server: Annotated[Server | None, WITH_THE_PARTS] = Field(default=None, description=SERVER)
    port: Port | None = Field(default=None, description=PORT)
    database: Annotated[Database | None, WITH_THE_PARTS] = Field(default=None, description=DATABASE)
    username: Annotated[Username | None, WITH_THE_PARTS] = Field(default=None, description=USERNAME)
    password: Annotated[Password | None, SECRET, WITH_THE_PARTS] = Field(default=None, description=PASSWORD)
    encryption: Annotated[Literal["verify", "require", "request", "disable"] | None, DRIVERS_DEFAULT] = Field(
        default=None, description=ENCRYPTION
    )
    connection_string: Annotated[Secret | None, SECRET, OR_THE_PARTS] = Field(default=None, description=WHOLE)


def _names(parts: Iterable[str]) -> str:
    return ", ".join(f"`{part}`" for part in parts)
