"""docs/inputs-and-outputs.md, from the models and from the class that programs use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import SecretStr

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel, BaseConnectionInputs
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.kinds.model import FieldFacts, Model
from pulumi_adobe_aep.kinds.registry import INGESTION
from pulumi_adobe_aep.kinds.schedule import ScheduleModel
from pulumi_adobe_aep.kinds.secrets import SecretReference
from tools.docs.tables import table

_HEAD = """# Inputs and outputs of `PostgresBaseConnection`

```python
import pulumi
import pulumi_adobe_aep as aep

config = pulumi.Config()

crm = aep.PostgresBaseConnection(
    "crm",
    description="CRM read replica",
    auth=aep.ConnectionStringAuth(
        server="crm-db.example.com",
        database="crm",
        username="aep_reader",
        password=config.require_secret("crmPassword"),
        encryption="verify",
    ),
)
pulumi.export("connectionId", crm.connection_id)
```

- Every input takes a plain value or an `Output` of another resource. A plain value is validated at its declaration in
  the program, and an `Output` in the provider's check. Both report all mistakes at once, each with its property path
  ([errors](errors.md#before-anything-is-sent)).
- **Secret**: always encrypted in the state, even if the program passes a plain string. [Secrets](secrets.md) has the
  details.
- **Replaces**: a change of this input makes a new connection with a new id, and deletes the old one. Changes of all
  other inputs are made in place, and the id stays.
- In the state and in the engine's diffs, names are in camelCase: `sandbox_name` is `sandboxName`.

## Inputs

"""
_AUTH = """
## Auth

There are two kinds of auth, with Adobe's names. You can also pass a dict with the same keys. A dict with `ssl_mode` is
a `BasicAuth`, and one without is a `ConnectionStringAuth`, unless it has a `spec_name` that names the kind. Another
kind of auth replaces the connection.
"""
_OUTPUTS = """
## Outputs

Every input is an output, too. You can read the parts of `auth` by key, such as `crm.auth["server"]`. Parts that are not
secrets are plain ([secrets](secrets.md#reading-the-parts-that-are-not-secrets)). Further outputs:

"""
_GET = """
The etag is not an output, because Adobe rewrites entities by itself, and the etag then changes although nothing else
does.

## `PostgresBaseConnection.get`

`aep.PostgresBaseConnection.get("crm", "<connection id>", sandbox_name="dev")` reads a connection that the stack does
not manage. It has the same outputs, without secrets. [Limits](limits.md#reading-without-managing) has the differences.
"""
_INGESTION = """
# Inputs and outputs of an ingestion

[Bring a table into a dataset](ingestion.md) shows them in use. `TableIngestion` takes the inputs of all four resources.
"""
_SCHEDULE = """
## `Schedule`

You can also pass a dict with the same keys.

"""
_SEE = """
See also: [settings](settings.md), [secrets](secrets.md), [import](import.md), [errors](errors.md).
"""
_NAMES = {
    SecretStr: "`str`",
    SecretReference: "[`SecretFromEnv`](inputs-and-outputs.md#secretfromenv)",
    ScheduleModel: "[`Schedule`](#schedule) or `dict`",
    Any: "any JSON value",
}
"""What a table shows for types that are not names of a user's."""
_COLUMNS = ("Name", "In the state", "Type", "Required", "Default", "Secret", "Replaces", "Description")


def render() -> str:
    """Return the page."""
    auth = "".join(map(auth_kind, POSTGRES.inputs.auth_kinds))
    ingestion = "".join(map(_section, INGESTION))
    connection = _HEAD + inputs(POSTGRES) + _AUTH + auth + _reference() + _OUTPUTS + outputs(POSTGRES) + _GET
    return connection + _INGESTION + ingestion + _SCHEDULE + _table_of(ScheduleModel, ScheduleModel.facts()) + _SEE


def _section(kind: EntityKind) -> str:
    return f"\n## `{kind.name}`\n\n{inputs(kind)}\nFurther outputs:\n\n{outputs(kind)}"


def inputs(kind: EntityKind) -> str:
    """Return the table of a kind's inputs, those first that a program has to give."""
    return _table_of(kind.inputs, sorted(kind.inputs.facts(), key=lambda facts: facts.needed != "yes"))


def outputs(kind: EntityKind) -> str:
    """Return the table of a kind's outputs beyond the inputs."""
    first = ("`id`", "", "`str`", f"The same as `{kind.id_output.name}`, under Pulumi's name.")
    rows = (
        (f"`{each.name}`", f"`{kind.keys[each.name]}`", "`str`", each.description)
        for each in (kind.id_output, *kind.outputs)
    )
    return table(("Name", "In the state", "Type", "Description"), (first, *rows))


def _table_of(model: type[Model], fields: Iterable[FieldFacts]) -> str:
    return table(_COLUMNS, (_row(model, facts) for facts in fields))


def _row(model: type[Model], facts: FieldFacts) -> tuple[str, ...]:
    # In a program the variable's name is the first argument of SecretFromEnv.
    name = "name" if model is SecretReference and facts.name == "from_env" else facts.name
    return (
        f"`{name}`",
        f"`{facts.key}`",
        _type(model.model_fields[facts.name].annotation) + (" or `dict`" if _is_auth(model, facts) else ""),
        facts.needed,
        facts.default_text,
        "yes" if facts.marks.secret else "",
        "another kind" if _is_auth(model, facts) else "yes" if facts.marks.replaces else "",
        facts.description,
    )


def _is_auth(model: type[Model], facts: FieldFacts) -> bool:
    return issubclass(model, BaseConnectionInputs) and facts.name == "auth"


def _type(annotation: Any) -> str:
    # Plain types first, classes after them.
    return " or ".join(sorted(dict.fromkeys(_type_names(annotation)), key=lambda name: name.startswith("[")))


def _type_names(annotation: Any) -> Iterator[str]:
    if annotation is type(None):
        return
    if get_origin(annotation) is Literal:
        yield from (f'`"{value}"`' for value in get_args(annotation))
    elif get_origin(annotation) is Annotated:
        yield from _type_names(get_args(annotation)[0])
    elif get_origin(annotation) is list:
        yield "`list`"
    elif get_origin(annotation) is dict:
        yield f"`dict` of {_type(get_args(annotation)[1])}"
    elif get_args(annotation):
        for member in get_args(annotation):
            yield from _type_names(member)
    elif annotation in _NAMES:
        yield _NAMES[annotation]
    elif issubclass(annotation, AuthModel):
        name = public_name(annotation)
        yield f"[`{name}`](#{name.lower()})"
    else:
        yield f"`{annotation.__name__}`"


def public_name(kind: type[AuthModel]) -> str:
    """Return the name of the class that programs use for a kind of auth."""
    name = kind.__name__.removesuffix("Model")
    if name not in dir(aep):
        raise LookupError(f"{kind.__name__} has no public class {name}")
    return name


def auth_kind(kind: type[AuthModel]) -> str:
    """Return the section of a kind of auth."""
    spec_name = kind.model_fields["spec_name"].default
    fields = (facts for facts in kind.facts() if facts.name != "spec_name")
    return f'\n### {public_name(kind)}\n\nAdobe\'s "{spec_name}".\n\n{_table_of(kind, fields)}'


def _reference() -> str:
    return (
        "\n### SecretFromEnv\n\nThe environment variable with a secret, in place of the secret's value. "
        "[Secrets](secrets.md#secrets-that-never-enter-the-state) shows it in use.\n\n"
        + _table_of(SecretReference, SecretReference.facts())
    )
