"""What no document of Adobe's names is an error, unless the emulator runs with --loose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_adobe_aep.emulator.client import running_emulator
from tests.emulator.api import POSTGRESQL, Api, basic_auth, code, connection_body

if TYPE_CHECKING:
    from collections.abc import Iterator

BODIES = [
    (connection_body(colour="red"), "colour"),
    (connection_body(auth=basic_auth() | {"colour": "red"}), "auth.colour"),
    (connection_body(connectionSpec=POSTGRESQL | {"name": "postgre-sql"}), "connectionSpec.name"),
    (connection_body(auth=basic_auth(colour="red")), "colour"),
]


@pytest.fixture(scope="module")
def loose() -> Iterator[Api]:
    with running_emulator(["--loose"]) as emulator:
        yield Api.of(emulator)


@pytest.mark.parametrize(("body", "field"), BODIES)
def test_an_undocumented_field_is_refused_by_name(api: Api, body: dict[str, Any], field: str) -> None:
    response = api.post("/connections", body)
    assert code(response) == "1318-400"
    assert field in response.json()["errorMessage"]


@pytest.mark.parametrize("body", [body for body, _ in BODIES])
def test_a_loose_emulator_keeps_undocumented_fields(loose: Api, body: dict[str, Any]) -> None:
    response = loose.post("/connections", body)
    assert response.status_code == 201
    stored = loose.stored(response.json()["id"])
    assert {key: stored[key] for key in body} == body


def test_an_undocumented_parameter_is_refused_on_every_method(api: Api) -> None:
    connection_id = api.create()
    for method, path in (
        ("GET", f"/connections/{connection_id}"),
        ("GET", f"/connections/{connection_id}/test"),
        ("DELETE", f"/connections/{connection_id}"),
        ("GET", "/flows"),
    ):
        assert code(api.call(method, path, params={"force": "true"})) == "1451-400"


def test_a_loose_emulator_ignores_undocumented_parameters(loose: Api) -> None:
    assert loose.get("/connections", force="true").status_code == 200


def test_an_undocumented_header_is_1007_400(api: Api) -> None:
    response = api.call("GET", "/connections", headers={"x-sandbox": "dev"})
    assert code(response) == "1007-400"
    assert "`x-sandbox`" in response.json()["errorMessage"]


def test_headers_of_http_itself_and_of_proxies_pass(api: Api) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1", "Accept": "application/json; version=1"}
    assert api.call("GET", "/connections", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=b"},
        {"baggage": "user=1"},
        {"b3": "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"},
        {"X-B3-TraceId": "80f198ee56343ba8", "X-B3-SpanId": "e457b5a2e4d86bd1", "X-B3-Sampled": "1"},
        {"x-datadog-trace-id": "1", "x-datadog-parent-id": "2", "x-datadog-sampling-priority": "1"},
        {"x-datadog-origin": "rum", "x-datadog-tags": "_dd.p.dm=-1"},
        {"x-request-id": "chosen-by-the-client"},
        {"sentry-trace": "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1"},
        {"uber-trace-id": "1:2:0:1"},
        {"X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678"},
        {"X-Cloud-Trace-Context": "105445aa7843bc8bf206b12000100000/1;o=1"},
        {"newrelic": "e30=", "X-NewRelic-ID": "a", "X-NewRelic-Transaction": "b"},
        {"x-instana-t": "1", "x-instana-s": "2", "x-instana-l": "1"},
        {"x-dynatrace": "FW4;1"},
        {"X-OT-Span-Context": "1;2;3;4"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_headers_of_tracers_pass(api: Api, headers: dict[str, str]) -> None:
    response = api.call("GET", "/connections", headers=headers)
    assert response.status_code == 200, response.text


def test_a_loose_emulator_ignores_unknown_fields_in_filters_and_orders(loose: Api) -> None:
    assert loose.get("/connections", orderby="nothing", property="nothing==1").json()["items"] == []


def test_a_loose_emulator_ignores_undocumented_headers(loose: Api) -> None:
    assert loose.call("GET", "/connections", headers={"x-sandbox": "dev"}).status_code == 200


def test_a_loose_emulator_changes_any_part_of_the_credentials(loose: Api) -> None:
    connection_id = loose.create(auth=basic_auth())
    change = {"op": "replace", "path": "/auth/params/password", "value": "new"}
    assert loose.change(connection_id, change).status_code == 200


def test_an_undocumented_mode_is_refused(api: Api) -> None:
    assert code(api.post("/connections", connection_body(), params={"mode": "dry-run"})) == "1452-400"
