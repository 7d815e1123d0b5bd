"""What holds for every command: version, completion, errors, logs, the emulator's own command line."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

from pulumi_adobe_aep import __version__
from pulumi_adobe_aep.emulator.client import Emulator
from tests.cli.command_line import COMMAND, SECONDS, CommandLine
from tests.cli.service import make_basic

COMMANDS = ("connections", "delete", "doctor", "emulator", "explain", "explore", "forget", "import", "test")


def test_the_version_the_help_and_the_completion_name_everything(command: CommandLine) -> None:
    assert command.succeeds("--version").out == f"pulumi-adobe-aep, version {__version__}\n"
    shown = command.succeeds("-h").out
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    script = command.succeeds(_PULUMI_ADOBE_AEP_COMPLETE="bash_source").out
    assert "complete -o nosort -F" in script
    completed = command.succeeds(
        _PULUMI_ADOBE_AEP_COMPLETE="bash_complete", COMP_WORDS="pulumi-adobe-aep connections --orp", COMP_CWORD="2"
    )
    assert completed.out.split(",") == ["plain", "--orphans\n"]


def test_an_error_is_sentences_on_stderr_with_adobes_request_id(command: CommandLine) -> None:
    ended = command.run("connections", "--sandbox", "nowhere", "--json")

    assert ended.code == 4
    assert ended.out == ""
    what, *parts = ended.err.splitlines()
    assert what == ("Listing the connections failed: Adobe responded with 404 Not Found. (Sandbox: nowhere.)")
    assert [part.partition(":")[0] for part in parts][:3] == ["Why", "What to do", "Adobe's request id"]


def test_the_log_at_debug_goes_to_stderr_without_secrets(command: CommandLine, aep_emulator: Emulator) -> None:
    ended = command.succeeds("connections", "--json", AEP_LOG="debug")

    assert ended.json["connections"] == []
    assert "GET http" in ended.err
    for secret in (aep_emulator.client_secret, "Bearer ey"):
        assert secret not in ended.err


def test_a_reader_that_goes_away_is_not_a_defect(command: CommandLine, aep_emulator: Emulator) -> None:
    make_basic(aep_emulator)
    line = f"'{COMMAND}' connections | true"

    ended = subprocess.run(
        ["sh", "-c", line], env=command.environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert ended.stderr == ""


def test_ctrl_c_ends_it_with_130_and_no_frames(command: CommandLine, aep_emulator: Emulator) -> None:
    aep_emulator.latency(30_000)
    process = subprocess.Popen(
        [COMMAND, "connections"], env=command.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until = time.monotonic() + SECONDS
    while not aep_emulator.requests() and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    aep_emulator.latency(0)
    _, errors = process.communicate(timeout=SECONDS)

    assert process.returncode == 130
    assert errors.split() == ["Interrupted."]


def test_the_emulator_is_started_with_its_own_options_and_ends_with_a_signal(
    command: CommandLine, tmp_path: Path
) -> None:
    ready = tmp_path / "ready.json"
    with (tmp_path / "output").open("w") as output:
        process = subprocess.Popen(
            [COMMAND, "emulator", "--port", "0", "--ready-file", ready, "--secrets", "omit"],
            env=command.environment,
            stdout=output,
            stderr=output,
        )
        until = time.monotonic() + SECONDS
        while not ready.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        found = json.loads(ready.read_text())
        process.terminate()

        assert process.wait(timeout=SECONDS) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    assert found["baseUrl"].startswith("http://127.0.0.1:")
    assert "--ready-file" in command.succeeds("emulator", "--help").out
    assert command.run("emulator", "--nonsense").code == 2
