"""PostgreSQL's connection spec: its id, its two kinds of authentication, their bodies.

Source: Adobe, "Create a PostgreSQL base connection using the Flow Service API" and the "PostgreSQL" connector overview.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    SecretStr,
    Tag,
    model_validator,
)
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import InitErrorDetails, PydanticCustomError
from typing_extensions import Self

from pulumi_adobe_aep.errors import MissingSecret
from pulumi_adobe_aep.kinds.base_connection.kind import (
    AUTH,
    AuthModel,
    BaseConnectionInputs,
    ShownAuth,
    base_connection_kind,
)
from pulumi_adobe_aep.kinds.base_connection.odbc import MalformedConnectionString, Pair, build, parse, quote
from pulumi_adobe_aep.kinds.base_connection.shown import (
    StringForm,
    contradictions,
    parts_auth,
    read_string,
    string_auth,
)
from pulumi_adobe_aep.kinds.model import (
    SECRET,
    UNKNOWN,
    Properties,
    Remark,
    default_is,
    needed,
)
from pulumi_adobe_aep.kinds.placeholders import is_placeholder
from pulumi_adobe_aep.kinds.secrets import Secret, SecretReference, reveal
from pulumi_adobe_aep.kinds.server import Server, find_server_problem, is_out_of_reach
from pulumi_adobe_aep.kinds.values import (
    JOINERS,
    Identifier,
    Port,
    bad_value,
    check_line,
    check_port,
    find_invisible,
    new_error,
    validate_with,
)

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
_FOREIGN_KEYS = {
    key.replace(" ", "").lower(): key
    for key in ("SslMode", "Ssl", "Encrypt", "TrustServerCertificate", "SslRootCert", "SslCert", "RequireSsl")
}
"""Keys of other PostgreSQL and SQL Server drivers about TLS, as they are compared, without white space."""

_FORM = StringForm(spellings=_SPELLINGS, parts=("server", "port", "database", "username"), encryption=ENCRYPTION)


def _check_ssl_mode(value: object) -> object:
    """Take a boolean, which Adobe's page has on AWS, as the string that its example sends."""
    return str(value).lower() if isinstance(value, bool) else check_line(value)


def _no_placeholder(part: str) -> Callable[[str | SecretStr | SecretReference], Any]:
    """Return a validator that refuses what a template has in the place of a part."""

    def check(value: str | SecretStr | SecretReference) -> str | SecretStr | SecretReference:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and is_placeholder(part, text):
            raise bad_value(f"is a placeholder; put the {part} in its place")
        return value

    return check


Database = Annotated[Identifier, AfterValidator(_no_placeholder("database"))]
Username = Annotated[Identifier, AfterValidator(_no_placeholder("username"))]
Password = Annotated[Secret, AfterValidator(_no_placeholder("password"))]
SslMode = Annotated[str, BeforeValidator(_check_ssl_mode)]


def _check_encryption(value: object) -> object:
    if value is not None and not (isinstance(value, str) and value in ENCRYPTION):
        given = f", not '{value}'" if isinstance(value, str) else ""
        raise bad_value(f"must be one of {', '.join(ENCRYPTION)}{given}")
    return value


WITH_THE_PARTS = needed("with the parts")

_SERVER = "Host name or address of the database server, as Adobe's servers reach it, and nothing else."
_PORT = "Port of the database server."
_DATABASE = "Name of the database."
_USERNAME = "Database role that Experience Platform logs in as."
_PASSWORD = "The role's password; always encrypted in the state."  # noqa: S105 - a description


