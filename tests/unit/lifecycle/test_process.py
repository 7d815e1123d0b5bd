"""What all operations of a process share."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from pulumi_adobe_aep.api.cancellation import Cancellation
from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.errors import SettingsError
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.dataflow import DATAFLOW
from pulumi_adobe_aep.kinds.mapping_set import MAPPING_SET
from pulumi_adobe_aep.lifecycle.process import Process
from pulumi_adobe_aep.settings import Settings
from tests.support.clock import StandingClock


@pytest.fixture
def process(settings: Settings) -> Process:
    return Process(replace(settings, timeout=200, max_concurrency=2), clock=StandingClock())


def test_the_time_limit_is_the_settings_or_the_resources_and_says_which(process: Process) -> None:
    assert process.deadline().describe() == "the time limit of 200 seconds for one operation (AEP_TIMEOUT)"
    assert process.deadline(5).describe() == "the time limit of 5 seconds for one operation (customTimeouts)"
    assert process.deadline(0).remaining() == 0
    assert process.service(POSTGRES, "dev", 7).deadline.remaining() == 7
    assert process.service(POSTGRES, "dev").deadline.remaining() == 200
    assert process.deadline().clock is process.clock


def test_all_operations_end_with_one_cancellation(settings: Settings) -> None:
    cancellation = Cancellation()
    process = Process(settings, cancellation=cancellation)
    assert {process.deadline().cancellation, process.deadline(5).cancellation, process.cancellation} == {cancellation}
    assert Process(settings).cancellation is not cancellation


def test_each_kind_is_asked_for_at_its_own_service(process: Process) -> None:
    assert isinstance(process.service(POSTGRES, "dev"), FlowService)
    assert isinstance(process.service(DATAFLOW, "dev"), FlowService)
    assert not isinstance(process.service(MAPPING_SET, "dev"), FlowService)


def test_all_share_one_way_to_adobe_and_one_reader_of_a_kind(process: Process) -> None:
    assert process.api is process.api
    assert process.reader(POSTGRES) is process.reader(POSTGRES)
    assert process.reader(POSTGRES) is not process.reader(DATAFLOW)


def test_no_more_operations_than_the_settings_allow_ask_at_once(process: Process) -> None:
    assert [process.slots.acquire(blocking=False) for _ in range(3)] == [True, True, False]


def test_the_environment_is_the_processs_unless_another_is_given(settings: Settings) -> None:
    assert Process(settings).environment is os.environ
    assert Process(settings, {"A": "b"}).environment == {"A": "b"}


def test_the_sandbox_is_the_one_in_the_settings(settings: Settings) -> None:
    assert Process(settings).default_sandbox() == "dev"
    with pytest.raises(SettingsError, match="No sandbox is named"):
        Process(replace(settings, sandbox_name="")).default_sandbox()


def test_a_process_that_has_sent_nothing_can_be_closed(process: Process) -> None:
    process.close()
    assert process.api is process.api
    process.close()
