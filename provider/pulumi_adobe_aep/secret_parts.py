"""The secrets inside a secret: the password of a connection string, of a URL, of a JSON document.

A service that is sent a whole connection string may quote the password alone, so each of these is found and masked by
itself. What looks like a secret is found even where the rest of the string is malformed: an unnecessary mask is better
than a password on the console.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, unquote_plus

SENSITIVE_KEY = (
    r"(?:password|passwd|passphrase|pwd|secret|token|credential|credstring|account[ _-]?key|access[ _-]?key"
    r"|shared[ _-]?access[ _-]?signature|api[ _-]?key|private[ _-]?key|\bpass|\bsig|\bauthorization)s?"
)
"""A pattern of how the keys end whose value is a secret, without regard to case: those of ODBC and JDBC drivers (`PWD`,
`Password`, `AccountKey`, `CredString`), of OAuth and of the cloud vendors' key files."""

CREDENTIALS_IN_URL = r"""://[^\s/:@]*:(?!\d+(?:[/?#\s]|$))(?P<secret>[^\s"'<>]+)@"""
"""A pattern of the password in a URL, also with delimiters in it that ought to be percent-encoded, but of no port."""

_CREDENTIALS_IN_URL = re.compile(CREDENTIALS_IN_URL)
_KEY_IS_SECRET = re.compile(rf"{SENSITIVE_KEY}\s*$", re.IGNORECASE)
_PAIR = re.compile(rf"{SENSITIVE_KEY}\s*=\s*", re.IGNORECASE)
_JSON_PAIR = re.compile(
    rf"""{SENSITIVE_KEY}["']\s*:\s*(?P<mark>["'])(?P<value>(?:(?!(?P=mark))[^\\]|\\.)*)""",
    re.IGNORECASE,
)
_BRACED = re.compile(r"\{((?:[^}]|\}\})*)\}")
_QUOTED = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.|\1\1)*)\1""")
_END_OF_HOST = re.compile(r"[/?#\s]")
_END_OF_URL = re.compile(r"""[\s"'<>]""")
_DELIMITER_IN_URL = re.compile(r"[@:/?#]")
_ORACLE = re.compile(r"jdbc:oracle:\w+:[^/\s]*/(.+)@", re.IGNORECASE)
_USER_WITH_PASSWORD = re.compile(r"[^\s:/@]+:\S+@[^@]+")
_ALPHANUMERIC = re.compile(r"[^\W_]")
_HEADER = re.compile(r"\s*(Bearer|Basic|Token)\s+(\S+)\s*", re.IGNORECASE)
# Shorter lines of a key file are its last ones, and say nothing.
_SHORTEST_LINE = 16


def secrets_inside(secret: str) -> set[str]:
    """Return the secrets that a secret contains, as they are written in it and decoded; those inside them as well.

    Args:
        secret: A password, a connection string, a URL, a JSON document, a header's value, or anything else.
    """
    found: set[str] = set()
    waiting = [secret]
    while waiting:
        outer = waiting.pop()
        inner = {part for part in _directly_inside(outer) if part and part != secret} - found
        found |= inner
        waiting += inner
    return found


def is_secret_key(key: str) -> bool:
    """Return whether the value of a key is a secret, by the key's name."""
    return _KEY_IS_SECRET.search(key) is not None


def has_credentials_in_url(text: str) -> bool:
    """Return whether a string has a URL with a password in it."""
    return _CREDENTIALS_IN_URL.search(text) is not None


def has_secret_pair(text: str) -> bool:
    """Return whether a string holds a `key=value` whose key says that the value is a secret."""
    return any(text[pair.end() :].strip(" ;") for pair in _PAIR.finditer(text))


def has_connection_string(text: str) -> bool:
    """Return whether a string holds several `key=value` pairs, a secret among them, as connection strings do."""
    pairs = [pair.partition("=") for pair in re.split(r"[;\s]+", text) if "=" in pair]
    return len(pairs) > 1 and any(is_secret_key(key) and _ALPHANUMERIC.search(value) for key, _, value in pairs)


