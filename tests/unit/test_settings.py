"""Settings: where each comes from, what is refused, and that no secret shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulumi_adobe_aep.errors import AepError, SettingsError
from pulumi_adobe_aep.settings import BASE_URL, IMS_URL, SCOPES, Settings, load

CLIENT_SECRET = "p8e-s3cr3t-of-the-client"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.s3cr3t.signature"
ORG = "0A1B2C3D4E5F@AdobeOrg"
ENVIRONMENT = {
    "AEP_CLIENT_ID": "id-in-environment",
    "AEP_CLIENT_SECRET": CLIENT_SECRET,
    "AEP_ORG_ID": ORG,
    "AEP_SANDBOX_NAME": "dev",
}


def loaded(environment: Mapping[str, str], config: Mapping[str, object] | None = None) -> Settings:
    return load(environment, (config or {}).get)


def refused(environment: Mapping[str, str], config: Mapping[str, object] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(environment, config)
    message = str(caught.value)
    assert "What to do: " in message
    assert CLIENT_SECRET not in message
    return message


def file_with(folder: Path, content: object) -> dict[str, str]:
    path = folder / "credentials.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return {"AEP_CREDENTIALS_FILE": str(path)}


# Where each comes from.


def test_without_anything_the_defaults_are_adobes_and_there_is_no_sandbox() -> None:
    settings = loaded({})
    assert settings.base_url == BASE_URL == "https://platform.adobe.io"
    assert settings.ims_url == IMS_URL == "https://ims-na1.adobelogin.com"
    assert settings.scopes == SCOPES
    assert settings.sandbox_name == ""
    assert (settings.timeout, settings.max_concurrency, settings.log) == (300.0, 16, "warning")
    assert settings.sources == {}


CONFIG_NAMES = {
    "AEP_CLIENT_ID": ("clientId", "client_id", "a", "b"),
    "AEP_ORG_ID": ("orgId", "org_id", "AA@AdobeOrg", "BB@AdobeOrg"),
    "AEP_SCOPES": ("scopes", "scopes", "openid", "session"),
    "AEP_SANDBOX_NAME": ("sandboxName", "sandbox_name", "dev", "stage"),
    "AEP_BASE_URL": ("baseUrl", "base_url", "https://a.example.com", "https://b.example.com"),
    "AEP_IMS_URL": ("imsUrl", "ims_url", "https://a.example.com", "https://b.example.com"),
    "AEP_TIMEOUT": ("timeout", "timeout", "10", "20"),
    "AEP_MAX_CONCURRENCY": ("maxConcurrency", "max_concurrency", "1", "2"),
    "AEP_LOG": ("log", "log", "debug", "info"),
}


@pytest.mark.parametrize("name", CONFIG_NAMES)
def test_the_environment_comes_before_the_stacks_configuration(name: str) -> None:
    key, attribute, first, second = CONFIG_NAMES[name]
    both = loaded({name: first}, {f"adobe-aep:{key}": second})
    only_configuration = loaded({}, {f"adobe-aep:{key}": second})

    assert str(getattr(both, attribute)).startswith(first)
    assert str(getattr(only_configuration, attribute)).startswith(second)
    assert both.sources == {name: f"environment variable {name}"}
    assert only_configuration.sources == {name: f"stack configuration adobe-aep:{key}"}


def test_the_credentials_file_comes_last(tmp_path: Path) -> None:
    file = file_with(tmp_path, {"client_id": "id-in-file", "org_id": "FF@AdobeOrg", "sandbox_name": "in-file"})
    settings = loaded({**file, "AEP_CLIENT_ID": "id-in-environment"}, {"adobe-aep:orgId": "CC@AdobeOrg"})
    assert settings.client_id == "id-in-environment"
    assert settings.org_id == "CC@AdobeOrg"
    assert settings.sandbox_name == "in-file"
    assert settings.sources["AEP_SANDBOX_NAME"] == f"credentials file {file['AEP_CREDENTIALS_FILE']}"


def test_the_credentials_file_may_be_named_in_the_stacks_configuration(tmp_path: Path) -> None:
    file = file_with(tmp_path, {"client_id": "id-in-file"})
    assert loaded({}, {"adobe-aep:credentialsFile": file["AEP_CREDENTIALS_FILE"]}).client_id == "id-in-file"


def test_an_empty_variable_counts_as_not_set_as_pipelines_leave_it() -> None:
    assert loaded({"AEP_SANDBOX_NAME": " ", "AEP_TIMEOUT": ""}, {"adobe-aep:sandboxName": "dev"}).sandbox_name == "dev"


def test_white_space_around_a_value_is_not_part_of_it() -> None:
    settings = loaded({name: f"  {value}\n" for name, value in ENVIRONMENT.items()})
    assert settings.credentials().client_secret == CLIENT_SECRET
    assert (settings.client_id, settings.org_id, settings.sandbox_name) == ("id-in-environment", ORG, "dev")


@pytest.mark.parametrize(
    ("environment", "config", "has_token"),
    [
        ({"AEP_ACCESS_TOKEN": TOKEN}, {}, True),
        ({"AEP_ACCESS_TOKEN": TOKEN, "AEP_CLIENT_SECRET": CLIENT_SECRET}, {}, True),
        ({"AEP_CLIENT_SECRET": CLIENT_SECRET}, {"adobe-aep:accessToken": TOKEN}, False),
        ({"AEP_ACCESS_TOKEN": TOKEN}, {"adobe-aep:clientSecret": CLIENT_SECRET}, True),
        ({}, {"adobe-aep:accessToken": TOKEN, "adobe-aep:clientSecret": CLIENT_SECRET}, True),
    ],
)
def test_of_a_token_and_a_secret_the_one_in_the_earlier_place_is_used(
    environment: dict[str, str], config: dict[str, object], has_token: bool
) -> None:
    settings = loaded({"AEP_CLIENT_ID": "id", "AEP_ORG_ID": ORG, **environment}, config)
    assert settings.credentials().access_token == (TOKEN if has_token else "")


# The credentials file.


@pytest.mark.parametrize(
    "content",
    [
        {"client_id": "id", "client_secret": CLIENT_SECRET, "org_id": ORG, "scopes": "openid,AdobeID"},
        {"CLIENT_ID": "id", "CLIENT_SECRETS": [CLIENT_SECRET, "older"], "ORG_ID": ORG, "SCOPES": ["openid", "AdobeID"]},
        {"client_id": "id", "secret": CLIENT_SECRET, "org_id": ORG, "scopes": "openid,AdobeID", "sandbox-name": "dev"},
        {"api_key": "id", "secret": CLIENT_SECRET, "org_id": ORG, "scopes": "openid,AdobeID", "tech_id": "x@y"},
        {"Client-Id": " id ", "Client-Secret": f" {CLIENT_SECRET} ", "Org-Id": ORG, "Scopes": "openid,AdobeID"},
        {"client_id": "id", "api_key": "other", "client_secret": "", "secret": CLIENT_SECRET, "org_id": ORG}
        | {"scopes": "openid,AdobeID"},
    ],
    ids=["snake", "console", "aepp", "aepp-before", "mixed", "doubled"],
)
def test_every_documented_shape_of_the_credentials_file_is_read(tmp_path: Path, content: dict[str, Any]) -> None:
    credentials = loaded(file_with(tmp_path, content)).credentials()
    assert credentials.client_id == "id"
    assert credentials.client_secret == CLIENT_SECRET
    assert credentials.org_id == ORG
    assert credentials.scopes == "openid,AdobeID"


CREDENTIAL = {
    "client_id": "id",
    "client_secrets": [CLIENT_SECRET],
    "technical_account_email": "x@techacct.adobe.com",
    "technical_account_id": "AA@techacct.adobe.com",
    "scopes": ["openid", "AdobeID"],
}
JWT = {"client_id": "id", "client_secret": CLIENT_SECRET, "technical_account_id": "AA@techacct.adobe.com"}
WEB = {"client_id": "id", "client_secret": CLIENT_SECRET, "redirect_uri": "https://example.com"}


def project(*credentials: dict[str, Any]) -> dict[str, Any]:
    """Return the Developer Console's project file."""
    details = {"credentials": [{"id": "1", "name": "Credential", **each} for each in credentials], "services": []}
    organization = {"id": "1234", "name": "Company", "ims_org_id": ORG}
    workspace = {"id": "2", "name": "Production", "details": details}
    return {"project": {"id": "3", "name": "CRM", "org": organization, "workspace": workspace}}


