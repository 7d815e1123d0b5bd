"""Whatever part of a secret a service quotes, in whatever field and spelling: it is on no console and in no log."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.support.host import Adapter, Host, Wire, failure, running
from tests.support.spellings import LONG, SPELLINGS

IN_ENVIRONMENT = {
    "ECHO_PASSWORD": "Zr8k}q2;Lx 'of' \"the\" \\environment",
    "ECHO_STRING": "Server=db;Database=crm;Port=5432;UID=u;Password={Zr8k}}q2;Lx of a whole string}",
}
INSIDE = {"ECHO_PASSWORD": IN_ENVIRONMENT["ECHO_PASSWORD"], "ECHO_STRING": "Zr8k}q2;Lx of a whole string"}

# Each takes what is quoted and returns the body, in the shapes of Flow Service, its predecessor, the gateway and IMS.
BODIES: dict[str, Callable[[str], Any]] = {
    "report": lambda text: {
        "type": "https://ns.adobe.com/aep/errors/FLOW-1312-400",
        "report": {"detailed-message": text},
    },
    "request id in the report": lambda text: {"title": "x", "report": {"request-id": text}},
    "type": lambda text: {"type": f"https://ns.adobe.com/aep/errors/FLOW-1312-400/{text}", "title": text},
    "title": lambda text: {"title": text, "status": 400},
    "errorMessage": lambda text: {"errorMessage": text, "errorDetails": text},
    "message": lambda text: {"error_code": "400001", "message": text},
    "code": lambda text: {"error_code": text, "message": "no"},
    "long code": lambda text: {"errorCode": "x" * 30 + text, "message": "no"},
    "detail": lambda text: {"detail": text},
    "error": lambda text: {"error": text, "error_description": "no"},
    "error_description": lambda text: {"error": "invalid_request", "error_description": text},
    "long message": lambda text: {"message": "x " * 290 + text},
    "JSON in the message": lambda text: {"message": json.dumps({"params": {"connectionString": text}})},
    "a list": lambda text: [text],
    "a string": lambda text: text,
}


@pytest.fixture(scope="module")
def echo_host(
    aep_emulator_process: Emulator, tmp_path_factory: pytest.TempPathFactory, adapter: Adapter
) -> Iterator[Host]:
    """A process that logs all it can."""
    with _running(aep_emulator_process, tmp_path_factory.mktemp("echo"), adapter, timeout="20") as host:
        yield host


@pytest.fixture(scope="module")
def short_limit_host(
    aep_emulator_process: Emulator, tmp_path_factory: pytest.TempPathFactory, adapter: Adapter
) -> Iterator[Host]:
    """The same with a short time limit, because what was created is looked for until it is over."""
    with _running(aep_emulator_process, tmp_path_factory.mktemp("short-limit"), adapter, timeout="4") as host:
        yield host


def _running(
    emulator: Emulator, folder: Path, adapter: Adapter, timeout: str
) -> contextlib.AbstractContextManager[Host]:
    environment = {**emulator.environment(), "AEP_TIMEOUT": timeout, "AEP_LOG": "debug", **IN_ENVIRONMENT}
    return running(environment, folder, adapter)


def quoted_string(password: str) -> str:
    return "Server=db;Database=crm;Port=5432;UID=reader;Password={" + password.replace("}", "}}") + "}"


def declarations(password: str) -> dict[str, Wire]:
    """Return the ways to declare a password."""
    parts = {"server": "db", "database": "crm", "username": "reader"}
    return {
        "parts": {**parts, "password": password},
        "basic": {**parts, "password": password, "sslMode": "Require"},
        "whole": {"connectionString": quoted_string(password)},
    }


def assert_none_of(secret: str, spelled: str, *texts: str) -> None:
    bare = spelled.strip("\"'{}\\")
    for text in texts:
        assert secret not in text
        assert spelled not in text
        assert bare not in text


class Reading:
    """A log that is read on from where it was read last."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._done = len(host.log())

    def new(self) -> str:
        text = self._host.log()
        part, self._done = text[self._done :], len(text)
        return part


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    secret=LONG,
    spelling=st.sampled_from(sorted(SPELLINGS)),
    body=st.sampled_from(sorted(BODIES)),
    form=st.sampled_from(["parts", "basic", "whole"]),
    status=st.sampled_from([400, 401, 403, 404, 409, 422]),
    around=st.sampled_from(["{}", "bad value {}.", "'{}'", "Password={};UID=x", "login failed ({})", "{}…"]),
)
def test_no_part_of_a_secret_comes_out_of_a_failed_create(  # noqa: PLR0917 - what hypothesis draws
    echo_host: Host,
    aep_emulator: Emulator,
    secret: str,
    spelling: str,
    body: str,
    form: str,
    status: int,
    around: str,
) -> None:
    spelled = SPELLINGS[spelling](secret)
    aep_emulator.lift_faults()
    content = json.dumps(BODIES[body](around.replace("{}", spelled)))
    aep_emulator.fault(Answer(status=status, body=content), method="POST", path="/connections$", times=None)
    log = Reading(echo_host)
    reported = failure(echo_host.create, {"name": "crm", "auth": declarations(secret)[form]})
    assert_none_of(secret, spelled, reported, log.new())


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("variable", IN_ENVIRONMENT)
def test_no_part_of_a_secret_of_the_environment_comes_out(
    echo_host: Host, aep_emulator: Emulator, variable: str, body: Callable[[str], Any]
) -> None:
    secret = INSIDE[variable]
    reference = {"fromEnv": variable, "version": 1}
    parts = {"server": "db", "database": "crm", "username": "reader", "password": reference}
    auth = {"connectionString": reference} if variable == "ECHO_STRING" else parts
    log = Reading(echo_host)
    for spell in SPELLINGS.values():
        content = json.dumps(body(spell(secret)))
        aep_emulator.lift_faults()
        aep_emulator.fault(Answer(status=400, body=content), method="POST", path="/connections$")
        assert_none_of(secret, spell(secret), failure(echo_host.create, {"name": "crm", "auth": auth}), log.new())