def is_user_with_password(text: str) -> bool:
    """Return whether a string is the `user:password@host` of a URL whose scheme was left out."""
    return _USER_WITH_PASSWORD.fullmatch(text) is not None


def _directly_inside(secret: str) -> Iterator[str]:
    if "=" in secret:
        yield from _of_pairs(secret)
    if "://" in secret:
        yield from _of_urls(secret)
    if '"' in secret or "'" in secret:
        yield from _of_json(secret)
    if "\n" in secret:
        yield from (line for line in map(str.strip, secret.splitlines()) if _is_of_a_key_file(line))
    oracle = _ORACLE.search(secret)
    if oracle:
        yield from _with_decoded(oracle[1])
    header = _HEADER.fullmatch(secret)
    if header:
        yield header[2]
        yield from _of_basic(header[2])


def _of_pairs(secret: str) -> Iterator[str]:
    """Return the values of `key=value` pairs: of connection strings, of URLs' queries, of PostgreSQL's key words."""
    for pair in _PAIR.finditer(secret):
        for value in _values_at(secret, pair.end()):
            yield from _with_decoded(value.strip())


def _values_at(secret: str, start: int) -> Iterator[str]:
    braced = _BRACED.match(secret, start)
    if braced:
        yield braced[1]
        yield braced[1].replace("}}", "}")
        return
    quoted = _QUOTED.match(secret, start)
    if quoted:
        yield quoted[2]
        yield quoted[2].replace(quoted[1] * 2, quoted[1])
        return
    end = secret.find(";", start)
    value = secret[start:] if end == -1 else secret[start:end]
    yield value
    # Where the pairs are those of a query or of key words, they end at other marks.
    if end == -1 or "?" in secret[:start]:
        yield re.split(r"[&#]", value, maxsplit=1)[0]
    if ";" not in secret:
        yield re.split(r"[\s,]", value.lstrip(), maxsplit=1)[0]
    # A password with a semicolon that nobody put into braces: what follows has no '='.
    while end != -1:
        after = secret.find(";", end + 1)
        rest = secret[end + 1 :] if after == -1 else secret[end + 1 : after]
        if "=" in rest or not rest.strip():
            return
        yield rest
        yield secret[start:] if after == -1 else secret[start:after]
        end = after


def _of_urls(secret: str) -> Iterator[str]:
    """Return the passwords before the host of a URL, also with delimiters in them that ought to be percent-encoded."""
    for after_scheme in secret.split("://")[1:]:
        whole = _END_OF_URL.split(after_scheme, maxsplit=1)[0]
        authority = _END_OF_HOST.split(whole, maxsplit=1)[0]
        as_meant, as_read = _password_before_host(whole), _password_before_host(authority)
        for password in (as_meant, as_read):
            yield from _with_decoded(password)
        if as_meant != as_read or "@" in as_meant:
            # Who reads such a URL by the rules takes pieces of the password for a host, a port or a path.
            yield from _DELIMITER_IN_URL.split(as_meant)


def _password_before_host(text: str) -> str:
    user_info, at, _ = text.rpartition("@")
    user, colon, password = user_info.partition(":")
    # What is alone before the host is a token.
    return password if colon else user if at else ""


def _of_json(secret: str) -> Iterator[str]:
    try:
        yield from _of_document(json.loads(secret))
    except (ValueError, RecursionError):
        for pair in _JSON_PAIR.finditer(secret):
            yield pair["value"]


def _of_document(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if is_secret_key(key):
            yield value
        yield from _directly_inside(value)
    elif isinstance(value, Mapping):
        for inner_key, inner in value.items():
            yield from _of_document(inner, str(inner_key))
    elif isinstance(value, list):
        for inner in value:
            yield from _of_document(inner, key)


def _is_of_a_key_file(line: str) -> bool:
    return len(line) >= _SHORTEST_LINE and not line.startswith("-----")


def _of_basic(text: str) -> Iterator[str]:
    try:
        yield base64.b64decode(text, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return


def _with_decoded(value: str) -> Iterator[str]:
    yield value
    if "%" in value:
        yield unquote(value)
    if "+" in value:
        yield unquote_plus(value)