def server_to_server(**changes: Any) -> dict[str, Any]:
    return {"integration_type": "oauth_server_to_server", "oauth_server_to_server": {**CREDENTIAL, **changes}}


def postman(**values: str) -> dict[str, Any]:
    """Return a Postman environment."""
    return {"id": "4", "name": "Company", "values": [{"key": key, "value": each} for key, each in values.items()]}


@pytest.mark.parametrize(
    "content",
    [
        project(server_to_server()),
        project({"integration_type": "service", "jwt": JWT}, server_to_server()),
        project({"integration_type": "oauthweb", "oauth2": WEB}, server_to_server()),
        project(server_to_server(), server_to_server()),
        {**CREDENTIAL, "ims_org_id": ORG},
        {"clientId": "id", "clientSecret": CLIENT_SECRET, "imsOrgId": ORG, "scopes": "openid AdobeID"},
        {"clientID": "id", "clientSecrets": [CLIENT_SECRET, "older"], "orgID": ORG, "Scopes": "openid, AdobeID"},
        {"AEP_CLIENT_ID": "id", "AEP_CLIENT_SECRET": CLIENT_SECRET, "AEP_ORG_ID": ORG, "AEP_SCOPES": "openid,AdobeID"},
        postman(API_KEY="id", CLIENT_SECRET=CLIENT_SECRET, IMS_ORG=ORG, SCOPES="openid,AdobeID", ACCESS_TOKEN=TOKEN),
        {"org_id": ORG, "client_id": "id", "secret": CLIENT_SECRET, "pathToKey": "", "scopes": "openid,AdobeID"},
    ],
    ids=[
        "project",
        "project with a JWT credential",
        "project with a web app",
        "project with one credential twice",
        "ims_org_id",
        "camelCase",
        "capital ID",
        "variables",
        "Postman",
        "aepp without a key",
    ],
)
def test_whatever_holds_one_server_to_server_credential_is_read(tmp_path: Path, content: dict[str, Any]) -> None:
    credentials = loaded(file_with(tmp_path, content)).credentials()
    assert (credentials.client_id, credentials.client_secret) == ("id", CLIENT_SECRET)
    assert (credentials.org_id, credentials.scopes) == (ORG, "openid,AdobeID")
    assert credentials.access_token == ""


