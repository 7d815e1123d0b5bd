"""What the service shows of a connection's credentials, in terms of what a program declares.

An import and a take-over must lose nothing: a PATCH replaces the credentials as a whole, so what a declaration does not
have is lost with the next change of the password.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pulumi_adobe_aep.kinds.base_connection.kind import ShownAuth
from pulumi_adobe_aep.kinds.base_connection.masks import is_mask
from pulumi_adobe_aep.kinds.base_connection.odbc import MalformedConnectionString
from pulumi_adobe_aep.kinds.base_connection.string_form import StringForm
from pulumi_adobe_aep.kinds.model import Properties

WHOLE_STRING = "connectionString"
SERVICES_OWN = frozenset({"authorizedDate"})
"""Keys that the service itself writes into `auth.params` on every change, in Adobe's examples."""
_NAMED_OPTIONS = {
    name.lower(): name
    for name in (
        "EncryptionMethod", "ValidateServerCertificate", "HostNameInCertificate", "CryptoProtocolVersion", "TrustStore",
        "KeyStore", "SslMode", "ApplicationName", "ConnectTimeout", "ConnectionTimeout", "LoginTimeout", "QueryTimeout",
        "CommandTimeout", "Timeout", "Pooling", "User ID",
    )
}  # fmt: skip
"""Options that a message may name. Another key may be half of an unquoted password."""
_UNNAMED = "another option"


@dataclass(frozen=True)
class ShownString:
    """What the service shows of a connection string."""

    parts: Mapping[str, str] = field(default_factory=dict)
    """The parts that are shown, never the password."""
    options: Mapping[str, str] = field(default_factory=dict)
    """All other keys in lower case, values as they are shown."""
    is_whole: bool = False
    """Whether only the password is hidden, so that a missing option is known to be missing: all parts are shown, and
    the password has a place."""
    has_key_twice: bool = False


def read_string(shown: object, form: StringForm) -> ShownString:
    """Parse what the service shows of a connection string; a string that cannot be parsed counts as hidden."""
    try:
        pairs = form.read(shown) if isinstance(shown, str) else []
    except MalformedConnectionString:
        return ShownString()
    keys = Counter(key for key, _ in pairs)
    parts: dict[str, str] = {}
    options: dict[str, str] = {}
    for key, value in pairs:
        if key not in form.parts:
            options[key] = value
        elif key != "password" and not is_mask(key, value) and not _is_placeholder(value, str(shown)):
            parts[key] = value
    is_whole = parts.keys() == set(form.visible_parts) and "password" in keys
    return ShownString(parts, options, is_whole, max(keys.values(), default=0) > 1)


def _is_placeholder(value: str, shown: str) -> bool:
    """Return whether a value is in braces that it does not need, as in `UID={USERNAME}`."""
    return value.replace("_", "").isalpha() and value.isupper() and f"{{{value}}}" in shown


def port_or_text(value: str | float) -> int | str:
    """Return a port as the number that we record, or whatever else is there as it is."""
    text = str(value).strip()
    return int(float(text)) if not is_mask("port", text) else text


def string_auth(params: Mapping[str, object], form: StringForm) -> ShownAuth:
    """Return what the service shows of an auth whose only parameter is a connection string."""
    string = read_string(params.get(WHOLE_STRING), form)
    values: Properties = {part: port_or_text(text) if part == "port" else text for part, text in string.parts.items()}
    hidden = [part for part in form.visible_parts if part not in values]
    left_over = [*(("a key that is there twice",) if string.has_key_twice else ())]
    left_over += [_name(key, form) for key in string.options if key not in form.encryption_keys]
    options = {key: value for key, value in string.options.items() if key in form.encryption_keys}
    encryption = form.encryption_of(options)
    if encryption is not None:
        values["encryption"] = encryption
    elif any(is_mask("encryption", value) for value in options.values()) or (not options and not string.is_whole):
        hidden += ["encryption"] if form.encryption else []
    else:
        left_over += [_name(key, form) for key in options]
    return ShownAuth(
        values=values,
        hidden=tuple(hidden),
        left_over=tuple(dict.fromkeys(left_over)),
        undeclarable=_unknown(params, {WHOLE_STRING}),
        whole=WHOLE_STRING,
    )


def contradictions(whole: str, params: Mapping[str, object], form: StringForm) -> tuple[str, ...]:
    """Return the names of what differs between a whole connection string and what the service shows.

    Args:
        whole: A connection string, well-formed.
        params: What the service shows.
        form: How such a string is written.
    """
    string = read_string(params.get(WHOLE_STRING), form)
    given = dict(form.read(whole))
    shown = {**string.parts, **{key: value for key, value in string.options.items() if not is_mask(key, value)}}
    differing = [
        name for name, value in shown.items() if _comparable(name, given.get(name)) != _comparable(name, value)
    ]
    if string.is_whole:
        differing += [name for name in given if name not in {*string.parts, *string.options, "password"}]
    return tuple(dict.fromkeys(name if name in form.parts else _name(name, form) for name in differing))


def _name(key: str, form: StringForm) -> str:
    return form.option_names.get(key) or _NAMED_OPTIONS.get(key, _UNNAMED)


def _comparable(name: str, value: str | None) -> object:
    return port_or_text(value) if name == "port" and value is not None else value


def parts_auth(
    params: Mapping[str, object],
    required: Mapping[str, str],
    optional: Mapping[str, str],
    secrets: Collection[str],
) -> ShownAuth:
    """Return what the service shows of an auth with a parameter for each part.

    Args:
        params: What the service shows.
        required: The properties that always exist, with the parameter of each, without the secrets.
        optional: Those that may exist, such as an SSL mode.
        secrets: The parameters that are secrets.
    """
    known = {**required, **optional}
    values = {key: value for key, name in known.items() if (value := _shown_value(key, params.get(name))) is not None}
    hidden = [key for key in required if key not in values]
    # Where the service leaves out another value to hide it, it may do so with this one, too.
    hidden += [key for key, name in optional.items() if key not in values and (params.get(name) is not None or hidden)]
    return ShownAuth(values=values, hidden=tuple(hidden), undeclarable=_unknown(params, {*known.values(), *secrets}))


def _shown_value(key: str, value: object) -> object:
    # Adobe's pages give an SSL mode on AWS as a boolean and as a string.
    text = str(value).lower() if isinstance(value, bool) else value
    if not isinstance(text, (str, int, float)) or is_mask(key, str(text)):
        return None
    return port_or_text(text) if key == "port" else str(text)


def _unknown(params: Mapping[str, object], known: set[str]) -> tuple[str, ...]:
    return tuple(key for key, value in params.items() if key not in known | SERVICES_OWN and value is not None)
