"""PostgreSQL's connection spec: its id, its two kinds of authentication, their bodies.

Source: Adobe, "Create a PostgreSQL base connection using the Flow Service API" and the "PostgreSQL" connector overview.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    SecretStr,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import InitErrorDetails
from typing_extensions import Self

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.base_connection.kind import (
    AUTH,
    WHOLE,
    AuthModel,
    BaseConnectionInputs,
    base_connection_kind,
)
from pulumi_adobe_aep.kinds.base_connection.odbc import MalformedConnectionString, Pair, build, parse
from pulumi_adobe_aep.kinds.model import (
    SECRET,
    UNKNOWN,
    Properties,
    Remark,
)
from pulumi_adobe_aep.kinds.secrets import Secret, SecretReference, reveal
from pulumi_adobe_aep.kinds.values import Line, Port, bad_value, new_error, repeat_error

CONNECTION_SPEC_ID = "74a1c565-4e59-48d7-9d67-7c03b8a13137"
CONNECTION_SPEC_VERSION = "1.0"
CONNECTION_STRING: Literal["Connection String Based Authentication"] = "Connection String Based Authentication"
BASIC: Literal["Basic Authentication"] = "Basic Authentication"
DEFAULT_PORT = 5432

KEYS = {"server": "Server", "database": "Database", "port": "Port", "username": "UID", "password": "Password"}
"""The key of each part in a connection string, in the order of Adobe's pattern."""
_PARTS = ("server", "port", "database", "username", "password")
_SPELLINGS = {**{key.lower(): part for part, key in KEYS.items()}, "pwd": "password"}
"""Keys as they are compared; PWD stands in Adobe's patterns for the sister databases."""

_KNOWN_KEYS = {
    **KEYS,
    **{key.lower(): key for key in ("EncryptionMethod", "ValidateServerCertificate", "ValidationServerCertificate")},
}

ENCRYPTION: dict[str, tuple[Pair, ...]] = {
    "verify": (("EncryptionMethod", "1"), ("ValidateServerCertificate", "1")),
    "require": (("EncryptionMethod", "1"), ("ValidateServerCertificate", "0")),
    "request": (("EncryptionMethod", "6"),),
    "disable": (("EncryptionMethod", "0"),),
}
"""What a connection string says for each value of `encryption`."""

SSL_MODES = (
    "Disable",
    "Allow",
    "Prefer",
    "Require",
    "Verify Ca",
    "Verify-Ca",
    "Verify Full",
    "Verify-Full",
    "true",
    "false",
)
"""Every spelling on any of Adobe's pages, which contradict each other; another one is passed through with a warning."""
_WITHOUT_ENCRYPTION = frozenset({"disable", "allow", "false"})

# What stands where the service hides a part: stars, dots, x's, or a placeholder such as {PASSWORD} or <hidden>.
_HIDDEN = re.compile(r"[*•.xX]+|\{.*\}|<.*>|\[.*\]")


def _check_encryption(value: object) -> object:
    if value is not None and not (isinstance(value, str) and value in ENCRYPTION):
        given = f", not '{value}'" if isinstance(value, str) else ""
        raise bad_value(f"must be one of {', '.join(ENCRYPTION)}{given}")
    return value


