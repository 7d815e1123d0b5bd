"""What a reader, a log or an error may see of a secret: nothing that is not meant to be seen."""

from __future__ import annotations

import pytest
import requests

from pulumi_adobe_aep.emulator.client import Emulator
from tests.emulator.api import CONNECTION_STRING, SECRET, Api, basic_auth


def test_secrets_are_masked_on_read(api: Api) -> None:
    assert api.connection(api.create())["auth"]["params"] == {"connectionString": "*****"}
    assert SECRET not in api.get("/connections").text


def test_secrets_can_be_omitted_on_read(emulator: Emulator, api: Api) -> None:
    emulator.switch(secrets="omit")
    assert api.connection(api.create())["auth"]["params"] == {}
    assert api.connection(api.create(auth=basic_auth()))["auth"]["params"] == basic_auth(password=None)["params"]


def test_secrets_can_be_plain_on_read(emulator: Emulator, api: Api) -> None:
    emulator.switch(secrets="plain")
    assert api.connection(api.create())["auth"]["params"] == {"connectionString": CONNECTION_STRING}


@pytest.mark.parametrize("mode", ["mask", "omit"])
def test_only_secrets_are_hidden(emulator: Emulator, api: Api, mode: str) -> None:
    emulator.switch(secrets=mode)
    params = api.connection(api.create(auth=basic_auth()))["auth"]["params"]
    assert params | {"password": SECRET} == basic_auth()["params"]


def test_the_request_log_and_the_state_hold_no_secret(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    api.change(connection_id, {"op": "replace", "path": "/auth/params", "value": basic_auth()})
    Api.of(emulator)
    for path in ("requests", "state", "faults", "switches"):
        text = requests.get(f"{emulator.base_url}/_emulator/{path}", timeout=10).text
        assert SECRET not in text
        assert emulator.client_secret not in text
        assert str(api.session.headers["Authorization"]).removeprefix("Bearer ") not in text
    assert SECRET in str(emulator.connections(secrets=True))


def test_a_secret_sent_as_an_api_key_is_not_logged(emulator: Emulator, api: Api) -> None:
    api.session.headers["x-api-key"] = emulator.client_secret
    api.get("/connections")
    (logged,) = emulator.requests()
    assert emulator.client_secret not in str(logged)