@pytest.mark.parametrize(
    ("content", "what_it_is"),
    [
        ({**JWT, "private_key": CLIENT_SECRET}, "is the file of a JWT (Service Account) credential"),
        (
            {"CLIENT_SECRET": CLIENT_SECRET, "METASCOPES": ["ent_x"]},
            "is the file of a JWT (Service Account) credential",
        ),
        ({"org_id": ORG, "client_id": "id", "secret": CLIENT_SECRET, "pathToKey": "x"}, "is the file of a JWT "),
        (project({"integration_type": "service", "jwt": JWT}), "is the file of a JWT (Service Account) credential"),
        (project({"integration_type": "oauthweb", "oauth2": WEB}), "is the file of an OAuth web app"),
        (WEB, "is the file of an OAuth web app"),
        ({"web": {"client_id": "id", "redirect_uris": ["https://example.com"]}}, "is the file of an OAuth web app"),
        ({"CLIENT_ID": "id", "DEFAULT_REDIRECT_URI": "https://example.com"}, "is the file of an OAuth web app"),
        (project(), "is a project's file without an OAuth Server-to-Server credential"),
        (
            project({"integration_type": "apikey", "api_key": {"client_id": "id"}}),
            "is a project's file without an OAuth Server-to-Server credential",
        ),
        (
            project(server_to_server(), server_to_server(client_id="other")),
            "is a project's file with 2 OAuth Server-to-Server credentials",
        ),
        ({"type": "service_account", "private_key": CLIENT_SECRET}, "is the key of a Google service account"),
        ({"name": "first-connection", "runtime": "python"}, "is a JSON file of another kind, without any key"),
        ({}, "is a JSON file of another kind, without any key of a credential"),
    ],
    ids=str,
)
def test_a_file_of_another_kind_is_named_with_what_it_is_and_which_one_to_take(
    tmp_path: Path, content: dict[str, Any], what_it_is: str
) -> None:
    file = file_with(tmp_path, content)
    message = refused(file)
    assert f"{file['AEP_CREDENTIALS_FILE']} {what_it_is}" in message
    assert "open the project's OAuth Server-to-Server credential and choose Download JSON" in message


