"""docs/settings.md, from the names in settings.py."""

from __future__ import annotations

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


_DEFAULT_OF: dict[Name, str] = {
    settings.SCOPES_NAME: _DEFAULTS.scopes,
    settings.BASE_URL_NAME: _DEFAULTS.base_url,
    settings.IMS_URL_NAME: _DEFAULTS.ims_url,
    settings.TIMEOUT: f"{_DEFAULTS.timeout:g}",
    settings.MAX_CONCURRENCY: str(_DEFAULTS.max_concurrency),
    settings.LOG: _DEFAULTS.log,
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
names it. The user name and password of a proxy come before its host (`HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`);
`@`, `#`, `/` and a single `%` in them need no percent-encoding here, although other programs want it. A SOCKS proxy
(`socks5h://`) needs the package PySocks.

`pulumi-adobe-aep doctor` shows each setting and where it came from, secrets shortened.

See also: [authentication](authentication.md), [sandboxes](sandboxes.md), [errors](errors.md#settingserror).
"""


def render() -> str:
    """Return the page."""
    rows = (
        (
            f"`{name.environment}`",
            f"`{NAMESPACE}:{name.config}`",
            ", ".join(f"`{key}`" for key in name.in_file),
            f"`{_DEFAULT_OF[name]}`" if name in _DEFAULT_OF else "",
            name.meaning,
        )
        for name in settings.NAMES
    )
    return _HEAD + table(("Environment", "Stack configuration", "In the file", "Default", "Meaning"), rows) + _REST
