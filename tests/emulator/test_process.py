"""The process: how it starts, says that it is ready, and ends."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from pulumi_adobe_aep.emulator.client import Emulator, EmulatorError, running_emulator
from pulumi_adobe_aep.emulator.faults import Delay, Drop, Truncate
from tests.emulator.api import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


ENDS_WITHIN = 10
"""Seconds; a third of one is usual, on a machine that has nothing else to do."""


def command(*options: object) -> list[str]:
    return [sys.executable, "-m", "pulumi_adobe_aep.emulator", *map(str, options)]


def run_to_its_end(*options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*options), capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def started(ready_file: Path, *options: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command("--ready-file", ready_file, *options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            eventually(ready_file.exists, 30)
            yield process
        finally:
            process.kill()


def test_the_ready_file_is_one_line_of_json_for_its_owner_only(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    with started(ready_file):
        text = ready_file.read_text(encoding="utf-8")
        assert text.endswith("\n")
        assert text.count("\n") == 1
        assert set(json.loads(text)) == {"baseUrl", "imsUrl", "clientId", "clientSecret", "orgId"}
        assert stat.S_IMODE(ready_file.stat().st_mode) == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["ready.json"], "no half-written file is left"


def test_it_takes_requests_as_soon_as_the_ready_file_is_there(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    with started(ready_file):
        base_url = json.loads(ready_file.read_text(encoding="utf-8"))["baseUrl"]
        assert requests.get(f"{base_url}/openapi.json", timeout=10).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_quickly(tmp_path: Path, number: signal.Signals) -> None:
    ready_file = tmp_path / "ready.json"
    with started(ready_file) as process:
        base_url = json.loads(ready_file.read_text(encoding="utf-8"))["baseUrl"]
        # A client that keeps its connection open must not hold it up.
        with requests.Session() as session:
            session.get(f"{base_url}/openapi.json", timeout=10)
            began = time.monotonic()
            process.send_signal(number)
            assert process.wait(timeout=10) == 0
        assert time.monotonic() - began < ENDS_WITHIN
        output = process.stdout.read() if process.stdout else ""
        assert output.splitlines() == [f"Flow Service emulator at {base_url}"]
        assert not ready_file.exists(), "a ready file of an emulator that is gone would mislead"


def test_a_request_that_hangs_does_not_keep_it_from_ending() -> None:
    with running_emulator() as emulator:
        emulator.fault(Delay(seconds=600))

        def hang() -> None:
            with suppress(requests.RequestException):
                emulator.token()

        thread = threading.Thread(target=hang)
        thread.start()
        eventually(lambda: emulator.requests(path="/ims/"))
        began = time.monotonic()
    assert time.monotonic() - began < ENDS_WITHIN
    assert emulator.process is not None
    assert emulator.process.returncode == 0
    thread.join()


def test_a_port_that_is_taken_ends_it_with_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_to_its_end("--port", port)
    assert done.returncode == 1
    assert done.stderr == f"cannot listen on 127.0.0.1 port {port}: Address already in use\n"


def test_a_host_that_is_not_this_computers_ends_it_with_a_sentence() -> None:
    done = run_to_its_end("--host", "192.0.2.1")
    assert done.returncode == 1
    assert done.stderr.startswith("cannot listen on 192.0.2.1 port 0: ")
    assert done.stderr.count("\n") == 1


def test_a_ready_file_that_cannot_be_written_ends_it_with_a_sentence(tmp_path: Path) -> None:
    done = run_to_its_end("--ready-file", tmp_path / "missing" / "ready.json")
    assert done.returncode == 1
    assert "the ready file" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--port", "70000"],
        ["--port", "abc"],
        ["--port", "-1"],
        ["--settle-seconds", "-1"],
        ["--settle-seconds", "soon"],
        ["--page-size", "0"],
        ["--secrets", "shout"],
        ["--latency", "inf"],
        ["--tls-key", "key.pem"],
        ["--nonsense"],
    ],
)
def test_a_wrong_option_ends_it_with_a_message(options: list[str]) -> None:
    done = run_to_its_end(*options)
    assert done.returncode == 2
    message = done.stderr.partition("error: ")[2]
    assert options[0] in message
    # No name of the code that reads it.
    assert "value: " not in message
    assert "invalid _" not in message


def test_an_invalid_port_is_refused_with_what_a_port_is() -> None:
    message = "argument --port: 'abc' is not a port: a port is a number from 0 to 65535\n"
    assert run_to_its_end("--port", "abc").stderr.endswith(message)


def test_a_sandbox_name_with_capitals_is_refused() -> None:
    done = run_to_its_end("--sandbox", "Dev2")
    assert done.returncode == 1
    assert "Dev2" in done.stderr
    assert "Traceback" not in done.stderr


def test_more_sandboxes_can_be_named_on_the_command_line() -> None:
    with running_emulator(["--sandbox", "qa", "--sandbox", "team-7"]) as emulator:
        for sandbox in ("prod", "dev", "stage", "qa", "team-7"):
            with emulator.session(sandbox) as session:
                assert session.get(f"{emulator.flow_service_url}/connections", timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("host", "written"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - what containers listen on
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("127.0.0.2", "127.0.0.2"),
        ("localhost", "localhost"),
    ],
)
def test_the_ready_file_has_an_address_that_works_on_this_computer(host: str, written: str) -> None:
    with running_emulator(["--host", host]) as emulator:
        assert urlsplit(emulator.base_url).netloc.rpartition(":")[0] == written
        assert emulator.ims_url == emulator.base_url
        # The control API and the services, by that address.
        assert emulator.connections() == []
        with emulator.session() as session:
            assert session.get(f"{emulator.flow_service_url}/connections", timeout=10).status_code == 200


def test_its_health_can_be_asked_without_a_token(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    with started(ready_file):
        base_url = Emulator.from_ready_file(ready_file).base_url
        response = requests.get(f"{base_url}/health", timeout=10)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate with its key, whose authority this process trusts."""
    authority = trustme.CA()
    issued = authority.issue_cert("emulator", "localhost", "127.0.0.1")
    path = tmp_path / "server.pem"
    issued.private_key_and_cert_chain_pem.write_to_path(path)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    return path