@pytest.mark.parametrize(
    ("content", "what_it_is", "advice"),
    [
        (
            f"# of the stage\nexport AEP_CLIENT_SECRET={CLIENT_SECRET}\n",
            "holds no JSON object but lines of NAME=value.",
            "Load it into the environment",
        ),
        (
            f"-----BEGIN PRIVATE KEY-----\n{CLIENT_SECRET}\n",
            "holds no JSON object but a key or a certificate, as a JWT credential has.",
            "choose Download JSON",
        ),
    ],
    ids=["variables", "key"],
)
def test_a_file_that_is_not_json_is_named_with_what_it_is(
    tmp_path: Path, content: str, what_it_is: str, advice: str
) -> None:
    message = refused(file_with(tmp_path, content))
    assert what_it_is in message
    assert advice in message


def test_what_a_file_that_was_read_lacks_is_reported_with_the_keys_that_it_may_have(tmp_path: Path) -> None:
    file = file_with(tmp_path, CREDENTIAL)
    with pytest.raises(SettingsError) as caught:
        loaded(file).credentials()
    message = str(caught.value)
    assert "AEP_ORG_ID (adobe-aep:orgId) is missing." in message
    assert (
        f"The credentials file {file['AEP_CREDENTIALS_FILE']} was read; it has no org_id or ims_org_id or ims_org."
        in message
    )


def test_a_ready_made_token_may_stand_in_the_credentials_file(tmp_path: Path) -> None:
    file = file_with(tmp_path, {"client_id": "id", "org_id": ORG, "access_token": TOKEN})
    assert loaded(file).credentials().access_token == TOKEN


def test_a_file_written_on_windows_is_read(tmp_path: Path) -> None:
    assert loaded(file_with(tmp_path, '\ufeff{"client_id": "id"}')).client_id == "id"


def test_a_file_in_the_home_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file_with(tmp_path, {"client_id": "id"})
    monkeypatch.setenv("HOME", str(tmp_path))
    assert loaded({"AEP_CREDENTIALS_FILE": "~/credentials.json"}).client_id == "id"


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '"text"', "null", "1", "not json", '{"a": ' * 50_000, CLIENT_SECRET],
    ids=["empty", "cut", "list", "text", "null", "number", "words", "deep", "secret"],
)
def test_a_file_that_is_not_json_object_is_reported_with_name_and_place(tmp_path: Path, content: str) -> None:
    file = file_with(tmp_path, content)
    message = refused(file)
    assert message.startswith(
        "AEP_CREDENTIALS_FILE (adobe-aep:credentialsFile) cannot be used (environment variable AEP_CREDENTIALS_FILE): "
        f"{file['AEP_CREDENTIALS_FILE']} holds no JSON object."
    )


