"""docs/settings.md, from the names in settings.py."""

from __future__ import annotations

from typing import NamedTuple

from pulumi_adobe_aep import settings
from pulumi_adobe_aep.settings import NAMESPACE, Name
from tools.docs.tables import table

_HEAD = f"""# Settings

Each setting is looked for in three places; the first that has it wins:

1. the **environment** of the process that runs `pulumi`: always current, and never in the state;
2. the **stack's configuration**, `pulumi config set {NAMESPACE}:<name>`: with a trap for
   [refresh and destroy](secrets.md#the-trap-of-stored-configuration);
3. the **credentials file** that the first two name.

"""
_DEFAULTS = settings.load({})


class _Said(NamedTuple):
    default: str
    meaning: str


_SAID: dict[Name, _Said] = {
    settings.CLIENT_ID: _Said("", "The client id of the OAuth server-to-server credential; Adobe's API key."),
    settings.CLIENT_SECRET: _Said("", "Its client secret."),
    settings.ORG_ID: _Said("", "The organization; ends with `@AdobeOrg`."),
    settings.SCOPES_NAME: _Said(
        f"`{_DEFAULTS.scopes}`",
        "The scopes to ask for, separated by commas or as a JSON list. The default is that of Adobe's template.",
    ),
    settings.ACCESS_TOKEN: _Said(
        "", "A ready-made access token, instead of a client secret. It cannot be renewed, and lasts a day at most."
    ),
    settings.CREDENTIALS_FILE: _Said(
        "",
        "A JSON file as the Developer Console and aepp write it: see below.",
    ),
    settings.SANDBOX: _Said(
        "", "The sandbox for resources that name none. There is no default: Adobe would take the production sandbox."
    ),
    settings.BASE_URL_NAME: _Said(
        f"`{_DEFAULTS.base_url}`", "Where Experience Platform is. Plain `http://` is for this machine only."
    ),
    settings.IMS_URL_NAME: _Said(f"`{_DEFAULTS.ims_url}`", "Where Adobe's identity service (IMS) is."),
    settings.TIMEOUT: _Said(
        f"`{_DEFAULTS.timeout:g}`", "Seconds that one whole operation (create, read, update, delete) may take."
    ),
    settings.MAX_CONCURRENCY: _Said(
        f"`{_DEFAULTS.max_concurrency}`",
        "How many operations run at once; `pulumi up --parallel` must allow as many.",
    ),
    settings.LOG: _Said(
        f"`{_DEFAULTS.log}`", f"How much is logged: {', '.join(f'`{level}`' for level in settings.LOG_LEVELS)}."
    ),
}
_REST = """
An empty variable counts as not set. Where both a client secret and a token are given, the one from the place that comes
first is taken, and at the same place the token.

```sh
export AEP_ORG_ID=0123456789ABCDEF@AdobeOrg
export AEP_CLIENT_ID=0123456789abcdef
export AEP_SANDBOX_NAME=dev
AEP_CLIENT_SECRET="$(cat "$HOME/.aep-client-secret")"
export AEP_CLIENT_SECRET
```

A credentials file is one of these; case, hyphens and underscores in the keys do not matter:

- the file of an **OAuth Server-to-Server credential**, as **Download JSON** on its page in the Developer Console writes
  it: take this one;
- the file of a **project** of the Developer Console with one such credential;
- the **Postman environment** of such a credential;
- the configuration file of **aepp**, or one that you write:

```json
{
  "org_id": "0123456789ABCDEF@AdobeOrg",
  "client_id": "0123456789abcdef",
  "client_secret": "...",
  "scopes": ["openid", "session", "AdobeID"],
  "sandbox-name": "dev"
}
```

The files of JWT (Service Account) credentials, which Adobe no longer accepts, and of OAuth web apps, single-page apps
and native apps, which log in a person, are refused with what they are.

Proxies and private certificate authorities work through the variables that Python's requests reads: `HTTPS_PROXY`,
`NO_PROXY`, `REQUESTS_CA_BUNDLE`. TLS verification cannot be turned off, and no redirects are followed. A loopback
address (`127.0.0.1`, `::1`, `localhost`: an emulator) is never asked for through a proxy, whether or not `NO_PROXY`
names it. The user name and password of a proxy stand before its host (`HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`);
`@`, `#`, `/` and a single `%` in them need no percent-encoding here, although other programs want it. A SOCKS proxy
(`socks5h://`) needs the package PySocks.

`pulumi-adobe-aep doctor` shows each setting and where it came from, secrets shortened.

See also: [authentication](authentication.md), [sandboxes](sandboxes.md), [errors](errors.md#settingserror).
"""


def render() -> str:
    """Return the page's text."""
    names = [value for value in vars(settings).values() if isinstance(value, Name)]
    rows = (
        (
            f"`{name.environment}`",
            f"`{NAMESPACE}:{name.config}`",
            ", ".join(f"`{key}`" for key in name.in_file),
            _SAID[name].default,
            _SAID[name].meaning,
        )
        for name in names
    )
    return _HEAD + table(("Environment", "Stack configuration", "In the file", "Default", "Meaning"), rows) + _REST
