"""A mask in place of a hidden value is not drift; a value is, also one in brackets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from tests.support.host import Adapter, Host, running

AUTH = {
    "specName": "Basic Authentication",
    "server": "db.example.com",
    "port": 5432,
    "database": "crm",
    "username": "aep_reader",
    "password": "a-password",
    "sslMode": "Require",
}
INPUTS = {"name": "crm", "sandboxName": "dev", "auth": AUTH}


@pytest.fixture
def host(aep_emulator: Emulator, tmp_path: Path, adapter: Adapter) -> Iterator[Host]:
    with running(aep_emulator.environment(), tmp_path, adapter) as host:
        yield host


@pytest.mark.parametrize("mask", ["--------", "(hidden)", "<redacted>", "xxxx", "***", "••••", "REDACTED"])
@pytest.mark.parametrize("part", ["server", "port", "database", "username", "sslMode"])
def test_a_masked_part_is_not_drift_at_a_refresh(host: Host, aep_emulator: Emulator, part: str, mask: str) -> None:
    created = host.create(INPUTS)
    aep_emulator.change(created.id, params={part: mask})

    read = host.read(created.id, created.outputs)

    assert read.outputs["auth"] == created.outputs["auth"]
    assert read.inputs is not None
    assert read.inputs["auth"] == created.outputs["auth"]


@pytest.mark.parametrize("server", ["[2001:db8::1]", "[db.example.com]", "2001:db8::1"])
def test_a_server_in_brackets_is_drift(host: Host, aep_emulator: Emulator, server: str) -> None:
    created = host.create(INPUTS)
    aep_emulator.change(created.id, params={"server": server})

    assert host.read(created.id, created.outputs).outputs["auth"]["server"] == server
