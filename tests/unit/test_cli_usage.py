"""Command lines that are refused before any request. In this process: none of them gets as far as a request."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pulumi_adobe_aep.cli import main


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name a sandbox and an address at which nobody listens, so that a request would be another failure."""
    monkeypatch.setenv("AEP_SANDBOX_NAME", "dev")
    monkeypatch.setenv("AEP_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AEP_IMS_URL", "http://127.0.0.1:1")


@pytest.mark.parametrize(
    "line",
    [
        "import",
        "import some-id",
        "import some-id --all",
        "import --all --name x",
        "import --all --password-env PW",
        "import some-id --name x --secret-env-prefix P",
        "import some-id --name x --filter state==enabled",
        "import some-id --name x --password-env A --connection-string-env B",
        "import some-id --name x --connection-string-env B --server s",
        "import some-id --name x --reference",
        "import some-id --name x --encryption perhaps",
        "connections --orphans --name x",
        "connections --orphans --filter state==enabled",
        "connections --state -",
        "connections --sandbox My_Sandbox",
        "connections --nonsense",
        "delete",
        "test",
        "nonsense",
    ],
)
def test_what_does_not_go_together_is_a_usage_error_with_a_sentence(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Error: " in shown.err


@pytest.mark.parametrize("option", ["--password", "--connection-string", "--client-secret", "--access-token"])
def test_no_option_takes_a_secret(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("import", "connections", "doctor", "test", "explore", "delete"):
        assert main([command, option, "x"]) == 2
        assert "No such option" in capsys.readouterr().err


def test_missing_credentials_are_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["connections"]) == 3
    assert "AEP_CLIENT_ID" in capsys.readouterr().err


def test_a_sandbox_must_be_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("AEP_SANDBOX_NAME")
    monkeypatch.setenv("AEP_CLIENT_ID", "id")
    monkeypatch.setenv("AEP_CLIENT_SECRET", "secret-of-a-client")
    monkeypatch.setenv("AEP_ORG_ID", "0A1B2C3D4E5F60718293A4B5@AdobeOrg")

    assert main(["connections"]) == 3
    assert "Give --sandbox, or set AEP_SANDBOX_NAME." in capsys.readouterr().err


def test_without_the_extra_the_command_says_how_to_install_it() -> None:
    code = "import sys; sys.modules['click'] = None; from pulumi_adobe_aep.cli import main; sys.exit(main([]))"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert ended.stderr == (
        "The command line needs the extra 'cli', which is not installed: pip install 'pulumi-adobe-aep[cli]'\n"
    )


def test_without_its_extra_the_emulator_says_how_to_install_it() -> None:
    code = (
        "import sys; sys.modules['fastapi'] = None; from pulumi_adobe_aep.cli import main; sys.exit(main(['emulator']))"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "pip install 'pulumi-adobe-aep[emulator]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_emulator_needs_nothing_but_its_own_extra() -> None:
    code = (
        "import sys; sys.modules['rich'] = None; "
        "from pulumi_adobe_aep.cli import main; sys.exit(main(['emulator', '--help']))"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stderr
    assert "--ready-file" in ended.stdout


@pytest.mark.parametrize("value", ["abc", "65536", "-1", "", "5.5"])
def test_a_port_that_is_none_is_refused_with_its_option_and_what_it_must_be(
    value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["emulator", f"--port={value}"]) == 2
    assert f"argument --port: {value!r} is not a port: a port is a number from 0 to 65535" in capsys.readouterr().err


def test_a_duration_that_is_none_is_refused_with_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--latency", "--settle-seconds"):
        assert main(["emulator", f"{option}=soon"]) == 2
        assert f"argument {option}: 'soon' is not a number that is 0 or more" in capsys.readouterr().err


def test_a_list_does_not_wait_for_pulumi_to_be_imported() -> None:
    code = (
        "import sys; from pulumi_adobe_aep.cli import main; "
        "main(['connections', '--help']); main(['connections']); sys.exit('pulumi' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
