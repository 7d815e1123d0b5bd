"""The engine downloads no plugin for this distribution, however it was installed."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.commands import run
from tools.engine import ensure_engine

UV = (sys.executable, "-m", "uv")


class _Refuses(BaseHTTPRequestHandler):
    """A proxy's end of a connection: notes the host that is asked for and refuses to connect."""

    server: Proxy

    def do_CONNECT(self) -> None:
        self.server.asked_for.append(self.path)
        self.send_error(502)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


class Proxy(ThreadingHTTPServer):
    """A proxy that lets nobody through and counts who wanted to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refuses)
        self.asked_for: list[str] = []

    @property
    def environment(self) -> dict[str, str]:
        """What sends a process to this proxy; loopback addresses are never sent there."""
        url = f"http://127.0.0.1:{self.server_port}"
        return {"HTTPS_PROXY": url, "HTTP_PROXY": url}


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Machine:
    """What somebody has who installs: the release, a checkout, and a virtual environment."""

    release: Path
    checkout: Path
    environment: Path

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    def install(self, *what: str | Path) -> None:
        run(*UV, "pip", "install", "--quiet", "--python", self.python, *what)


def by_wheel(machine: Machine) -> None:
    (wheel,) = (machine.release / "dist").glob("*.whl")
    machine.install(wheel)


def editable_by_uv(machine: Machine) -> None:
    machine.install("--editable", machine.checkout)


def editable_by_pip(machine: Machine) -> None:
    by_wheel(machine)  # brings the dependencies, in a tenth of pip's time
    pip = (machine.python, "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall")
    run(*pip, "--editable", machine.checkout)


@pytest.fixture
def machine(release: Path, tmp_path: Path) -> Machine:
    environment = tmp_path / "environment"
    # With pip, by which the language host lists what is installed.
    run(*UV, "venv", "--quiet", "--seed", "--python", sys.executable, environment)
    # A copy, because a build writes beside the sources.
    checkout = shutil.copytree(release / "source", tmp_path / "checkout")
    return Machine(release, checkout, environment)


def preview(folder: Path, machine: Machine, proxy: Proxy) -> str:
    """Preview a program that imports the package, with nothing but the proxy between it and the network."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: program\nruntime: python\n", encoding="utf-8")
    program = "import pulumi, pulumi_adobe_aep\npulumi.export('package', pulumi_adobe_aep.__file__)\n"
    (folder / "__main__.py").write_text(program, encoding="utf-8")
    settings = {
        "PATH": os.pathsep.join([str(machine.python.parent), str(ensure_engine().bin_dir), os.environ["PATH"]]),
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "a passphrase for tests",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Whose environment is not on PATH, as with `virtualenv` in Pulumi.yaml, has no plugin there either.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        **proxy.environment,
    }
    run("pulumi", "stack", "init", "dev", cwd=folder, **settings)
    return run("pulumi", "preview", cwd=folder, **settings)


@pytest.mark.parametrize(
    ("install", "package"),
    [
        (by_wheel, "environment/lib"),
        (editable_by_uv, "checkout/provider"),
        (editable_by_pip, "checkout/provider"),
    ],
)
def test_a_preview_tries_no_download(
    install: Callable[[Machine], None], package: str, machine: Machine, tmp_path: Path, proxy: Proxy
) -> None:
    install(machine)

    shown = preview(tmp_path / "program", machine, proxy)

    assert f'"{tmp_path}/{package}/' in shown
    assert proxy.asked_for == []


def test_without_the_file_of_the_distribution_the_engine_tries_downloads(
    machine: Machine, tmp_path: Path, proxy: Proxy
) -> None:
    editable_by_uv(machine)
    (says_that_there_is_none,) = machine.environment.glob("lib/*/site-packages/pulumi_adobe_aep/pulumi-plugin.json")
    says_that_there_is_none.unlink()

    preview(tmp_path / "program", machine, proxy)

    assert "get.pulumi.com:443" in proxy.asked_for


def test_an_editable_install_leaves_nothing_when_it_is_removed(machine: Machine) -> None:
    editable_by_uv(machine)

    run(machine.python, "-m", "pip", "uninstall", "--quiet", "--yes", "pulumi-adobe-aep")

    assert list(machine.environment.glob("lib/*/site-packages/*adobe_aep*")) == []