def test_it_serves_https_with_a_certificate(certificate: Path) -> None:
    with running_emulator(["--tls-certificate", str(certificate)]) as emulator:
        assert emulator.base_url.startswith("https://127.0.0.1:")
        with emulator.session() as session:
            url = f"{emulator.flow_service_url}/connections"
            assert session.get(url, timeout=10).json()["items"] == []
            for action in (Drop(), Drop(how="reset"), Truncate()):
                emulator.fault(action)
                with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
                    session.get(url, timeout=10)
            assert session.get(url, timeout=10).status_code == 200
        assert len(emulator.requests("GET", "/connections")) == 5


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_certificate_that_cannot_be_used_ends_it_with_a_sentence(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "server.pem"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    done = run_to_its_end("--tls-certificate", path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"the certificate {path} cannot be used: ")
    assert done.stderr.count("\n") == 1


def test_the_port_can_be_chosen(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    ready_file = tmp_path / "ready.json"
    with started(ready_file, "--port", port):
        assert Emulator.from_ready_file(ready_file).base_url == f"http://127.0.0.1:{port}"


def test_the_client_says_why_an_emulator_did_not_start() -> None:
    with pytest.raises(EmulatorError, match="cannot listen on 192"), running_emulator(["--host", "192.0.2.1"]):
        pass


def test_nothing_that_it_prints_holds_the_clients_secret(tmp_path: Path) -> None:
    ready_file = tmp_path / "ready.json"
    with started(ready_file, "--control") as process:
        emulator = Emulator.from_ready_file(ready_file)
        assert emulator.client_secret not in repr(emulator)
        emulator.token()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
        assert process.stdout is not None
        assert emulator.client_secret not in process.stdout.read()
