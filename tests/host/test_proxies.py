"""What is on this machine is reached without a proxy, and a proxy's failure is a sentence without its password."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.host.conftest import Start
from tests.host.test_failures import INPUTS
from tests.support.host import Host, failure
from tests.support.raw_server import RawServer, response, sends


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"])
def test_an_emulator_on_loopback_is_reached_without_the_proxy(
    variable: str, start: Start, aep_emulator: Emulator
) -> None:
    with RawServer(sends(response())) as proxy:
        # The engine's own connection to the provider may not go through it either; that is not what is tested.
        host = start({variable: proxy.url, "NO_PROXY": None, "no_proxy": None})
        created = host.create(INPUTS)
        assert [each["id"] for each in aep_emulator.connections("dev")] == [created.id]
        assert proxy.requests == []


def test_a_proxy_that_wants_a_password_is_asked_once_and_reported_without_it(start: Start) -> None:
    with RawServer(sends(response("407 Sup3r@Hidden#99", b"Sup3r@Hidden#99"))) as proxy:
        address = proxy.url.removeprefix("http://")
        environment = {
            "AEP_BASE_URL": "https://aep.invalid",
            "AEP_IMS_URL": "https://ims.invalid",
            "HTTPS_PROXY": f"http://jdoe:Sup3r@Hidden#99@{address}",
            "NO_PROXY": None,
            "no_proxy": None,
            "AEP_LOG": "debug",
        }
        host = start(environment)
        reported = failure(host.create, INPUTS)
        assert len(proxy.requests) == 1
    assert f"the proxy {address} responded with 407." in reported
    assert "It does not take the user name and password in HTTPS_PROXY." in reported
    for text in (reported, host.log()):
        assert "Sup3r" not in text
        assert "Hidden" not in text


@pytest.mark.parametrize("status", [401, 403, 404, 407])
@pytest.mark.parametrize("path", ["/connections$", "/ims/token"])
def test_a_proxys_page_is_reported_as_such_and_not_as_a_missing_role_or_wrong_credentials(
    status: int, path: str, start: Start, host: Host, aep_emulator: Emulator
) -> None:
    host = start() if path == "/ims/token" else host  # one that has no token yet
    page = Answer(status=status, body="<html>Access denied</html>", headers={"Content-Type": "text/html"})
    aep_emulator.fault(page, method="POST", path=path, times=None)
    reported = failure(host.create, INPUTS)
    assert f"the response was {status}" in reported
    assert "It is 26 bytes of text/html and not JSON; a proxy between here and Adobe may have written it." in reported
    for misleading in ("role", "AEP_CLIENT", "AEP_ACCESS_TOKEN", "Permissions"):
        assert misleading not in reported
    assert aep_emulator.connections() == []
