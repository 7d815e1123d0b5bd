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

The table has the class for each database, its kinds of authentication, and the date of the Adobe page that it was made
from. Nobody has verified this with the live service; [verified](verified.md) lists the assumptions.

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

[Three databases in one loop](../examples/three-databases/README.md) is a complete program.

Except for `auth`, all classes have the inputs and outputs of [`PostgresBaseConnection`](inputs-and-outputs.md). Drift,
rotation, replacement, verification, take-over and `get` also work in the same way. You can pass a dict in place of an
auth class. It is of the first kind in the table, unless it has a `spec_name`, or a key that only another kind has.

A connection string is made from its parts in the order of Adobe's pattern. Values are quoted if they need it: as in
ODBC, `{...}`, and for Microsoft SQL Server and Azure Synapse Analytics as in ADO.NET, `"..."`. If the database has a
setting for encryption and the declaration does not ask for encryption, the preview warns.

## Any other source

`BaseConnection` takes any connection spec: a name from the list below, or a dict with `id` and `version`. Parameters
have Adobe's names. Secret parameters are in `secret_params`, where a value may also be a `SecretFromEnv`.

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

Before `pulumi up` creates the connection or changes its parameters, it reads the connection spec, once in each process
for each spec, and validates the parameters by the spec's JSON Schema. A parameter that is missing, unknown or of the
wrong type is an error, and so is a secret in `params`. In this case nothing is sent. If the service does not show the
spec, a warning says that nothing was validated. A preview sends nothing. A change of one parameter sends all `params`
and `secret_params`. A parameter that somebody else adds is drift.

For a source without a class, `pulumi-adobe-aep import` writes a `BaseConnection`. The connection spec says which
parameters are secret and which are required. The command asks for those that the service does not show. Two kinds of
connections cannot be imported in this way:

- a connection whose spec the service does not show, because any of its parameters may be a secret. Declare it, and take
  it over with `existing_connection_id`.
- a connection with a parameter that its spec does not have.

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