class ConnectionStringAuthModel(AuthModel):
    """`Connection String Based Authentication`: the parts of a connection string, or the whole of it."""

    spec_name: Literal["Connection String Based Authentication"] = Field(
        default=CONNECTION_STRING, description="The auth spec's name in Flow Service."
    )
    server: Annotated[Server | None, WITH_THE_PARTS] = Field(default=None, description=_SERVER)
    port: Annotated[Port | None, default_is(f"`{DEFAULT_PORT}`")] = Field(default=None, description=_PORT)
    database: Annotated[Database | None, WITH_THE_PARTS] = Field(default=None, description=_DATABASE)
    username: Annotated[Username | None, WITH_THE_PARTS] = Field(default=None, description=_USERNAME)
    password: Annotated[Password | None, SECRET, WITH_THE_PARTS] = Field(default=None, description=_PASSWORD)
    encryption: Annotated[
        Literal["verify", "require", "request", "disable"] | None,
        BeforeValidator(_check_encryption),
        default_is("what Adobe's driver does without it"),
    ] = Field(
        default=None,
        description="TLS to the database: `verify` (encrypt and check the certificate), `require`, `request` or "
        "`disable`.",
    )
    connection_string: Annotated[Secret | None, SECRET, needed("or the parts")] = Field(
        default=None,
        description="The whole connection string, `Server=...;Database=...;Port=...;UID=...;Password=...`, instead of "
        "all of the above; always encrypted in the state.",
    )

    remarked_on: ClassVar[tuple[str, ...]] = ("server", "encryption", "connection_string")

    @model_validator(mode="wrap")
    @classmethod
    def _check_whole_or_parts(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Check the fields and how they go together, so that all failures are told at once."""
        details = [*_whole_or_parts(value)] if isinstance(value, Mapping) else []
        return validate_with(details, value, handler, title=cls.__name__)

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
        if "connectionString" in recorded:
            return recorded
        string = read_string(params.get("connectionString"), _FORM)
        shown = cls.shown(params)
        observed = {**recorded, **{key: value for key, value in shown.values.items() if key in _PARTS}}
        if string.is_whole and "encryption" not in shown.hidden:
            observed.pop("encryption", None)
            encryption = _encryption(string.options)
            if encryption is not None:
                observed["encryption"] = encryption
        return observed

    @classmethod
    def shown(cls, params: Mapping[str, object]) -> ShownAuth:
        """Return what the service shows of the connection string."""
        return string_auth(params, _FORM)

    @classmethod
    def contradictions(cls, whole: str, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names of what a whole connection string says otherwise than the service shows."""
        return contradictions(whole, params, _FORM)

    def not_declared(self, params: Mapping[str, object]) -> tuple[str, ...]:
        """Return what the parts cannot say of the connection string that the service shows."""
        shown = self.shown(params)
        # Encryption has a property of its own: what is declared there is meant to replace what there is.
        options = [name for name in shown.left_over if name.lower() not in _FORM.encryption_keys]
        return (*shown.undeclarable, *(options if self.connection_string is None else ()))

    def remarks(self) -> Iterator[Remark]:
        """Warn about TLS that nothing asks for, about options that are none, and about a server out of reach."""
        if isinstance(self.connection_string, SecretStr):
            keys = {key.lower(): value for key, value in parse(self.connection_string.get_secret_value())}
            yield from _on_reach("auth.connectionString", keys.get("server"))
            yield from (Remark("auth.connectionString", text) for text in _on_encryption(keys))
        elif self.connection_string is None:
            yield from _on_reach("auth.server", self.server)
            if self.encryption is None:
                yield Remark("auth.encryption", _unencrypted('`encryption="verify"`'))


class BasicAuthModel(AuthModel):
    """`Basic Authentication`: the parts, and an SSL mode."""

    spec_name: Literal["Basic Authentication"] = Field(
        default=BASIC, description="The auth spec's name in Flow Service."
    )
    server: Server = Field(description=_SERVER)
    port: Port = Field(default=DEFAULT_PORT, description=_PORT)
    database: Database = Field(description=_DATABASE)
    username: Username = Field(description=_USERNAME)
    password: Annotated[Password, SECRET] = Field(description=_PASSWORD)
    ssl_mode: SslMode | None = Field(
        default=None,
        description="TLS to the database, in Adobe's spelling: `Disable`, `Allow`, `Prefer`, `Require`, `Verify Ca`, "
        "`Verify Full`; on AWS `True` or `False`. Adobe's pages contradict each other, so it is sent as it is.",
    )

    remarked_on: ClassVar[tuple[str, ...]] = ("server", "ssl_mode")

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
        return {**recorded, **cls.shown(params).values}

    @classmethod
    def shown(cls, params: Mapping[str, object]) -> ShownAuth:
        """Return what the service shows of each part."""
        return parts_auth(params, ("server", "port", "database", "username"), "sslMode")

    def remarks(self) -> Iterator[Remark]:
        """Warn about an unknown SSL mode, about none, and about a server out of reach."""
        yield from _on_reach("auth.server", self.server)
        # Not about Disable and false, which are said on purpose; that Allow does not encrypt, its name does not say.
        if self.ssl_mode is None or str(self.ssl_mode).lower() == "allow":
            yield Remark("auth.sslMode", _unencrypted('`sslMode="Verify Full"`'))
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


def _on_reach(path: str, server: object) -> Iterator[Remark]:
    """Warn about a server that only this machine or this network knows."""
    # In a preview it may be UNKNOWN.
    if isinstance(server, str) and is_out_of_reach(server):
        yield Remark(
            path,
            "the server's name or address is known on this machine or in this network only, and Adobe's servers must "
            "reach it; give a public one, and allow Adobe's addresses in the firewall",
            about_reach=True,
        )


def _on_encryption(keys: Mapping[str, str]) -> Iterator[str]:
    """Return what is to be said of the encryption that a whole connection string asks for.

    Args:
        keys: Its pairs, keys in lower case.
    """
    remedy = "EncryptionMethod=1;ValidateServerCertificate=1"
    foreign = [_FOREIGN_KEYS[key] for key in (key.replace(" ", "") for key in keys) if key in _FOREIGN_KEYS]
    if "validationservercertificate" in keys:
        yield (
            "ValidationServerCertificate is a misspelling in Adobe's documentation, so the certificate is not "
            "checked; write ValidateServerCertificate=1"
        )
    if foreign:
        yield (
            f"{', '.join(foreign)} is an option of other drivers, which Adobe's driver does not know: it takes "
            f"EncryptionMethod and ValidateServerCertificate; {remedy} encrypts and checks the server's certificate"
        )
    elif "encryptionmethod" not in keys:
        yield _unencrypted(remedy)


def _unencrypted(remedy: str) -> str:
    return (
        "nothing asks for encryption, so the password and the data may cross the network readable; "
        f"{remedy} encrypts and checks the server's certificate"
    )


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
    values = {_SPELLINGS.get(key.lower(), ""): value for key, value in pairs if value}
    filled = values.keys()
    missing = [key for part, key in KEYS.items() if part not in filled]
    if missing:
        # Without a "Password=": what follows one is masked.
        yield f"lacks {', '.join(missing)}; it must have Server, Database, Port, UID and Password, best in that order"
    yield from (
        f"has a {KEYS[part]} that {wrong}"
        for part, value in values.items()
        if part and (wrong := _wrong_in_part(part, value, in_braces=quote(value) == value and f"{{{value}}}" in text))
    )


def _wrong_in_part(part: str, value: str, *, in_braces: bool) -> str:
    """Return what is wrong with one part of a whole connection string, without its value, or an empty string.

    Args:
        part: The part's name.
        value: Its value, without quotes.
        in_braces: It stands in braces that it does not need.
    """
    if is_placeholder(part, value, in_braces=in_braces):
        return "is a placeholder"
    if part == "server":
        problem = find_server_problem(value)
        return problem.text if problem else ""
    if part == "port":
        return "" if _is_port(value) else "is no whole number from 1 to 65535"
    unseen = "" if part == "password" else find_invisible(value, allowed=JOINERS)
    return f"holds an invisible character ({unseen})" if unseen else ""


def _is_port(value: str) -> bool:
    try:
        check_port(value)
    except PydanticCustomError:
        return False
    return True


def _require_connection_string(text: str, variable: str) -> None:
    wrong = [*_wrong_in_connection_string(text)]
    if wrong:
        raise MissingSecret(
            f"The environment variable {variable} holds no whole connection string; nothing was sent.",
            why=" ".join(f"It {each}." for each in wrong),
            advice=f"Correct {variable} for the process that runs pulumi.",
        )


def _encryption(options: Mapping[str, str]) -> str | None:
    """Return the `encryption` that a shown string amounts to, for a refresh; whatever else is said shows as drift."""
    method = options.get("encryptionmethod")
    validate = options.get("validateservercertificate", "0")
    if method is None:
        return None
    for name, pairs in ENCRYPTION.items():
        wanted = {key.lower(): value for key, value in pairs}
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
    ] = Field(
        description="How Experience Platform logs in to the database. Another kind of auth replaces the connection."
    )

    auth_kinds: ClassVar[tuple[type[AuthModel], ...]] = (ConnectionStringAuthModel, BasicAuthModel)


POSTGRES = base_connection_kind(
    name="PostgresBaseConnection",
    source="PostgreSQL",
    spec_id=CONNECTION_SPEC_ID,
    spec_version=CONNECTION_SPEC_VERSION,
    inputs=PostgresInputs,
)
"""PostgreSQL, as the life cycle knows it."""
