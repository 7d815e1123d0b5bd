"""Base connections: create, read, delete, drafts, states, etags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.api import POSTGRESQL, SECRET, UNKNOWN_ID, Api, basic_auth, code, connection_body

if TYPE_CHECKING:
    from pulumi_adobe_aep.emulator.client import Emulator

ETAG = re.compile(r'"[0-9a-f]{8}-0000-0200-0000-([0-9a-f]{8})0000"')


def written_second(etag: str) -> int:
    match = ETAG.fullmatch(etag)
    assert match, etag
    return int(match[1], 16)


def test_create_returns_201_with_location_id_and_quoted_etag(api: Api) -> None:
    response = api.post("/connections", connection_body())
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"id", "etag"}
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", body["id"])
    assert ETAG.fullmatch(body["etag"])
    assert response.headers["Location"] == f"/connections/{body['id']}"


def test_paths_work_with_and_without_a_slash_at_the_end(api: Api) -> None:
    response = api.post("/connections/", connection_body())
    assert response.status_code == 201
    path = f"/connections/{response.json()['id']}/"
    item = api.item(path)
    assert api.patch(path, [{"op": "replace", "path": "/name", "value": "x"}], item["etag"]).status_code == 200
    assert api.get("/connections/").json()["items"][0]["name"] == "x"
    assert api.delete(path).status_code == 204


def test_get_one_is_an_array_of_one(api: Api) -> None:
    response = api.get(f"/connections/{api.create()}")
    assert list(response.json()) == ["items"]
    assert len(response.json()["items"]) == 1


def test_an_item_has_the_fields_of_adobes_examples(api: Api) -> None:
    connection_id = api.create()
    item = api.connection(connection_id)
    assert set(item) == {
        *("id", "createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient"),
        *("sandboxId", "sandboxName", "imsOrgId", "name", "description", "connectionSpec", "state", "auth"),
        *("version", "etag", "lastOperation"),
    }
    assert item["id"] == connection_id
    assert item["sandboxName"] == "dev"
    assert item["imsOrgId"] == api.emulator.org_id
    assert item["version"] == item["etag"]
    assert set(item["lastOperation"]) == {"started", "updated", "operation"}
    assert item["lastOperation"]["operation"] == "create"


def test_the_connection_spec_of_an_item_has_no_name(api: Api) -> None:
    assert api.connection(api.create())["connectionSpec"] == POSTGRESQL


def test_a_service_token_makes_the_creator_and_the_client_the_same(api: Api) -> None:
    item = api.connection(api.create())
    assert item["createdBy"] == item["createdClient"] == item["updatedBy"] == api.emulator.client_id


def test_times_are_milliseconds(api: Api) -> None:
    item = api.connection(api.create())
    assert item["createdAt"] == item["updatedAt"]
    assert item["createdAt"] > 1_700_000_000_000


def test_a_description_that_was_never_given_is_absent(api: Api) -> None:
    assert "description" not in api.connection(api.create(description=None))


def test_a_new_connection_is_initializing_and_then_enabled(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    assert api.connection(connection_id)["state"] == "initializing"
    emulator.advance(2)
    assert api.connection(connection_id)["state"] == "enabled"


def test_a_new_connection_is_rewritten_a_few_seconds_later_with_another_etag(emulator: Emulator, api: Api) -> None:
    created = api.post("/connections", connection_body()).json()
    first = api.connection(created["id"])
    assert first["etag"] == created["etag"]
    emulator.advance(2)
    later = api.connection(created["id"])
    assert later["etag"] != created["etag"]
    assert written_second(later["etag"]) - written_second(created["etag"]) == 2
    assert later["updatedAt"] == later["createdAt"] == first["createdAt"]


def test_the_second_long_word_of_an_etag_is_the_second_of_the_last_write(api: Api) -> None:
    connection_id = api.create()
    api.change(connection_id, {"op": "replace", "path": "/name", "value": "x"})
    item = api.connection(connection_id)
    assert written_second(item["etag"]) == item["updatedAt"] // 1000


def test_the_service_can_rewrite_a_connection_without_touching_updated_at(emulator: Emulator, api: Api) -> None:
    connection_id = api.create()
    before = api.connection(connection_id)
    emulator.rewrite(connection_id)
    after = api.connection(connection_id)
    assert after["etag"] != before["etag"]
    assert after["updatedAt"] == before["updatedAt"]


def test_settling_can_be_turned_off(emulator: Emulator, api: Api) -> None:
    emulator.switch(settle_seconds=0)
    created = api.post("/connections", connection_body()).json()
    item = api.connection(created["id"])
    assert (item["state"], item["etag"]) == ("enabled", created["etag"])


def test_the_service_can_add_keys_of_its_own_to_the_credentials(emulator: Emulator, api: Api) -> None:
    emulator.switch(server_keys="authorized-date")
    connection_id = api.create(auth=basic_auth())
    params = api.connection(connection_id)["auth"]["params"]
    assert params == {**basic_auth()["params"], "password": "*****", "authorizedDate": params["authorizedDate"]}
    emulator.advance(10)
    change = {"op": "replace", "path": "/auth/params", "value": basic_auth(password="new")["params"]}
    assert api.change(connection_id, change).status_code == 200
    assert api.connection(connection_id)["auth"]["params"]["authorizedDate"] > params["authorizedDate"]


def test_names_are_not_unique(api: Api) -> None:
    assert api.create("twin") != api.create("twin")
    assert api.names() == ["twin", "twin"]


def test_basic_authentication_is_taken_as_on_adobes_page(api: Api) -> None:
    connection_id = api.create(auth=basic_auth())
    params = api.connection(connection_id)["auth"]["params"]
    assert params == {**basic_auth()["params"], "password": "*****"}


@pytest.mark.parametrize(
    "ssl_mode",
    [
        *("Disable", "Allow", "Prefer", "Verify Ca", "Verify Full"),
        *("Require", "Verify-Ca", "Verify-Full"),
        *("true", "false"),
    ],
)
def test_every_ssl_mode_of_adobes_pages_is_taken(api: Api, ssl_mode: str) -> None:
    assert api.create(auth=basic_auth(sslMode=ssl_mode))


def test_an_unknown_ssl_mode_is_1312_400(api: Api) -> None:
    response = api.post("/connections", connection_body(auth=basic_auth(sslMode="Sometimes")))
    assert code(response) == "1312-400"
    assert "Sometimes" in response.json()["errorMessage"]


@pytest.mark.parametrize(
    ("mode", "taken", "refused"),
    [("tutorial", "Verify Ca", "Require"), ("overview", "Verify-Ca", "Verify Ca"), ("boolean", "false", "Allow")],
)
def test_the_ssl_modes_can_be_those_of_one_page(
    emulator: Emulator, api: Api, mode: str, taken: str, refused: str
) -> None:
    emulator.switch(ssl_modes=mode)
    assert api.create(auth=basic_auth(sslMode=taken))
    assert code(api.post("/connections", connection_body(auth=basic_auth(sslMode=refused)))) == "1312-400"


def test_the_ssl_mode_may_be_left_out(api: Api) -> None:
    assert api.create(auth=basic_auth(sslMode=None))


def test_a_port_is_a_json_string(emulator: Emulator, api: Api) -> None:
    numeric = connection_body(auth=basic_auth(port=5432))
    assert code(api.post("/connections", numeric)) == "1318-400"
    emulator.switch(port_type="any")
    assert api.post("/connections", numeric).status_code == 201


@pytest.mark.parametrize("missing", ["server", "port", "database", "username", "password"])
def test_a_missing_parameter_is_1304_400(api: Api, missing: str) -> None:
    response = api.post("/connections", connection_body(auth=basic_auth(**{missing: None})))
    assert code(response) == "1304-400"
    assert f"mandatory field {missing} " in response.json()["errorMessage"]


@pytest.mark.parametrize(
    "text",
    [
        f"Server=a;Database=b;Port=1;UID=c;Pass={SECRET}",
        f"Server=a;Database=b;Port=x;UID=c;Password={SECRET}",
        f"Server=a;Database=b;Port=1;UID=c;Password={SECRET};Password={SECRET}",
        f"Server=a;Database=b;Port=1;UID=c;Password={{{SECRET}",
        f"Server=a;Database=b;Port=1;UID=c;Password={SECRET};EncryptionMethod=9",
        SECRET,
    ],
)
def test_a_connection_string_that_names_no_database_is_1318_400_and_is_not_quoted(api: Api, text: str) -> None:
    auth = {"specName": "Connection String Based Authentication", "params": {"connectionString": text}}
    response = api.post("/connections", connection_body(auth=auth))
    assert code(response) == "1318-400"
    assert SECRET not in response.text


def test_an_unknown_spec_id_is_1413_400(api: Api) -> None:
    response = api.post("/connections", connection_body(connectionSpec={"id": UNKNOWN_ID, "version": "1.0"}))
    assert code(response) == "1413-400"


@pytest.mark.parametrize("spec", [None, {"version": "1.0"}])
def test_a_missing_spec_id_is_1413_400(api: Api, spec: dict[str, str] | None) -> None:
    assert code(api.post("/connections", connection_body(connectionSpec=spec))) == "1413-400"


def test_an_unknown_version_of_the_spec_is_1413_400(api: Api) -> None:
    response = api.post("/connections", connection_body(connectionSpec=POSTGRESQL | {"version": "9.9"}))
    assert code(response) == "1413-400"


def test_a_missing_version_of_the_spec_is_422(api: Api) -> None:
    response = api.post("/connections", connection_body(connectionSpec={"id": POSTGRESQL["id"]}))
    assert response.status_code == 422
    assert response.json()["errorMessage"] == "connectionSpec.version 'version' is required for spec info"


def test_a_missing_version_of_the_spec_can_mean_the_newest(emulator: Emulator, api: Api) -> None:
    emulator.switch(missing_version="newest")
    connection_id = api.create(connectionSpec={"id": POSTGRESQL["id"]})
    assert api.connection(connection_id)["connectionSpec"] == POSTGRESQL


def test_an_unknown_auth_spec_is_1415_400(api: Api) -> None:
    response = api.post("/connections", connection_body(auth={"specName": "OAuth", "params": {"a": "b"}}))
    assert code(response) == "1415-400"
    assert "'OAuth'" in response.json()["errorMessage"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": ""}, "name"),
        ({"auth": None}, "auth"),
        ({"auth": {"specName": "Basic Authentication"}}, "auth.params"),
        ({"auth": {"params": {}}}, "auth.specName"),
    ],
)
def test_a_missing_field_is_1304_400(api: Api, changes: dict[str, Any], field: str) -> None:
    response = api.post("/connections", connection_body(**changes))
    assert code(response) == "1304-400"
    assert f"mandatory field {field} " in response.json()["errorMessage"]


@pytest.mark.parametrize("body", ["", "null"])
def test_an_empty_body_is_1405_400(api: Api, body: str) -> None:
    response = api.call("POST", "/connections", data=body, headers={"Content-Type": "application/json"})
    assert code(response) == "1405-400"


@pytest.mark.parametrize("body", ["{", "[1, 2", '"text"', "[]", "1", "[" * 100_000])
def test_a_body_that_is_not_json_object_is_a_400(api: Api, body: str) -> None:
    response = api.call("POST", "/connections", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert code(response) in {"1100-400", "1405-400"}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_must_be_announced_as_json(api: Api, content_type: str | None) -> None:
    response = api.call("POST", "/connections", data="{}", headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert response.json() == {
        "type": "/placeholder/type/uri",
        "status": 400,
        "title": "BadRequestError",
        "detail": "A valid content-type must be specified",
    }


def test_a_wrong_type_is_explained_without_the_value(api: Api) -> None:
    auth = {"specName": "Basic Authentication", "params": SECRET}
    response = api.post("/connections", connection_body(auth=auth))
    assert code(response) == "1318-400"
    assert "auth.params" in response.json()["errorMessage"]
    assert SECRET not in response.text


def test_delete_returns_204_without_a_body_and_needs_no_if_match(api: Api) -> None:
    connection_id = api.create()
    response = api.delete(f"/connections/{connection_id}")
    assert (response.status_code, response.content) == (204, b"")
    assert code(api.get(f"/connections/{connection_id}")) == "1439-404"
    assert code(api.delete(f"/connections/{connection_id}")) == "1439-404"


def test_delete_can_return_202_and_404_a_while_later(emulator: Emulator, api: Api) -> None:
    emulator.switch(delete_mode="202", settle_seconds=0)
    connection_id = api.create()
    response = api.delete(f"/connections/{connection_id}")
    assert (response.status_code, response.content) == (202, b"")
    assert api.connection(connection_id)["state"] == "delete-finalizing"
    emulator.advance(2)
    assert api.get(f"/connections/{connection_id}").status_code == 404
    assert api.names() == []


def test_a_connection_that_is_being_deleted_can_be_neither_changed_nor_deleted(emulator: Emulator, api: Api) -> None:
    emulator.switch(delete_mode="202")
    connection_id = api.create()
    api.delete(f"/connections/{connection_id}")
    assert code(api.change(connection_id, {"op": "replace", "path": "/name", "value": "x"})) == "1457-400"
    assert code(api.delete(f"/connections/{connection_id}")) == "1458-400"


@pytest.mark.parametrize(
    ("state", "expected"),
    [("disabling", "1420-400"), ("updating", "1421-400"), ("enabled-finalizing", "1416-400")],
)
def test_a_passing_state_refuses_change_and_deletion(emulator: Emulator, api: Api, state: str, expected: str) -> None:
    connection_id = api.create()
    emulator.change(connection_id, state=state)
    assert code(api.change(connection_id, {"op": "replace", "path": "/name", "value": "x"})) == expected
    assert code(api.delete(f"/connections/{connection_id}")) == expected
    emulator.change(connection_id, state="disabled")
    assert api.delete(f"/connections/{connection_id}").status_code == 204


def test_not_found_names_the_resource_in_its_report(api: Api) -> None:
    response = api.get(f"/connections/{UNKNOWN_ID}")
    assert code(response) == "1439-404"
    assert response.json()["report"]["id"] == UNKNOWN_ID
    assert response.json()["report"]["type"] == "connections"
    assert response.json()["title"] == "Resource not found"


def test_a_path_that_is_not_a_resource_is_1411_400(api: Api) -> None:
    response = api.get("/baseConnections/123")
    assert code(response) == "1411-400"
    assert "'baseConnections/123'" in response.json()["errorMessage"]


def test_a_method_that_a_path_does_not_have_is_405(api: Api) -> None:
    assert api.call("PUT", f"/connections/{UNKNOWN_ID}").status_code == 405


def test_a_draft_may_lack_its_credentials_and_is_published_later(emulator: Emulator, api: Api) -> None:
    response = api.post("/connections", connection_body(auth=None), params={"mode": "draft"})
    assert response.status_code == 201
    connection_id = response.json()["id"]
    assert api.connection(connection_id)["state"] == "draft"
    publish = f"/connections/{connection_id}/action"
    assert code(api.post(publish, params={"op": "publish"})) == "1304-400"
    emulator.change(connection_id, fields={"auth": basic_auth()})
    published = api.post(publish, params={"op": "publish"})
    assert published.status_code == 200
    assert set(published.json()) == {"id", "etag"}
    assert api.connection(connection_id)["state"] == "initializing"
    emulator.advance(2)
    assert api.connection(connection_id)["state"] == "enabled"


def test_only_a_draft_can_be_published(emulator: Emulator, api: Api) -> None:
    emulator.switch(settle_seconds=0)
    response = api.post(f"/connections/{api.create()}/action", params={"op": "publish"})
    assert code(response) == "1422-400"
    assert "The action publish cannot be applied on the current state enabled" in response.json()["errorMessage"]


def test_drafts_can_be_unsupported(emulator: Emulator, api: Api) -> None:
    emulator.switch(drafts="unsupported")
    assert code(api.post("/connections", connection_body(), params={"mode": "draft"})) == "1422-400"
    spec = api.item(f"/connectionSpecs/{POSTGRESQL['id']}")
    assert spec["attributes"]["isDraftModeSupported"] is False


@pytest.mark.parametrize(
    "query", [{"op": "PUBLISH"}, {"op": "PUBLISH", "subOp": "APPLY"}, {"op": "publish", "subOp": "PROGRESS"}]
)
def test_actions_are_taken_in_any_case_and_with_a_sub_operation(api: Api, query: dict[str, str]) -> None:
    created = api.post("/connections", connection_body(), params={"mode": "draft"})
    assert set(created.json()) == {"id", "etag"}
    published = api.post(f"/connections/{created.json()['id']}/action", params=query)
    assert (published.status_code, set(published.json())) == (200, {"id", "etag"})


def test_an_unknown_sub_operation_is_1436_400(api: Api) -> None:
    response = api.post(f"/connections/{api.create()}/action", params={"op": "publish", "subOp": "UNDO"})
    assert code(response) == "1436-400"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [("finalize", "1402-400"), ("FINALIZE", "1402-400"), ("FINALIZE_UPDATE", "1402-400"), ("reverse", "1435-400")],
)
def test_other_actions_are_refused(api: Api, operation: str, expected: str) -> None:
    assert code(api.post(f"/connections/{api.create()}/action", params={"op": operation})) == expected


def test_an_action_needs_an_operation(api: Api) -> None:
    assert code(api.post(f"/connections/{api.create()}/action")) == "1359-400"


def test_names_with_any_characters_come_back_as_they_were(api: Api) -> None:
    name = 'Kundendaten "2" \\ 🐘\t\u2028'
    assert api.connection(api.create(name))["name"] == name


def test_errors_can_have_the_older_shape(emulator: Emulator, api: Api) -> None:
    emulator.switch(error_shape="older")
    response = api.get(f"/connections/{UNKNOWN_ID}")
    message = f"connections not found with id = [{UNKNOWN_ID}]"
    assert (response.status_code, response.json()) == (404, {"errorMessage": message, "errorDetails": message})


def test_a_connectors_error_can_be_wrapped(emulator: Emulator, api: Api) -> None:
    emulator.switch(connector_errors="wrapped")
    response = api.post("/connections", connection_body(name=""))
    assert code(response) == "1100-400"
    assert "Error from flow provider: The mandatory field name is not provided." in response.json()["errorMessage"]


def test_an_ssl_mode_is_a_json_string_even_where_it_is_a_boolean(emulator: Emulator, api: Api) -> None:
    emulator.switch(ssl_modes="boolean")
    response = api.post("/connections", connection_body(auth=basic_auth(sslMode=False)))
    assert code(response) == "1318-400"
    assert "sslMode" in response.json()["errorMessage"]


def test_all_violations_are_joined_in_one_1318_400(api: Api) -> None:
    response = api.post("/connections", connection_body(auth=basic_auth(port=5432, database=7)))
    assert code(response) == "1318-400"
    assert "parameter port " in response.json()["errorMessage"]
    assert "parameter database " in response.json()["errorMessage"]
