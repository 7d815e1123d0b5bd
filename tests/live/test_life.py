"""The life of a connection at the real service."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulumi_adobe_aep.errors import EntityGone
from pulumi_adobe_aep.kinds.base_connection.sources.postgresql import POSTGRES
from pulumi_adobe_aep.lifecycle.delete import delete
from pulumi_adobe_aep.lifecycle.update import change
from tests.live.conftest import Database, NewService
from tests.support.stack import Program, Stack, differences

Declare = Callable[..., Program]


def test_a_connection_is_created_changed_and_destroyed(
    stack: Stack, declared: Declare, name: str, new_service: NewService, seen: list[str]
) -> None:
    stack.settle(declared(description="first"))
    connection_id = stack.outputs()["connectionId"]
    created = new_service().connections.get(connection_id)
    assert (created.name, created.description, created.state) == (name, "first", "enabled")

    stack.settle(declared(description="second"))
    assert new_service().connections.get(connection_id).description == "second"
    stack.settle(declared())
    assert new_service().connections.get(connection_id).description is None
    seen.append("A description was added, changed and removed in place.")

    stack.destroy()
    with pytest.raises(EntityGone):
        new_service().connections.get(connection_id)
    seen.append("After a delete, a read says that the connection is gone, in a way that the provider trusts.")


def test_a_drift_is_shown_and_corrected(stack: Stack, declared: Declare, new_service: NewService) -> None:
    stack.up(declared(description="ours"))
    connection_id = stack.outputs()["connectionId"]
    theirs = [{"op": "add", "path": "/description", "value": "theirs"}]
    change(new_service().connections, POSTGRES, connection_id, lambda _: theirs)

    stack.refresh()

    assert differences(stack.preview(), "crm") == ['~ description: "theirs" => "ours"']
    stack.up()
    assert new_service().connections.get(connection_id).description == "ours"


def test_one_that_was_deleted_is_created_again(
    stack: Stack, declared: Declare, name: str, new_service: NewService
) -> None:
    stack.up(declared())
    before = stack.outputs()["connectionId"]
    delete(new_service(), POSTGRES, before, name)

    stack.refresh()
    assert stack.recorded() == []
    stack.settle(declared())

    assert stack.outputs()["connectionId"] != before


def test_credentials_that_cannot_log_in_do_not_stay(
    stack: Stack, declared: Declare, name: str, database: Database, new_service: NewService
) -> None:
    wrong = declared(auth=database.auth(password="not the password"))

    assert "the new connection was deleted again" in stack.fails(stack.up, wrong)
    assert [each for each in new_service().connections.list() if each.name == name] == []

    stack.up(declared())
    assert "The old ones were restored." in stack.fails(stack.up, wrong)
    assert new_service().test_connection(stack.outputs()["connectionId"]).passed
    stack.up(declared(), expect_no_changes=True)