def test_a_file_that_is_not_there_or_no_file_is_reported(tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    assert f"{missing} cannot be read: No such file or directory." in refused({"AEP_CREDENTIALS_FILE": str(missing)})
    assert f"{tmp_path} cannot be read: Is a directory." in refused({"AEP_CREDENTIALS_FILE": str(tmp_path)})


def test_a_home_directory_that_is_nowhere_is_reported() -> None:
    assert "~nobody-of-that-name/x cannot be read: Could not determine home directory." in refused(
        {"AEP_CREDENTIALS_FILE": "~nobody-of-that-name/x"}
    )


def test_a_file_that_is_not_text_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "credentials.json"
    path.write_bytes(b"\xff\xfe\x00{")
    assert "holds no JSON object" in refused({"AEP_CREDENTIALS_FILE": str(path)})


def test_what_is_wrong_in_the_file_is_reported_with_the_files_name(tmp_path: Path) -> None:
    file = file_with(tmp_path, {"org_id": "my organization"})
    assert f"(credentials file {file['AEP_CREDENTIALS_FILE']}): 'my organization' is not an organization id" in refused(
        file
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["client_id", "CLIENT_SECRETS", "secret", "org-id", "scopes", "sandbox_name", "access_token"])


@given(content=st.dictionaries(KEYS | st.text(max_size=8), JSON).map(json.dumps) | JSON.map(json.dumps) | st.text())
@example(content="9" * 10_000)
@example(content='{"client_id": "\\ud800"}')
def test_whatever_stands_in_the_file_only_our_errors_come_out(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    file = file_with(tmp_path_factory.getbasetemp(), content)
    try:
        loaded(file).credentials()
    except AepError as error:
        assert "What to do: " in str(error)  # noqa: PT017 - most contents end here, some do not


# What is refused.


@pytest.mark.parametrize(
    "org_id", ["my organization", "0A1B@AdobeOrg ; x", "0A1B", "@AdobeOrg", "0A1B@adobeorg", "a@b@AdobeOrg"]
)
def test_what_is_not_an_organization_id_is_refused(org_id: str) -> None:
    message = refused({"AEP_ORG_ID": org_id})
    assert message.startswith("AEP_ORG_ID (adobe-aep:orgId) cannot be used (environment variable AEP_ORG_ID): ")
    assert f"'{org_id}' is not an organization id" in message
    assert "it ends with @AdobeOrg" in message


@pytest.mark.parametrize("sandbox", ["Dev", "my sandbox", "1dev", "dev_1", "*", "d" * 257, "dev\nx"])
def test_what_is_not_a_sandbox_name_is_refused(sandbox: str) -> None:
    message = refused({}, {"adobe-aep:sandboxName": sandbox})
    assert "cannot be used (stack configuration adobe-aep:sandboxName)" in message
    assert "Give the sandbox's name, not its title" in message


@pytest.mark.parametrize("name", ["AEP_CLIENT_ID", "AEP_CLIENT_SECRET", "AEP_ACCESS_TOKEN"])
@pytest.mark.parametrize("between", [" ", "\n", "\r\n", "\x00", "ü", "\udcff", "\u2028"])
def test_a_credential_that_no_header_can_hold_is_refused_without_quoting_it(name: str, between: str) -> None:
    message = refused({name: f"{CLIENT_SECRET}{between}{CLIENT_SECRET}"})
    assert f"(environment variable {name}): it holds a space, a line break or another character" in message


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "http://127.8.9.10",
        "http://[::1]:8080",
        "http://localhost:8080/prefix",
        "https://platform-stage.adobe.io/",
        "https://proxy.example.com:8443/adobe",
    ],
)
def test_https_and_plain_http_on_this_machine_are_taken(url: str) -> None:
    assert loaded({"AEP_BASE_URL": url, "AEP_IMS_URL": url}).base_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://platform.adobe.io",
        "http://192.168.0.1",
        "http://localhost.example.com",
        "http://10.0.0.1:80",
        "http://[::2]",
    ],
)
@pytest.mark.parametrize("name", ["AEP_BASE_URL", "AEP_IMS_URL"])
def test_plain_http_to_another_machine_is_refused(name: str, url: str) -> None:
    message = refused({name: url})
    assert f"'{url}' would send credentials unencrypted" in message
    assert "Use https://." in message


@pytest.mark.parametrize(
    "url",
    [
        "platform.adobe.io",
        "ftp://platform.adobe.io",
        "https://",
        "https://user:s3cr3t@platform.adobe.io",
        "http://127.0.0.1@evil.example.com",
        "https://platform.adobe.io?x=1",
        "https://platform.adobe.io#x",
        "https://[::1",
        "https://platform.adobe.io:99999",
        "https://platform.adobe.io:port",
        "file:///etc/passwd",
        "https://platform adobe io",
        "https://platform.adobe.io\\x",
    ],
)
def test_what_is_not_a_plain_address_is_refused_without_quoting_it(url: str) -> None:
    message = refused({"AEP_BASE_URL": url})
    assert "it is not a plain https address" in message
    assert "s3cr3t" not in message


