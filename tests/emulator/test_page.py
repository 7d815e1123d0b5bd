"""The page to look at, with plain requests and in a real browser."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_adobe_aep.emulator.client import Emulator
from tests.emulator.api import SECRET, eventually
from tests.emulator.ingestion import Ingestion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.emulator.api import Api

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
in_a_browser = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium; `make browser` installs Debian's")


def page(emulator: Emulator, **query: str) -> requests.Response:
    return requests.get(f"{emulator.base_url}/", params=query, timeout=10)


def browser(folder: Path, *arguments: str) -> list[str]:
    """The command of a browser without a window, with a profile of its own."""
    # Its sandbox needs rights that containers do not have, and it shows only what this test has made.
    usual = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={folder}"]
    return [str(BROWSER), *usual, *arguments]


@contextmanager
def open_page(folder: Path, address: str) -> Iterator[str]:
    """Open a page in a browser; give the address of what it tells about itself."""
    command = browser(folder, "--remote-debugging-port=0", address)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port = folder / "DevToolsActivePort"
        eventually(lambda: port.exists() and port.read_text(encoding="utf-8").count("\n"), 60)
        yield f"http://127.0.0.1:{port.read_text(encoding='utf-8').splitlines()[0]}/json/list"
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_an_empty_emulator_has_an_empty_page(emulator: Emulator) -> None:
    response = page(emulator)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert response.text.count("None.") == 4
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


def test_the_page_shows_accounts_flows_runs_and_records_and_no_secret(ingestion: Ingestion) -> None:
    emulator = ingestion.emulator
    ingestion.table.insert(1, 2)
    ingestion.table.insert(3, 3, age="x")
    flow = ingestion.flow(ingestion.start(), options={"partialIngestionPercent": 50})
    emulator.run(flow)
    text = page(emulator).text
    for part in ("crm", "PostgreSQL", "people", ingestion.table.name, "hour", "CONNECTOR-2001-500", "NAME 2"):
        assert part in text, part
    cells = '<td class="number">{}</td>'
    assert "".join(cells.format(each) for each in (3, 2, 1)) in text
    assert SECRET not in text
    assert ingestion.table.sample.password not in text


def test_the_records_are_those_of_the_data_set_that_is_asked_for(ingestion: Ingestion, api: Api) -> None:
    ingestion.table.insert(1, 1)
    api.emulator.run(ingestion.flow(ingestion.start()))
    assert "NAME 1" in page(api.emulator, dataSet=ingestion.data_set).text
    assert "NAME 1" not in page(api.emulator, dataSet="another").text


def test_only_the_latest_of_many_records_are_shown(ingestion: Ingestion) -> None:
    ingestion.table.insert(1, 120)
    ingestion.emulator.run(ingestion.flow(ingestion.start(), "once"))
    text = page(ingestion.emulator).text
    assert text.count("<code>") == 50
    assert "The latest 50 of 120" in text


def test_what_somebody_has_named_is_text_and_no_markup(emulator: Emulator) -> None:
    emulator.create_connection("<script>alert(1)</script>", "Server=a")
    text = page(emulator).text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_page_is_read_only(emulator: Emulator) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert requests.request(method, f"{emulator.base_url}/", timeout=10).status_code == 405
    assert "<form" not in page(emulator).text


def test_the_page_is_not_for_a_name_from_elsewhere(emulator: Emulator) -> None:
    response = requests.get(f"{emulator.base_url}/", headers={"Host": "example.com"}, timeout=10)
    assert response.status_code == 403


def test_without_the_control_api_there_is_no_page(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "pulumi_adobe_aep.emulator", "--ready-file", str(ready)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        eventually(ready.exists, 60)
        assert page(Emulator.from_ready_file(ready)).status_code == 404
    finally:
        process.terminate()
        process.wait(timeout=30)


@in_a_browser
def test_a_browser_shows_the_page_with_its_tables(ingestion: Ingestion, tmp_path: Path) -> None:
    ingestion.table.insert(1, 2)
    ingestion.emulator.run(ingestion.flow(ingestion.start()))
    command = browser(tmp_path, "--dump-dom", f"{ingestion.emulator.base_url}/")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, stdin=subprocess.DEVNULL)
    for name in ("accounts", "dataflows", "runs", "records"):
        assert f'<table id="{name}">' in done.stdout, done.stdout


@in_a_browser
def test_the_page_renews_itself_in_a_browser(ingestion: Ingestion, tmp_path: Path) -> None:
    flow = ingestion.flow(ingestion.start())
    with open_page(tmp_path, f"{ingestion.emulator.base_url}/") as reported:

        def titles() -> list[Any]:
            return [each["title"] for each in requests.get(reported, timeout=10).json() if each["type"] == "page"]

        eventually(lambda: titles() == ["Flow Service emulator: 0 records"], 60)
        ingestion.table.insert(1, 2)
        ingestion.emulator.run(flow)
        eventually(lambda: titles() == ["Flow Service emulator: 2 records"], 60)
