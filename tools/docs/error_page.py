"""docs/errors.md, from the exception tree, the places that make errors, and the advice for Adobe's codes."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping

import pulumi_adobe_aep as aep
from pulumi_adobe_aep import errors
from pulumi_adobe_aep.advice import Advice
from pulumi_adobe_aep.api import error_responses
from pulumi_adobe_aep.cli.run_advice import RUN_ADVICE
from pulumi_adobe_aep.errors import AepError, Outcome
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from tools.docs.error_causes import CAUSES
from tools.docs.tables import table

_HEAD = """# Errors

Each error has up to four lines: what happened, why, what to do, and the request id with which Adobe's support finds the
request. The engine prints the error's class at the beginning. The last line is the command that prints the section of
this page for the class. The command also takes one of Adobe's codes (`pulumi-adobe-aep explain 1418`):

```text
error: pulumi_adobe_aep.EntityInUse: Connection 'crm' (139f6a5f-...) cannot be deleted, because it is in use. ...
Why: The base connection is being used in one or more flows. (code 1418)
What to do: Delete the dataflows first, then their source and target connections, ...
Adobe's request id: 5e0b1c9a...
See: pulumi-adobe-aep explain EntityInUse
```

No message contains a secret: secrets in texts from a service are masked. With `AEP_LOG=debug`, the log shows each
request with its status, duration and request id. If an error is a defect of this provider, the log also has the
traceback.

- [Before anything is sent](#before-anything-is-sent): a property, a setting, a variable
- [All classes](#the-tree), each with what happened and what to do
- [Adobe's codes](#adobes-codes): `1418`, `401013` and others, with what to do

## Before anything is sent

A wrong declaration is reported before anything is sent: all mistakes at once, each with its property path. If the wrong
value is in the program, the program ends at the declaration with a `DeclarationError`. If the value comes from another
resource, the engine reports the mistake:

```text
error: pulumi-python:dynamic/adobe-aep:PostgresBaseConnection resource 'crm' has a problem: ...
```

The message says which values are allowed; [inputs and outputs](inputs-and-outputs.md) has all rules. Two common
messages:

| It says | What to do |
| --- | --- |
| `sandboxName is missing` | Name the sandbox, in the program or in the settings: [sandboxes](sandboxes.md). |
| `auth.... is not a property; did you mean ...?` | A key is misspelled. |

## Before the program runs

These messages come from Python, if the package is not installed where Pulumi looks for it:

- `No module named 'pulumi'`, or `'pulumi_adobe_aep'`, in a preview or an up: the packages are not installed in the
  Python that Pulumi runs. Name the virtual environment in `Pulumi.yaml`, as `pulumi new python` does ([getting
  started](getting-started-emulator.md#3-write-a-program)), and install into it:
  `venv/bin/pip install pulumi-adobe-aep`.
- `No module named 'pulumi_adobe_aep'` in a refresh or a destroy, below frames of `dill`: these two do not run the
  program. They load only the provider, with the Python that `Pulumi.yaml` names. Run them in the project's folder, and
  install the package into this Python. The state is not damaged.

"""
_OUTCOMES = {
    Outcome.NOT_SENT: "Outcome: nothing reached the service, so nothing has changed there.",
    Outcome.REJECTED: "",
    Outcome.UNKNOWN: "Outcome: unknown; the service may have handled the request.",
}
_CODES = """## Adobe's codes

If Adobe's response has a code, the message has it too: `(code 1418)`. The codes are from Adobe's pages "Flow Service
API error messages", "Sources error messages" and "Experience Platform troubleshooting guide". If a code has several
meanings, the HTTP status comes after the code, as in `1404-400`. What to do:

"""
_RUNS = """
A run of a dataflow can fail although no request of the provider failed. `pulumi-adobe-aep runs` shows the codes of
runs:

"""
_STATUSES = """
If a response has none of these codes, the HTTP status decides what to do:

"""
_TAIL = """
See also: [retries](retries.md), [authentication](authentication.md), [settings](settings.md), [limits](limits.md).
"""


def render() -> str:
    """Return the page."""
    tree = "".join(map(_class_section, classes()))
    return (
        _HEAD
        + "## The tree\n\n"
        + _drawing()
        + tree
        + _CODES
        + _codes(error_responses.ADVICE)
        + _RUNS
        + _codes(RUN_ADVICE)
        + _STATUSES
        + _statuses()
        + _TAIL
    )


def _drawing() -> str:
    drawing = re.search(r"^ {4}AepError\n(?: {4}.*\n)+", errors.__doc__ or "", re.MULTILINE)
    if drawing is None:
        raise LookupError("the docstring of errors.py draws no tree")
    return "```text\n" + inspect.cleandoc(drawing.group(0)) + "\n```\n\n"


def classes() -> list[type[AepError]]:
    """Return the classes that the page has, in its order."""
    # A subclass is one only after its module was imported.
    importlib.import_module("pulumi_adobe_aep.program.declaration")
    return list(_tree(AepError))


def _tree(cls: type[AepError]) -> Iterator[type[AepError]]:
    yield cls
    # In the order of the source; a class of the command line or of a test is none of the provider's.
    for child in cls.__subclasses__():
        if child.__name__ in vars(errors) or child is aep.DeclarationError:
            yield from _tree(child)


def _class_section(cls: type[AepError]) -> str:
    said = re.split(r"\n\s*\n\s*Args:", inspect.cleandoc(cls.__doc__ or ""))[0]
    paragraphs = [f"### {cls.__name__}", said]
    if cls.__base__ not in (AepError, Exception) and cls.__base__ is not None:
        paragraphs.append(f"A kind of [{cls.__base__.__name__}](#{cls.__base__.__name__.lower()}).")
    paragraphs.append(_OUTCOMES[cls.outcome])
    section = "\n\n".join(filter(None, paragraphs)) + "\n\n"
    if cls.__name__ in CAUSES:
        return section + table(("What happened", "What to do"), CAUSES[cls.__name__]) + "\n"
    if issubclass(cls, errors.ServiceError):
        return section + "What to do follows from [Adobe's code](#adobes-codes) and the status.\n\n"
    return section


def _escape(text: str) -> str:
    """Keep placeholders from being read as HTML, and stars from being read as Markdown."""
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("*", "\\*")


def _codes(codes: Mapping[str, str | Advice]) -> str:
    by_advice: dict[str, list[str]] = {}
    for code, advice in codes.items():
        by_advice.setdefault(PYTHON.of(advice), []).append(code)
    rows = ((", ".join(f"`{code}`" for code in codes), _escape(advice)) for advice, codes in by_advice.items())
    return table(("Code", "What to do"), rows)


def _statuses() -> str:
    rows = ((f"`{status}`", _escape(PYTHON.of(advice))) for status, advice in error_responses.BY_STATUS.items())
    return table(("Status", "What to do"), rows)