@pytest.mark.parametrize("form", ["parts", "basic", "whole"])
@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_no_part_of_a_secret_comes_out_of_an_update_or_a_failed_verification(
    echo_host: Host, aep_emulator: Emulator, form: str, spell: Callable[[str], str]
) -> None:
    first, second = "Fi5t}of\"the' database&", "Ne(xt}of\"the' database&"
    aep_emulator.fault(Answer(status=200, body='{"result": true}'), path="/test$")
    created = echo_host.create({"name": "crm", "verify": True, "auth": declarations(first)[form]})
    log = Reading(echo_host)
    after = {"name": "crm", "verify": True, "auth": declarations(second)[form]}
    for secret in (first, second):
        aep_emulator.fault(
            Answer(status=400, body=json.dumps({"errorMessage": spell(secret)})), method="PATCH", path="/connections/"
        )
        reported = failure(echo_host.update, created.id, created.outputs, after)
        assert_none_of(secret, spell(secret), reported, log.new())
        aep_emulator.lift_faults()
        reason = {"result": False, "message": f"FATAL: password authentication failed: {spell(secret)}"}
        aep_emulator.fault(Answer(status=200, body=json.dumps(reason)), path="/test$", times=None)
        reported = failure(echo_host.update, created.id, created.outputs, after)
        assert "password authentication failed" in reported
        assert_none_of(secret, spell(secret), reported, log.new())
        aep_emulator.lift_faults()


HEADERS = ("x-request-id", "Location", "Content-Type", "Retry-After", "Date")


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("status", [400, 403])
def test_no_part_of_a_secret_comes_out_of_a_header(
    echo_host: Host, aep_emulator: Emulator, header: str, status: int
) -> None:
    _assert_header_is_quiet(echo_host, aep_emulator, header, status)


@pytest.mark.parametrize("header", HEADERS)
def test_no_part_of_a_secret_comes_out_of_a_header_of_what_was_created(
    short_limit_host: Host, aep_emulator: Emulator, header: str
) -> None:
    _assert_header_is_quiet(short_limit_host, aep_emulator, header, 201)


def _assert_header_is_quiet(host: Host, emulator: Emulator, header: str, status: int) -> None:
    secret = "Zr8k}q2;Lx-of-a-header"
    log = Reading(host)
    response = Answer(status=status, body="<html>", headers={header: f"x/{secret}"})
    emulator.fault(response, method="POST", path="/connections$", times=None)
    reported = failure(host.create, {"name": "crm", "auth": declarations(secret)["whole"]})
    assert_none_of(secret, secret, reported, log.new())
