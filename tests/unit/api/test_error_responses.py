"""Error responses in every shape of Adobe's, as exceptions with advice."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from pulumi_adobe_aep.advice import NEUTRAL
from pulumi_adobe_aep.api.error_responses import ADVICE, BY_STATUS, is_adobes, read_error, to_exception
from pulumi_adobe_aep.api.transport import Request, Response, http_date
from pulumi_adobe_aep.emulator.error_catalogues import CONNECTOR
from pulumi_adobe_aep.errors import (
    EntityGone,
    Forbidden,
    NotFound,
    Outcome,
    ServiceError,
    ServiceUnavailable,
    TooManyRequests,
    TransientState,
    Unauthorized,
    VersionConflict,
)
from pulumi_adobe_aep.redaction import register

REQUEST = Request("POST", "https://platform.adobe.io/data/foundation/flowservice/connections")


def response(status: int, body: object, headers: dict[str, str] | None = None) -> Response:
    content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Response(REQUEST, status, CaseInsensitiveDict(headers or {"Content-Type": "application/json"}), content)


def error_of(status: int, body: object, headers: dict[str, str] | None = None) -> ServiceError:
    return to_exception(response(status, body, headers), "Creating the connection 'crm'")


def flow_error(code: str, text: str = "Adobe's own text.") -> dict[str, Any]:
    return {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{code}",
        "title": "Invalid request",
        "status": int(code.rpartition("-")[2]),
        "report": {"detailed-message": text, "request-id": "in-the-body"},
        "errorMessage": text,
        "errorDetails": text,
    }


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (
            flow_error("1439-404", "The requested resource is not found."),
            "1439",
            "The requested resource is not found.",
        ),
        (flow_error("1308-400") | {"type": "https://ns.adobe.com/aep/errors/CONNECTOR-1308-400"}, "1308", None),
        ({"errorMessage": "connections not found with id = [x]", "errorDetails": "same"}, "", "connections not found"),
        ({"message": "Please provide a valid spec id"}, "", "Please provide a valid spec id"),
        ({"error_code": "401013", "message": "Oauth token is not valid"}, "401013", "Oauth token is not valid"),
        ({"error_code": 401013, "message": "Oauth token is not valid"}, "401013", "Oauth token is not valid"),
        ({"errorCode": "FLOW-1418-400", "message": "In use"}, "1418", "In use"),
        (
            {"type": "/placeholder/type/uri", "status": 400, "title": "BadRequestError", "detail": "A valid type"},
            "",
            "A valid type",
        ),
        ({"error": "invalid_client", "error_description": "invalid client_id"}, "invalid_client", "invalid client_id"),
        ({"error": "invalid_scope"}, "invalid_scope", "invalid_scope"),
        ({"title": "Forbidden"}, "", "Forbidden"),
        ({"report": "no object", "errorMessage": ["no text"], "message": "the text"}, "", "the text"),
    ],
    ids=range(12),
)
def test_every_documented_shape_gives_its_code_and_text(body: dict[str, Any], code: str, text: str | None) -> None:
    found = read_error(response(400, body))
    assert found.code == code
    assert found.text.startswith(text or "Adobe's own text.")


def test_the_request_id_of_the_header_comes_before_that_of_the_body() -> None:
    headers = {"X-Request-Id": "in-the-header"}
    assert error_of(400, flow_error("1413-400"), headers).request_id == "in-the-header"
    assert error_of(400, flow_error("1413-400")).request_id == "in-the-body"


def test_a_message_says_what_was_tried_why_it_failed_what_to_do_and_the_request_id() -> None:
    message = str(error_of(403, flow_error("2121-403", "The permission manage is denied on resource X.")))
    what, why, advice, request_id, *_ = message.split("\n")
    assert what == "Creating the connection 'crm' failed: Adobe responded with 403 Forbidden."
    assert why == "Why: The permission manage is denied on resource X. (code 2121)"
    assert advice.startswith("What to do: An administrator must add the API credential to a role in Permissions")
    assert request_id == "Adobe's request id: in-the-body"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"error_code": "401013", "message": "x"}, Unauthorized),
        (403, flow_error("2120-403"), Forbidden),
        (404, flow_error("1439-404"), EntityGone),
        (404, {"errorMessage": "connections not found with id = [x]"}, EntityGone),
        (404, flow_error("2100-404"), NotFound),
        (404, "<html>nginx</html>", NotFound),
        (404, b"", NotFound),
        (404, {"message": "no Route matched with those values"}, NotFound),
        (412, flow_error("1404-412"), VersionConflict),
        (429, {"error_code": "429050", "message": "Too many requests"}, TooManyRequests),
        (400, flow_error("1416-400"), TransientState),
        (400, flow_error("1420-400"), TransientState),
        (400, flow_error("1421-400"), TransientState),
        (400, flow_error("1457-400"), TransientState),
        (400, flow_error("1458-400"), TransientState),
        (400, flow_error("1413-400"), ServiceError),
        (408, flow_error("1006-408"), ServiceUnavailable),
        (500, b"", ServiceUnavailable),
        (502, "<html>", ServiceUnavailable),
        (504, flow_error("1104-504"), ServiceUnavailable),
        (301, b"", ServiceError),
        (418, b"", ServiceError),
        (599, b"", ServiceUnavailable),
    ],
)
def test_each_response_is_an_exception_of_its_kind(status: int, body: object, kind: type[ServiceError]) -> None:
    error = error_of(status, body)
    assert type(error) is kind
    assert error.status == status
    assert error.outcome is (Outcome.UNKNOWN if kind is ServiceUnavailable else Outcome.REJECTED)


@pytest.mark.parametrize("code", ADVICE)
def test_the_advice_for_each_code_is_a_sentence(code: str) -> None:
    plain, _, status = code.partition("-")
    advice = error_of(int(status or 400), {"error_code": plain, "message": "x"}).advice
    assert_is_a_sentence(advice)
    if f"{code}-400" not in ADVICE:
        assert advice == NEUTRAL.of(ADVICE[code])


def test_a_code_that_means_two_things_is_distinguished_by_its_status() -> None:
    of_flow_service = error_of(412, flow_error("1404-412")).advice
    of_connector = error_of(400, {"type": "https://ns.adobe.com/aep/errors/CONNECTOR-1404-400", "title": "x"}).advice
    assert "Somebody changed it" in of_flow_service
    assert "cannot be changed. Replace the resource" in of_connector


# Only a defect of the provider could send a mode, or an action that there is not.
@pytest.mark.parametrize(
    "code", [each for each in CONNECTOR if "1360" <= each[:4] <= "1404" and each[:4] not in {"1368", "1401"}]
)
def test_every_code_of_schedules_and_runs_says_more_than_its_status(code: str) -> None:
    advice = error_of(400, {"type": f"https://ns.adobe.com/aep/errors/CONNECTOR-{code}", "title": "x"}).advice
    assert advice != NEUTRAL.of(BY_STATUS[400])


@pytest.mark.parametrize("status", [*BY_STATUS, 300, 307, 418, 500, 503, 599])
def test_the_advice_without_a_code_is_a_sentence(status: int) -> None:
    assert_is_a_sentence(error_of(status, b"").advice)


def assert_is_a_sentence(text: str) -> None:
    assert text[0] in string.ascii_uppercase
    assert text.endswith((".", "URN."))
    assert "\n" not in text
    assert "{" not in text


@pytest.mark.parametrize(("code", "permission"), [("2118", "Manage"), ("2120", "View"), ("2121", "Manage")])
def test_a_missing_permission_is_named(code: str, permission: str) -> None:
    assert f"'{permission} Sources'" in str(ADVICE[code])


@pytest.mark.parametrize("code", ["2100", "2101", "2103", "2106"])
def test_a_missing_sandbox_asks_for_its_name(code: str) -> None:
    assert "it is the sandbox's name, not its title" in str(ADVICE[code])


def test_a_redirect_says_that_it_is_not_followed() -> None:
    assert error_of(302, b"", {"Location": "https://evil.example.com"}).advice.startswith("Redirects are not followed")


def test_a_response_without_words_is_described_by_its_size_and_kind() -> None:
    error = error_of(502, '{"a": "Bad Gateway"}', {"Content-Type": "text/html"})
    assert error.why == "The response gives no reason (20 bytes of text/html)."


def test_a_long_text_is_cut_and_kept_on_one_line() -> None:
    why = error_of(400, {"message": "many words\n" * 500}).why
    assert len(why) == 600
    assert "\n" not in why
    assert why.endswith("…")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "38"}, 38.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": " 7 "}, 7.0),
        ({"Retry-After": "Mon, 02 Nov 2026 10:00:30 GMT", "Date": "Mon, 02 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"Retry-After": "Mon, 02 Nov 2026 09:00:00 GMT", "Date": "Mon, 02 Nov 2026 10:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": ""}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date_by_the_services_clock(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert error_of(429, b"", headers).retry_after == seconds


def test_a_retry_after_date_without_a_clock_counts_from_now() -> None:
    after = error_of(429, b"", {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}).retry_after
    assert after is not None
    assert after > 86_400 * 365


@pytest.mark.parametrize("text", ["", "x", "32 Foo 2026", "Mon, 02 Nov 99999 10:00:00 GMT", "0", "\x00"])
def test_what_is_not_a_date_is_none(text: str) -> None:
    assert http_date(text) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["type", "title", "report", "detailed-message", "request-id", "errorMessage", "detail"]) | (
    st.sampled_from(["message", "error_code", "errorCode", "error", "error_description", "status"])
)


@given(
    status=st.integers(100, 999),
    body=st.binary()
    | st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON)).map(lambda body: json.dumps(body).encode()),
    retry_after=st.text(alphabet=string.printable) | st.floats().map(str) | st.integers().map(str),
    date=st.text(alphabet=string.printable),
)
@example(status=400, body=b'{"a":' * 100_000, retry_after="", date="")
@example(status=400, body=b"9" * 100_000, retry_after="9" * 400, date="")
@example(status=400, body=b'{"message": "\\ud800"}', retry_after="1e999", date="Mon, 02 Nov 2026 10:00:00 +9999")
@example(status=404, body=b"[" * 100_000, retry_after="Mon, 02 Nov 2026 10:00:00 -2400", date="0")
def test_every_response_becomes_an_error_with_a_message(status: int, body: bytes, retry_after: str, date: str) -> None:
    error = error_of(status, body, {"Retry-After": retry_after, "Date": date})
    who = "Adobe responded with" if is_adobes(response(status, body)) else "the response was"
    assert str(error).startswith(f"Creating the connection 'crm' failed: {who} {status}")
    assert len(str(error)) < 3000
    assert error.retry_after is None or error.retry_after >= 0
    assert not isinstance(error, EntityGone) or status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"message": "x" * 590 + " Zr8kq2Lx-and-more"},
        {"message": "the password Zr8kq2Lx  with  two spaces"},
        {"error_code": "x" * 34 + "-Zr8kq2Lx-and-more"},
        {"error": "x" * 34 + "-Zr8kq2Lx-and-more"},
        {"report": {"request-id": "Zr8kq2Lx-and-more"}},
    ],
)
def test_a_secret_is_masked_before_the_text_around_it_is_shortened(body: dict[str, Any]) -> None:
    register("Zr8kq2Lx-and-more")
    register("Zr8kq2Lx  with  two spaces")
    error = error_of(400, body)
    for shown in (str(error), error.why, error.code, error.request_id):
        assert "Zr8k" not in shown
        assert "two spaces" not in shown


PAGE = b"<!DOCTYPE html><html><h1>Access denied</h1> by your administrator</html>"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ServiceError),
        (401, ServiceError),
        (403, ServiceError),
        (404, NotFound),
        (407, ServiceError),
        (412, ServiceError),
        (429, TooManyRequests),
        (451, ServiceError),
        (502, ServiceUnavailable),
        (503, ServiceUnavailable),
        (504, ServiceUnavailable),
        (599, ServiceUnavailable),
    ],
)
@pytest.mark.parametrize("page", [PAGE, b"Access denied", b"\xff\xfe", b"<xml/>", b"[" * 100_000])
def test_a_page_that_is_not_adobes_says_nothing_of_credentials_or_permissions(
    status: int, kind: type[ServiceError], page: bytes
) -> None:
    error = error_of(status, page, {"Content-Type": "text/html", "Retry-After": "7"})
    assert type(error) is kind
    assert f"failed: the response was {status}" in error.what
    assert error.why == (
        f"It is {len(page)} bytes of text/html and not JSON; a proxy between here and Adobe may have written it."
    )
    assert "HTTPS_PROXY" in error.advice
    assert "platform.adobe.io" in error.advice
    assert_is_a_sentence(error.advice)
    assert error.retry_after == 7
    for misleading in ("role", "AEP_CLIENT", "AEP_ACCESS_TOKEN", "permission", "Permissions", "Adobe responded with"):
        assert misleading not in str(error)


@pytest.mark.parametrize("body", [b"", b"  \n", b"{}", b'{"message": "no"}', b'{"message": "lost', b'"no"', b"null"])
def test_an_empty_response_or_json_may_be_adobes(body: bytes) -> None:
    assert is_adobes(response(403, body))
    assert type(error_of(403, body)) is Forbidden


def test_a_proxy_that_wants_a_password_is_never_adobe_even_if_it_writes_json() -> None:
    assert not is_adobes(response(407, {"message": "who are you"}))
