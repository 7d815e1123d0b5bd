"""Messages belong to the adapter that prints them: the core names an advice, each adapter has its own words."""

from __future__ import annotations

import ast
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import pulumi_adobe_aep
from pulumi_adobe_aep.advice import NEUTRAL, AdviceKey, advise
from pulumi_adobe_aep.cli.wording import COMMAND_LINE
from pulumi_adobe_aep.errors import AepError, EntityInUse
from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON
from pulumi_adobe_aep.redaction import register

PACKAGE = Path(pulumi_adobe_aep.__file__).parent
CORE = [
    *(file for folder in ("lifecycle", "kinds", "api") for file in sorted((PACKAGE / folder).rglob("*.py"))),
    *(PACKAGE / name for name in ("settings.py", "credentials_file.py", "sandbox.py", "errors.py", "advice.py")),
]
WORDINGS = {"neutral": NEUTRAL, "python": PYTHON, "command line": COMMAND_LINE}
ADAPTERS = {name: wording for name, wording in WORDINGS.items() if wording is not NEUTRAL}


def parameters(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def filled(key: AdviceKey) -> dict[str, str | tuple[str, ...]]:
    templates = [key.value, *(wording.templates[key] for wording in ADAPTERS.values())]
    names = set().union(*map(parameters, templates))
    return {name: ("sandboxName", "auth.specName") if name == "paths" else f"the {name}" for name in names}


@pytest.mark.parametrize("name", ADAPTERS)
def test_every_adapter_has_its_own_words_for_every_advice(name: str) -> None:
    assert set(ADAPTERS[name].templates) == set(AdviceKey)


@pytest.mark.parametrize("name", WORDINGS)
@pytest.mark.parametrize("key", AdviceKey)
def test_the_words_of_an_advice_are_whole_and_have_what_it_is_about(key: AdviceKey, name: str) -> None:
    said = advise(key, **filled(key)).render(WORDINGS[name])

    assert "{" not in said
    assert "`" not in said
    template = WORDINGS[name].templates.get(key, key.value)
    assert [each for each in parameters(template) - {"paths"} if f"the {each}" not in said] == []


def test_a_property_is_spelled_as_the_adapters_users_write_it() -> None:
    text = 'Check `sandboxName`, or write `auth.sslMode="Verify Full"`.'

    assert NEUTRAL.of(text) == 'Check sandboxName, or write auth.sslMode="Verify Full".'
    assert PYTHON.of(text) == 'Check sandbox_name, or write auth.ssl_mode="Verify Full".'
    assert COMMAND_LINE.of(text) == 'Check --sandbox, or write auth.ssl_mode="Verify Full".'


def test_paths_in_an_advice_are_spelled_and_what_it_quotes_is_not() -> None:
    warning = advise(
        AdviceKey.DELETED_AFTER_REPLACEMENT,
        noun="Connection",
        name="`myTable`",
        id="c-1",
        paths=("auth.specName", "sandboxName"),
    )

    assert "Connection '`myTable`' is replaced because of auth.spec_name, sandbox_name." in PYTHON.of(warning)
    assert "because of auth.specName, sandboxName." in str(warning)


def test_a_command_quotes_for_the_shell_what_anybody_may_have_named() -> None:
    found = advise(AdviceKey.TAKE_OVER, id="c-1", name="crm; rm -rf /", sandbox="dev")

    assert PYTHON.of(found).endswith("pulumi-adobe-aep import c-1 --name 'crm; rm -rf /' --sandbox dev")


def test_no_advice_holds_a_secret() -> None:
    register("the-canary-secret")

    said = advise(AdviceKey.ENABLE, noun="Connection", name="the-canary-secret", id="c-1")

    assert "the-canary-secret" not in f"{said!r} {said} {said.render(PYTHON)}"


def test_an_error_speaks_neutrally_until_an_adapter_lets_it_out_and_keeps_its_words_when_it_is_pickled() -> None:
    error = EntityInUse("It is in use.", advice=advise(AdviceKey.FREE_OR_FORGET, noun="connection", id="c-1"))

    assert "take c-1 out of the stack's state" in str(error)
    again = pickle.loads(pickle.dumps(error.worded(PYTHON)))  # noqa: S301 - made in the same line
    assert "pulumi-adobe-aep forget c-1, or retain_on_delete=True" in str(again)
    assert "forget" not in again.render(COMMAND_LINE)


def test_the_log_speaks_as_the_adapter_does() -> None:
    code = (
        "import logging\n"
        "from pulumi_adobe_aep.advice import AdviceKey, advise\n"
        "from pulumi_adobe_aep.errors import AepError\n"
        "from pulumi_adobe_aep.logs import log_to_stderr\n"
        "from pulumi_adobe_aep.pulumi_sdk.wording import PYTHON\n"
        "log_to_stderr('warning', PYTHON)\n"
        "found = AepError('It failed.', advice='Check `sandboxName`.')\n"
        "logging.getLogger('pulumi_adobe_aep.x').warning('%s %s', advise(AdviceKey.OTHER_AUTH), found)\n"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stderr

    assert "Use another kind of auth that the source has. It failed.\nWhat to do: Check sandbox_name.\n" in said


def strings(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module that are not docstrings, with their lines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


PUBLIC = {name: getattr(pulumi_adobe_aep, name) for name in dir(pulumi_adobe_aep)}
NO_ADVICE = (AepError, dict)
"""An error names itself, and what a function returns is not advice."""
CLASSES = "|".join(name for name, each in PUBLIC.items() if isinstance(each, type) and not issubclass(each, NO_ADVICE))
OF_AN_ADAPTER = {
    "an argument in Python": re.compile(
        r"\b(?:[a-z]+_)+[a-z]+=|\b(?:sandbox_name|connection_string|existing_\w+_id)\b"
    ),
    "a class of a program": re.compile(rf"\b(?:{CLASSES})\b"),
    "a command": re.compile(r"\bpulumi-adobe-aep (?!/)|\bpulumi (?:up|refresh|state|destroy|preview|import)\b"),
}
"""What only an adapter may say."""


@pytest.mark.parametrize("what", OF_AN_ADAPTER)
def test_no_text_of_the_core_names_what_is_an_adapters(what: str) -> None:
    pattern = OF_AN_ADAPTER[what]
    found = [
        f"{file.relative_to(PACKAGE)}:{line}: {text}"
        for file in CORE
        for line, text in strings(file)
        if " " in text and pattern.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an argument in Python", 'write ssl_mode="Require"'),
        ("an argument in Python", "Give sandbox_name."),
        ("a class of a program", "Use a BasicAuth."),
        ("a command", "Run pulumi-adobe-aep connections."),
        ("a command", "Run pulumi refresh."),
    ],
)
def test_what_only_an_adapter_may_say_is_found(what: str, text: str) -> None:
    assert OF_AN_ADAPTER[what].search(text)
