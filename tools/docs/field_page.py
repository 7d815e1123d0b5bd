"""docs/inputs-and-outputs.md, from the models and from the class that programs use."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import SecretStr, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.kinds.base_connection.kind import AuthModel
from pulumi_adobe_aep.kinds.base_connection.postgresql import POSTGRES, PostgresInputs
from pulumi_adobe_aep.kinds.model import Model
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

- Every input takes a plain value or an `Output` of another resource. What is plain is checked where the program
  declares it, what is an `Output` in the provider's check; both tell all that is wrong at once, by property
  path ([errors](errors.md#before-anything-is-sent)).
- **Secret**: encrypted in the state, whatever the program passed. [Secrets](secrets.md) says what else there is.
- **Replaces**: a change of it makes a new connection, with a new id, and deletes the old one. Everything else is
  changed in place, and the id stays.
- In the state and in the engine's diffs the names are written in camelCase: `sandbox_name` is `sandboxName` there.

## Inputs

"""
_AUTH = """
## Auth

Two kinds, by Adobe's names. A dict with the same keys does as well: one with `ssl_mode` is a `BasicAuth`, one without
is a `ConnectionStringAuth`, unless its `spec_name` says otherwise. Another kind of auth replaces the connection.
"""
_OUTPUTS = """
## Outputs

Every input is an output, too. Parts of `auth` are read by key, `crm.auth["server"]`, and those that are no secrets are
plain ([secrets](secrets.md#reading-the-parts-that-are-no-secrets)). Beyond them:

"""
_GET = """
There is no etag among them: Adobe rewrites entities by itself, so it would change without a change.

## `PostgresBaseConnection.get`

`aep.PostgresBaseConnection.get("crm", "<connection id>", sandbox_name="dev")` reads a connection that the stack does
not manage. It has the same outputs, without secrets; [limits](limits.md#reading-without-managing) says what else it has
not.

See also: [settings](settings.md), [secrets](secrets.md), [import](import.md), [errors](errors.md).
"""
_COLUMNS = ("Name", "In the state", "Type", "Required", "Default", "Secret", "Replaces", "Description")


def render() -> str:
    """Return the page's text."""
    required = _required_arguments()
    inputs = table(
        _COLUMNS,
        (_row(PostgresInputs, name, required="yes" if name in required else "no") for name in _ordered_inputs()),
    )
    auth = "".join(map(_auth_kind, PostgresInputs.auth_kinds))
    outputs = table(("Name", "In the state", "Type", "Description"), _output_rows())
    return _HEAD + inputs + _AUTH + auth + _reference() + _OUTPUTS + outputs + _GET


def _ordered_inputs() -> list[str]:
    """Return the inputs in the order of the constructor's arguments."""
    return [name for name in inspect.signature(aep.PostgresBaseConnection).parameters if name in _fields()]


def _fields() -> dict[str, FieldInfo]:
    return PostgresInputs.model_fields


def _required_arguments() -> frozenset[str]:
    parameters = inspect.signature(aep.PostgresBaseConnection).parameters.values()
    return frozenset(each.name for each in parameters if each.default is inspect.Parameter.empty)


def _row(model: type[Model], name: str, *, required: str) -> tuple[str, ...]:
    info = model.model_fields[name]
    description, default = _split_default(info)
    return (
        f"`{name}`",
        f"`{to_camel(name)}`",
        _type(info.annotation) + (" or `dict`" if name == "auth" else ""),
        required,
        default,
        "yes" if to_camel(name) in model.marked("secret") else "",
        _replaces(model, name),
        description,
    )


def _replaces(model: type[Model], name: str) -> str:
    if to_camel(name) in model.marked("replaces"):
        return "yes"
    return "another kind" if model is PostgresInputs and name == "auth" else ""


def _split_default(info: FieldInfo) -> tuple[str, str]:
    """Return a field's description and its default, which the description names where the model leaves it open."""
    description = info.description or ""
    said = re.search(r"\s*Default: ([^.]*)\.", description)
    if said:
        return description.replace(said.group(0), "").strip(), said.group(1)
    default = info.get_default() if not info.is_required() else None
    return description, "" if default is None else f"`{default!r}`"


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
    elif get_args(annotation):
        for member in get_args(annotation):
            yield from _type_names(member)
    elif annotation is SecretStr:
        yield "`str`"
    elif annotation is SecretReference:
        yield "[`SecretFromEnv`](#secretfromenv)"
    elif issubclass(annotation, AuthModel):
        name = _public_name(annotation)
        yield f"[`{name}`](#{name.lower()})"
    else:
        yield f"`{annotation.__name__}`"


def _public_name(kind: type[AuthModel]) -> str:
    name = kind.__name__.removesuffix("Model")
    if name not in aep.__all__:
        raise LookupError(f"{kind.__name__} has no public class {name}")
    return name


def _auth_kind(kind: type[AuthModel]) -> str:
    spec_name = kind.model_fields["spec_name"].default
    rows = (_row(kind, name, required=_needed(kind, name)) for name in kind.model_fields if name != "spec_name")
    return f'\n### {_public_name(kind)}\n\nAdobe\'s "{spec_name}".\n\n{table(_COLUMNS, rows)}'


def _needed(kind: type[AuthModel], name: str) -> str:
    """Ask the model itself what it needs: once with nothing, once with a part that nothing else stands in for."""
    if kind.model_fields[name].is_required():
        return "yes"
    if name in _missing(kind, {"port": 1}):
        return "with the parts"
    if name in _missing(kind, {}):
        return "yes"
    return "or the parts" if name == "connection_string" else "no"


def _missing(kind: type[AuthModel], given: dict[str, object]) -> set[str]:
    try:
        kind.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return {str(each["loc"][0]) for each in found if each["loc"] and each["msg"] == "is missing"}
    return set()


def _reference() -> str:
    rows = [
        _row(SecretReference, name, required="yes" if info.is_required() else "no")
        for name, info in SecretReference.model_fields.items()
    ]
    # In a program the variable's name is the first argument.
    rows = [("`name`" if row[0] == "`from_env`" else row[0], *row[1:]) for row in rows]
    return (
        "\n### SecretFromEnv\n\nInstead of a secret's value: where the provider reads it. "
        "[Secrets](secrets.md#secrets-that-never-enter-the-state) shows it in use.\n\n" + table(_COLUMNS, rows)
    )


def _output_rows() -> Iterator[tuple[str, ...]]:
    said = _docstrings_of_attributes()
    yield "`id`", "", "`str`", "The same as `connection_id`, under Pulumi's name."
    for name in (each.name for each in (POSTGRES.id_output, *POSTGRES.outputs)):
        yield f"`{name}`", f"`{to_camel(name)}`", "`str`", said[name]


def _docstrings_of_attributes() -> dict[str, str]:
    """Return what stands under each annotated attribute, or in the docstring of a property."""
    (cls,) = ast.parse(inspect.getsource(aep.PostgresBaseConnection)).body
    if not isinstance(cls, ast.ClassDef):
        raise TypeError("PostgresBaseConnection is no class")
    said = {}
    for statement, following in zip(cls.body, [*cls.body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                said[statement.target.id] = inspect.cleandoc(str(following.value.value))
        elif isinstance(statement, ast.FunctionDef):
            said[statement.name] = ast.get_docstring(statement) or ""
    return said