@pytest.mark.parametrize(("name", "text"), [("AEP_TIMEOUT", "1"), ("AEP_TIMEOUT", "0.5e3"), ("AEP_TIMEOUT", "86400")])
def test_numbers_are_read(name: str, text: str) -> None:
    assert loaded({name: text}).timeout == float(text)


@pytest.mark.parametrize("text", ["0", "-1", "abc", "nan", "inf", "1e9", "5 minutes", "1,5", "0x10"])
@pytest.mark.parametrize("name", ["AEP_TIMEOUT", "AEP_MAX_CONCURRENCY"])
def test_malformed_numbers_are_refused_with_the_range_and_the_default(name: str, text: str) -> None:
    message = refused({name: text})
    assert f"'{text}' is not a number from 1 to 86400" in message
    assert "The default is " in message


@pytest.mark.parametrize("text", ["2.5", "1.0001", "25e-1"])
def test_a_number_of_operations_that_is_not_whole_is_refused(text: str) -> None:
    assert f"'{text}' is not a whole number.\nWhat to do: The default is 16." in refused({"AEP_MAX_CONCURRENCY": text})
    assert loaded({"AEP_TIMEOUT": text}).timeout == float(text)


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("2.0", 2), ("1e2", 100), ("2.", 2)])
def test_a_whole_number_of_operations_is_read_however_it_is_written(text: str, number: int) -> None:
    assert loaded({"AEP_MAX_CONCURRENCY": text}).max_concurrency == number


@pytest.mark.parametrize("text", ["1_6", "\uff11\uff16", "infinity", "1 6", "--2"])
@pytest.mark.parametrize("name", ["AEP_TIMEOUT", "AEP_MAX_CONCURRENCY"])
def test_what_only_python_takes_for_a_number_is_refused(name: str, text: str) -> None:
    assert f"'{text}' is not a number from 1 to 86400" in refused({name: text})


@pytest.mark.parametrize(
    "text",
    [
        "openid,AdobeID",
        "openid, AdobeID",
        "openid AdobeID",
        "openid\nAdobeID",
        "openid,AdobeID,",
        '["openid","AdobeID"]',
        '[\n  "openid",\n  "AdobeID"\n]',
    ],
)
def test_scopes_are_understood_with_commas_with_spaces_and_as_a_json_list(text: str) -> None:
    assert loaded({"AEP_SCOPES": text}).scopes == "openid,AdobeID"
    assert loaded({}, {"adobe-aep:scopes": text}).scopes == "openid,AdobeID"


@pytest.mark.parametrize("text", ["[]", '["openid"', "[1]", '{"a": 1}', "'openid'", ",", "openid;AdobeID", "ünlü"])
def test_what_is_not_a_list_of_scopes_is_refused(text: str) -> None:
    assert (
        "AEP_SCOPES (adobe-aep:scopes) cannot be used (environment variable AEP_SCOPES): it is not a list"
        in refused({"AEP_SCOPES": text})
    )


def test_of_a_json_list_of_secrets_the_first_is_taken() -> None:
    assert loaded({"AEP_CLIENT_SECRET": json.dumps([CLIENT_SECRET, "older"])}).client_secret == CLIENT_SECRET


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("name", ["AEP_CLIENT_ID", "AEP_CLIENT_SECRET", "AEP_ACCESS_TOKEN"])
def test_a_credential_in_quotes_is_refused_as_env_files_leave_it(name: str, quote: str) -> None:
    message = refused({name: f"{quote}{CLIENT_SECRET}{quote}"})
    assert f"(environment variable {name}): it is in quotes, which would be sent with it." in message


@pytest.mark.parametrize("level", ["DEBUG", "Info", "warning"])
def test_log_levels_are_taken_in_any_case(level: str) -> None:
    assert loaded({"AEP_LOG": level}).log == level.lower()


def test_another_log_level_is_refused_with_the_ones_there_are() -> None:
    assert "'verbose' is not a level.\nWhat to do: Use one of: debug, info, warning." in refused({"AEP_LOG": "verbose"})


