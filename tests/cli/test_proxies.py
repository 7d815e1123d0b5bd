"""The command line reaches what is on this machine without a proxy, and tells a proxy's failure in a sentence."""

from __future__ import annotations

import pytest

from pulumi_adobe_aep.emulator.client import Emulator
from pulumi_adobe_aep.emulator.faults import Answer
from tests.cli.command_line import CommandLine
from tests.support.raw_server import RawServer, response, sends


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_an_emulator_on_loopback_is_reached_without_the_proxy(variable: str, command: CommandLine) -> None:
    with RawServer(sends(response())) as proxy:
        command.succeeds("connections", **{variable: proxy.url})
        assert proxy.requests == []


@pytest.mark.parametrize(
    ("proxy", "why"),
    [
        (
            "http://jdoe:Sup3r@Hidden#99@proxy:port",
            "What follows the scheme and the password is not a host name and port.",
        ),
        ("gopher://jdoe:Sup3r@Hidden#99@proxy:3128", "Its scheme is none of http, https, socks4"),
    ],
)
def test_a_malformed_proxy_is_a_setting_that_is_wrong(proxy: str, why: str, command: CommandLine) -> None:
    addresses = {"AEP_BASE_URL": "https://aep.invalid", "AEP_IMS_URL": "https://ims.invalid"}
    ended = command.run("connections", HTTPS_PROXY=proxy, **addresses)
    assert ended.code == 3
    assert why in ended.err
    assert "Sup3r" not in ended.err
    assert "Hidden" not in ended.err


@pytest.mark.parametrize("path", ["/connections$", "/ims/token"])
def test_a_proxys_page_is_reported_as_such(path: str, command: CommandLine, aep_emulator: Emulator) -> None:
    page = Answer(status=403, body="<html>", headers={"Content-Type": "text/html"})
    aep_emulator.fault(page, path=path, times=None)
    for arguments in (["connections"], ["doctor"]):
        ended = command.run(*arguments)
        assert ended.code == 1
        assert "a proxy between here and Adobe may have written it" in ended.out + ended.err
        assert "Permissions" not in ended.out + ended.err


@pytest.mark.parametrize(
    ("name", "path"),
    [("AEP_IMS_URL", "/ims/token/v3"), ("AEP_BASE_URL", "/data/foundation/flowservice")],
)
def test_an_address_with_the_endpoints_path_is_a_setting_that_is_wrong(
    name: str, path: str, command: CommandLine
) -> None:
    address = command.environment[name]
    for arguments in (["connections"], ["doctor"]):
        ended = command.run(*arguments, **{name: address + path})
        assert ended.code == 3
        assert f"{name} (adobe-aep:" in ended.err
        assert f"Leave the path out: {address}" in ended.err
