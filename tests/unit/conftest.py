"""Fixtures for tests inside this process: the emulator's settings, and a client for its sandbox `dev`."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from pulumi_adobe_aep import redaction
from pulumi_adobe_aep.api.api import Api
from pulumi_adobe_aep.api.deadline import Deadline
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.settings import Settings, load
from tests.support.clock import FastClock


@pytest.fixture(autouse=True)
def _no_secrets_of_other_tests() -> None:
    """What another test called a secret may be an ordinary word in this one's messages."""
    redaction.forget()


@pytest.fixture
def settings(aep_emulator: Emulator) -> Settings:
    return load(aep_emulator.environment())


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    found = Api(settings)
    yield found
    found.close()


@pytest.fixture
def standing_service(aep_emulator: Emulator) -> None:
    """Let the time of the service move by a millisecond a request, and by what a test advances it."""
    aep_emulator.seed(step_ms=1)


@pytest.fixture
def clock() -> FastClock:
    return FastClock()


@pytest.fixture
def service(api: Api, aep_emulator: Emulator, clock: FastClock) -> FlowService:
    """The sandbox `dev`, with a token already there, so that the request log shows what a test does."""
    found = api.flow_service("dev", Deadline(300, clock))
    list(found.connections.list())
    aep_emulator.forget_requests()
    return found


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What is logged as a warning, or as worse."""
    # Off where another test of this process has sent the log to stderr.
    monkeypatch.setattr(logging.getLogger("pulumi_adobe_aep"), "propagate", True)
    caplog.set_level(logging.WARNING, "pulumi_adobe_aep")
    return caplog