class ConnectionStringAuthModel(AuthModel):
    """`Connection String Based Authentication`: the parts of a connection string, or the whole of it."""

    spec_name: Literal["Connection String Based Authentication"] = Field(
        default=CONNECTION_STRING, description="The auth spec's name in Flow Service."
    )
    server: Line | None = Field(default=None, description="Host name or address of the database server.")
    port: Port | None = Field(default=None, description="Port of the database server. Default: 5432.")
    database: Line | None = Field(default=None, description="Name of the database.")
    username: Line | None = Field(default=None, description="Database role that Experience Platform logs in as.")
    password: Annotated[Secret | None, SECRET] = Field(default=None, description="The role's password.")
    encryption: Annotated[
        Literal["verify", "require", "request", "disable"] | None, BeforeValidator(_check_encryption)
    ] = Field(
        default=None,
        description="TLS to the database: `verify` (with the certificate checked), `require`, `request` or `disable`. "
        "Default: what Adobe's driver does without it.",
    )
    connection_string: Annotated[Secret | None, SECRET] = Field(
        default=None, description="The whole connection string, instead of all of the above."
    )

    remarked_on: ClassVar[tuple[str, ...]] = ("encryption", "connection_string")

    @model_validator(mode="wrap")
    @classmethod
    def _check_whole_or_parts(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check the fields and how they go together, so that all failures are told at once."""
        details = [*_whole_or_parts(value)] if isinstance(value, Mapping) else []
        try:
            model = handler(value)
        except ValidationError as error:
            details += [repeat_error(found) for found in error.errors(include_url=False, include_input=False)]
        if details:
            raise ValidationError.from_exception_data(cls.__name__, details, hide_input=True)
        return model

    def to_state(self) -> Properties:
        """Return the object for the state, with the default port: leaving it out and writing 5432 are the same."""
        wire = super().to_state()
        return wire if self.connection_string is not None else {**wire, "port": wire.get("port", DEFAULT_PORT)}

    def params(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return `auth.params`: the connection string.

        Raises:
            MissingSecret: A secret is to be read from a variable that is not set, or holds no connection string.
        """
        if self.connection_string is not None:
            text = reveal(self.connection_string, environment)
            if isinstance(self.connection_string, SecretReference):
                # What stands in the program was checked there; this is seen here for the first time.
                _require_connection_string(text, self.connection_string.from_env)
            return {"connectionString": text}
        wire = self.to_state()
        if self.password is not None:
            wire["password"] = reveal(self.password, environment)
        pairs = [(key, str(wire[part])) for part, key in KEYS.items()]
        return {"connectionString": build([*pairs, *ENCRYPTION.get(self.encryption or "", ())])}

    @classmethod
    def merge_observed(cls, recorded: Properties, params: Mapping[str, object]) -> Properties:
        """Take over the parts that the service shows. The string is a secret, so mostly it shows none."""
        shown = params.get("connectionString")
        if "connectionString" in recorded or not isinstance(shown, str):
            return recorded
        try:
            pairs = {key.lower(): value for key, value in parse(shown)}
        except MalformedConnectionString:
            return recorded
        observed = dict(recorded)
        for spelling, part in _SPELLINGS.items():
            value = pairs.get(spelling, "")
            if part != "password" and _is_shown(value):
                observed[part] = _port_or_text(value) if part == "port" else value
        if _shows_everything(pairs):
            observed.pop("encryption", None)
            encryption = _encryption(pairs)
            if encryption is not None:
                observed["encryption"] = encryption
        return observed

    @classmethod
    def needed_secrets(cls, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return the password where the parts say all the rest, and otherwise the whole connection string."""
        return ("password",) if is_fully_expressed_by_parts(params.get(WHOLE)) else (WHOLE,)

    def remarks(self) -> Iterator[Remark]:
        """Warn about a connection without encryption and about Adobe's misspelling."""
        if isinstance(self.connection_string, SecretStr):
            keys = {key.lower(): value for key, value in parse(self.connection_string.get_secret_value())}
            if "validationservercertificate" in keys:
                yield Remark(
                    "auth.connectionString",
                    "ValidationServerCertificate is a misspelling in Adobe's documentation, so the certificate is "
                    "not checked; write ValidateServerCertificate=1",
                )
            if keys.get("encryptionmethod", "0") == "0":
                yield Remark("auth.connectionString", _unencrypted("EncryptionMethod=1;ValidateServerCertificate=1"))
        elif self.connection_string is None and self.encryption in (None, "disable"):
            yield Remark("auth.encryption", _unencrypted('encryption="verify"'))


class BasicAuthModel(AuthModel):
    """`Basic Authentication`: the parts, and an SSL mode."""

    spec_name: Literal["Basic Authentication"] = Field(
        default=BASIC, description="The auth spec's name in Flow Service."
    )
    server: Line = Field(description="Host name or address of the database server.")
    port: Port = Field(default=DEFAULT_PORT, description="Port of the database server. Default: 5432.")
    database: Line = Field(description="Name of the database.")
    username: Line = Field(description="Database role that Experience Platform logs in as.")
    password: Annotated[Secret, SECRET] = Field(description="The role's password.")
    ssl_mode: Line | None = Field(
        default=None,
        description="TLS to the database, in Adobe's spelling: `Disable`, `Allow`, `Prefer`, `Require`, `Verify Ca`, "
        '`Verify Full`; on AWS `"true"` or `"false"`.',
    )

    remarked_on: ClassVar[tuple[str, ...]] = ("ssl_mode",)

    def params(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return `auth.params`. The port is a text, as in every example of Adobe's.

        Raises:
            MissingSecret: The password is to be read from a variable that is not set.
        """
        params = {key: str(value) for key, value in self.to_state().items() if key != "specName"}
        return {**params, "password": reveal(self.password, environment)}

    @classmethod
    def merge_observed(cls, recorded: Properties, params: Mapping[str, object]) -> Properties:
        """Take over what the service shows of each part; the password stays as it is recorded."""
        observed = dict(recorded)
        for key in ("server", "port", "database", "username", "sslMode"):
            value = params.get(key)
            # Adobe's pages give an SSL mode on AWS as a boolean and as a text.
            text = str(value).lower() if isinstance(value, bool) else value
            if isinstance(text, (str, int, float)) and not (isinstance(text, str) and _HIDDEN.fullmatch(text)):
                observed[key] = _port_or_text(text) if key == "port" else str(text)
        return observed

    def remarks(self) -> Iterator[Remark]:
        """Warn about an unknown SSL mode and about none."""
        if self.ssl_mode is None or str(self.ssl_mode).lower() in _WITHOUT_ENCRYPTION:
            yield Remark("auth.sslMode", _unencrypted('ssl_mode="Verify Full"'))
        elif self.ssl_mode not in (*SSL_MODES, UNKNOWN):
            yield Remark(
                "auth.sslMode",
                f"'{self.ssl_mode}' stands on none of Adobe's pages and is sent as it is; they have "
                f"{', '.join(SSL_MODES)}",
            )


def _whole_or_parts(wire: Mapping[str, Any]) -> Iterator[InitErrorDetails]:
    """Return what is wrong with the choice between a whole connection string and its parts."""
    parts = [part for part in (*_PARTS, "encryption") if wire.get(part) is not None]
    whole = wire.get("connectionString")
    if whole is not None and parts:
        yield new_error(f"has `connectionString` and also {_names(parts)}; give either the whole string or the parts")
    elif isinstance(whole, str) and whole.strip():
        yield from (new_error(text, "connectionString") for text in _wrong_in_connection_string(whole))
    elif whole is None and not parts:
        yield new_error(f"has neither the parts ({_names(_PARTS)}) nor `connectionString`")
    elif whole is None:
        missing = (part for part in _PARTS if part not in parts and part != "port")
        yield from (new_error("is missing", part) for part in missing)


def _names(parts: Iterable[str]) -> str:
    return ", ".join(f"`{part}`" for part in parts)


def _unencrypted(remedy: str) -> str:
    return (
        "nothing asks for encryption, so the password and the data may cross the network readable; "
        f"{remedy} encrypts and checks the server's certificate"
    )


def _port_or_text(value: str | float) -> int | str:
    """Return a port as the number that we record, or whatever else stands there as it is, so that it shows as drift."""
    text = str(value).strip()
    return int(float(text)) if re.fullmatch(r"\d{1,5}(\.0)?", text) else text


def _wrong_in_connection_string(text: str) -> Iterator[str]:
    """Return what a whole connection string lacks or has twice.

    Values are never named, and of the keys only ours: an unquoted password with a semicolon looks like other keys.
    """
    try:
        pairs = parse(text)
    except MalformedConnectionString as error:
        yield f"cannot be read: {error}"
        return
    keys = Counter(_SPELLINGS.get(key.lower(), key.lower()) for key, _ in pairs)
    twice = [_KNOWN_KEYS.get(key, "another key") for key, times in keys.items() if times > 1]
    if twice:
        yield f"has {', '.join(dict.fromkeys(twice))} more than once"
    filled = {_SPELLINGS.get(key.lower()) for key, value in pairs if value}
    missing = [key for part, key in KEYS.items() if part not in filled]
    if missing:
        # Without a "Password=": what follows one is masked.
        yield f"lacks {', '.join(missing)}; it must have Server, Database, Port, UID and Password, best in that order"


def _require_connection_string(text: str, variable: str) -> None:
    wrong = [*_wrong_in_connection_string(text)]
    if wrong:
        raise MissingSecret(
            f"The environment variable {variable} holds no whole connection string; nothing was sent.",
            why=" ".join(f"It {each}." for each in wrong),
            advice=f"Correct {variable} for the process that runs pulumi.",
        )


def is_fully_expressed_by_parts(shown: object) -> bool:
    """Return whether the parts say all that a connection string does, as far as the service shows it.

    Then the parts can be declared in its place; otherwise an option would be lost with the next change.

    Args:
        shown: `auth.params.connectionString` as the service answers it; the password may be hidden, nothing else.
    """
    try:
        pairs = {key.lower(): value for key, value in parse(shown)} if isinstance(shown, str) else {}
    except MalformedConnectionString:
        return False
    parts = {part: pairs.pop(spelling, "") for spelling, part in _SPELLINGS.items() if spelling in pairs}
    parts.pop("password", None)
    encryption = _encryption(pairs)
    return (
        parts.keys() == set(_PARTS) - {"password"}
        and all(value and not _HIDDEN.fullmatch(value) for value in parts.values())
        and pairs.keys() <= {"encryptionmethod", "validateservercertificate"}
        and (encryption in ENCRYPTION if "encryptionmethod" in pairs else not pairs)
    )


def _shows_everything(pairs: Mapping[str, str]) -> bool:
    """Tell a connection string that is shown from one that is only hinted at: then a missing option means none."""
    return all(_is_shown(pairs.get(key.lower(), "")) for part, key in KEYS.items() if part != "password")


def _is_shown(value: str) -> bool:
    return bool(value) and not _HIDDEN.fullmatch(value)


def _encryption(pairs: Mapping[str, str]) -> str | None:
    method = pairs.get("encryptionmethod")
    validate = pairs.get("validateservercertificate", "0")
    if method is None:
        return None
    for name, options in ENCRYPTION.items():
        wanted = {key.lower(): value for key, value in options}
        if wanted["encryptionmethod"] == method and wanted.get("validateservercertificate", validate) == validate:
            return name
    return f"EncryptionMethod={method}"


def _kind_of_auth(value: object) -> str | None:
    """Tell the kind of auth: by its name where there is one, otherwise by what only one of the two has."""
    if isinstance(value, AuthModel):
        return _tag(value.spec_name)
    if not isinstance(value, Mapping):
        return _tag(CONNECTION_STRING)
    named = value.get("specName")
    if named is not None:
        return _tag(named) if named in (CONNECTION_STRING, BASIC) else None
    return _tag(BASIC if value.get("sslMode") is not None else CONNECTION_STRING)


def _tag(spec_name: object) -> str:
    return f"<{spec_name}>"


class PostgresInputs(BaseConnectionInputs):
    """What a program declares of a PostgreSQL base connection."""

    auth: Annotated[
        Annotated[ConnectionStringAuthModel, Tag(_tag(CONNECTION_STRING))]
        | Annotated[BasicAuthModel, Tag(_tag(BASIC))],
        Discriminator(_kind_of_auth),
        AUTH,
    ] = Field(description="How Experience Platform logs in. Another kind of auth replaces the connection.")

    auth_kinds: ClassVar[tuple[type[AuthModel], ...]] = (ConnectionStringAuthModel, BasicAuthModel)


POSTGRES = base_connection_kind(
    name="PostgresBaseConnection",
    source="PostgreSQL",
    spec_id=CONNECTION_SPEC_ID,
    spec_version=CONNECTION_SPEC_VERSION,
    inputs=PostgresInputs,
)
"""PostgreSQL, as the life cycle knows it."""
