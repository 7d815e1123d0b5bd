"""Settings: the environment, then the stack's configuration, then the credentials file.

The environment comes first because it is always current: the engine hands `refresh` and `destroy` the configuration
that was stored with the last update, not the one that is set now.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pulumi_adobe_aep.errors import SettingsError
from pulumi_adobe_aep.redaction import register

NAMESPACE = "adobe-aep"
BASE_URL = "https://platform.adobe.io"
IMS_URL = "https://ims-na1.adobelogin.com"
# The scopes of the environment template in Adobe's Postman samples for Experience Platform.
SCOPES = "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"
LOG_LEVELS = ("debug", "info", "warning")
# Adobe, "Sandbox management": lower-case letters, numbers and hyphens, beginning with a letter, at most 256.
SANDBOX_NAME = re.compile(r"[a-z][a-z0-9-]{0,255}")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_ORGANIZATION = re.compile(r"[A-Za-z0-9]+@AdobeOrg")

ConfigGetter = Callable[[str], object]


class Name(NamedTuple):
    """The names of one setting, and what it means."""

    environment: str
    config: str
    meaning: str
    """A sentence or two, as the pages and the plugin's schema have it."""
    in_file: tuple[str, ...] = ()
    """Its keys in a credentials file, lower case with underscores, the preferred one first."""
    is_secret: bool = False


CLIENT_ID = Name(
    "AEP_CLIENT_ID",
    "clientId",
    "The client id of the OAuth server-to-server credential; Adobe's API key.",
    ("client_id", "api_key"),
)
CLIENT_SECRET = Name(
    "AEP_CLIENT_SECRET",
    "clientSecret",
    "Its client secret.",
    ("client_secret", "secret", "client_secrets"),
    is_secret=True,
)
ORG_ID = Name("AEP_ORG_ID", "orgId", "The organization; ends with `@AdobeOrg`.", ("org_id",))
SCOPES_NAME = Name(
    "AEP_SCOPES",
    "scopes",
    "The scopes to ask for, separated by commas. The default is that of Adobe's template.",
    ("scopes",),
)
ACCESS_TOKEN = Name(
    "AEP_ACCESS_TOKEN",
    "accessToken",
    "A ready-made access token, instead of a client secret. It cannot be renewed, and lasts a day at most.",
    ("access_token",),
    is_secret=True,
)
CREDENTIALS_FILE = Name(
    "AEP_CREDENTIALS_FILE",
    "credentialsFile",
    "A JSON file with the keys below, as the Developer Console and aepp write it, in upper or lower case.",
)
SANDBOX = Name(
    "AEP_SANDBOX_NAME",
    "sandboxName",
    "The sandbox for resources that name none. There is no default: Adobe would take the production sandbox.",
    ("sandbox_name",),
)
BASE_URL_NAME = Name(
    "AEP_BASE_URL", "baseUrl", "Where Experience Platform is. Plain `http://` is for this machine only."
)
IMS_URL_NAME = Name("AEP_IMS_URL", "imsUrl", "Where Adobe's identity service (IMS) is.")
TIMEOUT = Name("AEP_TIMEOUT", "timeout", "Seconds that one whole operation (create, read, update, delete) may take.")
MAX_CONCURRENCY = Name(
    "AEP_MAX_CONCURRENCY",
    "maxConcurrency",
    "How many operations run at once; `pulumi up --parallel` must allow as many.",
)
LOG = Name("AEP_LOG", "log", f"How much is logged: {', '.join(f'`{level}`' for level in LOG_LEVELS)}.")
NAMES = (
    CLIENT_ID,
    CLIENT_SECRET,
    ORG_ID,
    SCOPES_NAME,
    ACCESS_TOKEN,
    CREDENTIALS_FILE,
    SANDBOX,
    BASE_URL_NAME,
    IMS_URL_NAME,
    TIMEOUT,
    MAX_CONCURRENCY,
    LOG,
)
"""All settings, in the order in which they are told."""


@dataclass(frozen=True)
class Credentials:
    """What identifies the caller to Adobe. Secrets are left out of its repr."""

    client_id: str
    org_id: str
    scopes: str
    client_secret: str = field(repr=False)
    """Empty when there is a ready-made token."""
    access_token: str = field(repr=False)
    """A ready-made token; empty when tokens come from IMS."""


