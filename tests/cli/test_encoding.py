"""Whatever a terminal can show, no name of a connection ends a command."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import COMMAND, SECONDS, CommandLine
from tests.cli.service import PASSWORD, make_basic
from tests.cli.test_connections import exported, state_resource

NAME = "Müller … 顧客 \U0001f600"
TERMINALS = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "cp1252:strict"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LANG": "C"},
]


def run(command: CommandLine, terminal: dict[str, str], *arguments: str, **more: str) -> tuple[int, bytes, bytes]:
    """Run the command and return the exit code and the bytes of both streams."""
    environment = {key: value for key, value in command.environment.items() if key != "LANG"}
    ended = subprocess.run(
        [COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=command.folder,
        env={**environment, "PATH": os.defpath, **terminal, **more},
        timeout=SECONDS,
        check=False,
    )
    assert b"Traceback" not in ended.stderr
    assert b"defect" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("terminal", TERMINALS, ids=str)
def test_lists_are_shown_in_tables_and_json_with_what_the_terminal_has(
    command: CommandLine, aep_emulator: Emulator, terminal: dict[str, str]
) -> None:
    erp = make_basic(aep_emulator, NAME)

    code, table, _ = run(command, terminal, "connections")
    code_json, reported, _ = run(command, terminal, "connections", "--json")

    assert (code, code_json) == (0, 0)
    assert erp.encode() in table
    (found,) = json.loads(reported)["connections"]
    assert found["name"] == NAME
    if terminal.get("PYTHONIOENCODING") == "ascii":
        assert rb"M\xfcller \u2026 \u9867\u5ba2 \U0001f600" in table
        assert reported.isascii()


@pytest.mark.parametrize("terminal", TERMINALS, ids=str)
def test_doctor_errors_and_orphans_are_shown_with_what_the_terminal_has(
    command: CommandLine, aep_emulator: Emulator, terminal: dict[str, str]
) -> None:
    make_basic(aep_emulator, NAME)
    Path(command.folder, "zustände.json").write_text(
        exported(state_resource(aep_emulator, "gone", name=NAME)), encoding="utf-8"
    )

    doctor = run(command, terminal, "doctor")
    orphans = run(command, terminal, "connections", "--orphans", "--state", "zustände.json")
    table = run(command, terminal, "explore", "00000000-0000-4000-8000-000000000000", NAME)
    usage = run(command, terminal, "delete", "--sandbox", NAME, "x")

    assert doctor[0] == 1  # There is no pulumi on PATH.
    assert b"AEP_CLIENT_SECRET" in doctor[1]
    assert b"Managing sources" in doctor[1]
    assert orphans[0] == 1
    assert b"gone" in orphans[1]
    # Where an argument cannot be decoded, the message says so.
    assert table[0] == 4 or (table[0], b"PYTHONUTF8=1" in table[2]) == (2, True)
    assert usage[0] == 2
    if terminal.get("PYTHONIOENCODING") == "ascii":
        assert all(part.isascii() for ended in (doctor, orphans, table, usage) for part in ended[1:])


@pytest.mark.parametrize("terminal", TERMINALS, ids=str)
def test_a_program_that_an_import_prints_means_the_same_in_every_encoding(
    command: CommandLine, aep_emulator: Emulator, terminal: dict[str, str]
) -> None:
    erp = make_basic(aep_emulator, NAME, username="jürgen\\é")
    encoding = terminal.get("PYTHONIOENCODING", "utf-8").partition(":")[0]

    code, program, _ = run(command, terminal, "import", erp, "--name", "erp", "--password-env", "PW", PW=PASSWORD)

    assert code == 0
    constants = {each.value for each in ast.walk(ast.parse(program.decode(encoding))) if isinstance(each, ast.Constant)}
    assert {NAME, "jürgen\\é"} <= constants


def test_a_name_that_is_not_a_string_in_any_encoding_is_shown_with_escapes(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    make_basic(aep_emulator, "half \ud83d of a pair")

    code, table, _ = run(command, {"LANG": "C.UTF-8"}, "connections")
    code_json, reported, _ = run(command, {"LANG": "C.UTF-8"}, "connections", "--json")

    assert (code, code_json) == (0, 0)
    assert b"half " in table
    assert json.loads(reported)["connections"][0]["name"].startswith("half ")


def test_a_state_on_standard_input_is_utf_8_whatever_the_terminal_is(
    command: CommandLine, aep_emulator: Emulator
) -> None:
    erp = make_basic(aep_emulator, NAME)
    state = json.dumps(json.loads(exported(state_resource(aep_emulator, erp, name=NAME))), ensure_ascii=False)

    ended = command.run("connections", "--orphans", "--state", "-", given=state, PYTHONIOENCODING="ascii")

    assert ended.code == 0, ended.err
