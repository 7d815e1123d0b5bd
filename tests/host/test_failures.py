"""What a person sees when something fails: sentences, Adobe's request id, never a frame, never a secret."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from urllib.parse import quote

import pytest
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_adobe_aep._addresses import ISSUES
from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer, ExpireTokens
from tests.host.conftest import Start
from tests.support.defective import ChainedProvider, DefectiveProvider, ForeignProvider
from tests.support.host import Dynamic, Host, ProviderFailed, Wire, failure

PASSWORD = 'pä"ss\\w;rd}&+ of the database'
AUTH = {"server": "db", "database": "crm", "username": "reader", "password": PASSWORD}
INPUTS: Wire = {"name": "crm", "auth": AUTH}


# Older SDKs give an exception's text alone, and gRPC puts its own words in front; the plugin leaves the package out.
NAMES_OF_A_FAILURE = {
    name: (f"pulumi_adobe_aep.{name}", "Exception calling application", name) for name in ("NotFound", "ProviderDefect")
}

IN_THE_SDKS_HOST = pytest.mark.parametrize("adapter", ["dynamic"], indirect=True, scope="session")
"""What only the dynamic provider has: a process that it shares with others, and exceptions with chains."""


def looks_like_frames(text: str) -> bool:
    return "Traceback" in text or re.search(r'File ".*", line \d+', text) is not None


def test_an_error_is_the_class_a_sentence_the_reason_the_advice_and_the_request_id(
    host: Host, aep_emulator: Emulator
) -> None:
    reported = failure(host.create, {**INPUTS, "sandboxName": "nowhere"})
    (request,) = aep_emulator.requests("POST", "/connections")
    lines = reported.strip().splitlines()
    raised, _, what = lines[0].partition(": ")
    assert raised in NAMES_OF_A_FAILURE["NotFound"]
    assert what == "Creating the connection 'crm' failed: Adobe responded with 404 Not Found. (Sandbox: nowhere.)"
    assert lines[1].startswith("Why: The sandbox with the name 'nowhere' could not be found.")
    assert lines[1].endswith("(code 2100)")
    assert lines[2].startswith(host.adapter.wording.spelled("What to do: Check `sandboxName` or AEP_SANDBOX_NAME"))
    assert lines[3] == f"Adobe's request id: {request.request_id}"
    assert len(lines) <= 5
    assert not looks_like_frames(reported)


@pytest.mark.parametrize(
    "echo",
    [
        PASSWORD,
        json.dumps(PASSWORD)[1:-1],
        json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
        quote(PASSWORD, safe=""),
        f"Server=db;Password={{{PASSWORD.replace('}', '}}')}}}",
    ],
    ids=["plain", "json", "json-unicode", "url", "connection string"],
)
def test_a_secret_that_adobe_echoes_is_masked(host: Host, aep_emulator: Emulator, echo: str) -> None:
    body = json.dumps({"message": f"bad request: {echo} was not expected"})
    aep_emulator.fault(Answer(status=400, body=body), method="POST", path="/connections$")
    reported = failure(host.create, INPUTS)
    assert "bad request: " in reported
    assert "[secret]" in reported
    assert echo not in reported
    assert "of the database" not in reported
    assert "of%20the%20database" not in reported
    assert PASSWORD not in host.log()


@pytest.mark.parametrize(
    ("environment", "reported"),
    [
        ({"AEP_TIMEOUT": "soon"}, "AEP_TIMEOUT (adobe-aep:timeout) cannot be used"),
        ({"AEP_BASE_URL": "http://platform.adobe.io"}, "would send credentials unencrypted"),
        ({"AEP_CREDENTIALS_FILE": "/nowhere/x.json"}, "/nowhere/x.json cannot be read: No such file or directory."),
    ],
)
def test_a_malformed_setting_is_reported_in_a_sentence_by_every_call(
    start: Start, environment: dict[str, str | None], reported: str
) -> None:
    host = start(environment)
    for call, arguments in ((host.check, [INPUTS]), (host.create_checked, [INPUTS]), (host.diff, ["x", {}, INPUTS])):
        text = failure(call, *arguments)
        assert reported in text
        assert "What to do: " in text
        assert not looks_like_frames(text)


def test_missing_credentials_are_reported_when_they_are_needed(start: Start, aep_emulator: Emulator) -> None:
    host = start({"AEP_CLIENT_SECRET": None})
    reported = failure(host.create, INPUTS)
    assert (
        "No credentials for Adobe Experience Platform: AEP_CLIENT_SECRET (adobe-aep:clientSecret) is missing."
        in reported
    )
    assert aep_emulator.requests() == []


def test_credentials_may_come_from_the_stacks_configuration(start: Start, aep_emulator: Emulator) -> None:
    host = start(
        {"AEP_CLIENT_ID": None, "AEP_CLIENT_SECRET": None, "AEP_ORG_ID": None},
        {
            "adobe-aep:clientId": aep_emulator.client_id,
            "adobe-aep:clientSecret": aep_emulator.client_secret,
            "adobe-aep:orgId": aep_emulator.org_id,
        },
    )
    assert host.create(INPUTS).id == aep_emulator.connections()[0]["id"]


def test_a_wrong_client_secret_is_reported_in_a_few_lines(start: Start, aep_emulator: Emulator) -> None:
    reported = failure(start({"AEP_CLIENT_SECRET": "a-wrong-one"}).create, INPUTS)
    assert "Adobe's identity service (IMS) refused to give an access token." in reported
    assert "AEP_CLIENT_SECRET is not a secret of this client" in reported
    assert "a-wrong-one" not in reported
    assert len(reported.strip().splitlines()) <= 5
    assert aep_emulator.requests(path="/flowservice/") == []


def test_a_closed_port_is_reported_in_a_few_lines(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    reported = failure(start({"AEP_IMS_URL": f"http://127.0.0.1:{port}", "AEP_TIMEOUT": "1"}).create, INPUTS)
    assert "was not sent: no connection to the server." in reported
    assert "Why: Connection refused." in reported
    assert len(reported.strip().splitlines()) <= 5
    assert not looks_like_frames(reported)


def test_an_expired_token_is_renewed_in_mid_run(host: Host, aep_emulator: Emulator) -> None:
    host.create(INPUTS)
    aep_emulator.forget_requests()
    aep_emulator.fault(ExpireTokens(), method="POST", path="/connections$")
    host.create({**INPUTS, "name": "second"})
    assert [(request.path.rpartition("/")[2], request.status) for request in aep_emulator.requests()] == [
        ("connections", 401),
        ("v3", 200),
        ("connections", 201),
    ]
    assert len(aep_emulator.connections()) == 2


def test_frames_stand_in_the_log_at_debug_only_and_without_secrets(start: Start, aep_emulator: Emulator) -> None:
    echo = Answer(status=400, body=json.dumps({"message": f"bad: {PASSWORD}"}))
    aep_emulator.fault(echo, method="POST", path="/connections$", times=None)
    loud, quiet = start({"AEP_LOG": "debug"}), start({"AEP_LOG": "info"})
    for host in (loud, quiet):
        with pytest.raises(ProviderFailed, match="bad: "):
            host.create(INPUTS)
        assert PASSWORD not in host.log()
        assert "of the database" not in host.log()
        assert aep_emulator.client_secret not in host.log()
    assert looks_like_frames(loud.log())
    assert "POST " in loud.log()
    assert not looks_like_frames(quiet.log())
    assert "INFO pulumi_adobe_aep.api.ims: IMS gave an access token." in quiet.log()


def test_a_defect_of_ours_is_reported_as_one_without_frames(aep_emulator: Emulator, tmp_path: Path) -> None:
    provider = serialize_provider(DefectiveProvider())
    with Host(aep_emulator.environment(), tmp_path / "provider.log", Dynamic(provider)) as host:
        reported = failure(host.read, "id-1", {"name": "crm", "sandboxName": "dev"})
    raised, _, what = reported.partition(": ")
    assert raised in NAMES_OF_A_FAILURE["ProviderDefect"]
    assert what.startswith("LookupError: no property among 2")
    assert "this is a defect of pulumi-adobe-aep" in reported
    assert "AEP_LOG=debug" in reported
    assert ISSUES in reported
    assert not looks_like_frames(reported)


@IN_THE_SDKS_HOST
def test_the_cause_of_an_error_is_not_printed(host: Host) -> None:
    reported = failure(host.serving(ChainedProvider).read, "id-1", {"name": "crm", "auth": AUTH})
    assert "It cannot be read." in reported
    assert "LookupError" not in reported
    assert PASSWORD not in reported


@IN_THE_SDKS_HOST
def test_the_frames_of_other_providers_are_shown_until_an_error_of_ours_leaves(start: Start) -> None:
    host = start()
    other = host.serving(ForeignProvider)

    def of_the_other() -> str:
        before = len(host.log())
        # Older SDKs have them in the log only.
        return failure(other.create_checked, INPUTS) + host.log()[before:]

    host.create(INPUTS)
    assert looks_like_frames(of_the_other())
    assert not looks_like_frames(failure(host.create, {**INPUTS, "sandboxName": "nowhere"}))
    assert not looks_like_frames(of_the_other())


def test_at_the_log_level_debug_other_providers_keep_their_frames(start: Start) -> None:
    host = start({"AEP_LOG": "debug"})
    failure(host.create, {**INPUTS, "sandboxName": "nowhere"})
    before = len(host.log())
    assert looks_like_frames(failure(host.serving(ForeignProvider).create_checked, INPUTS) + host.log()[before:])
