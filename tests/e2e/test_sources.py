"""A program with a connection of each source, with the real engine."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pulumi
from pydantic.alias_generators import to_snake

import pulumi_adobe_aep as aep
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.kinds.registry import BASE_CONNECTIONS
from tests.cli.command_line import CommandLine
from tests.support.canaries import found_in
from tests.support.sources import CANARY, DECLARED, SECRET, WITHOUT_CLASS, Declared
from tests.support.stack import Program, Stack
from tools.engine import Engine

ONE_OF_EACH = {
    **{each.resource.removesuffix("BaseConnection").lower() or "any": each for each in reversed(DECLARED)},
    "any": WITHOUT_CLASS,
}
"""A declaration of each class, by the resource's name: of several kinds of auth, the first."""
SECRETS = tuple(part for secret in (SECRET, CANARY) for part in (secret, secret.partition(";")[0]))


def one_of_each(secret: str) -> Program:
    """Return a program that declares a connection of each source with this secret."""

    def program() -> None:
        for name, declared in ONE_OF_EACH.items():
            arguments = declared.arguments_with(pulumi.Output.secret(secret))
            getattr(aep, declared.resource)(name, **arguments)

    return program


def spent(emulator: Emulator) -> dict[str, int]:
    """Return how many requests of each kind there were since the last call."""
    paths = {"/ims/": "token", "/connectionSpecs/": "spec"}
    counts = Counter(
        next((name for part, name in paths.items() if part in request.path), request.method)
        for request in emulator.requests()
    )
    emulator.forget_requests()
    return dict(counts)


def held(emulator: Emulator) -> dict[str, object]:
    """Return the parameters that the service has, by the connections' names."""
    return {str(each["name"]): dict(each)["auth"]["params"] for each in emulator.connections(secrets=True)}


def secrets_of(declared: Declared) -> dict[str, str]:
    """Return the secrets that an import has to be given, by their properties, once they are rotated."""
    sent = declared.sent_rotated
    if "connectionString" in sent:
        return {"connectionString": sent["connectionString"]}
    return {inner: sent[inner] for _, inner in declared.secrets}


def import_all(stack: Stack, engine: Engine) -> Program:
    """Import every connection of the sandbox into a stack as a person does, and return the program that is printed."""
    work = stack.folder / "work"
    command = CommandLine(work, stack.environment, engine.environment({"PATH": "/usr/bin:/bin"})["PATH"])
    given = {(name, key): value for name, each in ONE_OF_EACH.items() for key, value in secrets_of(each).items()}
    variables = {f"{name}_{to_snake(key)}".upper(): value for (name, key), value in given.items()}
    ended = command.run("import", "--all", "--secret-env-prefix", "", **variables)
    assert ended.code == 0, ended.err
    written = re.findall(r"^\w+ = aep\.(\w+)\($", ended.out, re.MULTILINE)
    assert sorted(written) == sorted(each.resource for each in ONE_OF_EACH.values())
    secrets = [f"{name}{key[0].upper()}{key[1:]}={value}" for (name, key), value in given.items()]
    stack.pulumi("config", "set-all", *(word for each in secrets for word in ("--secret", each)))
    stack.pulumi("import", "--file", str(work / "import.json"), "--generate-code=false", "--yes")
    return lambda: exec(compile(ended.out, "__main__.py", "exec"), {})  # noqa: S102 - the text that was printed


def test_there_is_one_of_each_class() -> None:
    assert {each.resource for each in ONE_OF_EACH.values()} == {kind.name for kind in BASE_CONNECTIONS}


def test_a_program_with_one_of_each_source_lives_as_one_of_postgresql_does(
    stack: Stack, aep_emulator: Emulator, engine: Engine, tmp_path: Path
) -> None:
    number = len(ONE_OF_EACH)
    # Only a `BaseConnection` looks at its connection spec, and only where its credentials are sent.
    stack.preview(one_of_each(SECRET))
    assert spent(aep_emulator) == {}
    stack.up(one_of_each(SECRET))
    assert spent(aep_emulator) == {"token": 1, "spec": 1, "POST": number}
    assert held(aep_emulator) == {name: each.sent for name, each in ONE_OF_EACH.items()}
    stack.up(expect_no_changes=True)
    assert spent(aep_emulator) == {}
    stack.refresh(expect_no_changes=True)
    # Reads of one connection spec share a page; of each there is one here.
    assert spent(aep_emulator) == {"token": 1, "GET": number}

    stack.up(one_of_each(CANARY))
    assert spent(aep_emulator) == {"token": 1, "spec": 1, "GET": number, "PATCH": number}
    assert held(aep_emulator) == {name: each.sent_rotated for name, each in ONE_OF_EACH.items()}
    stack.up(refresh=True, expect_no_changes=True)

    empty = Stack(tmp_path / "imported", engine, aep_emulator.environment())
    program = import_all(empty, engine)
    aep_emulator.forget_requests()
    empty.preview(program, expect_no_changes=True)
    assert spent(aep_emulator) == {}
    empty.up(refresh=True, expect_no_changes=True)

    aep_emulator.forget_requests()
    # Pulumi protects what it has imported.
    empty.pulumi("state", "unprotect", "--all", "--yes")
    empty.destroy()
    assert spent(aep_emulator) == {"token": 1, "DELETE": number}
    assert aep_emulator.connections() == []
    for each in (stack, empty):
        assert found_in("\n".join(each.console).encode(), SECRETS) == []
        assert found_in(each.export().encode(), SECRETS) == []
