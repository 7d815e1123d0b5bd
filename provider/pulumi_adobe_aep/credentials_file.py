"""The credentials file: which kinds of JSON files hold an OAuth server-to-server credential, and what the others are.

Sources: Adobe, "OAuth Server-to-Server credential implementation guide" (the credential's own file), "Adobe I/O
Console: project file" (`aio console workspace download`: the whole project), "Getting started with Postman and
Experience Platform" (an environment), and the configuration files of the library aepp.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RIGHT_FILE = (
    "In the Developer Console open the project's OAuth Server-to-Server credential and choose Download JSON, or write "
    "a file with the keys client_id, client_secret, org_id and scopes."
)
_SERVER_TO_SERVER = "oauthservertoserver"
_IDENTIFYING = frozenset({"clientid", "apikey", "clientsecret", "clientsecrets", "secret", "accesstoken"})
_ENVIRONMENT_FILE = re.compile(r"\s*(?:#.*\n\s*)*(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*=")


class UnusableFile(Exception):
    """A file holds no credential that this provider can use.

    Args:
        why: What it is, to follow the file's name. Quotes nothing of it.
        advice: Which file to take.
    """

    def __init__(self, why: str, advice: str = RIGHT_FILE) -> None:
        super().__init__(why)
        self.why = why
        self.advice = advice


def read_credentials_file(file_name: str) -> dict[str, str]:
    """Read a credentials file: a credential's own, a project's, a Postman environment, or one written by hand.

    Args:
        file_name: Its path; `~` is the home directory.

    Returns:
        The values by their keys as `plain_key` writes them. A list of scopes is joined by commas; of a client's
        several live secrets the first is taken.

    Raises:
        UnusableFile: It cannot be read, or is a file of another kind.
    """
    content = _load(file_name)
    values = _project(content) or _postman_environment(content) or _plain(content)
    kind = _other_kind(content, values)
    if kind:
        raise UnusableFile(kind)
    return values


def plain_key(key: str) -> str:
    """Return a key as it is compared: the console, aepp and people differ in case, hyphens and underscores."""
    return re.sub(r"[\s_-]", "", key).lower()


def _load(file_name: str) -> dict[str, Any]:
    try:
        # With the mark that Windows' editors put in front, or without it.
        text = Path(file_name).expanduser().read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnusableFile(
            f"cannot be read: {error.strerror}", "Name a file that exists and that you may read."
        ) from None
    except UnicodeDecodeError:
        raise UnusableFile("holds no JSON object") from None
    except RuntimeError as error:  # the home directory of ~name is nowhere
        raise UnusableFile(f"cannot be read: {str(error).rstrip('.')}", "Give the whole path.") from None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise _no_object(text)
    return content


def _no_object(text: str) -> UnusableFile:
    if text.lstrip().startswith("-----BEGIN"):
        return UnusableFile("holds no JSON object but a key or a certificate, as a JWT credential has")
    if _ENVIRONMENT_FILE.match(text):
        return UnusableFile(
            "holds no JSON object but lines of NAME=value",
            "Load it into the environment, `set -a; . FILE; set +a`, and leave this setting out.",
        )
    return UnusableFile("holds no JSON object")


def _project(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the one server-to-server credential of the Developer Console's project file, with its organization."""
    found = [value for key, value in _walk(content) if key == _SERVER_TO_SERVER and isinstance(value, Mapping)]
    credentials = {values.get("clientid", ""): values for values in map(_plain, found)}
    if len(credentials) > 1:
        raise UnusableFile(f"is a project's file with {len(credentials)} OAuth Server-to-Server credentials")
    organizations = [value for key, value in _walk(content) if key == "imsorgid" and isinstance(value, str)]
    return next(({"imsorgid": next(iter(organizations), ""), **values} for values in credentials.values()), {})


def _postman_environment(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a Postman environment, without its token, which has long expired when somebody reads it."""
    entries = content.get("values")
    if not isinstance(entries, list):
        return {}
    pairs = {each["key"]: each.get("value") for each in entries if isinstance(each, Mapping) and _is_named(each)}
    return {key: value for key, value in _plain(pairs).items() if key != "accesstoken"}


def _is_named(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("key"), str)


def _plain(content: Mapping[str, Any]) -> dict[str, str]:
    return {plain_key(key): _plain_value(plain_key(key), value) for key, value in content.items()}


def _plain_value(key: str, value: object) -> str:
    if isinstance(value, list):
        texts = [item.strip() for item in value if isinstance(item, str)]
        return ",".join(texts) if key.endswith("scopes") else next(iter(texts), "")
    return value if isinstance(value, str) else ""


def _other_kind(content: Mapping[str, Any], values: Mapping[str, str]) -> str:
    """Return what a file is that holds no credential of ours, or an empty string."""
    keys = {key for key, value in _walk(content) if value not in (None, "", [], {})}
    if content.get("type") == "service_account":
        return "is the key of a Google service account"
    if _SERVER_TO_SERVER in keys:
        return ""
    if any("redirecturi" in key for key in keys):
        return "is the file of an OAuth web app, single-page app or native app, which log in a person"
    if keys & {"privatekey", "metascopes", "pathtokey", "jwt"} and "scopes" not in keys:
        return "is the file of a JWT (Service Account) credential, which Adobe no longer accepts"
    if keys & {"project", "workspace", "credentials"} and not _IDENTIFYING & values.keys():
        return "is a project's file without an OAuth Server-to-Server credential"
    return ""


def _walk(content: object) -> Iterator[tuple[str, object]]:
    """Return every key, as it is compared, with its value, however deep it lies."""
    left = [content]
    while left:
        node = left.pop()
        if isinstance(node, Mapping):
            yield from ((plain_key(key), value) for key, value in node.items())
        left += node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