@dataclass(frozen=True)
class Settings:
    """Every setting, with where it came from.

    Missing credentials are no error here: a preview needs none. `credentials` raises when they are first needed.
    """

    client_id: str
    org_id: str
    sandbox_name: str
    scopes: str
    base_url: str
    ims_url: str
    timeout: float
    """Seconds that one whole operation (create, read, update, delete) may take."""
    max_concurrency: int
    log: str
    client_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each setting that is not a default came from, by its environment name."""

    def credentials(self) -> Credentials:
        """Return the credentials.

        Raises:
            SettingsError: One or more are missing; the message names all of them.
        """
        missing = [name for name, value in ((CLIENT_ID, self.client_id), (ORG_ID, self.org_id)) if not value]
        if not self.client_secret and not self.access_token:
            missing.append(CLIENT_SECRET)
        if missing:
            raise SettingsError(
                "No credentials for Adobe Experience Platform: "
                + ", ".join(_spell(name) for name in missing)
                + (" is missing." if len(missing) == 1 else " are missing."),
                advice="Set them in the environment, as stack configuration, or name a JSON file with them in "
                f"{CREDENTIALS_FILE.environment}. The Developer Console shows them under the OAuth server-to-server "
                f"credential of your project; a ready-made token goes into {ACCESS_TOKEN.environment}.",
            )
        return Credentials(
            client_id=self.client_id,
            org_id=self.org_id,
            scopes=self.scopes,
            client_secret=self.client_secret,
            access_token=self.access_token,
        )


def load(environment: Mapping[str, str], config: ConfigGetter = lambda _key: None) -> Settings:
    """Read the settings.

    Args:
        environment: Usually `os.environ`. An empty value counts as not set, as pipelines leave it for a missing secret.
        config: Gives the stack configuration's value for a full key (`adobe-aep:orgId`), or None.

    Raises:
        SettingsError: A setting is malformed. Nothing is sent for it.
    """
    found = _SettingSources(environment, config)
    found.read_credentials_file()
    # At the place that comes first; at the same place a ready-made token is the more deliberate choice.
    token, secret = _for_header(found, ACCESS_TOKEN), _for_header(found, CLIENT_SECRET)
    if token and secret and found.rank(CLIENT_SECRET) < found.rank(ACCESS_TOKEN):
        token = ""
    return Settings(
        client_id=_for_header(found, CLIENT_ID),
        org_id=_organization(found),
        sandbox_name=_sandbox(found),
        scopes=found.text(SCOPES_NAME) or SCOPES,
        base_url=_url(found, BASE_URL_NAME, BASE_URL),
        ims_url=_url(found, IMS_URL_NAME, IMS_URL),
        timeout=_number(found, TIMEOUT, 300.0, lowest=1.0),
        max_concurrency=int(_number(found, MAX_CONCURRENCY, 16.0, lowest=1.0)),
        log=_log_level(found),
        client_secret=register(secret),
        access_token=register(token),
        sources=found.sources,
    )


class _SettingSources:
    """Looks a setting up in the three places and remembers where it was."""

    def __init__(self, environment: Mapping[str, str], config: ConfigGetter) -> None:
        self._environment = environment
        self._config = config
        self._file: dict[str, str] = {}
        self._file_name = ""
        self._ranks: dict[Name, int] = {}
        self.sources: dict[str, str] = {}

    def text(self, name: Name) -> str:
        """Return a setting without white space around it; empty when it is nowhere."""
        in_file = next((self._file[key] for key in name.in_file if self._file.get(key)), "")
        places: tuple[tuple[object, str], ...] = (
            (self._environment.get(name.environment), f"environment variable {name.environment}"),
            (self._config(f"{NAMESPACE}:{name.config}"), f"stack configuration {NAMESPACE}:{name.config}"),
            (in_file, f"credentials file {self._file_name}"),
        )
        for rank, (value, place) in enumerate(places):
            text = "" if value is None else str(value).strip()
            if text:
                self.sources[name.environment] = place
                self._ranks[name] = rank
                return text
        return ""

    def rank(self, name: Name) -> int:
        return self._ranks[name]

    def refuse(self, name: Name, why: str, advice: str) -> SettingsError:
        return SettingsError(f"{_spell(name)} cannot be used ({self.sources[name.environment]}): {why}.", advice=advice)

    def read_credentials_file(self) -> None:
        file_name = self.text(CREDENTIALS_FILE)
        if not file_name:
            return
        try:
            # With the mark that Windows' editors put in front, or without it.
            content = json.loads(Path(file_name).expanduser().read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise self.refuse(
                CREDENTIALS_FILE,
                f"{file_name} cannot be read: {error.strerror}",
                "Name a file that exists and that you may read.",
            ) from None
        except (ValueError, RecursionError):
            content = None
        except RuntimeError as error:  # the home directory of ~name is nowhere
            raise self.refuse(
                CREDENTIALS_FILE, f"{file_name} cannot be read: {str(error).rstrip('.')}", "Give the whole path."
            ) from None
        if not isinstance(content, dict):
            raise self.refuse(
                CREDENTIALS_FILE,
                f"{file_name} holds no JSON object",
                "Download the credential's JSON from the Developer Console, or write one with the keys "
                "client_id, client_secret, org_id and scopes.",
            )
        self._file_name = file_name
        plain = ((_plain_key(key), value) for key, value in content.items())
        self._file = {key: _plain_value(key, value) for key, value in plain}


def _plain_key(key: str) -> str:
    """Return a key of a credentials file as we compare it: the console and aepp differ in case and hyphens."""
    return key.strip().lower().replace("-", "_")


def _plain_value(key: str, value: object) -> str:
    if isinstance(value, list):
        texts = [item.strip() for item in value if isinstance(item, str)]
        # A client may hold several live secrets, of which any will do; scopes go to IMS joined by commas.
        return ",".join(texts) if key == "scopes" else next(iter(texts), "")
    return value if isinstance(value, str) else ""


def _spell(name: Name) -> str:
    return f"{name.environment} ({NAMESPACE}:{name.config})"


def _for_header(found: _SettingSources, name: Name) -> str:
    """Return a setting that goes into an HTTP header, or comes from where the others do; never quotes it."""
    text = found.text(name)
    if text and not _PRINTABLE.fullmatch(text):
        raise found.refuse(
            name,
            "it holds a space, a line break or another character that no credential of Adobe's has",
            "Copy it again from the Developer Console.",
        )
    return text


def _organization(found: _SettingSources) -> str:
    org_id = found.text(ORG_ID)
    if org_id and not _ORGANIZATION.fullmatch(org_id):
        raise found.refuse(
            ORG_ID,
            f"'{org_id}' is no organization id",
            "Copy the organization id from the Developer Console; it ends with @AdobeOrg.",
        )
    return org_id


def _sandbox(found: _SettingSources) -> str:
    name = found.text(SANDBOX)
    if name and not SANDBOX_NAME.fullmatch(name):
        raise found.refuse(
            SANDBOX,
            f"'{name}' is no sandbox name",
            "Give the sandbox's name, not its title: lower-case letters, digits and hyphens, beginning with a letter.",
        )
    return name


def _url(found: _SettingSources, name: Name, default: str) -> str:
    text = (found.text(name) or default).rstrip("/")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    plain = _HOST.fullmatch(host) and _PRINTABLE.fullmatch(text) and "@" not in parts.netloc
    if not plain or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise found.refuse(name, "it is no plain https address", f"Give an address such as {default}, or leave it out.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise found.refuse(
            name,
            f"'{text}' would send credentials unencrypted",
            "Use https://. Plain http:// is for an emulator on this machine only (127.0.0.1, ::1, localhost).",
        )
    return text


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(found: _SettingSources, name: Name, default: float, *, lowest: float) -> float:
    text = found.text(name)
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    # Written so that "nan" fails as well; the upper end is a day of seconds, far above any sensible value.
    if not lowest <= number <= 86_400:  # noqa: PLR2004
        raise found.refuse(name, f"'{text}' is no number from {lowest:g} to 86400", f"The default is {default:g}.")
    return number


def _log_level(found: _SettingSources) -> str:
    level = found.text(LOG).lower() or "warning"
    if level not in LOG_LEVELS:
        raise found.refuse(LOG, f"'{level}' is no level", f"Use one of: {', '.join(LOG_LEVELS)}.")
    return level
