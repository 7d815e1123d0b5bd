"""Tests of `sources.py` with Pulumi's mocks: no engine, no network, no Experience Platform."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, set_mocks
from sources import declare_sources

import pulumi_adobe_aep as aep


class Service(Mocks):
    """Returns an id for each connection, and records what was declared."""

    def __init__(self) -> None:
        self.declared: list[MockResourceArgs] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.declared.append(args)
        return f"{args.name}-id", {**args.inputs, "state": "enabled", "orgId": "0123456789ABCDEF@AdobeOrg"}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:  # noqa: ARG002 - the program calls nothing
        return {}, None


@pytest.fixture
def service() -> Service:
    mocks = Service()
    set_mocks(mocks, preview=False)
    return mocks


@pulumi.runtime.test  # type: ignore[untyped-decorator]  # Pulumi's SDK does not type it
def test_every_database_gets_a_connection_of_its_own(service: Service) -> pulumi.Output[None]:
    sources = declare_sources({"crm": "a.example.com", "shop": "b.example.com"}, password="a password")

    def check(found: list[str]) -> None:
        assert found == ["crm-id", "shop-id"]
        # Pulumi registers resources at the same time, so their order is not that of the program.
        assert {each.name for each in service.declared} == {"crm", "shop"}

    return pulumi.Output.all(*(each.connection_id for each in sources.values())).apply(check)


@pytest.mark.usefixtures("service")
@pulumi.runtime.test  # type: ignore[untyped-decorator]  # Pulumi's SDK does not type it
def test_the_certificate_of_every_server_is_checked() -> pulumi.Output[None]:
    sources = declare_sources({"crm": "a.example.com"}, password="a password")

    def check(auth: dict[str, Any]) -> None:
        assert auth["encryption"] == "verify"
        assert auth["server"] == "a.example.com"

    return sources["crm"].auth.apply(check)


def test_a_password_with_a_line_break_is_refused_at_once(service: Service) -> None:
    with pytest.raises(aep.DeclarationError, match=r"auth\.password ends with a line break"):
        declare_sources({"crm": "a.example.com"}, password="from a file\n")
    assert service.declared == []
