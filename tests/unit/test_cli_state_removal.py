"""Taking one resource out of a state by its id, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pulumi_adobe_aep.cli.errors import CannotForget, UnreadableState
from pulumi_adobe_aep.cli.state_removal import Removal, remove
from pulumi_adobe_aep.native.tokens import dynamic_type_token

TYPE = dynamic_type_token("PostgresBaseConnection")
URN = f"urn:pulumi:dev::tests::{TYPE}::crm"
ERP = f"urn:pulumi:dev::tests::{TYPE}::erp"
STACK: dict[str, Any] = {"urn": "urn:pulumi:dev::tests::pulumi:pulumi:Stack::tests-dev", "type": "pulumi:pulumi:Stack"}


def resource(id_: str, urn: str = URN, **more: Any) -> dict[str, Any]:
    outputs = {"sandboxName": "dev", "auth": {"password": {"ciphertext": "v1:<&>é\u2028"}, "port": 5432}}
    return {"urn": urn, "type": TYPE, "custom": True, "id": id_, "outputs": outputs, **more}


def state(*resources: dict[str, Any], **deployment: Any) -> dict[str, Any]:
    manifest = {"time": "2026-01-31T23:59:59Z", "magic": "m", "version": "v3.254.0"}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": [STACK, *resources], **deployment}}


def removed(exported: dict[str, Any], id_: str) -> Removal:
    return remove(json.dumps(exported), id_, "stack dev")


def test_everything_else_stays_as_it_is_and_in_its_order() -> None:
    kept = {"features": {"x": True}, "big": 2**60, "small": 1.5e-7, "secrets_providers": {"type": "passphrase"}}
    new, old, erp = resource("new"), resource("old", delete=True), resource("e", ERP, dependencies=[URN])

    found = removed(state(new, old, erp, **kept), "old")

    assert json.loads(found.state) == state(new, erp, **kept)
    assert list(json.loads(found.state)["deployment"]) == list(state(**kept)["deployment"])
    assert (found.urn, found.type, found.was_replaced, found.sandbox_name) == (URN, TYPE, True, "dev")
    assert found.state.isascii()


def test_what_is_pending_about_it_goes_as_well_and_what_is_pending_about_others_stays() -> None:
    about_old, about_new = ({"resource": resource(id_), "type": "deleting"} for id_ in ("old", "new"))
    exported = state(resource("new"), resource("old", delete=True), pending_operations=[about_old, about_new])

    found = json.loads(removed(exported, "old").state)["deployment"]

    assert found["pending_operations"] == [about_new]


@pytest.mark.parametrize(
    "reference",
    [
        {"dependencies": [URN]},
        {"parent": URN},
        {"deletedWith": URN},
        {"replaceWith": [URN]},
        {"propertyDependencies": {"description": [URN], "name": None}},
    ],
    ids=lambda reference: next(iter(reference)),
)
def test_what_another_resource_refers_to_is_not_taken_out(reference: dict[str, Any]) -> None:
    with pytest.raises(CannotForget, match=f"other resources depend on it: {ERP}"):
        removed(state(resource("c"), resource("e", ERP, **reference)), "c")


def test_the_new_one_is_not_taken_out_for_the_old_one_that_has_its_urn() -> None:
    exported = state(resource("new"), resource("old", delete=True), resource("e", ERP, dependencies=[URN]))

    with pytest.raises(CannotForget, match="other resources depend on it"):
        removed(exported, "new")


def test_an_old_one_whose_new_one_is_gone_is_not_taken_out_while_others_refer_to_it() -> None:
    with pytest.raises(CannotForget, match="other resources depend on it"):
        removed(state(resource("old", delete=True), resource("e", ERP, dependencies=[URN])), "old")


def test_a_resource_that_only_looks_at_the_entity_is_left() -> None:
    looks = resource("c", ERP, external=True)

    assert json.loads(removed(state(looks, resource("c")), "c").state) == state(looks)


@pytest.mark.parametrize(
    ("exported", "reported"),
    [
        (state(), "has no resource of this provider with the id c"),
        (state({**STACK, "id": "c"}), "has no resource of this provider with the id c"),
        (state(resource("c"), resource("c", ERP)), "has the id c 2 times"),
    ],
    ids=["empty", "another provider's", "twice"],
)
def test_an_id_that_is_not_one_resources_is_refused(exported: dict[str, Any], reported: str) -> None:
    with pytest.raises(CannotForget, match=reported):
        removed(exported, "c")


def test_a_resource_of_the_native_provider_is_one_of_ours() -> None:
    native = {**resource("c"), "type": "adobe-aep:index:PostgresBaseConnection"}

    assert json.loads(removed(state(native), "c").state) == state()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"deployment": null}', '{"deployment": {"resources": [1]}}'])
def test_what_is_not_a_state_is_reported(text: str) -> None:
    with pytest.raises(UnreadableState, match="stack dev has no state that could be read"):
        remove(text, "c", "stack dev")
