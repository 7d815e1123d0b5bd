"""The emulator's own client: what is on this computer is never reached through a proxy."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_adobe_aep.emulator.client import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

PROXY_VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


class Proxy(ThreadingHTTPServer):
    """A proxy that notes the URLs which it is asked for, and refuses them all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.seen: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Refusal(BaseHTTPRequestHandler):
    def _refuse(self) -> None:
        assert isinstance(self.server, Proxy)
        self.server.seen.append(self.path)
        self.send_error(502)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = _refuse  # noqa: N815 - http.server's names

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy that the environment names for everything."""
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        for name in PROXY_VARIABLES:
            monkeypatch.setenv(name, server.url)
        yield server
        server.shutdown()
        thread.join()


def test_an_emulator_on_this_computer_is_reached_without_the_proxy(emulator: Emulator, proxy: Proxy) -> None:
    emulator.reset()
    assert emulator.token()
    with emulator.session() as session:
        assert session.get(f"{emulator.flow_service_url}/connections", timeout=10).status_code == 200
    assert emulator.connections() == []
    assert proxy.seen == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2"])
def test_every_name_of_this_computer_is_reached_without_the_proxy(emulator: Emulator, proxy: Proxy, host: str) -> None:
    url = f"http://{host}:1"
    elsewhere = Emulator(url, url, emulator.client_id, emulator.client_secret, emulator.org_id)
    with pytest.raises(requests.ConnectionError):
        elsewhere.token()
    assert proxy.seen == []


def test_an_emulator_elsewhere_is_reached_as_the_environment_says(emulator: Emulator, proxy: Proxy) -> None:
    url = "http://emulator.invalid:8080"
    elsewhere = Emulator(url, url, emulator.client_id, emulator.client_secret, emulator.org_id)
    with pytest.raises(requests.HTTPError):
        elsewhere.token()
    assert proxy.seen == [f"{url}/ims/token/v3"]


def test_an_entry_in_netrc_does_not_replace_the_token(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password something\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with emulator.session() as session:
        assert session.get(f"{emulator.flow_service_url}/connections", timeout=10).status_code == 200


@pytest.mark.parametrize("name", ["fastapi", "uvicorn", "psycopg", "starlette"])
def test_the_client_needs_no_part_of_the_emulators_extra(name: str) -> None:
    script = f"import sys; sys.modules[{name!r}] = None; import pulumi_adobe_aep.emulator.client"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
