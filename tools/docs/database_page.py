"""docs/databases.md: which class there is for which database, and what each takes, from the kinds."""

from __future__ import annotations

from collections.abc import Iterator

from pulumi_adobe_aep.kinds.base_connection.any_source import ANY_SOURCE
from pulumi_adobe_aep.kinds.base_connection.catalog import KNOWN_SPECS, SOURCES
from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel, BaseConnectionKind
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from tools.docs.field_page import auth_kind, inputs, public_name
from tools.docs.tables import table

_PAGES = "https://experienceleague.adobe.com/en/docs/experience-platform/sources/"
_HEAD = """# Databases

Which class is for which database, with which kinds of authentication, and the date of the page of Adobe's that it was
made from. None of it has been verified with the live service; [verified](verified.md) lists the assumptions.

"""
_SAME = """
```python
import pulumi
import pulumi_adobe_aep as aep

config = pulumi.Config()

warehouse = aep.SnowflakeBaseConnection(
    "warehouse",
    auth=aep.KeyPairAuth(
        account="myorg-myaccount",
        username="AEP_READER",
        database="CRM",
        warehouse="READING",
        private_key=config.require_secret("snowflakeKey"),
    ),
)
```

[Three databases in one loop](../examples/three-databases/README.md) is a whole program.

All of them have the inputs and outputs of [`PostgresBaseConnection`](inputs-and-outputs.md) but for `auth`: the same
drift, rotation, replacement, verification, take-over and `get`. A dict in place of an auth class is of the first
kind in the table, unless it has a key that only another kind has, or a `spec_name`.

A connection string is built from its parts in the order of Adobe's pattern, and every value that needs quotes gets
them: ODBC's, `{...}`, and for Microsoft SQL Server and Azure Synapse Analytics those of ADO.NET, `"..."`.
Where nothing asks for encryption although the database has a setting for it, the preview warns.

## Any other source

`BaseConnection` takes any connection spec: a name from the list below, or a dict with `id` and `version`. The
parameters are written by Adobe's names; what is a secret goes into `secret_params`, and may be a `SecretFromEnv`.

```python
import pulumi
import pulumi_adobe_aep as aep

config = pulumi.Config()

warehouse = aep.BaseConnection(
    "warehouse",
    connection_spec="greenplum",
    auth_spec_name="Basic Authentication",
    secret_params={"connectionString": config.require_secret("warehouse")},
)
```

An up that creates it or changes its parameters reads the connection spec first, once a process and spec, and compares
the parameters with its JSON Schema. What is missing, unknown or of the wrong type is reported and not sent, and so is a
secret that is in `params`. A preview sends nothing. Where the service does not show the spec, a warning says that
nothing was checked. A change of `params` and `secret_params` is sent as a whole, and a parameter that somebody else
adds is drift.

`pulumi-adobe-aep import` writes a `BaseConnection` for a connection of a source without a class. The connection spec
says which parameters are secrets, and which there must be: those that the service does not show are asked for. What
cannot be imported so is a connection whose spec the service does not show, because any of its parameters may be a
secret, and one with a parameter that its spec does not have. Declare the first, and take it over with
`existing_connection_id`.

"""


def render() -> str:
    """Return the page."""
    names = table(
        ("`connection_spec`, `--source`", "Source", "Connection spec"),
        ((f"`{name}`", spec.title, f"`{spec.id}`") for name, spec in KNOWN_SPECS.items()),
    )
    # PostgreSQL has a page of its own.
    sources = "".join(_source(kind) for kind in SOURCES if kind is not POSTGRES)
    see = "\nSee also: [inputs and outputs](inputs-and-outputs.md), [secrets](secrets.md), [import](import.md).\n"
    return _HEAD + _overview() + _SAME + inputs(ANY_SOURCE) + "\n" + names + sources + see


def _overview() -> str:
    columns = ("Database", "Class", "`auth`", "Adobe's auth spec", "Adobe's page, as of")
    return table(columns, (row for kind in SOURCES for row in _rows(kind)))


def _rows(kind: BaseConnectionKind) -> Iterator[tuple[str, ...]]:
    page = f"[{kind.page.as_of}]({_PAGES}{kind.page.address})" if kind.page else ""
    for number, auth in enumerate(kind.inputs.auth_kinds):
        first = (kind.source, f"`{kind.name}`") if number == 0 else ("", "")
        yield (*first, f"`{public_name(auth)}`", _spec_name(auth), page if number == 0 else "")


def _source(kind: BaseConnectionKind) -> str:
    return f"\n## {kind.source}\n" + "".join(_auth(kind, auth) for auth in kind.inputs.auth_kinds)


def _auth(kind: BaseConnectionKind, auth: type[AuthModel]) -> str:
    heading, _, rest = auth_kind(auth).lstrip().partition("\n")
    return f"\n{heading} of `{kind.name}`\n{rest}"


def _spec_name(auth: type[AuthModel]) -> str:
    named = str(auth.model_fields["spec_name"].default)
    return f"{named}, type {auth.auth_type}" if auth.auth_type else named
