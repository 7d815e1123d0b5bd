"""docs/settings.md, from the names in settings.py."""

from __future__ import annotations

from pulumi_adobe_aep import settings
from pulumi_adobe_aep.settings import NAMESPACE, Name
from tools.docs.tables import table

_HEAD = f"""# Settings

A setting can be in three places. The first one that has the setting is used:

1. the **environment** of the process that runs `pulumi`. It is always current, and the state does not store it.
2. the **stack's configuration**, `pulumi config set {NAMESPACE}:<name>`. [Refresh and destroy may use an older
   one](secrets.md#the-trap-of-stored-configuration).
3. the **credentials file**. Its path is a setting in the environment or in the stack's configuration.

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
An empty variable counts as not set. If both a client secret and a token are set, the one from the earlier place is
used. If both are in the same place, the token is used.

```sh
export AEP_ORG_ID=0123456789ABCDEF@AdobeOrg
export AEP_CLIENT_ID=0123456789abcdef
export AEP_SANDBOX_NAME=dev
AEP_CLIENT_SECRET="$(cat "$HOME/.aep-client-secret")"
export AEP_CLIENT_SECRET
```

A credentials file is one of the following. Case, hyphens and underscores in its keys do not matter:

- the file of an **OAuth Server-to-Server credential**: use **Download JSON** on the credential's page in the Developer
  Console. This is the recommended one.
- the file of a **project** of the Developer Console with one such credential;
- the **Postman environment** of such a credential;
- the configuration file of **aepp**, Adobe's Python client, or a file that you write:

```json
{
  "org_id": "0123456789ABCDEF@AdobeOrg",
  "client_id": "0123456789abcdef",
  "client_secret": "...",
  "scopes": ["openid", "session", "AdobeID"],
  "sandbox-name": "dev"
}
```

Other files are refused with a message that names their kind: files of JWT (Service Account) credentials, which Adobe no
longer accepts, and files of OAuth web apps, single-page apps and native apps, with which a person logs in.

For proxies and private certificate authorities, set the variables that the Python library requests reads:
`HTTPS_PROXY`, `NO_PROXY`, `REQUESTS_CA_BUNDLE`. TLS verification cannot be turned off, and redirects are not followed.
Requests to a loopback address (`127.0.0.1`, `::1` or `localhost`, for instance an emulator) never go through a proxy,
even if `NO_PROXY` does not name it.

Write the user name and password of a proxy before its host: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`. The
characters `@`, `#`, `/` and a single `%` in them need no percent-encoding here, although other programs require it. A
SOCKS proxy (`socks5h://`) needs the package PySocks.

`pulumi-adobe-aep doctor` shows each setting and its source. Of a secret it shows only the length.

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
