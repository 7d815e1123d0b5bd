"""The data file: what was acknowledged is there again, whatever ended the process."""

from __future__ import annotations

import signal
import stat
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import requests

from pulumi_adobe_aep.emulator.client import EmulatorError, running_emulator
from tests.emulator.api import Api, code, connection_body, eventually

if TYPE_CHECKING:
    from pathlib import Path


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite")]
    with running_emulator(options) as emulator:
        api = Api.of(emulator)
        kept, deleted = api.create("kept"), api.create("deleted")
        api.change(kept, {"op": "replace", "path": "/name", "value": "changed"})
        api.delete(f"/connections/{deleted}")
        before = api.stored(kept)
        token = str(api.session.headers["Authorization"])
    with running_emulator(options) as emulator:
        again = Api.of(emulator)
        assert again.stored(kept) | {"state": "", "etag": "", "version": ""} == before | {
            "state": "",
            "etag": "",
            "version": "",
        }
        assert code(again.get(f"/connections/{deleted}")) == "1439-404"
        again.session.headers["Authorization"] = token
        assert again.get("/connections").status_code == 200, "the tokens live on, too"


def test_the_clients_secret_is_the_same_after_a_restart(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite")]
    with running_emulator(options) as emulator:
        first = emulator.environment()
    with running_emulator(options) as emulator:
        second = emulator.environment()
    ports = ("AEP_BASE_URL", "AEP_IMS_URL")
    assert {key: first[key] for key in first if key not in ports} == {
        key: second[key] for key in second if key not in ports
    }


def test_expired_tokens_stay_expired_after_a_restart(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite")]
    with running_emulator(options) as emulator:
        token = f"Bearer {emulator.token()}"
        emulator.expire_tokens()
    with running_emulator(options) as emulator:
        api = Api.of(emulator)
        api.session.headers["Authorization"] = token
        assert api.get("/connections").status_code == 401


def test_every_acknowledged_write_survives_kill_9(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite")]
    acknowledged: list[str] = []
    with running_emulator(options) as emulator:
        assert emulator.process is not None

        def write() -> None:
            with suppress(requests.RequestException):
                api = Api.of(emulator)
                while True:
                    response = api.post("/connections", connection_body())
                    if response.status_code == 201:
                        acknowledged.append(response.json()["id"])

        writers = [threading.Thread(target=write) for _ in range(3)]
        for writer in writers:
            writer.start()
        eventually(lambda: len(acknowledged) > 50, 30)
        emulator.process.send_signal(signal.SIGKILL)
        for writer in writers:
            writer.join()
    with running_emulator(options) as emulator:
        kept = [each["id"] for each in emulator.connections()]
    assert set(acknowledged) <= set(kept)
    # A write may have been carried out and not been acknowledged, once for each writer.
    assert len(kept) - len(acknowledged) <= len(writers)


def test_the_data_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "aep.sqlite"
    with running_emulator(["--data", str(path)]) as emulator:
        Api.of(emulator).create()
        for each in tmp_path.iterdir():
            assert stat.S_IMODE(each.stat().st_mode) == 0o600, each


def test_two_emulators_cannot_use_one_data_file(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite")]
    with (
        running_emulator(options),
        pytest.raises(EmulatorError, match="cannot be used: another emulator uses it"),
        running_emulator(options),
    ):
        pass


def test_a_file_that_is_not_a_data_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "aep.sqlite"
    path.write_text("something else, and long enough to look like a page of a database" * 100, encoding="utf-8")
    with (
        pytest.raises(EmulatorError, match=r"the data file .* cannot be used: file is not a database"),
        running_emulator(["--data", str(path)]),
    ):
        pass


def test_reset_empties_the_data_file(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite")]
    with running_emulator(options) as emulator:
        Api.of(emulator).create()
        emulator.reset()
    with running_emulator(options) as emulator:
        assert emulator.connections() == []


def test_an_accepted_deletion_is_carried_out_after_a_restart(tmp_path: Path) -> None:
    options = ["--data", str(tmp_path / "aep.sqlite"), "--delete-mode", "202", "--delete-seconds", "1000"]
    with running_emulator(options) as emulator:
        api = Api.of(emulator)
        connection_id = api.create()
        assert api.delete(f"/connections/{connection_id}").status_code == 202
    with running_emulator(options) as emulator:
        api = Api.of(emulator)
        assert api.connection(connection_id)["state"] == "delete-finalizing"
        emulator.advance(1000)
        assert emulator.connections() == []
