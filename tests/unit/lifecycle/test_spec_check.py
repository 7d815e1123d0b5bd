"""The credentials of a base connection against its connection spec's own schema."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_adobe_aep.api.flow_service import FlowService
from pulumi_adobe_aep.emulator.client import POSTGRESQL_SPEC_ID, Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from pulumi_adobe_aep.errors import InvalidInputs
from pulumi_adobe_aep.kinds.base_connection.any_source import ANY_SOURCE
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.kinds.kind import EntityKind
from pulumi_adobe_aep.lifecycle.plan import Planner
from pulumi_adobe_aep.lifecycle.spec_check import ConnectionSpecs
from pulumi_adobe_aep.settings import Settings
from tests.support.declarations import CONNECTION_STRING, PARTS

DECLARED: dict[str, Any] = {
    "name": "crm",
    "connectionSpec": {"id": POSTGRESQL_SPEC_ID},
    "authSpecName": CONNECTION_STRING,
    "secretParams": {"connectionString": "Server=db"},
}


class Check:
    """Checks a declaration, with what was looked at before."""

    def __init__(self, service: FlowService, settings: Settings) -> None:
        self._service = service
        self._settings = settings
        self._specs = ConnectionSpecs()

    def __call__(self, kind: EntityKind = ANY_SOURCE, **changes: Any) -> None:
        declared = {**(DECLARED if kind is ANY_SOURCE else {}), **changes}
        inputs = Planner(kind, self._settings).require(declared, is_new=True)
        self._specs.check(self._service, kind, inputs)


@pytest.fixture
def check(service: FlowService, settings: Settings) -> Check:
    return Check(service, settings)


def paths(emulator: Emulator) -> list[str]:
    return [request.path.rpartition("/flowservice")[2] for request in emulator.requests()]


def test_a_spec_is_read_once_for_all_connections_of_it(check: Check, aep_emulator: Emulator) -> None:
    check()
    check(name="another")
    assert paths(aep_emulator) == [f"/connectionSpecs/{POSTGRESQL_SPEC_ID}"]


def test_kinds_whose_models_check_them_cost_no_request(check: Check, aep_emulator: Emulator) -> None:
    check(POSTGRES, name="crm", auth=PARTS)
    assert aep_emulator.requests() == []


def test_an_auth_spec_that_there_is_not_is_reported_with_those_that_there_are(check: Check) -> None:
    with pytest.raises(InvalidInputs) as caught:
        check(authSpecName="OAuth")
    assert "Connection 'crm' does not fit its connection spec postgre-sql; it was not sent." in str(caught.value)
    assert f"Why: the auth spec must be '{CONNECTION_STRING}' or 'Basic Authentication', not 'OAuth'." in str(
        caught.value
    )


def test_all_that_is_wrong_is_reported_in_sentences(check: Check) -> None:
    with pytest.raises(InvalidInputs) as caught:
        check(secretParams={"conectionString": "Server=db"})
    assert (
        "Why: connectionString is missing from the secret parameters. conectionString is not a parameter of it; "
        "did you mean connectionString?\n" in str(caught.value)
    )


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (Answer(status=403, body="{}"), "because their schema could not be read"),
        (Answer(status=200, body="[]"), "shows no schema"),
        (Answer(status=200, body='{"items": {}}'), "shows no schema"),
        (Answer(status=200, body='{"items": []}'), "shows no schema"),
        (Answer(status=200, body='{"items": ["x"]}'), "shows no schema"),
        (Answer(status=200, body='{"items": [{"authSpec": []}]}'), "shows no schema"),
    ],
    ids=str,
)
def test_a_spec_that_is_not_shown_is_warned_of_once_and_nothing_is_refused(
    response: Answer, says: str, check: Check, aep_emulator: Emulator, warnings: pytest.LogCaptureFixture
) -> None:
    aep_emulator.fault(response, path="/connectionSpecs/")
    check(authSpecName="OAuth")
    check(authSpecName="OAuth")
    assert len(aep_emulator.requests()) == 1
    assert warnings.text.count("The parameters are not checked, ") == 1
    assert says in warnings.text


def test_a_spec_without_a_name_is_reported_by_its_id(check: Check, aep_emulator: Emulator) -> None:
    schema = '{"items": [{"authSpec": [{"name": "Basic", "spec": {}}]}]}'
    aep_emulator.fault(Answer(status=200, body=schema), path="/connectionSpecs/")
    with pytest.raises(InvalidInputs, match=f"does not fit its connection spec {POSTGRESQL_SPEC_ID}; it was not sent"):
        check()


def test_an_id_is_quoted_in_the_path(check: Check, aep_emulator: Emulator) -> None:
    check(connectionSpec={"id": "a?b"})
    (request,) = aep_emulator.requests()
    assert (request.path.rpartition("/")[2], request.query) == ("a?b", "")
