"""PATCH of base connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.api import CONNECTION_STRING, UNKNOWN_ID, Api, basic_auth, code

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator

RENAME = {"op": "replace", "path": "/name", "value": "renamed"}


def test_a_change_returns_200_with_id_and_new_etag(api: Api) -> None:
    connection_id = api.create()
    before = api.connection(connection_id)
    response = api.patch(f"/connections/{connection_id}", [RENAME], before["etag"])
    assert response.status_code == 200
    assert set(response.json()) == {"id", "etag"}
    after = api.connection(connection_id)
    assert response.json()["etag"] == after["etag"] != before["etag"]
    assert (after["name"], after["createdAt"]) == ("renamed", before["createdAt"])
    assert after["updatedAt"] >= before["updatedAt"]
    assert after["lastOperation"]["operation"] == "update"


def test_adobes_example_of_an_update_works_as_it_is_printed(api: Api) -> None:
    connection_id = api.create(description=None)
    params = {"connectionString": CONNECTION_STRING + ";EncryptionMethod=1;ValidateServerCertificate=1"}
    response = api.change(
        connection_id,
        {"op": "replace", "path": "/auth/params", "value": params},
        {"op": "replace", "path": "/name", "value": "Test salesforce connection"},
        {"op": "add", "path": "/description", "value": "A test salesforce connection"},
    )
    assert response.status_code == 200
    stored = api.stored(connection_id)
    assert stored["auth"]["params"] == params
    assert (stored["name"], stored["description"]) == ("Test salesforce connection", "A test salesforce connection")


def test_a_missing_if_match_is_1403_400(api: Api) -> None:
    response = api.patch(f"/connections/{api.create()}", [RENAME], None)
    assert code(response) == "1403-400"
    assert response.json()["title"] == "Header is missing"


def test_a_stale_if_match_is_1404_412_and_changes_nothing(api: Api) -> None:
    connection_id = api.create()
    etag = api.connection(connection_id)["etag"]
    assert api.patch(f"/connections/{connection_id}", [RENAME], etag).status_code == 200
    response = api.patch(f"/connections/{connection_id}", [RENAME | {"value": "again"}], etag)
    assert code(response) == "1404-412"
    assert etag in response.json()["errorMessage"]
    assert api.connection(connection_id)["name"] == "renamed"


def test_the_etag_of_the_create_goes_stale_by_itself(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    etag = api.connection(connection_id)["etag"]
    emulator.advance(2)
    assert code(api.patch(f"/connections/{connection_id}", [RENAME], etag)) == "1404-412"


def test_an_if_match_without_quotes_is_412(api: Api) -> None:
    connection_id = api.create()
    etag = api.connection(connection_id)["etag"].strip('"')
    assert code(api.patch(f"/connections/{connection_id}", [RENAME], etag)) == "1404-412"


def test_an_if_match_without_quotes_can_be_taken(emulator: Emulator, api: Api) -> None:
    emulator.switch(if_match="any")
    connection_id = api.create()
    etag = api.connection(connection_id)["etag"].strip('"')
    assert api.patch(f"/connections/{connection_id}", [RENAME], etag).status_code == 200


@pytest.mark.parametrize("operation", ["replace", "REPLACE", "Replace"])
def test_operations_are_taken_in_any_case(api: Api, operation: str) -> None:
    assert api.change(api.create(), RENAME | {"op": operation}).status_code == 200


@pytest.mark.parametrize("operation", ["add", "replace"])
def test_auth_params_are_replaced_as_a_whole(api: Api, operation: str) -> None:
    connection_id = api.create(auth=basic_auth())
    params = basic_auth(password="changed", sslMode=None)["params"]
    assert api.change(connection_id, {"op": operation, "path": "/auth/params", "value": params}).status_code == 200
    assert api.stored(connection_id)["auth"]["params"] == params


def test_auth_params_without_the_secret_are_refused(api: Api) -> None:
    connection_id = api.create(auth=basic_auth())
    params = basic_auth(password=None)["params"]
    response = api.change(connection_id, {"op": "replace", "path": "/auth/params", "value": params})
    assert code(response) == "1304-400"
    assert api.stored(connection_id)["auth"] == basic_auth()


def test_a_description_can_be_added_changed_and_removed(api: Api) -> None:
    connection_id = api.create(description=None)
    for instruction, expected in (
        ({"op": "add", "path": "/description", "value": "one"}, "one"),
        ({"op": "replace", "path": "/description", "value": "two"}, "two"),
        ({"op": "add", "path": "/description", "value": "three"}, "three"),
        ({"op": "remove", "path": "/description"}, None),
    ):
        assert api.change(connection_id, instruction).status_code == 200
        assert api.connection(connection_id).get("description") == expected


def test_remove_may_carry_a_value(api: Api) -> None:
    connection_id = api.create()
    assert api.change(connection_id, {"op": "remove", "path": "/description", "value": "x"}).status_code == 200
    assert "description" not in api.connection(connection_id)


def test_a_path_that_is_not_there_is_1455_400(api: Api) -> None:
    connection_id = api.create(description=None)
    for path, field in (("/keyWhichDoesNotExist", "keyWhichDoesNotExist"), ("/description", "description")):
        response = api.change(connection_id, {"op": "replace", "path": path, "value": "x"})
        assert code(response) == "1455-400"
        assert f'Missing field "{field}".' in response.json()["errorMessage"]


@pytest.mark.parametrize(
    ("instruction", "field"),
    [
        ({"path": "/name", "value": "x"}, "op"),
        ({"op": "replace", "value": "x"}, "path"),
        ({"op": "replace", "path": "/name"}, "value"),
    ],
)
def test_an_instruction_without_a_part_is_1455_400(api: Api, instruction: dict[str, Any], field: str) -> None:
    response = api.change(api.create(), instruction)
    assert code(response) == "1455-400"
    assert f'Missing field "{field}".' in response.json()["errorMessage"]


@pytest.mark.parametrize("operation", ["move", "copy", "test", "delete"])
def test_an_operation_that_is_not_offered_is_1434_400(api: Api, operation: str) -> None:
    response = api.change(api.create(), {"op": operation, "path": "/name", "from": "/description", "value": "x"})
    assert code(response) == "1434-400"
    assert f"'{operation}'" in response.json()["errorMessage"]


@pytest.mark.parametrize("path", ["/connectionSpec", "/connectionSpec/id", "/connectionSpec/version"])
def test_the_connection_spec_cannot_be_changed(api: Api, path: str) -> None:
    assert code(api.change(api.create(), {"op": "replace", "path": path, "value": UNKNOWN_ID})) == "1414-400"


@pytest.mark.parametrize("path", ["/auth/params/connectionString", "/auth/specName", "/auth", "/id", "/etag"])
def test_paths_that_no_page_shows_are_refused(api: Api, path: str) -> None:
    connection_id = api.create()
    before = api.stored(connection_id)
    assert code(api.change(connection_id, {"op": "replace", "path": path, "value": "x"})) == "1365-400"
    assert api.stored(connection_id) == before


def test_parts_of_the_credentials_can_be_open_to_change(emulator: Emulator, api: Api) -> None:
    emulator.switch(patch_auth="parts")
    connection_id = api.create(auth=basic_auth())
    assert (
        api.change(connection_id, {"op": "replace", "path": "/auth/params/password", "value": "new"}).status_code == 200
    )
    assert api.stored(connection_id)["auth"] == basic_auth(password="new")
    response = api.change(
        connection_id,
        {"op": "replace", "path": "/auth/specName", "value": "Connection String Based Authentication"},
        {"op": "replace", "path": "/auth/params", "value": {"connectionString": CONNECTION_STRING}},
    )
    assert response.status_code == 200


@pytest.mark.parametrize("body", [[], None])
def test_an_empty_patch_is_1405_400(api: Api, body: list[Any] | None) -> None:
    connection_id = api.create()
    assert code(api.patch(f"/connections/{connection_id}", body, "x")) == "1405-400"


@pytest.mark.parametrize("body", [{"op": "replace"}, ["x"], "text"])
def test_a_patch_that_is_not_an_array_of_objects_is_a_400(api: Api, body: Any) -> None:
    assert api.patch(f"/connections/{api.create()}", body, "x").status_code == 400


def test_an_empty_name_is_refused(api: Api) -> None:
    connection_id = api.create()
    assert code(api.change(connection_id, RENAME | {"value": ""})) == "1304-400"
    assert code(api.change(connection_id, RENAME | {"value": 7})) == "1304-400"
    assert code(api.change(connection_id, {"op": "remove", "path": "/name"})) == "1304-400"


def test_a_description_that_is_not_a_string_is_1312_400(api: Api) -> None:
    assert code(api.change(api.create(), {"op": "add", "path": "/description", "value": 7})) == "1312-400"


def test_a_state_can_be_set_to_what_the_catalogue_allows(emulator: Emulator, api: Api) -> None:
    emulator.switch(settle_seconds=0)
    connection_id = api.create()
    assert api.change(connection_id, {"op": "replace", "path": "/state", "value": "disabled"}).status_code == 200
    assert api.connection(connection_id)["state"] == "disabled"
    response = api.change(connection_id, {"op": "replace", "path": "/state", "value": "delete-finalizing"})
    assert code(response) == "1456-400"


def test_one_wrong_instruction_leaves_everything_as_it_was(api: Api) -> None:
    connection_id = api.create()
    assert code(api.change(connection_id, RENAME, {"op": "replace", "path": "/nope", "value": 1})) == "1455-400"
    assert api.connection(connection_id)["name"] == "crm"


def test_an_unknown_connection_is_1439_404_before_the_header_is_looked_at(api: Api) -> None:
    assert code(api.patch(f"/connections/{UNKNOWN_ID}", [RENAME], None)) == "1439-404"


def test_the_feature_can_be_off(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    emulator.switch(patch="disabled")
    assert code(api.change(connection_id, RENAME)) == "1445-400"


def test_of_two_changes_at_once_one_gets_412(api: Api) -> None:
    connection_id = api.create()
    etag = api.connection(connection_id)["etag"]
    statuses = [api.patch(f"/connections/{connection_id}", [RENAME], etag).status_code for _ in range(2)]
    assert sorted(statuses) == [200, 412]


def test_keys_that_the_service_adds_can_be_sent_back(emulator: Emulator, api: Api) -> None:
    connection_id = api.create(auth=basic_auth())
    emulator.change(connection_id, params={"authorizedDate": 1700000000000})
    params = api.connection(connection_id)["auth"]["params"]
    assert params["authorizedDate"] == 1700000000000
    response = api.change(
        connection_id, {"op": "replace", "path": "/auth/params", "value": params | {"password": "again"}}
    )
    assert response.status_code == 200


@pytest.mark.parametrize("value", [{}, {"value": basic_auth()["params"]}])
def test_auth_params_cannot_be_removed(api: Api, value: dict[str, Any]) -> None:
    connection_id = api.create(auth=basic_auth())
    response = api.change(connection_id, {"op": "remove", "path": "/auth/params", **value})
    assert code(response) == "1304-400"
    assert "mandatory field params " in response.json()["errorMessage"]
    assert api.stored(connection_id)["auth"] == basic_auth()


def test_a_change_must_be_announced_as_json(api: Api) -> None:
    connection_id = api.create()
    headers = {"If-Match": api.connection(connection_id)["etag"], "Content-Type": "text/plain"}
    response = api.call("PATCH", f"/connections/{connection_id}", data="[]", headers=headers)
    assert (response.status_code, response.json()["detail"]) == (400, "A valid content-type must be specified")
