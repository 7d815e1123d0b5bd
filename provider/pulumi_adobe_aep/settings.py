"""Settings: the environment, then the stack's configuration, then the credentials file.

The environment comes first because it is always current: the engine hands `refresh` and `destroy` the configuration
that was stored with the last update, not the one that is set now.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from pulumi_adobe_aep.credentials_file import RIGHT_FILE, UnusableFile, plain_key, read_credentials_file
from pulumi_adobe_aep.errors import SettingsError
from pulumi_adobe_aep.redaction import register
from pulumi_adobe_aep.sandbox import RULE, is_sandbox_name

NAMESPACE = "adobe-aep"
BASE_URL = "https://platform.adobe.io"
IMS_URL = "https://ims-na1.adobelogin.com"
# The scopes of the environment template in Adobe's Postman samples for Experience Platform.
SCOPES = "openid,session,AdobeID,read_organizations,additional_info.projectedProductContext"
LOG_LEVELS = ("debug", "info", "warning")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_SCOPE = re.compile(r"[A-Za-z0-9_.:/-]+")
_ENDPOINT = re.compile(r"/(?:data/(?:foundation|core)|ims/(?:token|exchange|authorize|oauth))(?:/.*)?$", re.IGNORECASE)
"""The paths below which Adobe's services are; whatever precedes them is a prefix of somebody's own gateway."""
_ADOBES_HOSTS = (".adobe.io", ".adobelogin.com")
"""Where no prefix is possible."""
_ORGANIZATION = re.compile(r"[A-Za-z0-9]+@AdobeOrg")

ConfigGetter = Callable[[str], object]


class Name(NamedTuple):
    """The names of one setting, and what it means."""

    environment: str
    config: str
    meaning: str
    """A sentence or two, as the pages and the plugin's schema have it."""
    in_file: tuple[str, ...] = ()
    """Its keys in a credentials file, the preferred one first; case, hyphens and underscores do not matter."""
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
ORG_ID = Name("AEP_ORG_ID", "orgId", "The organization; ends with `@AdobeOrg`.", ("org_id", "ims_org_id", "ims_org"))
SCOPES_NAME = Name(
    "AEP_SCOPES",
    "scopes",
    "The scopes to ask for, separated by commas or as a JSON list. The default is that of Adobe's template.",
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
    "A JSON file as the Developer Console and aepp write it.",
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
    "How many operations run at once; the engine's `--parallel` must allow as many.",
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
"""All settings, in the order in which pages and commands show them."""
_IN_FILE = (CLIENT_ID, CLIENT_SECRET, ORG_ID, SCOPES_NAME, ACCESS_TOKEN, SANDBOX)


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

    Missing credentials are not an error here: a preview needs none. `credentials` raises when they are first needed.
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
    credentials_file: str = ""
    """The credentials file that was read; empty when there is none."""

    @property
    def is_service_on_this_machine(self) -> bool:
        """Whether the service is on a loopback address, as an emulator is."""
        return _is_on_this_machine(self.base_url)

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
                why=self._lacking_in_file(missing),
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

    def _lacking_in_file(self, missing: Iterable[Name]) -> str:
        if not self.credentials_file:
            return ""
        keys = ", ".join(" or ".join(name.in_file) for name in missing)
        return f"The credentials file {self.credentials_file} was read; it has no {keys}."


def load(environment: Mapping[str, str], config: ConfigGetter = lambda _key: None) -> Settings:
    """Read the settings.

    Args:
        environment: Usually `os.environ`. An empty value counts as not set, as pipelines leave it for a missing secret.
        config: Returns the stack configuration's value for a full key (`adobe-aep:orgId`), or None.

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
        scopes=_scopes(found),
        base_url=_url(found, BASE_URL_NAME, BASE_URL),
        ims_url=_url(found, IMS_URL_NAME, IMS_URL),
        timeout=_number(found, TIMEOUT, 300.0, lowest=1.0),
        max_concurrency=int(_number(found, MAX_CONCURRENCY, 16.0, lowest=1.0, whole=True)),
        log=_log_level(found),
        client_secret=register(secret),
        access_token=register(token),
        sources=found.sources,
        credentials_file=found.file_name,
    )


def is_service_on_this_machine(environment: Mapping[str, str], config: ConfigGetter) -> bool:
    """Return whether the settings lead to a service on a loopback address, as an emulator is.

    Args:
        environment: As in `load`.
        config: As in `load`.
    """
    try:
        url = _url(_SettingSources(environment, config), BASE_URL_NAME, BASE_URL)
    except SettingsError:
        return False  # The provider reports it.
    return _is_on_this_machine(url)


def _is_on_this_machine(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname or "")


class _SettingSources:
    """Looks a setting up in the three places and remembers where it was."""

    def __init__(self, environment: Mapping[str, str], config: ConfigGetter) -> None:
        self._environment = environment
        self._config = config
        self._file: dict[str, str] = {}
        self.file_name = ""
        self._ranks: dict[Name, int] = {}
        self.sources: dict[str, str] = {}

    def text(self, name: Name) -> str:
        """Return a setting without whitespace around it; empty when it is nowhere."""
        places: tuple[tuple[object, str], ...] = (
            (self._environment.get(name.environment), f"environment variable {name.environment}"),
            (self._config(f"{NAMESPACE}:{name.config}"), f"stack configuration {NAMESPACE}:{name.config}"),
            (self._in_file(name), f"credentials file {self.file_name}"),
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
            self._file = read_credentials_file(file_name)
        except UnusableFile as error:
            raise self.refuse(CREDENTIALS_FILE, f"{file_name} {error.why}", error.advice) from None
        if not any(map(self._in_file, _IN_FILE)):
            raise self.refuse(
                CREDENTIALS_FILE,
                f"{file_name} is a JSON file of another kind, without any key of a credential",
                RIGHT_FILE,
            )
        self.file_name = file_name

    def _in_file(self, name: Name) -> str:
        keys = map(plain_key, (*name.in_file, name.environment))
        return next((self._file[key] for key in keys if self._file.get(key)), "")


def _spell(name: Name) -> str:
    return f"{name.environment} ({NAMESPACE}:{name.config})"


def _for_header(found: _SettingSources, name: Name) -> str:
    """Return a setting that goes into an HTTP header, or comes from where the others do; never quotes it."""
    text = found.text(name)
    # Of a client's several live secrets any will do.
    text = next(iter(_json_strings(text) or [text]))
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        raise found.refuse(name, "it is in quotes, which would be sent with it", "Take the quotes away.")
    if text and not _PRINTABLE.fullmatch(text):
        raise found.refuse(
            name,
            "it holds a space, a line break or another character that no credential of Adobe's has",
            "Copy it again from the Developer Console.",
        )
    return text


def _scopes(found: _SettingSources) -> str:
    """Return the scopes as IMS takes them, joined by commas; they may be given with spaces or as a JSON list."""
    text = found.text(SCOPES_NAME)
    scopes = _json_strings(text)
    if scopes is None:
        scopes = [each for each in re.split(r"[,\s]+", text) if each]
    if text and not (scopes and all(map(_SCOPE.fullmatch, scopes))):
        raise found.refuse(
            SCOPES_NAME,
            "it is not a list of scopes",
            f"Separate them by commas, or leave it out. The default is {SCOPES}.",
        )
    return ",".join(scopes) or SCOPES


def _json_strings(text: str) -> list[str] | None:
    """Return the strings of a JSON list, as the Developer Console writes scopes and secrets; None for no list."""
    try:
        found = json.loads(text) if text.startswith("[") else None
    except (ValueError, RecursionError):
        return None
    return [each.strip() for each in found] if found and all(isinstance(each, str) for each in found) else None


def _organization(found: _SettingSources) -> str:
    org_id = found.text(ORG_ID)
    if org_id and not _ORGANIZATION.fullmatch(org_id):
        raise found.refuse(
            ORG_ID,
            f"'{org_id}' is not an organization id",
            "Copy the organization id from the Developer Console; it ends with @AdobeOrg.",
        )
    return org_id


def _sandbox(found: _SettingSources) -> str:
    name = found.text(SANDBOX)
    if name and not is_sandbox_name(name):
        raise found.refuse(
            SANDBOX,
            f"'{name}' is not a sandbox name",
            f"Give the sandbox's name, not its title: {RULE}.",
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
        raise found.refuse(
            name, "it is not a plain https address", f"Give an address such as {default}, or leave it out."
        )
    if parts.scheme == "http" and not is_loopback(host):
        raise found.refuse(
            name,
            f"'{text}' would send credentials unencrypted",
            "Use https://. Plain http:// is for an emulator on this machine only (127.0.0.1, ::1, localhost).",
        )
    _refuse_endpoint(found, name, text)
    return text


def _refuse_endpoint(found: _SettingSources, name: Name, text: str) -> None:
    """Refuse an address with the path of an endpoint: Adobe's paths are appended to it."""
    parts = urlsplit(text)
    endpoint = _ENDPOINT.search(parts.path)
    of_adobe = (parts.hostname or "").endswith(_ADOBES_HOSTS)
    if endpoint or (of_adobe and parts.path):
        path = parts.path if of_adobe or endpoint is None else parts.path[endpoint.start() :]
        raise found.refuse(
            name,
            f"it ends in '{path}', and the paths of Adobe's services are appended to it",
            f"Leave the path out: {text.removesuffix(path)}",
        )


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself: `localhost`, 127.0.0.0/8 or ::1, without brackets."""
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # Python before 3.13 does not evaluate the IPv4 address inside ::ffff:127.0.0.1.
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _number(found: _SettingSources, name: Name, default: float, *, lowest: float, whole: bool = False) -> float:
    text = found.text(name)
    if not text:
        return default
    # Python would also take 1_6, inf, and the digits of other scripts.
    number = float(text) if _NUMBER.fullmatch(text) else float("nan")
    # Written so that "nan" fails as well; the upper end is a day of seconds, far above any sensible value.
    if not lowest <= number <= 86_400:  # noqa: PLR2004
        raise found.refuse(name, f"'{text}' is not a number from {lowest:g} to 86400", f"The default is {default:g}.")
    if whole and not number.is_integer():
        raise found.refuse(name, f"'{text}' is not a whole number", f"The default is {default:g}.")
    return number


def _log_level(found: _SettingSources) -> str:
    level = found.text(LOG).lower() or "warning"
    if level not in LOG_LEVELS:
        raise found.refuse(LOG, f"'{level}' is not a level", f"Use one of: {', '.join(LOG_LEVELS)}.")
    return level