@pytest.mark.parametrize(
    ("without", "reported"),
    [
        (["AEP_CLIENT_ID"], "AEP_CLIENT_ID (adobe-aep:clientId) is missing."),
        (["AEP_CLIENT_SECRET"], "AEP_CLIENT_SECRET (adobe-aep:clientSecret) is missing."),
        (
            ["AEP_CLIENT_ID", "AEP_ORG_ID", "AEP_CLIENT_SECRET"],
            (
                "AEP_CLIENT_ID (adobe-aep:clientId), AEP_ORG_ID (adobe-aep:orgId), "
                "AEP_CLIENT_SECRET (adobe-aep:clientSecret) are missing."
            ),
        ),
    ],
)
def test_missing_credentials_are_reported_all_at_once_and_only_when_they_are_needed(
    without: list[str], reported: str
) -> None:
    settings = loaded({name: value for name, value in ENVIRONMENT.items() if name not in without})
    with pytest.raises(SettingsError) as caught:
        settings.credentials()
    assert str(caught.value).startswith(
        f"No credentials for Adobe Experience Platform: {reported}\nWhat to do: Set them"
    )


# What shows.


def test_no_secret_shows_in_a_repr() -> None:
    settings = loaded({**ENVIRONMENT, "AEP_ACCESS_TOKEN": TOKEN})
    shown = repr(settings) + str(settings) + repr(settings.credentials()) + str(settings.sources)
    assert CLIENT_SECRET not in shown
    assert TOKEN not in shown
    assert "id-in-environment" in shown


@pytest.mark.parametrize("name", ["AEP_BASE_URL", "AEP_IMS_URL"])
@pytest.mark.parametrize(
    ("url", "path", "without"),
    [
        ("https://ims-na1.adobelogin.com/ims/token/v3", "/ims/token/v3", "https://ims-na1.adobelogin.com"),
        ("https://ims-na1.adobelogin.com/ims/token/v3/", "/ims/token/v3", "https://ims-na1.adobelogin.com"),
        ("https://ims-na1.adobelogin.com/ims", "/ims", "https://ims-na1.adobelogin.com"),
        (
            "https://platform.adobe.io/data/foundation/flowservice",
            "/data/foundation/flowservice",
            "https://platform.adobe.io",
        ),
        (
            "https://platform-va7.adobe.io/data/foundation/flowservice/connections",
            "/data/foundation/flowservice/connections",
            "https://platform-va7.adobe.io",
        ),
        ("https://platform.adobe.io/data", "/data", "https://platform.adobe.io"),
        ("https://gw.example.com/aep/ims/token", "/ims/token", "https://gw.example.com/aep"),
        ("https://gw.example.com/aep/Data/Foundation/", "/Data/Foundation", "https://gw.example.com/aep"),
        ("http://127.0.0.1:8080/ims/exchange/jwt", "/ims/exchange/jwt", "http://127.0.0.1:8080"),
    ],
)
def test_an_address_with_the_path_of_an_endpoint_is_refused_by_the_settings_name(
    name: str, url: str, path: str, without: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded({name: url})
    assert caught.value.what.startswith(f"{name} (adobe-aep:")
    assert f"it ends in '{path}', and the paths of Adobe's services are appended to it." in caught.value.what
    assert caught.value.advice == f"Leave the path out: {without}"


@pytest.mark.parametrize("prefix", ["/aep", "/gateway/data", "/ims", "/metadata/foundations", "/data/foundational"])
def test_a_plain_prefix_of_a_gateway_is_kept(prefix: str) -> None:
    url = f"https://gw.example.com{prefix}"
    assert loaded({"AEP_BASE_URL": url, "AEP_IMS_URL": url}).ims_url == url


@pytest.mark.parametrize("host", ["LOCALHOST", "[::ffff:127.0.0.1]", "127.255.0.1"])
def test_every_spelling_of_this_machine_is_taken_with_plain_http(host: str) -> None:
    assert loaded({"AEP_BASE_URL": f"http://{host}:8080"}).base_url == f"http://{host}:8080"
